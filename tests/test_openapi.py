"""The published contract says all that is served, and nothing that is not."""

from __future__ import annotations

import json
import re
import string
from functools import cache
from typing import Annotated

import jsonschema
import pytest
from openapi_spec_validator import validate
from pydantic import Field

from app import APIS, app
from chalicelib.api import openapi, problems
from chalicelib.api.endpoints import Api
from chalicelib.contracts.base import Contract
from chalicelib.domain import errors, organizations
from infra import contract

pytestmark = pytest.mark.plain

REFERENCE = contract.DOCS / "reference"


@cache
def published():
    return json.loads((contract.DOCS / "openapi.json").read_text("utf-8"))


def operations():
    return [
        pytest.param(path, method, operation, id=operation["operationId"])
        for path, methods in published()["paths"].items()
        for method, operation in methods.items()
    ]


def resolved(node):
    while "$ref" in node:
        _, *steps = node["$ref"].split("/")
        node = published()
        for step in steps:
            node = node[step]
    return node


def fits(schema, value):
    whole = {"components": published()["components"], **schema}
    formats = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(whole, format_checker=formats).validate(value)


def endpoints():
    return [endpoint for api in APIS for endpoint in api.endpoints]


@pytest.mark.parametrize("path", contract.published(), ids=lambda path: path.name)
def test_what_is_published_is_what_the_code_says(path):
    assert path.read_text("utf-8") == contract.published()[path], "run: make openapi"


def test_what_is_served_is_what_is_published_and_survives_packaging():
    assert not contract.SERVED.is_symlink()
    assert contract.SERVED.read_bytes() == (contract.DOCS / "openapi.json").read_bytes()


def test_anyone_reads_the_document(api):
    answer = api.get("/openapi.json")

    assert answer.status == 200
    assert answer.json == published()
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "public, max-age=300"


def test_the_document_is_valid():
    assert published()["openapi"] == "3.1.0"
    validate(published())


def test_every_route_is_documented_and_every_documented_operation_is_served():
    served = {(path, method.lower()) for path, methods in app.routes.items() for method in methods}
    documented = {(path, method) for path, methods in published()["paths"].items() for method in methods}

    assert documented == served


def test_every_operation_has_a_name_of_its_own():
    names = [operation["operationId"] for _, _, operation in (o.values for o in operations())]

    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(("path", "method", "operation"), operations())
def test_an_operation_says_what_it_does_and_answers(path, method, operation):
    assert operation["summary"].endswith("."), "the docstring's first line is the summary"
    assert operation["security"] in ([{"bearer": []}], [{}, {"bearer": []}])
    answers = operation["responses"]
    assert {"401", "500", "503"} <= answers.keys()
    assert ("429" in answers) == (method != "get" and operation["operationId"] != "unsubscribe")
    for status, response in answers.items():
        for name, described in resolved(response).get("headers", {}).items():
            fits(resolved(described)["schema"], resolved(described)["example"])
            assert name in published()["components"]["headers"]
        for media_type, content in resolved(response).get("content", {}).items():
            assert (media_type == "application/problem+json") == (int(status) >= 400)
            shown = content.get("examples") or {"": {"value": content["example"]}}
            for code, example in shown.items():
                fits(content["schema"], resolved(example)["value"])
                if code:
                    assert resolved(example)["value"]["code"] == code
                    assert resolved(example)["value"]["status"] == int(status)


@pytest.mark.parametrize(("path", "method", "operation"), operations())
def test_parameters_have_examples_that_fit(path, method, operation):
    named = {p["name"] for p in map(resolved, operation["parameters"]) if p["in"] == "path"}
    assert named == set(re.findall(r"{(\w+)}", path))
    for parameter in map(resolved, operation["parameters"]):
        if parameter["name"] not in ("limit", "cursor"):
            fits(parameter["schema"], parameter["example"])
    if "x-order" in operation:
        assert re.fullmatch(r"[a-z_]+@[1-9][0-9]*", operation["x-order"])
        assert {"limit", "cursor"} <= {resolved(p)["name"] for p in operation["parameters"]}


@pytest.mark.parametrize("endpoint", [pytest.param(e, id=e.name) for e in endpoints() if e.body or e.returns])
def test_whole_examples_are_what_the_code_reads_and_writes(endpoint):
    operation = published()["paths"][endpoint.path][endpoint.method.lower()]
    if endpoint.body:
        sent = operation["requestBody"]["content"]["application/json"]
        fits(sent["schema"], sent["example"])
        endpoint.body.model_validate_json(json.dumps(sent["example"]))
    if endpoint.returns:
        answered = operation["responses"][str(endpoint.status)]["content"]["application/json"]["example"]
        endpoint.returns.model_validate_json(json.dumps(answered))


def test_schemas_have_names_for_people():
    names = published()["components"]["schemas"]

    assert not [name for name in names if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)]
    assert not [name for name in names if name.endswith(("Input", "Output"))]


@pytest.mark.parametrize("endpoint", [pytest.param(e, id=e.name) for e in endpoints() if e.body])
def test_nothing_that_nobody_reads_may_be_sent(endpoint):
    def objects(schema):
        schema = resolved(schema)
        if "properties" in schema:
            yield schema
        for inner in [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]:
            yield from objects(inner)
        if "items" in schema:
            yield from objects(schema["items"])

    sent = published()["paths"][endpoint.path][endpoint.method.lower()]["requestBody"]
    assert all(
        schema["additionalProperties"] is False
        for schema in objects(sent["content"]["application/json"]["schema"])
    )


def test_what_needs_a_scope_names_it():
    scoped = {e.name: e.scope for e in endpoints() if e.scope}

    assert scoped
    assert {o["operationId"]: o.get("x-scope") for _, _, o in (o.values for o in operations())} == {
        e.name: scoped.get(e.name) for e in endpoints()
    }


class Bare(Contract):
    told: Annotated[int, Field(examples=[1])]
    untold: int


class SlugTaken(errors.Conflict):
    """Another refusal of this name."""


def test_a_property_without_an_example_cannot_be_published():
    api = Api("planted", tag="Planted")

    @api.endpoint("GET", "/planted")
    def planted() -> Bare:
        """Plant."""

    with pytest.raises(ValueError, match=r"without an example: Bare\.untold"):
        openapi.document([api], version="1")


def test_a_name_in_a_path_of_an_unknown_kind_cannot_be_published():
    api = Api("planted", tag="Planted")

    @api.endpoint("GET", "/planted/{thing_id}")
    def planted(thing_id: str) -> None:
        """Plant."""

    with pytest.raises(ValueError, match="what kind of name is thing_id"):
        openapi.document([api], version="1")


def test_two_refusals_under_one_code_cannot_be_published():
    api = Api("planted", tag="Planted")

    @api.endpoint("GET", "/planted", refusals=[SlugTaken, organizations.SlugTaken])
    def planted() -> None:
        """Plant."""

    with pytest.raises(ValueError, match="two refusals are called slug_taken"):
        openapi.document([api], version="1")


def refusals(kind=errors.Refusal):
    for refusal in kind.__subclasses__():
        if refusal.__module__.startswith("chalicelib") and refusal.reason is not errors.Refusal.reason:
            yield refusal
        yield from refusals(refusal)


@pytest.mark.parametrize("refusal", sorted(set(refusals()), key=lambda r: r.code()), ids=lambda r: r.code())
def test_a_refusal_is_said_in_both_languages(refusal):
    names = {
        language: {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
        for language, sentence in refusal.reason.items()
    }

    assert names["fr"] == names["en"], refusal.reason
    assert refusal(**refusal.example).sentence("fr") != refusal(**refusal.example).sentence("en")
    assert problems.status_of(refusal) in {*problems.STATUS.values(), 500}


def test_the_page_to_browse_loads_nothing_from_elsewhere():
    page = (REFERENCE / "index.html").read_text("utf-8")
    loaded = re.findall(r'<(?:script|link)[^>]+(?:src|href)="([^"]+)"', page)

    assert sorted(loaded) == [
        "data:,",
        "reference.js",
        "vendor/swagger-ui-bundle.js",
        "vendor/swagger-ui.css",
    ]
    assert "default-src 'none'; script-src 'self'" in page
    assert not re.search(r"https?:", page)
    assert "validatorUrl: null" in (REFERENCE / "reference.js").read_text("utf-8")
    assert not re.search(r"https?:", (REFERENCE / "reference.js").read_text("utf-8"))
    assert {name for name in loaded if name.startswith("vendor")} <= {
        str(path.relative_to(REFERENCE)) for path in (REFERENCE / "vendor").iterdir()
    }


def test_what_is_vendored_comes_with_its_licence_and_its_styles_fetch_nothing():
    vendor = REFERENCE / "vendor"

    assert {"LICENSE", "NOTICE"} <= {path.name for path in vendor.iterdir()}
    styles = (vendor / "swagger-ui.css").read_text("utf-8")
    assert "@import" not in styles
    assert re.findall(r"url\((?![\"']?data:)", styles) == []
