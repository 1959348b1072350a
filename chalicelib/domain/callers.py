from __future__ import annotations

from dataclasses import dataclass, field

NOBODY = "nobody"
"""In the place of a member's id, where nobody has signed in."""


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who is asking, as far as a verified token says; what they may do is decided where it is done."""

    member_id: str
    issuer: str = ""
    scopes: frozenset[str] = frozenset()
    """What an operator granted to this person, tenant-wide: `organizations.create`, `moderation`."""
    claims: dict[str, object] = field(default_factory=dict, repr=False)
    access_token: str = field(default="", repr=False)
    """For the user pool's own tokens: what it tells of a person is asked with it."""
    guest_of: str = ""
    """For a guest, the organization on whose site they are; they are nobody anywhere else."""
    only: str = ""
    """For a guest whom a mailed link let in, the question it is about: a forwarded mail opens no other."""
    is_verified: bool = True
    """False for a guest whose identity nobody vouches for: said with everything they say."""
    language: str = "fr"
    """The language to answer in, from `Accept-Language`."""

    @property
    def is_guest(self) -> bool:
        """Whether they are here without an account."""
        return bool(self.guest_of)

    def has(self, scope: str) -> bool:
        """Whether an operator granted this scope."""
        return scope in self.scopes
