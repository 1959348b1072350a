"""Domain events as their subscribers see them: AsyncAPI 3.0 and a page to read."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import types
import typing
from dataclasses import MISSING, Field, fields
from datetime import datetime
from typing import Any

from chalicelib.domain import events
from chalicelib.handlers import consumers
from infra.asyncapi import head

_TYPES: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    type(None): {"type": "null"},
    Any: {},
}


def subscribers() -> dict[type[events.Event], dict[str, str]]:
    """Who is told of each event: consumer → what it does about it, in a sentence."""
    told: dict[type[events.Event], dict[str, str]] = {event: {} for event in events.every()}
    for module in sorted(pkgutil.iter_modules(consumers.__path__), key=lambda found: found.name):
        consumer = importlib.import_module(f"{consumers.__name__}.{module.name}")
        for event, function in getattr(consumer, "SUBSCRIPTIONS", {}).items():
            told[event][module.name] = (inspect.getdoc(function) or "").partition("\n")[0]
    return told


def asyncapi(version: str) -> dict[str, Any]:
    """The AsyncAPI document of the tenant's event bus."""
    told = subscribers()
    consumer_names = sorted({name for names in told.values() for name in names})
    return {
        **head("Entraide: domain events", version=version, rules=_RULES, server=_SERVER),
        "channels": {
            "bus": {
                "address": "entraide",
                "description": "The tenant's event bus; its name is a parameter of the deployment.",
                "servers": [{"$ref": "#/servers/tenant"}],
                "messages": {
                    event.__name__: {"$ref": f"#/components/messages/{event.__name__}"} for event in told
                },
            }
        },
        "operations": {
            "announce": _operation("send", "Announce what happened, at least once.", list(told)),
            **{
                name: _operation("receive", _purpose(name), [event for event in told if name in told[event]])
                for name in consumer_names
            },
        },
        "components": {
            "messages": {event.__name__: _message(event) for event in told},
            "schemas": {event.__name__: schema(event) for event in told},
        },
    }


_SERVER = {
    "host": "events.{region}.amazonaws.com",
    "protocol": "eventbridge",
    "description": "The tenant's Amazon EventBridge.",
    "variables": {"region": {"default": "eu-west-3", "description": "The tenant's AWS region."}},
}


def page() -> str:
    """The events as a page in Markdown."""
    told = subscribers()
    lines = [
        "# Domain events",
        "",
        "Written by `make openapi`; the same, for machines, in `asyncapi.json`.",
        "",
    ]
    lines += [_RULES, "", "Every event has these members:", "", *_table(events.Event), ""]
    lines += ["| event | announces | told to |", "|---|---|---|"]
    for event, names in told.items():
        link = f"[`{event.detail_type()}`](#{_anchor(event)})"
        lines.append(f"| {link} | {_first_line(event)} | {', '.join(f'`{name}`' for name in names) or '—'} |")
    for event, names in told.items():
        lines += ["", f"## {event.detail_type()}", "", inspect.cleandoc(event.__doc__ or ""), ""]
        own = _table(event, beyond=events.Event)
        lines += own if len(own) > 2 else ["It has no members of its own."]
        lines += ["", *(f"- `{name}`: {does}" for name, does in names.items())] if names else []
    return "\n".join(lines) + "\n"


_RULES = """\
Events are past tense, frozen and sufficient in themselves. Each is written to the journal in the same
transaction as what it tells of, and from there published on the tenant's EventBridge bus **at least once and
in no guaranteed order**: have each `id` take effect once, and compare `at` where order matters. `source` is
`entraide.<tenant>`, `detail-type` the event's name and version. A version may gain members that have a
default: leave aside those that you do not know. Anything else is a new version, beside the old one."""


def schema(event: type[events.Event]) -> dict[str, Any]:
    """An event's `detail` as a JSON schema."""
    hints = typing.get_type_hints(event)
    return {
        "type": "object",
        "description": inspect.cleandoc(event.__doc__ or ""),
        "required": [f.name for f in fields(event) if _always_there(f)],
        "properties": {f.name: _schema_of(hints[f.name]) for f in fields(event)},
    }


def _always_there(f: Field[Any]) -> bool:
    """Whether every version of the event ever written holds this member."""
    return f.default is MISSING and (f.default_factory is MISSING or f.name in ("id", "at"))


def _schema_of(hint: Any) -> dict[str, Any]:
    if hint in _TYPES:
        return _TYPES[hint]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return {"enum": list(arguments)}
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_schema_of(argument) for argument in arguments]}
    if origin in (list, tuple, frozenset):
        return {"type": "array", "items": _schema_of(arguments[0])}
    if origin is not None and issubclass(origin, typing.Mapping):
        return {"type": "object", "additionalProperties": _schema_of(arguments[1])}
    raise ValueError(f"no JSON schema is known for {hint}")


def _message(event: type[events.Event]) -> dict[str, Any]:
    return {
        "name": event.detail_type(),
        "title": " ".join(re.findall(r"[A-Z][a-z0-9]*", event.__name__)).capitalize(),
        "summary": _first_line(event),
        "payload": {
            "type": "object",
            "required": ["source", "detail-type", "detail"],
            "properties": {
                "source": {"type": "string", "pattern": "^entraide\\."},
                "detail-type": {"const": event.detail_type()},
                "detail": {"$ref": f"#/components/schemas/{event.__name__}"},
            },
        },
    }


def _operation(action: str, summary: str, told: list[type[events.Event]]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": "#/channels/bus"},
        "summary": summary,
        "messages": [{"$ref": f"#/channels/bus/messages/{event.__name__}"} for event in told],
    }


def _purpose(consumer: str) -> str:
    module = importlib.import_module(f"{consumers.__name__}.{consumer}")
    return (inspect.getdoc(module) or "").partition("\n")[0]


def _first_line(event: type[events.Event]) -> str:
    return (inspect.getdoc(event) or "").partition("\n")[0]


def _table(event: type[events.Event], *, beyond: type[events.Event] | None = None) -> list[str]:
    inherited = {f.name for f in fields(beyond)} if beyond else set()
    properties = schema(event)["properties"]
    required = schema(event)["required"]
    return ["| member | type | |", "|---|---|---|"] + [
        f"| `{name}` | {_words(of)} | {'' if name in required else 'may be missing in older ones'} |"
        for name, of in properties.items()
        if name not in inherited
    ]


def _words(of: dict[str, Any]) -> str:
    if "anyOf" in of:
        return " or ".join(_words(one) for one in of["anyOf"])
    if "enum" in of:
        return ", ".join(f"`{value}`" for value in of["enum"])
    if of.get("type") == "array":
        return f"list of {_words(of['items'])}"
    return str(of.get("format") or of.get("type") or "anything")


def _anchor(event: type[events.Event]) -> str:
    return re.sub(r"[^a-z0-9_-]", "", event.detail_type())
