"""Organizations' own sites: the widget on them, and the tokens that they sign for their visitors."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from functools import cache

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from chalicelib.api import guest_tokens, host_tokens
from chalicelib.domain import absences, conversations, guests, questions, widgets
from chalicelib.domain.callers import Caller
from chalicelib.domain.guests import codes
from chalicelib.gateways import clock, ids, links
from chalicelib.models.guests import Guest, GuestCode
from chalicelib.models.tables import load
from tests.factories import a_caller, a_follower

SITE = "https://www.cyclofil.example"
ISSUER, AUDIENCE = "https://www.cyclofil.example", "entraide"


@cache
def key(kind="EC"):
    if kind == "EC":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, 2048)


def public(kind="EC", private=None, **changed):
    """The JWK that an organization publishes of its key."""
    algorithm = jwt.algorithms.ECAlgorithm if kind == "EC" else jwt.algorithms.RSAAlgorithm
    jwk = algorithm.to_jwk((private or key(kind)).public_key(), as_dict=True)
    jwk.pop("key_ops", None)
    return {**jwk, "kid": f"host-{kind}", "alg": "ES256" if kind == "EC" else "RS256", **changed}


def host(**changed):
    return {"issuer": ISSUER, "audience": AUDIENCE, "jwks": [public("EC"), public("RSA")], **changed}


def a_widget(organization, *, by="claire", origins=(SITE,), version=0, **values):
    """The organization's widget, on these sites."""
    values = {"allowed_query_parameters": [], "host": host(), **values}
    return widgets.configure(
        a_caller(by), organization.id, version=version, origins=list(origins), **values
    )  # fmt: skip


def claims(visitor="zoe", **changed):
    now = int(time.time())
    told = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": visitor,
        "iat": now,
        "exp": now + 240,
        "jti": ids.new("jti"),
        "name": visitor.capitalize(),
        "email": f"{visitor}@example.org",
        "email_verified": True,
        **changed,
    }
    return {name: value for name, value in told.items() if value is not ...}


def host_token(visitor="zoe", *, kind="EC", private=None, kid=None, headers=(), algorithm=None, **changed):
    """What the site signs for its visitor; `...` leaves a claim out."""
    return jwt.PyJWS().encode(
        json.dumps(claims(visitor, **changed)).encode(),
        private or key(kind),
        algorithm=algorithm or {"EC": "ES256", "RSA": "RS256"}[kind],
        headers={"kid": kid or f"host-{kind}", **dict(headers)},
    )


def a_session(organization, *, vouched_for=None, origin=SITE):
    """The session of a guest on the organization's site."""
    token = vouched_for and host_token(vouched_for)
    return guests.open_session(
        organization.id, origin=origin, host_token=token, verify=host_tokens.claims_of
    )  # fmt: skip


def a_guest(organization, **session):
    """A guest on the organization's site, as the token of their session says."""
    return as_caller(a_session(organization, **session))


def as_caller(session):
    return guest_tokens.read(token_of(session), language="fr")


def token_of(session):
    return guest_tokens.seal(**vars(session))


def bearer(session):
    """The headers of a guest's calls."""
    return {"Authorization": f"Bearer {token_of(session)}", "Origin": session.origin}


def come(api, hub, *, origin=SITE, **said):
    """Ask for a session on a site, over HTTP."""
    return api.post("/widget/sessions", body={"organization_id": hub.id, **said}, Origin=origin)


def guest_of(hub, guest_id):
    """What is kept of a guest."""
    (found,) = load(Guest.key(hub.id, guest_id))
    return found


def code_mailed_to(guest_id):
    """The code in the latest letter to this guest."""
    (code,) = load(GuestCode.key(guest_id))
    return codes._code_of(code.code_id)


def proven(hub, address, session=None):
    """The session of a guest who confirmed this address."""
    caller = as_caller(session or a_session(hub))
    guests.send_code(caller, address)
    return guests.confirm(caller, code_mailed_to(caller.member_id))


def back(hub, guest, question_id, *, origin=SITE, until=None):
    """The return of a guest by a link that was mailed to them."""
    return absences.come_back(link_back(hub, guest, question_id, until=until), origin=origin)


def link_back(hub, guest, question_id, *, until=None):
    """The link that a guest is mailed with an answer."""
    until = until or clock.now() + timedelta(days=7)
    return links.return_to(question_id, organization_id=hub.id, guest_id=guest.member_id, until=until)


def link_to_missed_words(hub, guest_id):
    """The link to words that a helper said to a guest who had left."""
    guest, helper = Caller(member_id=guest_id, guest_of=hub.id), a_follower("a-helper", hub)
    question_id = questions.ask(guest, hub.id, text="Mes freins ?", topics=[]).id
    questions.claim(helper, hub.id, question_id)
    conversations.post(helper, hub.id, question_id, client_message_id="k", text="Dégraissez.")
    questions.answered(helper, hub.id, question_id)
    return link_back(hub, guest, question_id)
