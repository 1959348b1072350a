from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors
from chalicelib.domain.messages import states
from chalicelib.domain.messages.places import Found, find
from chalicelib.domain.messages.showing import Shown, shown
from chalicelib.gateways import clock
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.messages import EarlierText, MessagePlace
from chalicelib.models.salons import Salon

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller

FREE = timedelta(minutes=5)
"""How long one may still find one's words: an edit within this time leaves no trace."""

MOST_EDITS = 20


class NotYourMessage(errors.Forbidden):
    reason: ClassVar = {
        "en": "Only its author changes a message or takes it back.",
        "fr": "Seule la personne qui a écrit un message le modifie ou le retire.",
    }


class TooManyEdits(errors.Conflict):
    reason: ClassVar = {
        "en": "This message was edited {most} times: say the rest in a new one.",
        "fr": "Ce message a été modifié {most} fois : dites la suite dans un nouveau.",
    }
    example: ClassVar = {"most": MOST_EDITS}


@retry_if_overtaken
def edit(
    caller: Caller, organization_id: str, salon_id: str, message_id: str, *, text: str, version: int
) -> Shown:
    """Say it otherwise: freely at first, then with what it said before kept for everyone to read.

    The text that it has already changes nothing. Raises NotYourMessage, Suspended, MessageWithdrawn,
    SalonClosedToWords, ChangedMeanwhile, TooManyEdits.
    """
    found = _own(caller, organization_id, salon_id, message_id)
    here, message = found.here, found.message
    here.must_not_be_suspended()
    states.must_stand(message)
    states.must_be(here.salon, states.TO_SPEAK)
    if message.text != text:
        if message.version != version:
            raise errors.ChangedMeanwhile
        _replace(found, text)
    return shown(
        message, author=here.member, quoted=found.quoted, mine=found.mine, reader_id=caller.member_id
    )


def _replace(found: Found, text: str) -> None:
    message, salon, now = found.message, found.here.salon, clock.now()
    is_free = now - message.at < FREE
    if not is_free and message.edits >= MOST_EDITS:
        raise TooManyEdits(most=MOST_EDITS)
    with changes() as change:
        change.check(Salon.key(salon.id), salon.is_still())
        if is_free:
            change.edit(message, text=text)
        else:
            change.create(EarlierText.of(message, replaced_at=now))
            change.edit(message, text=text, state="edited", edited_at=now, edits=message.edits + 1)


@retry_if_overtaken
def delete(caller: Caller, organization_id: str, salon_id: str, message_id: str) -> None:
    """Take one's words back, with all they said before: a place without words is left.

    Taking them back again changes nothing. Words that moderation hides stay sealed: they are what an appeal
    would be about. Raises NotYourMessage, MessageWithdrawn, SalonClosedToWords.
    """
    found = _own(caller, organization_id, salon_id, message_id)
    message, salon = found.message, found.here.salon
    if message.state == "deleted_by_author":
        return
    states.must_stand(message)
    states.must_be(salon, states.TO_DELETE)
    with changes() as change:
        change.check(Salon.key(salon.id), salon.is_still())
        for earlier in EarlierText.all_of(message):
            change.delete(earlier)
        change.update(message, *message.deletion())
        message.state = "deleted_by_author"
        change.update(MessagePlace.unread(message), *MessagePlace.following(message), versioned=False)


def _own(caller: Caller, organization_id: str, salon_id: str, message_id: str) -> Found:
    found = find(caller, organization_id, salon_id, message_id)
    if found.message.author_id != caller.member_id:
        raise NotYourMessage
    return found
