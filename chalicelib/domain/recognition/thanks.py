from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, events, messages, salons
from chalicelib.domain.messages import states
from chalicelib.gateways import clock, ids
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.members import Member
from chalicelib.models.messages import Message, MessagePlace
from chalicelib.models.tables import load
from chalicelib.models.thanks import Thanks, ThanksPlace
from chalicelib.pages import Page, Slice

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.models.changes import Changes

OBJECT = "message"


class CannotThankYourself(errors.Forbidden):
    reason: ClassVar = {
        "en": "Thanks go to someone else: this is your own message.",
        "fr": "On remercie quelqu’un d’autre : ce message est le vôtre.",
    }


@dataclass(frozen=True)
class Gratitude:
    """Thanks as anyone may read them."""

    thanks: Thanks
    giver: Member | None
    is_new: bool = False
    """Whether this call gave them."""

    @property
    def thanks_id(self) -> str:
        return self.thanks.id

    @property
    def giver_id(self) -> str:
        return self.thanks.giver_id

    @property
    def name(self) -> str | None:
        """Their name today; None once they have left for good."""
        return self.giver.name if self.giver else None

    @property
    def text(self) -> str | None:
        return self.thanks.text

    @property
    def at(self) -> datetime:
        return self.thanks.given_at


def id_of(giver_id: str, message_id: str) -> str:
    """The id of someone's thanks for a message: it has one author, whom they go to."""
    return ids.derived("thx", giver_id, OBJECT, message_id)


@retry_if_overtaken
def give(caller: Caller, organization_id: str, salon_id: str, message_id: str, *, text: str) -> Gratitude:
    """Thank the author of a message, once; another text replaces the first and earns nothing more.

    Raises SalonNotFound, MessageNotFound, FollowFirst, Suspended, CannotThankYourself, SalonClosedToWords,
    MessageWithdrawn.
    """
    mine = Thanks.key(id_of(caller.member_id, message_id))
    here, message = messages.locate(caller, organization_id, salon_id, message_id, mine)
    here.must_speak()
    (thanks,) = here.also
    if thanks is not None and (thanks.state, thanks.text) == ("given", text):
        return Gratitude(thanks, here.member)
    if message.author_id == caller.member_id:
        raise CannotThankYourself
    states.must_be(here.salon, states.TO_REACT)
    states.must_stand(message)
    if thanks is not None and thanks.state == "given":
        with changes() as change:
            change.edit(thanks, text=text)
        return Gratitude(thanks, here.member)
    with changes() as change:
        given = _begin_round(change, thanks, caller, message, organization_id=organization_id, text=text)
        change.update(message, Message.thanks_by(1), condition=Message.is_readable(), versioned=False)
    return Gratitude(given, here.member, is_new=True)


def _begin_round(
    change: Changes,
    withdrawn: Thanks | None,
    caller: Caller,
    message: Message,
    *,
    organization_id: str,
    text: str,
) -> Thanks:
    now = clock.now()
    if withdrawn is None:
        given = Thanks.giving(
            id_of(caller.member_id, message.id), giver_id=caller.member_id, beneficiary_id=message.author_id,
            object_kind=OBJECT, object_id=message.id, organization_id=organization_id, text=text, at=now,
            expires_at=message.expires_at,
        )  # fmt: skip
        change.create(given)
    else:
        given = withdrawn
        change.edit(
            given, state="given", text=text, round=given.round + 1, given_at=now,
            organization_id=organization_id,
        )  # fmt: skip
    change.create(ThanksPlace.of(given))
    change.announce(events.ThanksGiven(at=now, beneficiary_voice=message.voice, **_told(given)))
    return given


@retry_if_overtaken
def withdraw(caller: Caller, organization_id: str, salon_id: str, message_id: str) -> None:
    """Take one's thanks back, still following or not, and even when the message was withdrawn.

    Raises SalonNotFound, MessageNotFound, SalonClosedToWords.
    """
    mine = Thanks.key(id_of(caller.member_id, message_id))
    here, message = messages.locate(caller, organization_id, salon_id, message_id, mine)
    (thanks,) = here.also
    if thanks is None or thanks.state == "withdrawn":
        return
    states.must_be(here.salon, states.TO_DELETE)
    with changes() as change:
        change.delete(ThanksPlace.of(thanks))
        change.edit(thanks, state="withdrawn", text=None)
        change.update(message, Message.thanks_by(-1), condition=Message.is_kept(), versioned=False)
        change.announce(events.ThanksWithdrawn(given_at=thanks.given_at, **_told(thanks)))


def of_message(
    caller: Caller | None, organization_id: str, salon_id: str, message_id: str, page: Page
) -> Slice[Gratitude]:
    """What people thanked for in a message, oldest first. Raises SalonNotFound, MessageNotFound."""
    here = salons.enter(caller, organization_id, salon_id, MessagePlace.key(salon_id, message_id))
    (there,) = here.also
    if there is None or (there.expires_at is not None and there.expires_at <= clock.now().timestamp()):
        raise messages.MessageNotFound
    if there.withdrawn:
        return Slice([])  # what was thanked for may be told in the thanks: it goes, and returns, with it
    places = ThanksPlace.for_object(OBJECT, message_id, page)
    read = load(
        *(Thanks.key(place.thanks_id) for place in places.items),
        *(Member.key(place.giver_id) for place in places.items),
    )
    pairs = zip(read[: len(places.items)], read[len(places.items) :], strict=True)
    # some may have been withdrawn since their places were read
    standing = [Gratitude(*pair) for pair in pairs if pair[0] is not None and pair[0].state == "given"]
    return Slice(standing, places.last)


def _told(thanks: Thanks) -> dict[str, Any]:
    return {
        "organization_id": thanks.organization_id,
        "actor_id": thanks.giver_id,
        "thanks_id": thanks.id,
        "round": int(thanks.round),
        "object_kind": thanks.object_kind,
        "object_id": thanks.object_id,
        "beneficiary_id": thanks.beneficiary_id,
    }
