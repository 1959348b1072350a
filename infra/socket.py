"""The live channel as its clients see it: AsyncAPI 3.0, from the contracts that the channel itself reads."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from chalicelib.contracts.frames import CLIENT, SERVER
from chalicelib.handlers import live
from infra.asyncapi import head

if TYPE_CHECKING:
    from pydantic import BaseModel

    from chalicelib.domain import errors

_RULES = """\
Get a ticket (`POST /v1/live/tickets`) and open the WebSocket with it within a minute: `?ticket=…`, once. Then
one frame is one command, answered on the same socket by `ack`, `page`, `presence` or `pong`, or by `refused`
with a stable `code`; the answer carries the command's `ref`. A command that is refused changed nothing.
Commands are carried out side by side: whoever needs one done before the next, two words in their order say,
waits for its answer.

What is told comes **at least once and in no guaranteed order**. A message's `seq` is its number in its
salon, without gaps: have each number once, show them in their order, and where one is missing for more than a
moment, or after the socket was broken, `resume` after the last number before the gap. A client that does this
misses nothing and has nothing twice.

A connection lasts two hours at most, and counts as somebody's presence while it says something at least every
150 seconds: send `ping` once a minute.

A connection says 300 frames a minute at most. The first one beyond is refused (`too_many_frames`), those that
follow in that minute are not answered, and a connection that goes on to twice as many is ended. A person has
20 connections at most: one more ends the oldest."""


def asyncapi(version: str) -> dict[str, Any]:
    """The AsyncAPI document of the live channel."""
    schemas, refs = _schemas()
    said = {_name(shape): _message(shape, refs, _refusals(kind)) for kind, shape in CLIENT.items()}
    told = {_name(shape): _message(shape, refs) for shape in SERVER.values()}
    return {
        **head("Entraide: the live channel", version=version, rules=_RULES, server=_SERVER),
        "channels": {
            "live": {
                "address": "/",
                "description": "The one WebSocket that a client opens.",
                "servers": [{"$ref": "#/servers/tenant"}],
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in (*said, *told)},
                "bindings": {"ws": {"method": "GET", "query": _QUERY, "bindingVersion": "0.1.0"}},
            }
        },
        "operations": {
            # AsyncAPI speaks as the application: it receives what clients say
            "hear": _operation("receive", "Carry out what a client asks.", said),
            "tell": _operation("send", "Answer, and tell what happens.", told),
        },
        "components": {"messages": {**said, **told}, "schemas": schemas},
    }


_SERVER = {
    "host": "{host}",
    "protocol": "wss",
    "description": "The tenant's WebSocket.",
    "variables": {
        "host": {"default": "localhost:8000/ws", "description": "The stack's LiveUrl, without its scheme."}
    },
}

_QUERY = {
    "type": "object",
    "required": ["ticket"],
    "properties": {"ticket": {"type": "string", "description": "A ticket, which is used up."}},
}


def _schemas() -> tuple[dict[str, Any], dict[type[BaseModel], str]]:
    """Every shape, what clients say as it is read, what they are told as it is written."""
    wanted: list[tuple[type[BaseModel], Any]] = [(shape, "validation") for shape in CLIENT.values()]
    wanted += [(shape, "serialization") for shape in dict.fromkeys(SERVER.values())]
    refs, whole = models_json_schema(wanted, ref_template="#/components/schemas/{model}")
    found: Any = refs
    return whole["$defs"], {shape: ref["$ref"] for (shape, _), ref in found.items()}


def _message(shape: type[BaseModel], refs: dict[type[BaseModel], str], refused: str = "") -> dict[str, Any]:
    text = inspect.cleandoc(shape.__doc__ or "")
    summary, _, more = text.partition("\n")
    described = "\n\n".join(part for part in (more.strip(), refused) if part)
    return {
        "name": _name(shape),
        "summary": summary,
        **({"description": described} if described else {}),
        "payload": {"$ref": refs[shape]},
    }


def _refusals(kind: str) -> str:
    own: tuple[type[errors.Refusal], ...] = live.REFUSALS.get(kind, ())
    codes = ", ".join(f"`{refusal.code()}`" for refusal in (*own, *live.ALWAYS))
    return f"Refused with: {codes}."


def _operation(action: str, summary: str, messages: dict[str, Any]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": "#/channels/live"},
        "summary": summary,
        "messages": [{"$ref": f"#/channels/live/messages/{name}"} for name in messages],
    }


def _name(shape: type[BaseModel]) -> str:
    return shape.__name__
