"""Whether an answer is one that the published contract promises."""

from __future__ import annotations

import json
import re
from functools import cache

import jsonschema

from infra import contract


@cache
def published():
    return contract.openapi()


@cache
def _paths():
    """The most literal first, as a gateway matches them."""
    found = [(re.compile(re.sub(r"{\w+}", "[^/]+", path)), path) for path in published()["paths"]]
    return sorted(found, key=lambda pair: pair[1].count("{"))


@cache
def _validator(ref):
    formats = jsonschema.Draft202012Validator.FORMAT_CHECKER
    whole = {"components": published()["components"], "$ref": ref}
    return jsonschema.Draft202012Validator(whole, format_checker=formats)


def resolved(node):
    while "$ref" in node:
        _, *steps = node["$ref"].split("/")
        node = published()
        for step in steps:
            node = node[step]
    return node


def operation_of(method, path):
    """The documented operation that a request is for, or None."""
    path = path.partition("?")[0]
    known = next((known for pattern, known in _paths() if pattern.fullmatch(path)), None)
    return published()["paths"].get(known, {}).get(method.lower())


def must_hold(method, path, answer):
    """Fail unless this answer to this request is documented: its status, its code, its shape, its headers."""
    operation = operation_of(method, path)
    if operation is None:
        return
    name = operation["operationId"]
    assert str(answer.status) in operation["responses"], f"{name} does not document {answer}"
    promised = resolved(operation["responses"][str(answer.status)])
    for header, told in promised.get("headers", {}).items():
        if header.lower() in answer.headers:
            _validator(f"{told['$ref']}/schema").validate(answer.headers[header.lower()])
    content = promised.get("content")
    if content is None:
        assert answer.text == "", f"{name} does not document a body: {answer}"
        return
    media_type = answer.headers["content-type"].partition(";")[0]
    assert media_type in content, f"{name} does not document {media_type}: {answer}"
    if media_type == "application/problem+json":
        codes = content[media_type]["examples"]
        assert answer.code in codes, f"{name} does not document {answer.code}, only {sorted(codes)}"
    if "$ref" in content[media_type]["schema"]:
        _validator(content[media_type]["schema"]["$ref"]).validate(json.loads(answer.text))
