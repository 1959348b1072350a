"""What is announced is published as it is: AsyncAPI, and the page of events."""

from __future__ import annotations

import json
import re
import typing
from dataclasses import fields
from datetime import UTC, datetime

import jsonschema
import pytest

from chalicelib.domain import events
from infra import announced, contract

pytestmark = pytest.mark.plain

EVENTS = [pytest.param(event, id=event.detail_type()) for event in events.every()]


def published():
    return json.loads((contract.DOCS / "asyncapi.json").read_text("utf-8"))


def resolved(document, ref):
    node = document
    for step in ref.removeprefix("#/").split("/"):
        node = node[step]
    return node


def refs(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for inner in node.values():
            yield from refs(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from refs(inner)


def an_example_of(event):
    values = {str: "text", int: 3, bool: True, datetime: datetime(2026, 11, 20, 8, 30, tzinfo=UTC)}
    hints = typing.get_type_hints(event)
    told = {}
    for f in fields(event):
        kinds = typing.get_args(hints[f.name]) or (hints[f.name],)
        if typing.get_origin(hints[f.name]) is list:
            told[f.name] = [values[kinds[0]]]
            continue
        told[f.name] = next((values[kind] for kind in kinds if kind in values), None)
    return event(**told)


def test_the_document_has_the_shape_that_asyncapi_asks_for():
    document = published()

    assert document["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= document["info"].keys()
    assert document.keys() <= {
        "asyncapi", "id", "info", "servers", "defaultContentType", "channels", "operations", "components",
    }  # fmt: skip
    for channel in document["channels"].values():
        assert channel.keys() <= {"address", "description", "servers", "messages"}
        assert all(message.keys() == {"$ref"} for message in channel["messages"].values())
    for operation in document["operations"].values():
        assert operation["action"] in ("send", "receive")
        assert operation["channel"] == {"$ref": "#/channels/bus"}
        # an operation's messages are those of its channel, not of the components
        assert all(m["$ref"].startswith("#/channels/bus/messages/") for m in operation["messages"])
        assert operation["messages"]
    for server in document["servers"].values():
        assert {"host", "protocol"} <= server.keys()


def test_every_reference_leads_somewhere():
    document = published()

    assert all(resolved(document, ref) is not None for ref in refs(document))


def test_every_event_is_published_under_a_name_of_its_own():
    messages = published()["components"]["messages"]

    assert {name: message["name"] for name, message in messages.items()} == {
        event.__name__: event.detail_type() for event in events.every()
    }
    assert len({message["name"] for message in messages.values()}) == len(messages)
    assert published()["channels"]["bus"]["messages"].keys() == messages.keys()


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_reads_as_published_and_comes_back_as_it_went(event):
    happened = an_example_of(event)
    detail = json.loads(json.dumps(happened.detail()))

    whole = {**published(), **published()["components"]["schemas"][event.__name__]}
    formats = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(whole, format_checker=formats).validate(detail)
    assert event.from_detail(detail) == happened


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_is_named_in_the_past_and_explained(event):
    assert re.fullmatch(r"[a-z_]+\.[a-z]+\.v[1-9]", event.detail_type())
    assert event.__doc__
    assert not event.__doc__.startswith(event.__name__)  # that is what dataclasses write by themselves
    assert not event.__subclasses__()  # only direct events are known


@pytest.mark.parametrize("event", EVENTS)
def test_the_page_tells_of_every_event(event):
    page = (contract.DOCS / "events.md").read_text("utf-8")
    _, _, told = page.partition(f"\n## {event.detail_type()}\n")
    told = told.partition("\n## ")[0]

    own = {f.name for f in fields(event)} - {f.name for f in fields(events.Event)}
    assert set(re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE)) == own
    assert f"[`{event.detail_type()}`](#" in page


def test_consumers_receive_exactly_what_they_subscribe_to():
    told = announced.subscribers()
    operations = published()["operations"]

    for name in {name for names in told.values() for name in names}:
        received = {m["$ref"].rpartition("/")[2] for m in operations[name]["messages"]}
        assert received == {event.__name__ for event, names in told.items() if name in names}
    sent = {m["$ref"].rpartition("/")[2] for m in operations["announce"]["messages"]}
    assert sent == {event.__name__ for event in told}


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (str | None, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        (tuple[str, ...], {"type": "array", "items": {"type": "string"}}),
        (typing.Literal["a", "b"], {"enum": ["a", "b"]}),
        (dict[str, int], {"type": "object", "additionalProperties": {"type": "integer"}}),
    ],
)
def test_members_of_all_these_types_can_be_published(hint, schema):
    assert announced._schema_of(hint) == schema


def test_a_member_of_an_unknown_type_cannot_be_published():
    with pytest.raises(ValueError, match="no JSON schema is known"):
        announced._schema_of(object)
