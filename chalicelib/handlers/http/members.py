from __future__ import annotations

from chalicelib.api.endpoints import Api, IfMatch
from chalicelib.contracts.members import EditMe, Me
from chalicelib.domain import errors, members
from chalicelib.domain.callers import Caller

api = Api(__name__, tag="Members")


@api.endpoint("GET", "/me", refusals=[members.IdentityUnavailable])
def read_me(caller: Caller) -> Me:
    """Read your own account. Your first call, this one or another, creates it."""
    return members.require(caller)


@api.endpoint(
    "PATCH",
    "/me",
    refusals=[errors.ChangedMeanwhile, members.TimeZoneUnknown, members.IdentityUnavailable],
)
def edit_me(caller: Caller, body: EditMe, version: IfMatch) -> Me:
    """Change your name, language or time zone."""
    return members.edit(caller, **body.model_dump(), version=version)
