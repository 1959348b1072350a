"""Every frame of the live channel, declared once: what is read, and what the AsyncAPI document says."""

from __future__ import annotations

from chalicelib.contracts.base import Contract, Input
from chalicelib.contracts.frames.said import Ping, Resume, Say, Subscribe, TellPresence, Typing, Unsubscribe
from chalicelib.contracts.frames.told import (
    Ack,
    MessageFrame,
    Notification,
    PageFrame,
    Poke,
    Pong,
    PresenceFrame,
    Reacted,
    Refused,
    SaidFrame,
    TypingFrame,
)

CLIENT: dict[str, type[Input]] = {
    "ping": Ping,
    "subscribe": Subscribe,
    "unsubscribe": Unsubscribe,
    "resume": Resume,
    "say": Say,
    "typing": Typing,
    "presence": TellPresence,
}
"""What clients say, by kind."""

SERVER: dict[str, type[Contract]] = {
    "pong": Pong,
    "ack": Ack,
    "refused": Refused,
    "page": PageFrame,
    **dict.fromkeys(("message", "edited", "deleted", "hidden", "restored"), MessageFrame),
    "reacted": Reacted,
    "said": SaidFrame,
    "typing": TypingFrame,
    "presence": PresenceFrame,
    "poke": Poke,
    "notification": Notification,
}
"""What clients are told, by kind."""
