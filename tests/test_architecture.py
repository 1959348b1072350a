"""The house's rules, and proof that breaking one is noticed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import functions_by_trigger, violations

pytestmark = pytest.mark.plain

ROOT = Path(__file__).parents[1]
WORKERS = {
    "chalicelib.handlers.consumers.relay": set(),
    "chalicelib.handlers.consumers.rewards": set(),
    "chalicelib.handlers.consumers.spoken": set(),
    "chalicelib.handlers.consumers.deliveries": set(),
    "chalicelib.handlers.consumers.notices": set(),
    "chalicelib.handlers.schedules": set(),
    "chalicelib.handlers.consumers.emails": {"jinja2", "chalicelib.emails"},
}
HEAVY = {"pydantic", "jwt", "boto3", "jinja2", "chalicelib.api", "chalicelib.contracts", "chalicelib.emails"}


def test_no_rule_of_the_house_is_broken():
    assert violations(ROOT) == []


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The same rooms and modules, emptied, to plant faults in."""
    copy = tmp_path_factory.mktemp("house")
    for part in ("chalicelib", "infra"):
        shutil.copytree(ROOT / part, copy / part, copy_function=lambda _, target: Path(target).touch())
    (copy / "app.py").touch()
    return copy


@pytest.mark.parametrize(
    ("room", "planted", "told"),
    [
        ("domain", "from chalicelib.api import problems", "domain.planted may not see api.problems"),
        ("domain", "from chalicelib.contracts.base import Contract", "may not see contracts.base"),
        ("domain", "from chalicelib.settings import settings", "may not see settings"),
        ("domain", "from chalicelib.emails import messages", "may not see emails.messages"),
        ("domain", "from pynamodb.models import Model", "pynamodb lives in models, not in domain.planted"),
        ("models", "from chalicelib.domain import errors", "models.planted may not see domain.errors"),
        ("models", "import boto3", "boto3 has no address"),
        ("models", "def f(Item):\n    return list(Item.scan())", "a Scan reads the whole table"),
        ("models", "def f(I):\n    return I.query('a', filter_condition=I.b == 1)", "a filter reads"),
        ("models", "import botocore.session", "botocore lives in gateways"),
        ("handlers", "from chalicelib.models.members import Member", "may not see models.members"),
        ("handlers", "from chalicelib.gateways import mailer", "may not see gateways.mailer"),
        ("handlers", "import pydantic", "pydantic lives in api, contracts"),
        ("contracts", "from chalicelib.domain import errors", "may not see domain.errors"),
        ("emails", "from chalicelib.settings import settings", "may not see settings"),
        ("emails", "import jwt", "jwt lives in api"),
        ("api", "from chalicelib.domain import members", "api.planted may not see domain.members"),
        ("api", "def f():\n    from chalicelib.models import tables", "may not see models.tables"),
        ("api", "import ulid", "ulid lives in gateways.ids"),
        ("gateways", "from chalicelib.models import tables", "may not see models.tables"),
        ("gateways", "import requests", "requests has no address"),
        ("domain", "import os\nHOME = os.environ['HOME']", "only settings reads the environment"),
        ("domain", "from os import getenv", "only settings reads the environment"),
        ("domain", "import datetime\nNOW = datetime.datetime.now()", "only gateways.clock reads"),
        ("api", "import time\nNOW = time.time()", "only gateways.clock reads the wall clock"),
        ("domain", "from time import time", "only gateways.clock reads the wall clock"),
        ("domain", "import infra.places", "nothing inside may see infra"),
        ("domain", "from . import errors", "relative has no address"),
        ("domain", "class BaseMemberService:\n    pass", "BaseMemberService is an abstraction of nothing"),
        ("domain", "def f():\n" + "    pass\n" * 40, "f has 41 lines, of 40 at most"),
        ("domain", "#\n" * 301, "301 lines, of 300 at most"),
    ],
)
def test_a_planted_fault_is_reported(house, room, planted, told):
    fault = house / "chalicelib" / room / "planted.py"
    fault.write_text(planted)

    reported = violations(house)
    fault.unlink()

    assert len(reported) == 1, reported
    assert told in reported[0]


@pytest.mark.parametrize("name", ["utils", "helpers", "common"])
def test_a_module_named_after_nothing_is_reported(house, name):
    module = house / "infra" / f"{name}.py"
    module.touch()

    reported = violations(house)
    module.unlink()

    assert reported == [f"infra/{name}.py:1 infra.{name} is named after nothing"]


def test_a_root_that_grows_is_reported(house):
    root = house / "app.py"
    root.write_text("#\n" * 61)

    reported = violations(house)
    root.write_text("")

    assert reported == ["app.py:1 61 lines, of 60 at most"]


def test_no_two_functions_share_the_name_that_lambda_knows_them_by():
    names = list(functions_by_trigger(ROOT))

    assert len(names) >= 7
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("worker", sorted(WORKERS))
def test_a_worker_starts_without_what_only_requests_need(worker):
    loaded = _modules_after(f"import {worker}")

    assert HEAVY & loaded == WORKERS[worker] & loaded


def test_serving_requests_does_not_load_what_only_building_the_document_needs():
    loaded = _modules_after("import app")

    assert "chalicelib.api.endpoints" in loaded
    assert not {"chalicelib.api.openapi", "chalicelib.api.examples", "jinja2", "boto3"} & loaded


def _modules_after(statement):
    command = f"{statement}; import sys, json; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout))
