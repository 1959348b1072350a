from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain import errors, events
from chalicelib.domain.questions import places
from chalicelib.domain.recognition.thanks import Gratitude
from chalicelib.gateways import ids
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.members import Member
from chalicelib.models.questions import Question
from chalicelib.models.tables import load
from chalicelib.models.thanks import Thanks

if TYPE_CHECKING:
    from chalicelib.domain.callers import Caller
    from chalicelib.domain.questions.places import Place

OBJECT = "question"


class ThanksComeLater(errors.Conflict):
    reason: ClassVar = {
        "en": "Say first that it helped: thanks come with a resolved question.",
        "fr": "Dites d’abord que cela a aidé : le merci vient avec une question résolue.",
    }


@retry_if_overtaken
def thank(caller: Caller, organization_id: str, question_id: str, *, text: str) -> Gratitude:
    """Thank whoever helped, once per question and helper; another text replaces the first, earning nothing.

    Raises QuestionNotFound, OnlyTheAsker, ThanksComeLater.
    """
    place = places.find(caller, organization_id, question_id, Member.key(caller.member_id))
    place.must_ask()
    place.must_not_be_suspended()
    question, (giver,) = place.question, place.also
    if question.state != "resolved" or question.helper_id is None:
        raise ThanksComeLater
    # one person's, whether they thank as the guest who asked or as the member they turned out to be
    thanks_id = ids.derived("thx", question.asker_id, OBJECT, question.id, question.helper_id)
    (thanks,) = load(Thanks.key(thanks_id))
    if thanks is None:
        return Gratitude(_give(place, thanks_id, text), giver, is_new=True)
    if thanks.text != text:
        with changes() as change:
            change.edit(thanks, text=text)
    return Gratitude(thanks, giver)


def _give(place: Place, thanks_id: str, text: str) -> Thanks:
    question, now, giver_id = place.question, place.now, place.caller.member_id
    given = Thanks.giving(
        thanks_id, giver_id=giver_id, beneficiary_id=question.helper_id, object_kind=OBJECT,
        object_id=question.id, organization_id=question.organization_id, text=text, at=now,
    )  # fmt: skip
    with changes() as change:
        change.create(given)
        change.check(
            Question.key(question.organization_id, question.id), question.is_unchanged()
        )  # not one that is being reopened
        change.announce(
            events.ThanksGiven(
                organization_id=question.organization_id, actor_id=giver_id, at=now, thanks_id=given.id,
                round=1, object_kind=OBJECT, object_id=question.id, beneficiary_id=given.beneficiary_id,
                beneficiary_voice=question.helper_voice or "member",
                giver_is_verified=question.asker_is_verified,
            )
        )  # fmt: skip
    return given
