"""Questions brought to where a test begins, through the use cases themselves."""

from __future__ import annotations

from collections import Counter

from chalicelib.domain import conversations, questions
from chalicelib.domain.callers import Caller
from chalicelib.domain.questions import spectators
from chalicelib.gateways import ids
from chalicelib.models.hand_overs import HandOverWaiting
from chalicelib.models.helping import HelperCard
from chalicelib.models.question_places import QuestionPlace
from chalicelib.models.questions import IN_HAND, Question, QuestionWaiting
from chalicelib.models.shared import SharedQuestion
from chalicelib.models.tables import CommunityItem, load
from tests.factories import a_follower, an_organization

TEXT = "Mes freins grincent depuis la pluie : que faire ?"


def a_guest(name, organization, *, is_verified=False):
    """Someone without an account, on the organization's own site."""
    return Caller(
        member_id=ids.derived("gst", name), guest_of=organization.id, is_verified=is_verified, language="en"
    )


def a_question(caller, organization, text=TEXT, *, topics=("freins",), **values):
    return questions.ask(caller, organization.id, text=text, topics=list(topics), **values)


class Story:
    """Sam asks, Noor helps, Lea may go on; each in an organization that they follow."""

    def __init__(self, time_passes, slug="cyclofil"):
        self.time_passes = time_passes
        self.hub = an_organization(slug)
        self.sam, self.noor, self.lea = (a_follower(name, self.hub) for name in ("sam", "noor", "lea"))
        self.id = a_question(self.sam, self.hub).id
        self.said = 0

    @property
    def this(self):
        return self.hub.id, self.id

    @property
    def question(self):
        return load(Question.key(*self.this))[0]

    @property
    def state(self):
        return self.question.state

    def says(self, who, text="Essayez de dégraisser le disque.", key=None):
        self.said += 1
        key = key or f"key-{self.said}"
        return conversations.post(who, *self.this, client_message_id=key, text=text)

    def comes_to(self, state):
        """Bring the question to this state, the way people would."""
        steps = {
            "open": [],
            "claimed": [self.claimed],
            "in_progress": [self.claimed, self.begun],
            "handing_over": [self.claimed, self.begun, self.proposed],
            "answered": [self.claimed, self.begun, self.finished],
            "resolved": [self.claimed, self.begun, self.finished, self.helped],
            "closed_unconfirmed": [self.claimed, self.begun, self.finished, self.silent],
            "withdrawn": [self.withdrawn],
            "merged": [self.merged],
            "expired": [self.expired],
        }[state]
        for step in steps:
            step()
        assert self.state == state
        return self

    def claimed(self, by=None):
        return questions.claim(by or self.noor, *self.this)

    def begun(self):
        return self.says(self.noor)

    def proposed(self, to="lea"):
        member_id = getattr(self, to).member_id if to else None
        return questions.propose(
            self.noor, *self.this, to=member_id, note="Disque dégraissé, reste le câble."
        )

    def finished(self):
        return questions.answered(self.noor, *self.this)

    def helped(self, outcome="yes"):
        return questions.confirm(self.sam, *self.this, outcome=outcome)

    def silent(self):
        self.time_passes(hours=72)
        questions.close_unconfirmed(*self.this, round=int(self.question.round))

    def withdrawn(self):
        return questions.withdraw(self.sam, *self.this)

    def merged(self):
        other = a_question(self.sam, self.hub, "La même, en mieux dit.")
        return questions.withdraw(self.sam, *self.this, duplicate_of=other.id)

    def expired(self):
        self.time_passes(days=30)
        questions.expire(*self.this, round=int(self.question.round))


def in_hand(organization_id, member_id):
    """How many questions someone has in hand, as their card counts them."""
    (card,) = load(HelperCard.key(organization_id, member_id))
    return int(card.active_count) if card else 0


def every(*kinds):
    """Everything of these kinds."""
    return [item for item in CommunityItem.scan() if isinstance(item, kinds)]


def must_add_up(organization_id):
    """Every count and every place must be what the questions themselves say."""
    found = every(Question, QuestionWaiting, HandOverWaiting, HelperCard, QuestionPlace, SharedQuestion)
    everything = [item for item in found if isinstance(item, Question)]
    queue = {item.question_id for item in found if isinstance(item, QuestionWaiting)}
    assert queue == {question.id for question in everything if question.state == "open"}
    handed_over = {item.question_id for item in found if isinstance(item, HandOverWaiting)}
    assert handed_over == {one.id for one in everything if one.awaits(None)}
    assert not [one.id for one in everything if one.spectators and one.state not in spectators.WATCHED]
    shared = [item.question_id for item in found if isinstance(item, SharedQuestion)]
    assert sorted(shared) == sorted(question.id for question in everything if question.shared_at)
    counted = {item.member_id: int(item.active_count) for item in found if isinstance(item, HelperCard)}
    cards = {
        (item.member_id, held) for item in found if isinstance(item, HelperCard) for held in item.held or ()
    }
    assert cards == {(one.helper_id, one.id) for one in everything if one.state in IN_HAND}
    held = Counter(question.helper_id for question in everything if question.state in IN_HAND)
    assert {helper: count for helper, count in counted.items() if count} == dict(held)
    places = {(item.pk, item.question_id) for item in found if isinstance(item, QuestionPlace)}
    asked = {(QuestionPlace.of(one, one.asker_id, "asker").pk, one.id) for one in everything}
    helped = {
        (QuestionPlace.of(one, one.helper_id, "helper").pk, one.id) for one in everything if one.helper_id
    }
    assert {place for place in places if place[0].endswith("#HELPER")} == helped
    assert asked <= places
    company = {
        (QuestionPlace.of(one, member, "companion").pk, one.id)
        for one in everything
        for member in one.expected()
    }
    assert {place for place in places if place[0].endswith("#COMPANION")} == company
    assert all(one.organization_id == organization_id for one in everything)
