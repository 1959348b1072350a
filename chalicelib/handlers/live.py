"""The live channel: connect with a ticket, then one frame, one command."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, WebsocketAPI

live = Blueprint(__name__)
# Chalice leaves a blueprint's WebSocket handlers unwrapped unless the API is there before the decorators
live.websocket_api = WebsocketAPI()


@live.on_ws_connect()
def connect_live(event: Any) -> dict[str, int]:  # noqa: ARG001
    """Refuse everyone: tickets come first."""
    return {"statusCode": 401}


@live.on_ws_message()
def receive_live(event: Any) -> None:
    """Nothing is received yet."""


@live.on_ws_disconnect()
def disconnect_live(event: Any) -> None:
    """Nothing to forget yet."""
