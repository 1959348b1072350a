"""The live channel: connect with a ticket, then one frame, one command, refusals on the same socket."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from chalice.app import Blueprint, WebsocketAPI

from chalicelib.domain import errors
from chalicelib.domain import live as channel
from chalicelib.gateways import push

if TYPE_CHECKING:
    from collections.abc import Callable

live = Blueprint(__name__)
# Chalice leaves a blueprint's WebSocket handlers unwrapped unless the API is there before the decorators
live.websocket_api = WebsocketAPI()
logger = Logger(service="live")

LARGEST_FRAME = 32 * 1024

Frame = dict[str, Any]


def _pong(_frame: Frame) -> Frame:
    return {"kind": "pong"}


COMMANDS: dict[str, Callable[[Frame], Frame]] = {"ping": _pong}
"""What may be asked over the socket, by the frame's kind."""


@live.on_ws_connect()
def connect_live(event: Any) -> dict[str, int]:
    """Let in whoever shows an unused ticket."""
    query = event.to_dict().get("queryStringParameters") or {}
    try:
        channel.connect(query.get("ticket", ""), event.connection_id)
    except errors.Refusal as refusal:
        logger.info("refused", extra={"code": refusal.code()})
        return {"statusCode": 401}
    logger.info("connected")
    return {"statusCode": 200}


@live.on_ws_message()
def receive_live(event: Any) -> None:
    """Carry out one frame and answer it."""
    context = event.to_dict()["requestContext"]
    answer = _answer(event.body or "")
    logger.info("frame", extra={"answered": answer["kind"]})
    if not push.send(event.connection_id, answer, api_id=context["apiId"], stage=context["stage"]):
        channel.disconnect(event.connection_id)


@live.on_ws_disconnect()
def disconnect_live(event: Any) -> None:
    """Forget the connection."""
    channel.disconnect(event.connection_id)
    logger.info("disconnected")


def _answer(body: str) -> dict[str, Any]:
    try:
        frame = json.loads(body) if len(body.encode()) <= LARGEST_FRAME else {}
        command = COMMANDS[frame["kind"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        return {"kind": "refused", "code": channel.FrameUnknown.code(), "detail": str(channel.FrameUnknown())}
    return command(frame)
