from __future__ import annotations

import re
from pathlib import Path

PICTURES = Path("var/pictures")
PATIENCE = 90_000
"""Milliseconds that something may take to show: the event road of the embedded cloud takes its time."""


class Windows:
    """Windows of one browser, for one test."""

    def __init__(self, browser, test):
        self._browser, self._test = browser, re.sub(r"\W+", "-", test)
        self._contexts, self._complaints, self._pictures = [], [], 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for context in self._contexts:
            for page in context.pages:
                self.picture(page, "at-the-end")
            context.close()

    def open(self, address, *, width=1280, height=800, **options):
        """A window of its own, with nothing stored, at this address."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            **{"locale": "fr-FR", "timezone_id": "Europe/Paris", **options},
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: self._complaints.append(f"{address}: {error}"))
        page.on("console", lambda said: self._note(address, said))
        page.goto(address)
        return page

    def picture(self, page, name):
        """Keep what a window shows, for people to look at."""
        self._pictures += 1
        folder = PICTURES / self._test
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(animations="disabled", path=folder / f"{self._pictures:02}-{name}.png")

    def must_be_content(self):
        """No script has failed, and no console has said so."""
        assert self._complaints == []

    def _note(self, address, said):
        # that a call was refused is told to the person, who did what was asked of them
        if said.type in ("error", "warning") and "Failed to load resource" not in said.text:
            self._complaints.append(f"{address}: {said.text}")
