from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute, UTCDateTimeAttribute, VersionAttribute

from chalicelib.gateways import clock
from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from chalicelib.pages import Page, Slice

SOCKET = 8100
"""Seconds that a live connection lasts at most: who listened before a suspension is gone by then."""


class Suspension(CommunityItem, discriminator="suspension"):
    """That someone was suspended in an organization: kept for good, whatever became of it."""

    id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    member_id = UnicodeAttribute()
    statement_id = UnicodeAttribute()
    rule = UnicodeAttribute()
    at = UTCDateTimeAttribute()
    until = UTCDateTimeAttribute()
    ended_at = UTCDateTimeAttribute(null=True)
    """When moderation, or an appeal, ended it early."""
    version = VersionAttribute()

    @classmethod
    def key(cls, organization_id: str, member_id: str, suspension_id: str) -> Key[Suspension]:
        return Key(cls, cls._collection(organization_id, member_id), suspension_id)

    @classmethod
    def beginning(
        cls, organization_id: str, member_id: str, suspension_id: str, *, at: datetime, until: datetime,
        rule: str, statement_id: str,
    ) -> Suspension:  # fmt: skip
        """A suspension of this instant, not saved yet."""
        key = cls.key(organization_id, member_id, suspension_id)
        return cls(
            key.pk, key.sk, id=suspension_id, organization_id=organization_id, member_id=member_id,
            statement_id=statement_id, rule=rule, at=at, until=until,
        )  # fmt: skip

    @classmethod
    def of_member(cls, organization_id: str, member_id: str, page: Page) -> Slice[Suspension]:
        """Someone's suspensions in one organization, newest first."""
        return cls.slice(cls._collection(organization_id, member_id), page, newest_first=True)

    @property
    def state(self) -> str:
        """running; over, by the clock; lifted, by moderation or an appeal."""
        if self.ended_at is not None:
            return "lifted"
        return "running" if self.until > clock.now() else "over"

    @staticmethod
    def _collection(organization_id: str, member_id: str) -> str:
        return f"ORG#{organization_id}#SUSPENSIONS#{member_id}"


class RunningSuspension(CommunityItem, discriminator="running_suspension"):
    """The suspension that keeps someone from speaking in an organization: read with their membership.

    It outlives the membership, and says nothing any more from its `until` on, swept away or not.
    """

    suspension_id = UnicodeAttribute()
    statement_id = UnicodeAttribute()
    until = UTCDateTimeAttribute()

    @classmethod
    def key(cls, organization_id: str, member_id: str) -> Key[RunningSuspension]:
        return Key(cls, f"ORG#{organization_id}#SUSPENDED", member_id)

    @classmethod
    def of(cls, suspension: Suspension) -> RunningSuspension:
        key = cls.key(suspension.organization_id, suspension.member_id)
        return cls(
            key.pk, key.sk, suspension_id=suspension.id, statement_id=suspension.statement_id,
            until=suspension.until, expires_at=int(suspension.until.timestamp()) + 1,
        )  # fmt: skip

    def runs_at(self, moment: datetime) -> bool:
        """Whether it still says something."""
        return bool(self.until > moment)

    @classmethod
    def is_over(cls, at: datetime) -> Condition:
        """Nothing keeps them from speaking at this moment."""
        over: Condition = cls.pk.does_not_exist() | (cls.until <= at)
        return over

    @classmethod
    def is_of(cls, suspension: Suspension) -> Condition:
        """It is this suspension that runs."""
        this: Condition = cls.suspension_id == suspension.id
        return this


class LatelySuspended(CommunityItem, discriminator="lately_suspended"):
    """Who was suspended in an organization while sockets opened before may still be open.

    Two of these tell of everyone whose socket a delivery must pass over, however late it is closed.
    """

    people = UnicodeSetAttribute(null=True)

    @classmethod
    def keys(cls, organization_id: str, now: datetime) -> tuple[Key[LatelySuspended], Key[LatelySuspended]]:
        """Where they are told now."""
        period = int(now.timestamp()) // SOCKET
        return cls._key(organization_id, period), cls._key(organization_id, period - 1)

    @classmethod
    def of(cls, suspension: Suspension) -> LatelySuspended:
        """A handle on where a suspension is told."""
        period = int(suspension.at.timestamp()) // SOCKET
        key = cls._key(suspension.organization_id, period)
        return cls(key.pk, key.sk, expires_at=(period + 3) * SOCKET)

    def telling(self, suspension: Suspension) -> list[Action]:
        """Tell of it to whoever delivers."""
        return [*self._opening(), LatelySuspended.people.add({_entry(suspension)})]

    def forgetting(self, suspension: Suspension) -> list[Action]:
        """Tell of it no more."""
        return [*self._opening(), LatelySuspended.people.delete({_entry(suspension)})]

    def at(self, now: datetime) -> set[str]:
        """Those of them who still are."""
        told = (entry.split("#") for entry in self.people or ())
        return {member_id for member_id, until in told if int(until) > now.timestamp()}

    def _opening(self) -> list[Action]:
        kind = LatelySuspended.kind.set(LatelySuspended)
        return [kind, LatelySuspended.expires_at.set(self.expires_at)]

    @classmethod
    def _key(cls, organization_id: str, period: int) -> Key[LatelySuspended]:
        return Key(cls, f"ORG#{organization_id}#LATELY_SUSPENDED", str(period))


def _entry(suspension: Suspension) -> str:
    return f"{suspension.member_id}#{int(suspension.until.timestamp())}"
