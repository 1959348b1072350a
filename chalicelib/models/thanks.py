from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute, VersionAttribute

from chalicelib.models.tables import CommunityItem, Key

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.pages import Page, Slice


class Thanks(CommunityItem, discriminator="thanks"):
    """A member's thanks to the author of something: at most one, which may be withdrawn and given again.

    Kept as long as its object is.
    """

    id = UnicodeAttribute()
    giver_id = UnicodeAttribute()
    beneficiary_id = UnicodeAttribute()
    organization_id = UnicodeAttribute()
    object_kind = UnicodeAttribute()
    object_id = UnicodeAttribute()
    text = UnicodeAttribute(null=True)
    """None while withdrawn."""
    state = UnicodeAttribute()
    """given or withdrawn."""
    round = NumberAttribute(default=1)
    """How many times it has been given."""
    given_at = UTCDateTimeAttribute()
    version = VersionAttribute()

    @classmethod
    def key(cls, thanks_id: str) -> Key[Thanks]:
        return Key(cls, f"THANKS#{thanks_id}", "THANKS")

    @classmethod
    def giving(cls, thanks_id: str, *, at: datetime, **values: Any) -> Thanks:
        """Thanks of this instant, not saved yet."""
        key = cls.key(thanks_id)
        return cls(key.pk, key.sk, id=thanks_id, state="given", given_at=at, **values)


class ThanksPlace(CommunityItem, discriminator="thanks_place"):
    """That thanks stand among those of their object, as long as they are given."""

    thanks_id = UnicodeAttribute()
    giver_id = UnicodeAttribute()

    @classmethod
    def of(cls, thanks: Thanks) -> ThanksPlace:
        given_at = thanks.given_at.isoformat(timespec="microseconds")
        return cls(
            _collection(thanks.object_kind, thanks.object_id), f"{given_at}#{thanks.id}",
            thanks_id=thanks.id, giver_id=thanks.giver_id, expires_at=thanks.expires_at,
        )  # fmt: skip

    @classmethod
    def for_object(cls, object_kind: str, object_id: str, page: Page) -> Slice[ThanksPlace]:
        """The thanks for something, oldest first."""
        return cls.slice(_collection(object_kind, object_id), page)


def _collection(object_kind: str, object_id: str) -> str:
    return f"{object_kind.upper()}#{object_id}#THANKS"
