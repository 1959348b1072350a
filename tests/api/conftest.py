from __future__ import annotations

import io
import json

import jwt
import pytest
from chalice.test import Client

from chalicelib.api import callers, exchange
from chalicelib.api.keys import Keys
from tests import tokens
from tests.api import kit as kits
from tests.http import Answered, Http


class KitHttp(Http):
    """Calls to the tiny API; `event` passes what API Gateway would, however odd."""

    promises = False  # nobody publishes it

    def __enter__(self):
        self._client = Client(kits.app).__enter__()
        return self

    def event(self, method, path, *, resource, by="noor", headers=(), **fields):
        event = {
            "requestContext": {
                "httpMethod": method,
                "resourcePath": resource,
                "requestId": "from-the-gateway",
            },
            "headers": {"Authorization": f"Bearer {tokens.token(by)}", **dict(headers)},
            "pathParameters": {},
            "multiValueQueryStringParameters": None,
            "stageVariables": {},
            "path": path,
            "body": None,
            **fields,
        }
        answer = kits.app(event, None)
        return Answered(_Response(answer["statusCode"], answer["headers"], answer["body"].encode()))


class _Response:
    def __init__(self, status_code, headers, body):
        self.status_code, self.headers, self.body = status_code, headers, body


@pytest.fixture
def kit():
    kits.made.clear()
    with KitHttp() as http:
        yield http


@pytest.fixture
def real_keys(monkeypatch):
    """The issuer's keys through PyJWT's own client, with only the network left out."""
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(tokens.private_key().public_key(), as_dict=True)
    published = {"keys": [{**jwk, "kid": "tests", "use": "sig", "alg": "RS256"}]}
    for issuer in callers.trusted_issuers().values():
        keys = Keys(issuer.jwks_url)
        monkeypatch.setattr(keys, "fetch_data", lambda: published)
        object.__setattr__(issuer, "keys", keys)


@pytest.fixture
def logged(monkeypatch):
    """The lines logged so far, read as JSON."""
    stream = io.StringIO()
    monkeypatch.setattr(exchange.logger.registered_handler, "stream", stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
