"""People on the local cloud, over HTTP."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import httpx


class Person:
    """Someone signed in, who calls the API."""

    def __init__(self, cloud, name, *, groups=(), username=None):
        username = username or f"{name.lower()}-{uuid.uuid4().hex[:8]}"
        cloud.people.sign_up(username, name, groups=groups)
        self._http = httpx.Client(
            base_url=cloud.api,
            timeout=60,
            limits=httpx.Limits(max_keepalive_connections=0),  # nothing stays open between two calls
            headers={"Authorization": f"Bearer {cloud.people.token(username)}", "Accept-Language": "fr"},
        )

    @cached_property
    def address(self):
        return self._me["email"]

    @cached_property
    def id(self):
        return self._me["id"]

    @cached_property
    def _me(self):
        return self.get("/me").json()

    def call(self, method, path, body=None, **headers):
        answer = self._http.request(method, path, json=body, headers=headers)
        if answer.status_code == 429 and "slow_mode" not in answer.text:
            # without a delay of ours it is the emulator: it runs no more than sixteen functions at once
            time.sleep(float(answer.headers.get("Retry-After", 0.2)))
            return self.call(method, path, body, **headers)
        return answer

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body=None, **headers):
        return self.call("POST", path, body, **headers)

    def put(self, path, body=None):
        return self.call("PUT", path, body)

    def delete(self, path):
        return self.call("DELETE", path)


def at_once(times, act):
    """What many simultaneous calls of `act(n)` return."""
    with ThreadPoolExecutor(times) as crowd:
        return list(crowd.map(act, range(times)))


def eventually(look, *, seconds=45):
    """What `look()` finds, as soon as it finds something: the event road takes its time."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found or time.monotonic() > deadline:
            return found
        time.sleep(0.3)
