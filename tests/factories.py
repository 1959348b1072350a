"""People and places, made through the use cases themselves."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.domain import following, helping, meetups, messages, organizations, salons
from chalicelib.domain.callers import Caller
from chalicelib.gateways import clock, ids
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


A_PLACE = {
    "district": "Lyon 7e",
    "name": "Café du Rond-Point",
    "address": "12 rue de Marseille, 69007 Lyon",
    "public": True,
    "latitude": 45.7485,
    "longitude": 4.8467,
}


def a_meetup(host, organization, *, seats=None, ahead=timedelta(days=3), lasts=timedelta(hours=2), **said):
    """A meetup that this person proposes, so long before it starts."""
    starts_at = said.pop("starts_at", clock.now() + ahead)
    times = meetups.Times(
        starts_at=starts_at, ends_at=starts_at + lasts, rsvp_closes_at=said.pop("rsvp_closes_at", None)
    )
    told = {"title": "Café réglage", "time_zone": "Europe/Paris", "place": A_PLACE, "party_limit": 2, **said}
    return meetups.propose(host, organization.id, times=times, capacity=seats, **told).meetup


def coming(name, meetup, organization, *, says="going", party=1):
    """Someone who follows, and says whether they come."""
    caller = a_follower(name, organization)
    meetups.answer(caller, organization.id, meetup.id, says=says, party=party)
    return caller
