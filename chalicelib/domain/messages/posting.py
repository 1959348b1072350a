from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import errors, salons, standing
from chalicelib.domain.messages import states
from chalicelib.domain.messages.places import MessageNotFound, quoted_by
from chalicelib.domain.messages.showing import Shown, shown
from chalicelib.gateways import clock, ids
from chalicelib.models.changes import changes, retry_if_overtaken
from chalicelib.models.memberships import Membership
from chalicelib.models.messages import Message, MessagePlace
from chalicelib.models.reactions import Reactions
from chalicelib.models.salons import Reading, Salon
from chalicelib.models.tables import load

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.callers import Caller
    from chalicelib.domain.salons import Presence
    from chalicelib.models.changes import Changes
    from chalicelib.models.tables import Key

MOST_OWN = 200
"""Own messages that a reading counts apart: whoever says that many without reading has read."""


class SlowMode(errors.LimitReached):
    """`text` gives back what was typed."""

    reason: ClassVar = {
        "en": "One message every {slow_mode_seconds} seconds here: send it again in {retry_after} seconds.",
        "fr": "Ici, un message toutes les {slow_mode_seconds} secondes : renvoyez-le dans {retry_after} "
        "secondes.",
    }
    example: ClassVar = {"slow_mode_seconds": 60, "retry_after": 17, "text": "Et avec une clé de 15 ?"}


class ReplyToUnknown(errors.Invalid):
    reason: ClassVar = {
        "en": "The message that this replies to is not in this salon.",
        "fr": "Le message auquel ceci répond n’est pas dans ce salon.",
    }
    example: ClassVar = {"pointer": "/reply_to"}


@dataclass(frozen=True)
class Posted:
    """What was said, now or, `is_replay`, when the same words under the same key came first."""

    said: Shown
    is_replay: bool = False


@dataclass(frozen=True)
class _Words:
    """What someone wants to say."""

    id: str
    client_message_id: str
    text: str
    reply_to: str | None
    named: list[str]


@dataclass(frozen=True)
class _Scene:
    """What is known where the words are about to fall."""

    here: Presence
    place: MessagePlace | None
    """Where these very words are already."""
    mine: Reactions | None
    reading: Reading | None
    replied: MessagePlace | None
    reachable: list[str]


@retry_if_overtaken
def post(
    caller: Caller,
    organization_id: str,
    salon_id: str,
    *,
    client_message_id: str,
    text: str,
    reply_to: str | None = None,
    mentions: list[str] | None = None,
) -> Posted:
    """Say something in a salon, once per `client_message_id`: a repetition finds what was said first.

    Anyone who follows may, whoever they are. Raises SalonNotFound, FollowFirst, Suspended,
    SalonClosedToWords, SlowMode, ReplyToUnknown.
    """
    message_id = ids.derived("msg", salon_id, caller.member_id, client_message_id)
    named = list(dict.fromkeys(mentions or ()))
    words = _Words(message_id, client_message_id, text, reply_to, named)
    scene = _look(caller, organization_id, salon_id, words)
    if scene.place is not None:
        return Posted(_as_said(scene, scene.place), is_replay=True)
    now = clock.now()
    scene.here.must_speak()
    states.must_be(scene.here.salon, states.TO_SPEAK)
    _must_have_waited(scene.here.salon, scene.reading, text, now)
    quoted = _quoted(salon_id, reply_to, scene.replied)
    message = _say(scene, words, quoted, now)
    return Posted(
        shown(message, author=scene.here.member, quoted=quoted, mine=None, reader_id=message.author_id)
    )


def _look(caller: Caller, organization_id: str, salon_id: str, words: _Words) -> _Scene:
    """All that posting depends on, in one read."""
    keys: list[Key[Any]] = [
        MessagePlace.key(salon_id, words.id),
        Reactions.key(caller.member_id, salon_id, words.id),
        Reading.key(caller.member_id, salon_id),
        MessagePlace.key(salon_id, words.reply_to or words.id),
        *(Membership.key(organization_id, member_id) for member_id in words.named),
        *(Reading.key(member_id, salon_id) for member_id in words.named),
    ]
    here = salons.enter(caller, organization_id, salon_id, *keys)
    place, mine, reading, replied, *people = here.also
    count = len(words.named)
    reachable = [
        member_id
        for member_id, membership, theirs in zip(words.named, people[:count], people[count:], strict=True)
        if membership is not None or _comes_from_elsewhere(here.salon, organization_id, theirs)
    ]
    return _Scene(here, place, mine, reading, replied, reachable)


def _comes_from_elsewhere(salon: Salon, organization_id: str, reading: Reading | None) -> bool:
    """Whether someone joined through another organization that is at home here."""
    return (
        reading is not None
        and reading.left_at is None
        and reading.organization_id != organization_id
        and salon.is_at_home_in(reading.organization_id)
    )


def _as_said(scene: _Scene, place: MessagePlace) -> Shown:
    """What was said the first time, as it is today. Raises MessageNotFound when its retention ended."""
    there = Message.at_seqs(scene.here.salon.id, place.seqs)
    message = there.get(place.message_id)
    if message is None:
        raise MessageNotFound
    return shown(
        message,
        author=scene.here.member,
        quoted=quoted_by(message, there),
        mine=scene.mine,
        reader_id=message.author_id,
    )


def _must_have_waited(salon: Salon, reading: Reading | None, text: str, now: datetime) -> None:
    """Raise SlowMode when the author's last message is too recent: staff wait like everyone."""
    if not salon.slow_mode_seconds or reading is None or reading.last_posted_at is None:
        return
    wait = reading.last_posted_at + timedelta(seconds=salon.slow_mode_seconds) - now
    if wait > timedelta(0):
        raise SlowMode(
            slow_mode_seconds=salon.slow_mode_seconds,
            retry_after=math.ceil(wait.total_seconds()),
            text=text,
        )


def _quoted(salon_id: str, reply_to: str | None, place: MessagePlace | None) -> Message | None:
    if reply_to is None:
        return None
    message = Message.at_seq(salon_id, int(place.seq)) if place is not None else None
    if message is None or message.is_over(clock.now()):
        raise ReplyToUnknown(pointer="/reply_to")
    return message


def _say(scene: _Scene, words: _Words, quoted: Message | None, now: datetime) -> Message:
    """Give the words the next number of the salon, all or nothing."""
    here, membership = scene.here, scene.here.must_follow()
    seq = int(here.salon.seq) + 1
    message = Message.saying(
        here.salon.id,
        seq,
        at=now,
        id=words.id,
        organization_id=membership.organization_id,
        author_id=membership.member_id,
        voice=_voice(here.salon, membership),
        client_message_id=words.client_message_id,
        text=words.text,
        reply_to=_reference(quoted),
        mentions=scene.reachable,
        unreachable_mentions=[named for named in words.named if named not in scene.reachable],
        expires_at=_end_of_retention(here.salon, now),
    )
    with changes() as change:
        standing.hold_to_it(change, membership.organization_id, membership.member_id)
        change.update(
            here.salon, Salon.numbering(seq), condition=here.salon.is_silent_since(), versioned=False
        )
        change.create(message)
        change.create(MessagePlace.of(message))
        _keep_place(change, here.salon, scene.reading, message, seq)
        if membership.first_posted_at is None:
            # not the member's own edit: the version that they decide on stays
            change.update(
                membership, *Membership.speaking(now), condition=Membership.is_silent(), versioned=False
            )
    return message


def _voice(salon: Salon, membership: Membership) -> str:
    """The voice to speak with: where several organizations are at home, whoever is staff of one is staff.

    One read more, in a shared salon only.
    """
    others = salon.homes() - {membership.organization_id}
    if membership.voice == "staff" or not others:
        return membership.voice
    elsewhere = load(*(Membership.key(home, membership.member_id) for home in sorted(others)))
    is_staff = any(other is not None and other.voice == "staff" for other in elsewhere)
    return "staff" if is_staff else membership.voice


def _reference(quoted: Message | None) -> dict[str, Any] | None:
    if quoted is None:
        return None
    return {"message_id": quoted.id, "seq": quoted.seq, "author_id": quoted.author_id}


def _end_of_retention(salon: Salon, now: datetime) -> int | None:
    if salon.retention_days is None:
        return None
    return int((now + timedelta(days=salon.retention_days)).timestamp())


def _keep_place(change: Changes, salon: Salon, reading: Reading | None, message: Message, seq: int) -> None:
    """Let the author's place in the salon know of the message; to speak is to join."""
    if reading is not None and reading.left_at is None:
        may_speak = Reading.is_joined()
        if salon.slow_mode_seconds:
            may_speak &= reading.posted_nothing_since()
        has_read = len(reading.own_seqs or ()) >= MOST_OWN
        kept = Reading.catching_up if has_read else Reading.posting
        change.update(reading, *kept(seq, at=message.at), condition=may_speak)
        return
    taken = Reading.starting(
        message.author_id,
        salon.id,
        organization_id=message.organization_id,
        seq=seq - 1,
        at=message.at,
    )
    taken.own_seqs, taken.last_posted_at = {seq}, message.at
    if reading is None:
        change.create(taken)
    else:
        change.save(taken, condition=Reading.is_left() & reading.posted_nothing_since())
