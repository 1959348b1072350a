"""People and places, made through the use cases themselves."""

from __future__ import annotations

from chalicelib.domain import following, helping, messages, organizations, salons
from chalicelib.domain.callers import Caller
from chalicelib.gateways import ids
from chalicelib.models.changes import changes
from chalicelib.models.memberships import Membership
from chalicelib.models.tables import load
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


def a_host(name, organization, *, role="moderator"):
    """Someone with a role in the organization, without the ceremony of being given it."""
    caller = a_follower(name, organization)
    (membership,) = load(Membership.key(organization.id, caller.member_id))
    with changes() as change:
        change.edit(membership, role=role, voice="staff")
    return caller


def a_salon(organization, *, by="claire", title="Atelier", state="open", **values):
    """A salon of the organization, in any state."""
    values = {"theme": "", "slow_mode_seconds": 0, "retention_days": None, **values}
    return salons.create(a_caller(by), organization.id, title=title, state=state, **values)


def a_message(caller, salon, text="Bonjour à tous", *, key=None, **said):
    """Something this person says in a salon, as its readers see it."""
    key = key or ids.new("key")
    return messages.post(
        caller, salon.organization_id, salon.id, client_message_id=key, text=text, **said
    ).said


def a_volunteer(name, organization, **settings):
    """A follower who helps: with brakes, unless told otherwise."""
    caller = a_follower(name, organization)
    asked = {"topics": ["freins"], "all_topics": False, "capacity": 2, "daily_cap": 5}
    quiet = {"quiet_from": None, "quiet_to": None}
    helping.set_up(caller, organization.id, **{**asked, **quiet, **settings})
    return caller
