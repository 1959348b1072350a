"""Every kind of id, once: as we give it, and `Given…` as clients give it back, held to its shape."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

OrganizationId = Annotated[str, Field(examples=["org_01M7W0SX285MNJE8W71FKXGBTV"])]
MemberId = Annotated[str, Field(examples=["mem_7ZQK5T9V3M8XW2RBN4CJ6HDPEA"])]
SalonId = Annotated[str, Field(examples=["sal_01M7W0SX285MNJE8W71FKXGBTW"])]
MessageId = Annotated[str, Field(examples=["msg_2N8P6S4X0C5V7B9KQMJ3T1R0DE"])]
MeetupId = Annotated[str, Field(examples=["mtg_01M7WN066TK6FTK703WY8C5YNK"])]
PictureId = Annotated[str, Field(examples=["pic_01M7WN066TK6FTK703WY8C5YNK"])]
StatementId = Annotated[str, Field(examples=["sta_01M7W3D2N8P6S4X0C5V7B9KQMJ"])]
SuspensionId = Annotated[str, Field(examples=["sus_01M7W3D2N8P6S4X0C5V7B9KQMJ"])]
ThanksId = Annotated[str, Field(examples=["thx_5XJ2M0T8Q4R9K3V7WBN6CHDPEA"])]

GivenOrganizationId = Annotated[OrganizationId, Field(pattern="^org_[0-9A-Z]{26}$")]
GivenMemberId = Annotated[MemberId, Field(pattern="^mem_[0-9A-Z]{26}$")]
GivenSalonId = Annotated[SalonId, Field(pattern="^sal_[0-9A-Z]{26}$")]
GivenMessageId = Annotated[MessageId, Field(pattern="^msg_[0-9A-Z]{26}$")]
