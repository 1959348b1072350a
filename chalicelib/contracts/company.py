from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chalicelib.contracts.base import Contract, Input
from chalicelib.contracts.ids import GivenMemberId, MemberId


class BlockSomeone(Input):
    """Whom never to meet again."""

    member_id: Annotated[
        str,
        Field(
            pattern="^(mem|gst)_[0-9A-Z]{26}$",
            examples=["mem_7ZQK5T9V3M8XW2RBN4CJ6HDPEA"],
            description="Whoever helps or helped, if you asked; whoever asked, if you help or helped.",
        ),
    ]


class Invite(Input):
    """Whom to bring in."""

    member_id: GivenMemberId


class SpectatorView(Contract):
    """Someone who watches a conversation in hand, or is to; for both whose it is."""

    member_id: MemberId
    agreed: Annotated[
        list[str],
        Field(examples=[["asker"]], description="Who lets them watch: asker, helper. Both have to."),
    ]
    watches: Annotated[
        bool, Field(examples=[False], description="Whether they came; they read what was said since.")
    ]
