from __future__ import annotations

from string import Template
from typing import Any

from chalice.app import Response

from chalicelib.api.endpoints import EVERYONE, Api
from chalicelib.contracts.mails import LinkQuery, MailChoice, MailChoiceView
from chalicelib.domain import mails, members, standing
from chalicelib.domain.callers import Caller

api = Api(__name__, tag="E-mails")

HERE = (standing.OrganizationNotFound, members.IdentityUnavailable)

PAGE = Template("""<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>E-mails</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}
button{font:inherit;padding:.6rem 1.2rem}</style></head>
<body>$content</body></html>
""")

ASK = """<h1>Ne plus recevoir ces e-mails ?</h1>
<p lang="en">Stop receiving these e-mails?</p>
<form method="post">
<button>Oui, arrêter · <span lang="en">Yes, stop</span></button></form>"""

DONE = """<h1>C’est fait.</h1><p>Cette organisation ne vous écrira plus, sauf une décision qui vous
concerne ou ce qui change vos plans : une rencontre annulée, par exemple.</p>
<p lang="en">Done: this organization will not write to you again, but for a decision about you or what changes
your plans, such as a meetup that is cancelled.</p>"""


def _page(content: str) -> Response:
    headers: dict[str, Any] = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
        "Referrer-Policy": "no-referrer",  # the address is the key
    }
    return Response(PAGE.substitute(content=content), headers=headers)


@api.endpoint(
    "GET", "/unsubscribe", access=EVERYONE, raw=True, media_type="text/html", refusals=[mails.LinkInvalid]
)
def ask_unsubscribe(query: LinkQuery) -> Response:
    """Show a page with a button that stops an organization's mails. Reading it changes nothing."""
    mails.whose(query.token)
    return _page(ASK)


@api.endpoint(
    "POST",
    "/unsubscribe",
    access=EVERYONE,
    raw=True,
    media_type="text/html",
    counted=False,  # a mailbox provider clicks for many people from one address
    refusals=[mails.LinkInvalid],
)
def unsubscribe(query: LinkQuery) -> Response:
    """Stop an organization's mails at once, without signing in: RFC 8058's one click. Any body is ignored."""
    mails.unsubscribe(query.token)
    return _page(DONE)


@api.endpoint("GET", "/me/organizations/{organization_id}/mails", refusals=HERE)
def read_mail_choice(caller: Caller, organization_id: str) -> MailChoiceView:
    """Read whether an organization may write to you."""
    return {"wanted": mails.wanted(caller, organization_id)}


@api.endpoint("PUT", "/me/organizations/{organization_id}/mails", refusals=HERE)
def choose_mails(caller: Caller, organization_id: str, body: MailChoice) -> MailChoiceView:
    """Choose whether an organization may write to you."""
    return {"wanted": mails.choose(caller, organization_id, wanted=body.wanted)}
