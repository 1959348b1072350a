"""People and places, made through the use cases themselves."""

from __future__ import annotations

from chalicelib.domain import following, organizations
from chalicelib.domain.callers import Caller
from chalicelib.gateways import ids
from chalicelib.settings import settings


def a_caller(name, *, scopes=(), **claims):
    """Someone who signed in; the same person as `by=name` over HTTP."""
    issuer = settings().user_pool_issuer
    sub = f"sub-of-{name}"
    return Caller(
        member_id=ids.derived("mem", issuer, sub),
        issuer=issuer,
        scopes=frozenset(scopes),
        claims={
            "email": f"{name}@example.org",
            "email_verified": "true",
            "name": name.capitalize(),
            **claims,
        },
    )


def an_organization(slug="cyclofil", *, by="claire", presets=("help",), language="fr"):
    """An organization owned, and welcomed to, by this person."""
    return organizations.create(
        a_caller(by),
        slug=slug,
        name=slug.capitalize(),
        aim="Réparer plutôt que jeter.",
        language=language,
        time_zone="Europe/Paris",
        resources=[],
        presets_chosen=list(presets),
    )


def a_follower(name, organization):
    """Someone who follows the organization."""
    caller = a_caller(name)
    following.follow(caller, organization.id)
    return caller
