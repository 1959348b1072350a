from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chalicelib.contracts.base import Contract, Moment


class TicketView(Contract):
    """A ticket: the `ticket` query parameter when opening the WebSocket, once, before it expires."""

    ticket: Annotated[str, Field(examples=["3q2-7wXk0b9i8Jm1Yc5d6Qe4Rf2Tg7Uh8Vj9Wk0Xl1M"])]
    url: Annotated[
        str, Field(examples=["wss://live.entraide.example"], description="Where to open the WebSocket.")
    ]
    expires_at: Moment
