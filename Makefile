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

reset: install ## Forget what the local cloud keeps, while it is stopped
	$(BIN)/python -m infra reset

ifeq ($(origin AS),default) # make's own assembler
AS =
endif

token: ## Print an access token: make token AS=camille
	@test -x $(BIN)/python || { echo "make run first: it installs and starts everything." >&2; exit 1; }
	@test -n "$(AS)" || { echo "Whose? make token AS=camille" >&2; exit 1; }
	@$(BIN)/python -m infra token --as $(AS)

lock: ## Lock what requirements*.in ask for, with hashes, for every Python and machine
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url requirements.in -o requirements.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url requirements-dev.in -o requirements-dev.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url infra/local/requirements.in -o infra/local/requirements.txt

package: .venv/installed ## Build the archive and the template that AWS is given
	$(BIN)/python -m infra package

test: install ## Run every test
	$(BIN)/python -m pytest -n auto

openapi: .venv/installed ## Write what we publish: the OpenAPI and AsyncAPI documents, the page of events
	$(BIN)/python -m infra.contract

check: .venv/installed ## Lint and type-check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.PHONY: help install run reset token lock package test check openapi
