from __future__ import annotations

import os
from datetime import timedelta

# Before anything of ours is imported: PynamoDB freezes table names when its models are defined.
os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_REGION="eu-west-3",
    AWS_DEFAULT_REGION="eu-west-3",
    AWS_ACCOUNT_ID_ENDPOINT_MODE="disabled",
    TENANT="test",
    USER_POOL_ID="eu-west-3_Test",
    USER_POOL_CLIENT_ID="client-of-the-tests",
    MAIL_SENDER="bonjour@entraide.test",
    PUBLIC_URL="https://api.entraide.test",
    POWERTOOLS_LOG_LEVEL="ERROR",
)


import pytest
from moto import mock_aws
from xdist.scheduler import LoadScopeScheduling

from chalicelib import models
from chalicelib.domain import salons
from chalicelib.gateways import aws as clients
from chalicelib.gateways import clock, signatures
from chalicelib.models import tables
from chalicelib.models.journal import JournalEntry
from tests import faults, tokens, transactions

transactions.install()


@pytest.fixture(autouse=True)
def aws(request, monkeypatch):
    """Our AWS in memory, empty at each test. The ring on the local cloud has a cloud of its own."""
    if request.node.get_closest_marker("cloud") or request.node.get_closest_marker("plain"):
        yield
        return
    with mock_aws():
        tables.CommunityItem.create_table(wait=False)
        tables.MessageItem.create_table(wait=False)
        JournalEntry.create_table(wait=False)
        tables.LiveItem.create_table(wait=False)
        clients.client("events").create_event_bus(Name="entraide")
        clients.client("s3").create_bucket(
            Bucket="files", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"}
        )
        clients.client("sesv2").create_email_identity(EmailIdentity="bonjour@entraide.test")
        monkeypatch.setattr(signatures, "_key", lambda: b"the key of the tests")
        tokens.install(monkeypatch)
        yield


@pytest.fixture
def calls():
    """The AWS calls made so far, as `service.Operation`; `calls.clear()` starts again."""
    with faults.installed() as injector:
        yield injector.trace


@pytest.fixture
def announced():
    """The names of the events in the journal, oldest first."""

    def names():
        return [entry.detail_type for entry in sorted(JournalEntry.scan(), key=lambda entry: entry.sk)]

    return names


@pytest.fixture
def stored():
    """Everything in the four tables, to show that nothing changed."""

    def everything():
        client = clients.client("dynamodb")
        known = models.journal.JournalItem.Meta.table_name, "community", "messages"
        return {name: sorted(map(repr, client.scan(TableName=name)["Items"])) for name in known}

    return everything


@pytest.fixture
def api():
    """Calls the endpoints in-process, as API Gateway would."""
    from tests.http import Http

    with Http() as http:
        yield http


@pytest.fixture
def later(monkeypatch):
    """Lets time pass."""

    def pass_by(**time):
        now = clock.now() + timedelta(**time)
        monkeypatch.setattr(clock, "now", lambda: now)

    return pass_by


@pytest.fixture
def meanwhile(monkeypatch):
    """Lets something happen between what the next use case in a salon reads and what it writes."""
    enter = salons.enter

    def arrange(act):
        def enter_late(*args):
            here = enter(*args)
            monkeypatch.setattr(salons, "enter", enter)
            act()
            return here

        monkeypatch.setattr(salons, "enter", enter_late)

    return arrange


@pytest.fixture
def time_passes(monkeypatch):
    """Moves the server's clock: `time_passes(minutes=3)`."""
    real, ahead = clock.now, [timedelta(0)]

    def forward(**by):
        ahead[0] += timedelta(**by)
        monkeypatch.setattr(clock, "now", lambda: real() + ahead[0])

    return forward


class OneCloud(LoadScopeScheduling):
    """Whatever needs the local cloud is one worker's, so that one is started; all else is anyone's."""

    def _split_scope(self, nodeid):
        return "cloud" if nodeid.startswith("tests/cloud/") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """How tests are shared out among workers."""
    return OneCloud(config, log)


def pytest_terminal_summary(terminalreporter):
    """Say plainly what was not tried."""
    skipped = terminalreporter.stats.get("skipped", [])
    unseen = [report for report in skipped if "tests/cloud/browser/" in report.nodeid]
    if unseen:
        terminalreporter.write_line(
            f"No Chromium was found: {len(unseen)} tests of the widget in a browser were NOT run. "
            "Install one (on Debian: apt-get install chromium) and run them again.",
            yellow=True,
        )
