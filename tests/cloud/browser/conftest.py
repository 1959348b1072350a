from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.cloud.browser.site import Site
from tests.cloud.browser.windows import Windows

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--no-sandbox",  # it only ever opens our own pages; root, as in containers, has no sandbox
)  # fmt: skip


@pytest.fixture(scope="module")
def chromium():
    """A Chromium without a screen, whichever this machine has."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def windows(chromium, request):
    """Opens windows that share nothing, as on two people's machines; none may have complained at the end."""
    with Windows(chromium, request.node.name) as opened:
        yield opened
        opened.must_be_content()


@pytest.fixture(scope="module")
def site():
    """An organization's own site, at an origin of its own."""
    with Site() as served:
        yield served
