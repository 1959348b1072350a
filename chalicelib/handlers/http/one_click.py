from __future__ import annotations

from html import escape
from string import Template
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from chalice.app import Response

from chalicelib.api.endpoints import EVERYONE, Api
from chalicelib.contracts.mails import LinkQuery
from chalicelib.domain import errors, mails, meetups, salons, standing

if TYPE_CHECKING:
    from chalicelib.domain.meetups import Shown

api = Api(__name__, tag="Meetups")

PAGE = Template("""<!doctype html>
<html lang="$language"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>$title</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}
button{font:inherit;padding:.6rem 1.2rem;margin:.4rem 0}</style></head>
<body><h1>$title</h1><p>$when</p>$content</body></html>
""")

BUTTON = Template('<form method="post" action="?$query"><button>$words</button></form>')

WORDS = {
    "fr": {
        "going": "Je viens",
        "declined": "Je ne viens pas",
        "outdated": "Ce lien ne change plus rien : votre réponse ou la date a changé depuis, ou les réponses "
        "sont closes.",
    },
    "en": {
        "going": "I am coming",
        "declined": "I am not coming",
        "outdated": "This link changes nothing any more: your answer or the date has changed since, or "
        "answers are closed.",
    },
}
ANSWERS = {
    "fr": {
        "going": "Vous venez.",
        "checked_in": "Vous venez.",
        "waitlisted": "Vous attendez une place.",
        "offered": "Une place vous est réservée.",
        "interested": "Vous viendrez peut-être.",
        "declined": "Vous ne venez pas.",
        "cancelled": "Cette rencontre est annulée.",
    },
    "en": {
        "going": "You are coming.",
        "checked_in": "You are coming.",
        "waitlisted": "You are waiting for a seat.",
        "offered": "A seat is held for you.",
        "interested": "You might come.",
        "declined": "You are not coming.",
        "cancelled": "This meetup is cancelled.",
    },
}
"""What they say now, while there is anything to say."""


def _page(shown: Shown, content: str) -> Response:
    headers: dict[str, Any] = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
        "Referrer-Policy": "no-referrer",  # the address is the key
        "Content-Language": shown.language,
        "Cache-Control": "no-store",
    }
    said = escape(ANSWERS[shown.language].get(shown.answer, ""))
    told = {"language": shown.language, "title": escape(shown.title), "when": escape(shown.when)}
    return Response(PAGE.substitute(told, content=f"<p>{said}</p>{content}"), headers=headers)


@api.endpoint(
    "GET",
    "/rsvps/one-click",
    access=EVERYONE,
    raw=True,
    media_type="text/html",
    refusals=[mails.LinkInvalid, meetups.MeetupNotFound],
)
def ask_one_click_answer(query: LinkQuery) -> Response:
    """Show a page with a button for each answer that a mailed link may give. Reading it changes nothing."""
    shown = meetups.show_link(query.token)
    words = WORDS[shown.language]
    buttons = [
        BUTTON.substitute(query=escape(urlencode({"token": token})), words=words[says])
        for says, token in shown.tokens.items()
    ]
    outdated = "" if shown.answer == "cancelled" else f"<p>{words['outdated']}</p>"
    return _page(shown, "".join(buttons) or outdated)


@api.endpoint(
    "POST",
    "/rsvps/one-click",
    access=EVERYONE,
    raw=True,
    media_type="text/html",
    refusals=[
        mails.LinkInvalid,
        meetups.LinkOutdated,
        meetups.MeetupNotFound,
        salons.FollowFirst,
        standing.Suspended,
        meetups.MeetupStateRefused,
        meetups.RsvpsClosed,
        meetups.PartyTooLarge,
        errors.Busy,
    ],
)
def answer_in_one_click(query: LinkQuery) -> Response:
    """Give the answer that a mailed link is for, without signing in. Any body is ignored.

    A link changes the answer that its mail was about, or takes the seat that it offered, and no later one.
    Repeating changes nothing.
    """
    return _page(meetups.follow_link(query.token), "")
