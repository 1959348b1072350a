.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

.venv/installed: requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

var/cloud/installed: infra/local/requirements.txt
	$(PYTHON) -m venv var/cloud
	var/cloud/bin/pip install --quiet --disable-pip-version-check --require-hashes -r infra/local/requirements.txt
	touch $@

install: .venv/installed var/cloud/installed ## Create the virtual environments

run: install ## Start everything on this machine: the real template on an embedded cloud, with a demo community
	$(BIN)/python -m infra run

test: install ## Run every test
	$(BIN)/python -m pytest

check: .venv/installed ## Lint and type-check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.PHONY: help install run test check
