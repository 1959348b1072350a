from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute, VersionAttribute

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime


class MailReservation(CommunityItem, discriminator="mail_reservation"):
    """That a mail is being written to a member, was sent, or was not and why: what keeps it to one."""

    state = UnicodeAttribute()
    """reserved, sent or skipped."""
    reason = UnicodeAttribute(null=True)
    lease_until = UTCDateTimeAttribute(null=True)
    """Until when whoever reserved it is believed to be sending it."""
    at = UTCDateTimeAttribute()
    version = VersionAttribute()

    @classmethod
    def key(cls, member_id: str, organization_id: str, mail: str) -> Key[MailReservation]:
        return Key(cls, f"MEMBER#{member_id}#MAILS", f"ORG#{organization_id}#{mail}")

    @classmethod
    def of(cls, member_id: str, organization_id: str, mail: str, *, at: datetime) -> MailReservation:
        key = cls.key(member_id, organization_id, mail)
        return cls(key.pk, key.sk, state="reserved", at=at)


class MailRefusal(CommunityItem, discriminator="mail_refusal"):
    """That a member, or whoever reads a guest's mailbox, wants no such mail from an organization."""

    at = UTCDateTimeAttribute()

    @classmethod
    def key(cls, member_id: str, organization_id: str) -> Key[MailRefusal]:
        return Key(cls, f"MEMBER#{member_id}#MAILS", f"ORG#{organization_id}#UNWANTED")

    @classmethod
    def of(cls, member_id: str, organization_id: str, *, at: datetime) -> MailRefusal:
        key = cls.key(member_id, organization_id)
        return cls(key.pk, key.sk, at=at)
