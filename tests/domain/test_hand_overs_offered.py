"""A hand-over to anyone is told to those who are there and could go on, and waits among their offers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain import conversations, events, following, helping, questions, routing
from chalicelib.domain.live import presence
from chalicelib.domain.routing import candidates, running
from chalicelib.gateways import clock, timers
from chalicelib.models.helping import HelperCard
from chalicelib.models.journal import JournalEntry
from chalicelib.models.tables import load
from chalicelib.pages import Page
from tests import faults
from tests.factories import a_caller, a_follower, a_host, a_volunteer
from tests.questions import Story, a_guest, a_question, must_add_up

NOTE = "Disque dégraissé, reste le câble."


@pytest.fixture(autouse=True)
def alarms(monkeypatch):
    rung = []
    monkeypatch.setattr(timers, "set_for", lambda due, kind, name, detail: rung.append((kind, name, detail)))
    return rung


@pytest.fixture
def story(time_passes):
    story = Story(time_passes)
    yield story
    must_add_up(story.hub.id)


def there(*callers, state="active"):
    for caller in callers:
        presence.renew(caller.member_id, f"connection-of-{caller.member_id}", state=state)


def journal(kind):
    entries = sorted(JournalEntry.scan(), key=lambda entry: entry.sk)
    return [kind.from_detail(entry.detail) for entry in entries if entry.detail_type == kind.detail_type()]


def heard():
    """Have the news of the last hand-over delivered."""
    routing.hand_on(journal(events.HandOverProposed)[-1])


def told():
    return sorted(member_id for offer in journal(events.HandOverOffered) for member_id in offer.member_ids)


def offers(caller, story, page=None):
    found = routing.waiting_for(caller, story.hub.id, page or Page(50))
    return [(offer.question_id, offer.why) for offer in found.items]


def everyone(*callers):
    return sorted(caller.member_id for caller in callers)


# being told


def test_everyone_who_is_there_and_could_go_on_is_told_at_once(story):
    on_topic, for_anything = (
        a_volunteer("ivo", story.hub),
        a_volunteer("mia", story.hub, topics=[], all_topics=True),
    )
    both = a_volunteer("zoe", story.hub, all_topics=True)
    there(on_topic, for_anything, both)
    story.comes_to("in_progress").proposed(to=None)

    heard()

    assert told() == everyone(on_topic, for_anything, both)
    (proposed,), offered = journal(events.HandOverProposed), journal(events.HandOverOffered)
    assert {(one.why, one.proposal_id) for one in offered} == {("hand_over", proposed.proposal_id)}
    assert NOTE not in str([one.detail() for one in offered])


def test_a_hand_over_to_someone_is_told_to_nobody_else(story):
    there(a_volunteer("ivo", story.hub))
    story.comes_to("handing_over")

    heard()

    assert told() == []


@pytest.mark.parametrize("state", ["offline", "notifiable"])
def test_nobody_is_told_who_would_have_to_come_back_first(story, state):
    ivo = a_volunteer("ivo", story.hub)
    if state == "notifiable":
        presence.renew(ivo.member_id, "c", state="active", opted_in=True)
        presence.leave(ivo.member_id, "c")
    story.comes_to("in_progress").proposed(to=None)

    heard()

    assert told() == []
    assert offers(ivo, story) == [(story.id, "hand_over")]


@pytest.mark.parametrize(
    "settings", [{"topics": ["roues"]}, {"daily_cap": 0}, {"capacity": 0}], ids=["topic", "cap", "room"]
)
def test_nobody_is_told_who_would_not_take_it(story, settings):
    there(a_volunteer("ivo", story.hub, **settings))
    story.comes_to("in_progress").proposed(to=None)

    heard()

    assert told() == []


def test_not_the_paused_nor_the_asker_nor_the_helper_nor_staff_who_help_with_something_else(story):
    for name in ("sam", "noor"):
        there(a_volunteer(name, story.hub))
    paused = a_volunteer("ivo", story.hub)
    helping.pause(paused, story.hub.id, until=None)
    host = a_host("mia", story.hub)
    a_volunteer("mia", story.hub, topics=["autre"])
    there(paused, host)
    story.comes_to("in_progress").proposed(to=None)

    heard()

    assert told() == []
    assert [offers(who, story) for who in (story.sam, story.noor, paused, host)] == [[]] * 4


def test_not_who_stopped_following(story):
    ivo = a_volunteer("ivo", story.hub)
    there(ivo)
    following.unfollow(ivo, story.hub.id)
    story.comes_to("in_progress").proposed(to=None)

    heard()

    assert told() == []


def test_not_who_is_blocked_with_the_asker_or_with_the_helper(story):
    with_asker, with_helper = a_volunteer("ivo", story.hub), a_volunteer("mia", story.hub)
    there(with_asker, with_helper)
    earlier = a_question(story.sam, story.hub)
    questions.claim(with_asker, story.hub.id, earlier.id)
    questions.block(story.sam, story.hub.id, earlier.id, with_asker.member_id)
    other = a_question(with_helper, story.hub)
    questions.claim(story.noor, story.hub.id, other.id)
    questions.block(story.noor, story.hub.id, other.id, with_helper.member_id)
    story.comes_to("in_progress").proposed(to=None)

    heard()

    assert told() == []
    assert story.id not in dict(offers(with_asker, story))
    assert story.id not in dict(offers(with_helper, story))


def test_not_whose_answer_did_not_help(story):
    a_volunteer("noor", story.hub)
    story.comes_to("answered").helped("no")
    there(story.noor)
    questions.claim(story.lea, *story.this)
    story.says(story.lea)
    questions.propose(story.lea, *story.this, note=NOTE)

    heard()

    assert told() == []
    assert offers(story.noor, story) == []


def test_each_is_told_once_while_it_is_in_the_same_hands_and_again_in_others(story):
    ivo, mia = a_volunteer("ivo", story.hub), a_volunteer("mia", story.hub)
    there(ivo)
    story.comes_to("in_progress").proposed(to=None)
    heard()
    heard()
    questions.decline(story.noor, *story.this)
    there(mia)
    story.proposed(to=None)
    heard()
    assert told() == everyone(ivo, mia)

    questions.accept(story.lea, *story.this)
    questions.propose(story.lea, *story.this, note=NOTE)
    heard()

    assert told() == everyone(ivo, ivo, mia, mia)


def test_being_told_counts_in_the_day_of_a_volunteer(story):
    ivo = a_volunteer("ivo", story.hub, daily_cap=1)
    there(ivo)
    story.comes_to("in_progress").proposed(to=None)

    heard()
    pings = load(HelperCard.key(story.hub.id, ivo.member_id))[0].pings
    questions.accept(story.lea, *story.this)
    questions.propose(story.lea, *story.this, note=NOTE)
    heard()

    assert (pings, told()) == (1, [ivo.member_id])


def test_nobody_uses_up_a_volunteers_day_with_one_persons_question(story):
    ivo = a_volunteer("ivo", story.hub)
    there(ivo)
    story.comes_to("in_progress").proposed(to=None)
    heard()
    for helper in (story.lea, story.noor):
        questions.accept(helper, *story.this)
        questions.propose(helper, *story.this, note=NOTE)
        heard()

    assert told() == everyone(ivo, ivo)


def test_having_been_offered_the_question_before_does_not_keep_it_from_them(story):
    ivo = a_volunteer("ivo", story.hub)
    there(ivo)
    routing.run_wave(*story.this, 1, 0)
    story.comes_to("in_progress").proposed(to=None)

    heard()

    assert told() == [ivo.member_id]


def test_a_question_without_topics_is_for_those_who_help_with_anything(story):
    ivo, mia = a_volunteer("ivo", story.hub), a_volunteer("mia", story.hub, all_topics=True)
    there(ivo, mia)
    story.id = a_question(story.sam, story.hub, topics=[]).id
    story.comes_to("in_progress").proposed(to=None)

    heard()

    assert told() == [mia.member_id]


@pytest.mark.parametrize("end", ["accepted", "taken back", "out of time", "withdrawn", "proposed anew"])
def test_news_of_a_hand_over_that_waits_no_more_is_told_to_nobody(story, end):
    there(a_volunteer("ivo", story.hub))
    story.comes_to("in_progress").proposed(to=None)
    late = journal(events.HandOverProposed)[-1]
    ended(story, end)
    there(a_caller("ivo"))

    routing.hand_on(late)

    assert told() == []


def test_someone_accepts_while_others_are_being_told(story, monkeypatch):
    there(a_volunteer("ivo", story.hub))
    story.comes_to("in_progress").proposed(to=None)
    read = candidates.read

    def read_and_be_overtaken(*asked):
        found = read(*asked)
        monkeypatch.setattr(candidates, "read", read)
        questions.accept(story.lea, *story.this)
        return found

    monkeypatch.setattr(candidates, "read", read_and_be_overtaken)
    heard()

    assert told() == []


@pytest.mark.parametrize("fault", ["crash-before", "crash-after", "net-after"])
def test_whatever_breaks_everyone_is_told_once(story, fault):
    ivo = a_volunteer("ivo", story.hub)
    there(ivo)
    story.comes_to("in_progress").proposed(to=None)

    with faults.installed() as injector:
        injector.fail("TransactWriteItems", fault)
        try:
            heard()
        except faults.Crash:
            heard()

    assert told() == [ivo.member_id]
    assert load(HelperCard.key(story.hub.id, ivo.member_id))[0].pings == 1


def test_a_crowd_is_told_in_several_goes(story, monkeypatch, alarms):
    monkeypatch.setattr(running, "PAGE", 2)
    monkeypatch.setattr(running, "PAGES_AT_ONCE", 1)
    crowd = [a_volunteer(f"v{n}", story.hub) for n in range(5)]
    there(*crowd)
    story.comes_to("in_progress").proposed(to=None)
    alarms.clear()

    heard()
    assert len(told()) == 2
    for kind, name, detail in alarms:
        assert (kind, len(name) <= 64) == ("hand_over_offer", True)
        routing.offer_hand_over(**detail)

    assert told() == everyone(*crowd)


def test_telling_takes_as_many_calls_for_many_as_for_one(story, calls):
    story.comes_to("in_progress").proposed(to=None)
    costs = []
    for n in range(2):
        there(*(a_volunteer(f"v{n}-{m}", story.hub) for m in range(1 + 9 * n)))
        calls.clear()
        heard()
        costs.append(len(calls))

    assert costs[0] == costs[1]


# waiting among offers


def ended(story, end):
    """Have the hand-over to anyone end, in one of its ways."""
    if end in OUT_OF_TIME:
        story.time_passes(seconds=120)
    note = "Une autre note de relais."
    steps = {
        "accepted": lambda: questions.accept(story.lea, *story.this),
        "taken back": lambda: questions.decline(story.noor, *story.this),
        "out of time": lambda: None,
        "rung": lambda: questions.end_hand_over(*story.this, story.question.hand_over["id"]),
        "answered afterwards": story.finished,
        "proposed to someone": story.proposed,
        "proposed anew": lambda: (
            questions.decline(story.noor, *story.this),
            questions.propose(story.noor, *story.this, note=note, to=story.lea.member_id),
        ),
        "withdrawn": story.withdrawn,
        "expired": story.expired,
        "released": lambda: questions.release(story.noor, *story.this),
        "blocked": lambda: questions.block(story.sam, *story.this, story.noor.member_id),
        "helper gone": lambda: questions.lose_helper(*story.this, story.noor.member_id),
    }
    steps[end]()


OUT_OF_TIME = {"out of time", "rung", "answered afterwards", "proposed to someone"}
ENDS = [
    "accepted", "taken back", "out of time", "rung", "withdrawn", "expired", "answered afterwards",
    "proposed to someone", "proposed anew",
]  # fmt: skip


@pytest.mark.parametrize("end", [*ENDS, "released", "blocked", "helper gone"])
def test_it_waits_among_the_offers_exactly_while_it_waits(story, end):
    ivo = a_volunteer("ivo", story.hub)
    story.comes_to("in_progress")
    before = offers(ivo, story)
    story.proposed(to=None)
    meanwhile = offers(ivo, story)

    ended(story, end)
    must_add_up(story.hub.id)

    assert (before, meanwhile) == ([], [(story.id, "hand_over")])
    assert (story.id, "hand_over") not in offers(ivo, story)


def test_proposed_to_anyone_again_it_waits_again(story):
    ivo = a_volunteer("ivo", story.hub)
    story.comes_to("in_progress").proposed(to=None)
    story.time_passes(seconds=120)

    questions.propose(story.noor, *story.this, note="Une autre note de relais.")

    assert offers(ivo, story) == [(story.id, "hand_over")]


def test_the_public_list_does_not_know_of_it(story):
    story.comes_to("in_progress").proposed(to=None)

    assert questions.waiting_in(story.hub.id, Page(50)).items == []


def test_an_offer_says_why_until_when_and_not_what_the_helper_wrote(story):
    ivo = a_volunteer("ivo", story.hub)
    story.comes_to("in_progress").proposed(to=None)

    (offer,) = routing.waiting_for(ivo, story.hub.id, Page(50)).items

    assert (offer.text, offer.why) == (story.question.text, "hand_over")
    assert timedelta(seconds=100) < offer.until - clock.now() <= timedelta(seconds=120)
    assert offer.reason.startswith("La personne qui s’en occupe")


def test_whoever_is_offered_a_hand_over_reads_the_conversation_only_once_they_accept(story):
    ivo = a_volunteer("ivo", story.hub)
    there(ivo)
    story.comes_to("in_progress").proposed(to=None)
    heard()
    for read in (
        lambda: questions.read(ivo, *story.this),
        lambda: conversations.page_of(ivo, *story.this, Page(9)),
    ):
        with pytest.raises(questions.QuestionNotFound):
            read()

    accepted = questions.accept(ivo, *story.this)

    assert (accepted.proposal["note"], accepted.state) == (NOTE, "in_progress")
    assert conversations.page_of(ivo, *story.this, Page(9)).items


def test_offers_of_both_kinds_come_oldest_first_page_after_page(story):
    ivo = a_volunteer("ivo", story.hub)
    a_follower("max", story.hub)
    asked = [story.id]
    for _ in range(3):
        story.time_passes(seconds=1)
        asked.append(a_question(a_guest("gil", story.hub), story.hub).id)
    for question_id, helper in ((asked[0], story.noor), (asked[2], a_caller("max"))):
        questions.claim(helper, story.hub.id, question_id)
        conversations.post(helper, story.hub.id, question_id, client_message_id="k", text="Bonjour")
        questions.propose(helper, story.hub.id, question_id, note=NOTE)

    found, page = [], Page(1)
    while True:
        slice_ = routing.waiting_for(ivo, story.hub.id, page)
        found += [(offer.question_id, offer.why) for offer in slice_.items]
        if slice_.last is None:
            break
        page = Page(1, slice_.last)

    assert found == list(zip(asked, ["hand_over", "topic", "hand_over", "topic"], strict=True))
