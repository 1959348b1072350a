"""The socket is published as it is: every frame, in the shape that the channel itself reads and writes."""

from __future__ import annotations

import json

import jsonschema
import pytest

from chalicelib.contracts.frames import CLIENT, SERVER
from chalicelib.handlers import live
from infra import contract
from tests.test_events import refs, resolved

pytestmark = pytest.mark.plain


def published():
    return json.loads((contract.DOCS / "live.asyncapi.json").read_text("utf-8"))


def test_the_document_has_the_shape_that_asyncapi_asks_for():
    document = published()

    assert document["asyncapi"] == "3.0.0"
    assert document.keys() == {
        "asyncapi", "info", "defaultContentType", "servers", "channels", "operations", "components",
    }  # fmt: skip
    (channel,) = document["channels"].values()
    assert channel.keys() <= {"address", "description", "servers", "messages", "bindings"}
    for operation in document["operations"].values():
        assert operation["channel"] == {"$ref": "#/channels/live"}
        assert all(
            message["$ref"].startswith("#/channels/live/messages/") for message in operation["messages"]
        )
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_reference_leads_somewhere():
    document = published()

    assert all(resolved(document, ref) is not None for ref in refs(document))


@pytest.mark.parametrize(("operation", "shapes"), [("hear", CLIENT), ("tell", SERVER)])
def test_every_frame_is_published_on_its_side(operation, shapes):
    document = published()
    named = {message["$ref"].rpartition("/")[2] for message in document["operations"][operation]["messages"]}

    assert named == {shape.__name__ for shape in shapes.values()}
    for name in named:
        message = document["components"]["messages"][name]
        assert message["summary"]
        kind = resolved(document, message["payload"]["$ref"])["properties"]["kind"]
        kinds = {kind["const"]} if "const" in kind else set(kind["enum"])
        assert kinds == {known for known, shape in shapes.items() if shape.__name__ == name}


def test_every_command_is_published_and_carried_out():
    assert set(live.COMMANDS) == set(CLIENT)
    assert set(live.REFUSALS) <= set(CLIENT)


def test_what_a_command_may_be_refused_with_is_said():
    said = published()["components"]["messages"]["Say"]["description"]

    assert {"`slow_mode`", "`follow_first`", "`too_many_frames`"} <= set(
        said.replace(",", " ").replace(".", " ").split()
    )
