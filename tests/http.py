from __future__ import annotations

import json
from urllib.parse import urlencode

from chalice.test import Client

from app import app
from tests import conformity
from tests.tokens import token


class Http:
    """HTTP calls to the application, as people: `api.get("/me", by="camille")`.

    Whatever is answered must be what the published contract promises.
    """

    promises = True

    def __enter__(self):
        self._client = Client(app).__enter__()
        return self

    def __exit__(self, *failure):
        self._client.__exit__(*failure)

    def call(self, method, path, *, by=None, body=None, raw=None, query=None, groups=(), **headers):
        sent = {"Accept-Language": "en"}
        if by is not None:
            sent["Authorization"] = f"Bearer {token(by, groups=groups)}"
        if body is not None or raw is not None:
            sent["Content-Type"] = "application/json"
        sent.update({name.replace("_", "-"): value for name, value in headers.items() if value is not None})
        address = f"/v1{path}" + (f"?{urlencode(query)}" if query else "")
        text = raw if raw is not None else json.dumps(body) if body is not None else b""
        answer = Answered(self._client.http.request(method, address, headers=sent, body=text))
        if self.promises:
            conformity.must_hold(method, address, answer)
        return answer

    def get(self, path, **call):
        return self.call("GET", path, **call)

    def post(self, path, **call):
        return self.call("POST", path, **call)

    def put(self, path, **call):
        return self.call("PUT", path, **call)

    def patch(self, path, **call):
        return self.call("PATCH", path, **call)

    def delete(self, path, **call):
        return self.call("DELETE", path, **call)


class Answered:
    def __init__(self, response):
        self.status = response.status_code
        self.headers = {name.lower(): value for name, value in response.headers.items()}
        self.text = response.body.decode()

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def code(self):
        return self.json["code"]

    def __repr__(self):
        return f"{self.status} {self.text[:600]}"
