"""Every message about a meetup, as a function of what it says.

Where `where` is empty it is online only. `online_url`, `take_url` and `decline_url` may be empty: nothing is
said of them then. Each raises ValueError when another URL, or one of these, is not http or https.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.emails.lines import one_line, paragraphs, web_address
from chalicelib.emails.render import render

if TYPE_CHECKING:
    from chalicelib.emails.render import Rendered

_SOMETIMES = frozenset({"online_url", "take_url", "decline_url"})
_PARAGRAPHS = frozenset({"reason", "recap"})


def meetup_going(  # noqa: PLR0913 - keyword-only, as below: each is something the message says
    *,
    language: str,
    organization_name: str,
    title: str,
    when: str,
    where: str,
    party: int,
    online_url: str,
    meetup_url: str,
    decline_url: str,
    unsubscribe_url: str,
) -> Rendered:
    """That someone comes, as they said."""
    return _rendered("meetup-going", **locals())


def meetup_promoted(  # noqa: PLR0913
    *,
    language: str,
    organization_name: str,
    title: str,
    when: str,
    where: str,
    party: int,
    online_url: str,
    meetup_url: str,
    decline_url: str,
    unsubscribe_url: str,
) -> Rendered:
    """That someone who waited has a seat."""
    return _rendered("meetup-promoted", **locals())


def meetup_offered(  # noqa: PLR0913
    *,
    language: str,
    organization_name: str,
    title: str,
    when: str,
    where: str,
    party: int,
    until: str,
    online_url: str,
    take_url: str,
    decline_url: str,
    meetup_url: str,
    unsubscribe_url: str,
) -> Rendered:
    """That a seat is held for someone who waited, and until when."""
    return _rendered("meetup-offered", **locals())


def meetup_free_seat(  # noqa: PLR0913
    *,
    language: str,
    organization_name: str,
    title: str,
    when: str,
    where: str,
    online_url: str,
    take_url: str,
    meetup_url: str,
    unsubscribe_url: str,
) -> Rendered:
    """That seats are free, for whoever in line takes them first."""
    return _rendered("meetup-free-seat", **locals())


def meetup_answered_for(  # noqa: PLR0913
    *,
    language: str,
    organization_name: str,
    host_name: str,
    answer: str,
    title: str,
    when: str,
    where: str,
    online_url: str,
    meetup_url: str,
    decline_url: str,
    unsubscribe_url: str,
) -> Rendered:
    """What a host said for someone: `answer` is going, waitlisted, interested or declined."""
    return _rendered("meetup-answered-for", **locals())


def meetup_removed(
    *,
    language: str,
    organization_name: str,
    host_name: str,
    title: str,
    when: str,
    reason: str,
    meetup_url: str,
    unsubscribe_url: str,
) -> Rendered:
    """That a host asks someone not to come, and why. The line breaks of `reason` are paragraphs."""
    return _rendered("meetup-removed", **locals())


def meetup_stepped_back(
    *,
    language: str,
    organization_name: str,
    answer: str,
    title: str,
    when: str,
    meetup_url: str,
    unsubscribe_url: str,
) -> Rendered:
    """That someone gave up their seat, as they said: `answer` is declined, interested or waitlisted."""
    return _rendered("meetup-stepped-back", **locals())


def meetup_hosting(  # noqa: PLR0913
    *,
    language: str,
    organization_name: str,
    host_name: str,
    role: str,
    cause: str,
    title: str,
    when: str,
    where: str,
    online_url: str,
    meetup_url: str,
    unsubscribe_url: str,
) -> Rendered:
    """That it is someone’s to look after: `role` is host or co_host, `cause` host or host_lost."""
    return _rendered("meetup-hosting", **locals())


def meetup_revised(  # noqa: PLR0913
    *,
    language: str,
    organization_name: str,
    title: str,
    when: str,
    where: str,
    role: str,
    answer: str,
    until: str,
    online_url: str,
    take_url: str,
    decline_url: str,
    meetup_url: str,
    unsubscribe_url: str,
) -> Rendered:
    """That date or place changed, and what is asked of whom it is told to.

    Nothing of whoever hosts it (`role`), nor where answers are closed: `take_url` is empty then. Else whether
    they still come, wait, take what is held for them (`until`), or come now: by their `answer`.
    """
    return _rendered("meetup-revised", **locals())


def meetup_cancelled(  # noqa: PLR0913
    *,
    language: str,
    organization_name: str,
    host_name: str,
    cause: str,
    title: str,
    when: str,
    reason: str,
    meetup_url: str,
    unsubscribe_url: str,
) -> Rendered:
    """That it does not take place, and why, if it is told. The line breaks of `reason` are paragraphs.

    With the `cause` host_lost nobody gives a reason: its host cannot any more. `host_name` may be empty.
    """
    return _rendered("meetup-cancelled", **locals())


def meetup_reminder(  # noqa: PLR0913
    *,
    language: str,
    organization_name: str,
    title: str,
    when: str,
    where: str,
    ahead: str,
    online_url: str,
    meetup_url: str,
    decline_url: str,
    unsubscribe_url: str,
) -> Rendered:
    """That it comes near: `ahead` is soon, today, tomorrow or later."""
    return _rendered("meetup-reminder", **locals())


def meetup_recap(
    *,
    language: str,
    organization_name: str,
    host_name: str,
    title: str,
    when: str,
    recap: str,
    meetup_url: str,
    unsubscribe_url: str,
) -> Rendered:
    """What its host tells of it afterwards, if anything. The line breaks of `recap` are paragraphs."""
    return _rendered("meetup-recap", **locals())


def _rendered(message: str, *, language: str, **values: Any) -> Rendered:
    return render(message, language, {name: _cleaned(name, value) for name, value in values.items()})


def _cleaned(name: str, value: Any) -> Any:
    if name in _SOMETIMES and not value:
        return ""
    if name.endswith("_url"):
        return web_address(value)
    if name in _PARAGRAPHS:
        return paragraphs(value)
    return one_line(value) if isinstance(value, str) else value
