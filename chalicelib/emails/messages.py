"""Every message we send, as a function of what it says. Values may hold anything; they are cleaned here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.emails.lines import one_line, paragraphs, web_address
from chalicelib.emails.render import render

if TYPE_CHECKING:
    from chalicelib.emails.render import Rendered


def answer_left(
    *,
    language: str,
    organization_name: str,
    question: str,
    helper_name: str,
    words: str,
    days: int | str | None,
    chat_url: str,
    unsubscribe_url: str,
) -> Rendered:
    """What a helper said to someone who had left, and the way back: for so many `days`, if it is told.

    The line breaks of `words` are paragraphs. Raises ValueError when a URL is not http or https.
    """
    return render(
        "answer-left",
        language,
        {
            "organization_name": one_line(organization_name),
            "question": one_line(question),
            "helper_name": one_line(helper_name),
            "words": paragraphs(words),
            "days": days,
            "chat_url": web_address(chat_url),
            "unsubscribe_url": web_address(unsubscribe_url),
        },
    )


def guest_code(
    *, language: str, organization_name: str, code: str, minutes: int, unsubscribe_url: str
) -> Rendered:
    """The code that shows whose address this is. Raises ValueError when the URL is not http or https."""
    return render(
        "guest-code",
        language,
        {
            "organization_name": one_line(organization_name),
            "code": one_line(code),
            "minutes": minutes,
            "unsubscribe_url": web_address(unsubscribe_url),
        },
    )


def promise(*, language: str, organization_name: str, question: str, unsubscribe_url: str) -> Rendered:
    """That nobody is free yet, and that whoever asked will be written to.

    Raises ValueError when the URL is not http or https.
    """
    return render(
        "promise",
        language,
        {
            "organization_name": one_line(organization_name),
            "question": one_line(question),
            "unsubscribe_url": web_address(unsubscribe_url),
        },
    )


def suspension(  # noqa: PLR0913 - keyword-only: each is something the message says
    *,
    language: str,
    organization_name: str,
    rule: str,
    facts: str,
    until: str,
    statement_id: str,
    appeal_until: str,
    statement_url: str,
    unsubscribe_url: str,
) -> Rendered:
    """Why someone is suspended, until when, and how to appeal. The line breaks of `facts` are paragraphs.

    Raises ValueError when a URL is not http or https.
    """
    return render(
        "suspension",
        language,
        {
            "organization_name": one_line(organization_name),
            "rule": one_line(rule),
            "facts": paragraphs(facts),
            "until": one_line(until),
            "statement_id": one_line(statement_id),
            "appeal_until": one_line(appeal_until),
            "statement_url": web_address(statement_url),
            "unsubscribe_url": web_address(unsubscribe_url),
        },
    )


def welcome(  # noqa: PLR0913 - keyword-only: each is something the message says
    *,
    language: str,
    first_name: str,
    organization_name: str,
    aim: str,
    manager_name: str,
    manager_story: str,
    default_salon_name: str,
    salon_url: str,
    unsubscribe_url: str,
) -> Rendered:
    """A community manager's first words to a new member, with one first step: saying hello in a salon.

    `first_name`, `aim` and `manager_story` may be empty; the line breaks of `manager_story` are paragraphs.
    Raises ValueError when a URL is not http or https.
    """
    return render(
        "welcome",
        language,
        {
            "first_name": one_line(first_name),
            "organization_name": one_line(organization_name),
            "aim": one_line(aim),
            "manager_name": one_line(manager_name),
            "manager_story": paragraphs(manager_story),
            "default_salon_name": one_line(default_salon_name),
            "salon_url": web_address(salon_url),
            "unsubscribe_url": web_address(unsubscribe_url),
        },
    )
