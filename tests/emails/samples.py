from datetime import UTC, datetime
from inspect import signature
from itertools import product

import pytest

from chalicelib.emails import meetups
from chalicelib.emails.compose import compose
from chalicelib.emails.messages import answer_left, guest_code, promise, suspension, welcome
from chalicelib.emails.render import LANGUAGES

WELCOME = {
    "first_name": "Zoë",
    "organization_name": "Les Jardins d’Été",
    "aim": "apprendre à jardiner les uns des autres.",
    "manager_name": "Camille",
    "manager_story": "Je jardine depuis dix ans.\n\nMes tomates m’apprennent encore la patience 🍅.",
    "default_salon_name": "Accueil",
    "salon_url": "https://jardins.example.org/salons/sal_01?from=welcome&first=1",
    "unsubscribe_url": "https://api.example.org/v1/mail/unsubscribe/" + "t0k3n" * 20,
}
GUEST_CODE = {
    "organization_name": "Les Jardins d’Été",
    "code": "7H4QX2",
    "minutes": 10,
    "unsubscribe_url": WELCOME["unsubscribe_url"],
}
PROMISE = {
    "organization_name": "Les Jardins d’Été",
    "question": "Mes tomates jaunissent\u00a0: que faire\u00a0?",
    "unsubscribe_url": WELCOME["unsubscribe_url"],
}
ANSWER_LEFT = {
    "organization_name": "Les Jardins d’Été",
    "question": "Mes tomates jaunissent\u00a0: que faire\u00a0?",
    "helper_name": "Noor",
    "words": "Arrosez le pied, jamais les feuilles.\nEt paillez\u00a0: la terre reste fraîche.",
    "days": 7,
    "chat_url": "https://jardins.example.org/tomates?plant=1#entraide=" + "t0k3n" * 20,
    "unsubscribe_url": WELCOME["unsubscribe_url"],
}
SUSPENSION = {
    "organization_name": "Les Jardins d’Été",
    "rule": "pas de harcèlement",
    "facts": "Douze messages d’insultes à la même personne.\nElle avait demandé que cela cesse.",
    "until": "27/11/2026 à 09h00 (Europe/Paris)",
    "statement_id": "sta_01M7W3D2N8P6S4X0C5V7B9KQMJ",
    "appeal_until": "23/05/2027 à 09h00 (Europe/Paris)",
    "statement_url": "https://api.example.org/v1/organizations/org_01/statements/sta_01",
    "unsubscribe_url": WELCOME["unsubscribe_url"],
}
MEETUP = {
    "organization_name": "Les Jardins d’Été",
    "host_name": "Hana",
    "title": "Café tomates",
    "when": "samedi 28 novembre 2026, de 15\u00a0h à 17\u00a0h\u00a030 (Europe/Paris)",
    "where": "Café du Rond-Point, 12 rue de Marseille, 69007 Lyon",
    "party": 2,
    "until": "jeudi 26 novembre 2026 à 21\u00a0h (Europe/Paris)",
    "answer": "going",
    "role": "host",
    "cause": "host",
    "ahead": "tomorrow",
    "reason": "Le café est fermé ce jour-là.\nNous en cherchons un autre.",
    "recap": "Douze plants échangés.\nOn recommence au printemps.",
    "online_url": "https://visio.example.org/tomates",
    "take_url": "https://api.example.org/v1/rsvps/one-click?token=" + "t4ke" * 40,
    "decline_url": "https://api.example.org/v1/rsvps/one-click?token=" + "n0n" * 40,
    "meetup_url": "https://api.example.org/v1/organizations/org_01/meetups/mtg_01",
    "unsubscribe_url": WELCOME["unsubscribe_url"],
}
"""Everything that any message about a meetup says."""


def _about_meetup(message, *links, **values):
    """What one message says of it, its links in their order."""
    said = [name for name in signature(message).parameters if name in MEETUP and not name.endswith("_url")]
    return {name: MEETUP[name] for name in [*said, *links, "unsubscribe_url"]} | values


MEETUPS = {
    "meetup-going": _about_meetup(meetups.meetup_going, "online_url", "meetup_url", "decline_url"),
    "meetup-promoted": _about_meetup(meetups.meetup_promoted, "online_url", "meetup_url", "decline_url"),
    "meetup-offered": _about_meetup(
        meetups.meetup_offered, "online_url", "take_url", "decline_url", "meetup_url"
    ),
    "meetup-free-seat": _about_meetup(meetups.meetup_free_seat, "online_url", "take_url", "meetup_url"),
    "meetup-answered-for": _about_meetup(
        meetups.meetup_answered_for, "online_url", "meetup_url", "decline_url"
    ),
    "meetup-removed": _about_meetup(meetups.meetup_removed, "meetup_url"),
    "meetup-stepped-back": _about_meetup(meetups.meetup_stepped_back, "meetup_url"),
    "meetup-hosting": _about_meetup(meetups.meetup_hosting, "online_url", "meetup_url"),
    "meetup-revised": _about_meetup(
        meetups.meetup_revised,
        "online_url",
        "take_url",
        "decline_url",
        "meetup_url",
        role="guest",
        answer="offered",
    ),
    "meetup-cancelled": _about_meetup(meetups.meetup_cancelled, "meetup_url"),
    "meetup-reminder": _about_meetup(meetups.meetup_reminder, "online_url", "meetup_url", "decline_url"),
    "meetup-recap": _about_meetup(meetups.meetup_recap, "meetup_url"),
}
CHOICES = {
    "answer": ("going", "waitlisted", "interested", "declined"),
    "ahead": ("soon", "today", "later"),
    "role": ("host", "co_host", "guest"),
    "cause": ("host", "host_lost"),
}
"""Values that choose the words, and are not said."""

FULL = {
    **MEETUPS,
    "welcome": WELCOME,
    "guest-code": GUEST_CODE,
    "promise": PROMISE,
    "answer-left": ANSWER_LEFT,
    "suspension": SUSPENSION,
}
OPTIONAL = {
    **{
        name: tuple(
            each for each in ("where", "online_url", "take_url", "decline_url", "recap") if each in said
        )
        for name, said in MEETUPS.items()
    },
    "meetup-cancelled": ("reason", "host_name"),
    "welcome": ("first_name", "aim", "manager_story"),
    "guest-code": (),
    "promise": (),
    "answer-left": ("days",),
    "suspension": (),
}
MESSAGES = {
    **{name: getattr(meetups, name.replace("-", "_")) for name in MEETUPS},
    "welcome": welcome,
    "guest-code": guest_code,
    "promise": promise,
    "answer-left": answer_left,
    "suspension": suspension,
}

ENVELOPE = {
    "sender_name": "Camille — Les Jardins d’Été",
    "sender_address": "bonjour@example.org",
    "reply_to_name": "Camille",
    "reply_to_address": "camille@jardins.example.org",
    "recipient": "zoe+entraide@example.net",
    "message_id": "<welcome.mem_01KABC@example.org>",
    "list_id": "org_01KABC.example.org",
    "unsubscribe_url": WELCOME["unsubscribe_url"],
    "unsubscribe_mailto": "mailto:unsubscribe@example.org?subject=t0k3n",
    "language": "fr",
    "date": datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
}

HOSTILE = [
    "x\rBcc: a@evil.example",
    "x\nBcc: a@evil.example",
    "x\r\nBcc: a@evil.example",
    "x\r\n\r\n<h1>another body</h1>",
    "x\x00y",
    "x\x0b\x1cy",
    "x\x85Bcc: a@evil.example",
    "x\u2028Bcc: a@evil.example\u2029y",
    "\u202egro.elpmaxe\u2066",
    "=?utf-8?q?x?=",
    "=?utf-8?q?x=0D=0ABcc:_a@evil.example?=",
    'a@evil.example>, "b" <c@evil.example',
    "<script>alert('x')</script>\"'&",
    "é" * 300,
    "\ud800 lone",
]

everywhere = pytest.mark.parametrize(("message", "language"), list(product(MESSAGES, LANGUAGES)))


def rendered(message="welcome", language="fr", **values):
    """The message with these values, as far as it says them."""
    said = FULL[message]
    return MESSAGES[message](language=language, **{name: values.get(name, said[name]) for name in said})


def composed(message=None, **values):
    return compose(message or rendered(), **{**ENVELOPE, **values})
