"""Someone may watch a conversation in hand, to learn: if both are told and agree, and from then on only."""

from __future__ import annotations

import pytest

from chalicelib.domain import conversations, events, following, moderation, questions, standing
from chalicelib.domain.live import conversations as live
from chalicelib.domain.questions import places, spectators, watching
from chalicelib.models.blocks import Apart, Block
from chalicelib.models.changes import changes
from chalicelib.models.journal import JournalEntry
from chalicelib.models.subscriptions import Subscription
from chalicelib.pages import Page
from tests import faults
from tests.factories import a_caller, a_follower
from tests.questions import Story, a_guest, a_question, must_add_up


@pytest.fixture
def story(time_passes):
    story = Story(time_passes)
    story.mia = a_follower("mia", story.hub)
    yield story
    must_add_up(story.hub.id)


def told(name):
    entries = sorted(JournalEntry.scan(), key=lambda entry: entry.sk)
    return [entry.detail for entry in entries if entry.detail_type == f"{name}.v1"]


def agreed(story, *sides, who=None):
    for side in sides or (story.sam, story.noor):
        seen = watching.agree(side, *story.this, (who or story.mia).member_id)
    return seen


def watched(story, who=None):
    """Bring the story to where someone watches."""
    story.comes_to("in_progress")
    agreed(story, who=who)
    return watching.watch(who or story.mia, *story.this)


def read(story, who=None, **order):
    return [
        said.text for said in conversations.page_of(who or story.mia, *story.this, Page(50), **order).items
    ]


def reads_nothing(story, who=None):
    who = who or story.mia
    with pytest.raises(questions.QuestionNotFound):
        questions.read(who, *story.this)
    with pytest.raises(questions.QuestionNotFound):
        read(story, who)
    with pytest.raises(live.ConversationNotFound):
        live.may_listen(who, story.hub.id, story.question.conversation_id)
    return hears_nothing(story, who)


def hears_nothing(story, who):
    question = story.question
    listener = Subscription.of("c", "c", member_id=who.member_id, expires_at=0, organization_id=story.hub.id)
    assert live.present(question, [listener], seq=int(question.seq) + 1) == []
    return True


# agreeing


def test_nobody_watches_whom_only_one_of_the_two_lets(story):
    story.comes_to("in_progress")

    for side in (story.sam, story.noor):
        agreed(story, side)
        with pytest.raises(questions.QuestionNotFound):
            watching.watch(story.mia, *story.this)
        assert reads_nothing(story)
        watching.dismiss(side, *story.this, story.mia.member_id)


@pytest.mark.parametrize("first", ["sam", "noor"])
def test_whoever_begins_the_other_one_is_asked_and_then_whoever_is_to_watch(story, first):
    story.comes_to("in_progress")
    one, other = (story.sam, story.noor) if first == "sam" else (story.noor, story.sam)

    half = agreed(story, one).spectators
    whole = agreed(story, other).spectators

    mia = story.mia.member_id
    assert half == [{"member_id": mia, "agreed": ["asker" if first == "sam" else "helper"], "watches": False}]
    assert whole == [{"member_id": mia, "agreed": ["asker", "helper"], "watches": False}]
    assert [event["spectator_id"] for event in told("spectator.proposed")] == [mia]
    assert [event["actor_id"] for event in told("spectator.invited")] == [other.member_id]


def test_agreeing_again_changes_nothing(story, stored):
    story.comes_to("in_progress")
    agreed(story)
    before = stored()

    agreed(story)

    assert stored() == before


def test_a_guest_who_asks_agrees_as_anyone(story):
    guest = a_guest("gil", story.hub)
    story.id = a_question(guest, story.hub).id
    story.comes_to("in_progress")

    agreed(story, guest, story.noor)

    assert watching.watch(story.mia, *story.this).role == "spectator"


def test_nobody_else_lets_anyone_watch_not_even_who_watches_or_was_invited(story):
    watched(story)
    questions.invite(story.sam, *story.this, story.lea.member_id)
    questions.come(story.lea, *story.this)
    tom = a_follower("tom", story.hub)

    for who in (story.mia, story.lea, tom, a_caller("stranger")):
        with pytest.raises(questions.QuestionNotFound):
            agreed(story, who, who=tom)
        with pytest.raises(questions.QuestionNotFound):
            watching.dismiss(who, *story.this, story.mia.member_id)


@pytest.mark.parametrize(
    "state", ["open", "claimed", "resolved", "closed_unconfirmed", "withdrawn", "expired"]
)
def test_only_a_conversation_of_two_is_watched(story, state):
    story.comes_to(state)

    with pytest.raises(questions.QuestionStateRefused):
        agreed(story, story.sam)


@pytest.mark.parametrize("who", ["sam", "noor", "lea", "stranger"])
def test_nobody_is_let_watch_who_is_in_it_or_does_not_follow(story, who):
    story.comes_to("in_progress")
    questions.invite(story.sam, *story.this, story.lea.member_id)

    with pytest.raises(questions.CannotBringIn):
        agreed(story, story.sam, who=getattr(story, who, None) or a_caller(who))


@pytest.mark.parametrize("with_whom", ["sam", "noor"])
def test_nobody_is_let_watch_who_is_parted_from_one_of_the_two(story, with_whom):
    story.comes_to("in_progress")
    parted(story.mia, getattr(story, with_whom))

    with pytest.raises(questions.CannotBringIn):
        agreed(story, story.sam)


def parted(one, other):
    with changes() as change:
        change.save(Block.of(one.member_id, other.member_id, by=one.member_id, at=places.clock.now()))
        change.update(Apart.of(one.member_id), *Apart.from_too({other.member_id}))
        change.update(Apart.of(other.member_id), *Apart.from_too({one.member_id}))


def test_three_people_watch_at_most(story):
    story.comes_to("in_progress")
    crowd = [a_follower(f"p{n}", story.hub) for n in range(4)]
    for one in crowd[:3]:
        agreed(story, story.sam, who=one)

    with pytest.raises(questions.EnoughSpectators):
        agreed(story, story.noor, who=crowd[3])
    agreed(story, story.noor, who=crowd[0])
    watching.dismiss(story.noor, *story.this, crowd[1].member_id)
    agreed(story, story.noor, who=crowd[3])

    assert len(story.question.spectators) == 3


# watching


def test_whoever_watches_reads_only_what_is_said_after_they_came(story):
    story.comes_to("in_progress")
    story.says(story.sam, "Avant.")
    agreed(story)
    story.says(story.noor, "Encore avant.")
    watching.watch(story.mia, *story.this)

    story.says(story.sam, "Après.")
    story.says(story.noor, "Ensuite.")

    assert read(story) == ["Ensuite.", "Après."]
    assert read(story, after_seq=0) == ["Après.", "Ensuite."]
    assert read(story, before_seq=int(story.question.seq)) == ["Après."]
    assert read(story, before_seq=2) == []
    assert [
        said.text for said in conversations.page_of(story.mia, *story.this, Page(1), after_seq=1).items
    ] == ["Après."]


def test_whoever_watches_does_not_read_the_question_itself_nor_what_is_between_others(story):
    seen = watched(story)

    assert (seen.role, seen.text, seen.page, seen.proposal, seen.spectators) == (
        "spectator",
        None,
        None,
        None,
        [],
    )
    assert questions.read(story.mia, *story.this).text is None
    assert (
        questions.read(story.sam, *story.this).spectators
        == questions.read(story.noor, *story.this).spectators
    )


def test_coming_again_is_told_once_and_hides_nothing(story):
    watched(story)
    story.says(story.sam, "Après.")

    watching.watch(story.mia, *story.this)

    assert read(story) == ["Après."]
    assert len(told("spectator.came")) == 1


def test_whoever_watches_says_nothing_and_decides_nothing(story):
    watched(story)

    for act in (
        lambda: story.says(story.mia),
        lambda: questions.invite(story.mia, *story.this, story.lea.member_id),
        lambda: questions.sharing.read(story.mia, *story.this),
        lambda: questions.release(story.mia, *story.this),
        lambda: questions.answered(story.mia, *story.this),
        lambda: questions.withdraw(story.mia, *story.this),
        lambda: questions.block(story.mia, *story.this, story.sam.member_id),
    ):
        with pytest.raises((questions.QuestionNotFound, questions.OnlyTheHelper, questions.OnlyTheAsker)):
            act()


def test_whoever_watches_is_no_helper_and_no_company(story):
    watched(story)
    story.says(story.noor)
    question = story.question

    assert story.mia.member_id not in question.helpers() | set(question.companions())
    assert not live.is_in(question, story.mia.member_id)
    assert questions.of_person(story.mia, story.hub.id, Page(10), role="helper").items == []
    posted = conversations.post(story.sam, *story.this, client_message_id="x", text="Merci")
    assert story.mia.member_id not in posted.others


def test_a_word_said_while_someone_comes_is_before_they_came(story, monkeypatch):
    story.comes_to("in_progress")
    agreed(story)
    look = places.load

    def read_and_be_overtaken(*keys):
        found = look(*keys)
        monkeypatch.setattr(places, "load", look)
        story.says(story.sam, "Juste avant.")
        return found

    monkeypatch.setattr(places, "load", read_and_be_overtaken)
    watching.watch(story.mia, *story.this)

    assert read(story) == []


@pytest.mark.parametrize("fault", ["crash-before", "crash-after", "net-after"])
def test_whatever_breaks_someone_comes_once(story, fault):
    story.comes_to("in_progress")
    agreed(story)

    with faults.installed() as injector:
        injector.fail("TransactWriteItems", fault)
        try:
            watching.watch(story.mia, *story.this)
        except faults.Crash:
            watching.watch(story.mia, *story.this)

    assert len(told("spectator.came")) == 1


# the end of it


ENDS = {
    "the asker says so": lambda story: watching.dismiss(story.sam, *story.this, story.mia.member_id),
    "the helper says so": lambda story: watching.dismiss(story.noor, *story.this, story.mia.member_id),
    "they leave": lambda story: watching.stop_watching(story.mia, *story.this),
    "the helper gives it back": lambda story: questions.release(story.noor, *story.this),
    "the helper is gone": lambda story: questions.lose_helper(*story.this, story.noor.member_id),
    "someone else goes on": lambda story: (story.proposed(), questions.accept(story.lea, *story.this)),
    "the asker blocks the helper": lambda story: questions.block(
        story.sam, *story.this, story.noor.member_id
    ),
    "it is withdrawn": lambda story: story.withdrawn(),
    "it is resolved": lambda story: (story.finished(), story.helped()),
    "it did not help": lambda story: (story.finished(), story.helped("no")),
    "nobody confirms": lambda story: (story.finished(), story.silent()),
    "it expires": lambda story: story.expired(),
    "they are parted from the asker": lambda story: parted(story.mia, story.sam),
    "they are parted from the helper": lambda story: parted(story.mia, story.noor),
    "they stop following": lambda story: following.unfollow(story.mia, story.hub.id),
}


@pytest.mark.parametrize("end", ENDS)
def test_it_ends_at_once_when(story, end):
    watched(story)
    assert spectators.watchers(story.question) == [story.mia.member_id]

    ENDS[end](story)

    assert reads_nothing(story)


def test_it_goes_on_while_the_helper_thinks_they_are_done(story):
    watched(story)
    story.finished()

    story.says(story.sam, "Attendez.")

    assert read(story) == ["Attendez."]


def test_taken_again_by_the_same_helper_nobody_watches(story):
    watched(story)
    questions.release(story.noor, *story.this)
    story.time_passes(minutes=11)

    story.claimed()
    story.begun()

    assert reads_nothing(story)
    assert agreed(story).spectators != []


def test_who_stopped_following_watches_no_more_even_when_they_follow_again(story):
    watched(story)
    following.unfollow(story.mia, story.hub.id)
    gone = events.OrganizationUnfollowed(organization_id=story.hub.id, actor_id=story.mia.member_id)
    questions.lose_leaver(gone)
    questions.lose_leaver(gone)

    following.follow(story.mia, story.hub.id)

    assert story.question.spectators == {}
    assert len(told("spectator.left")) == 1
    assert reads_nothing(story)


def test_who_is_suspended_watches_no_more_and_is_not_let_watch(story):
    watched(story)
    mona = a_caller("mona", scopes=["moderation"])
    until = places.clock.now() + watching.timedelta(days=7)
    moderation.suspend(
        mona, story.hub.id, story.mia.member_id, rule="threats", facts="Une menace.", until=until
    )

    with pytest.raises(questions.QuestionNotFound):
        read(story)
    with pytest.raises(standing.Suspended):
        live.may_listen(story.mia, story.hub.id, story.question.conversation_id)
    heard = events.MemberSuspended.from_detail(told("member.suspended")[-1])
    questions.lose_suspended(heard)
    assert story.question.spectators == {}
    with pytest.raises(questions.CannotBringIn):
        agreed(story, story.sam)


def test_whoever_declined_or_left_is_not_asked_again_in_the_same_hands(story):
    story.comes_to("in_progress")
    agreed(story)
    watching.stop_watching(story.mia, *story.this)
    watching.stop_watching(story.mia, *story.this)

    with pytest.raises(questions.CannotBringIn):
        agreed(story, story.noor)
    assert [event["actor_id"] for event in told("spectator.left")] == [story.mia.member_id]


def test_someone_whom_both_let_watch_is_told_when_that_ends_and_someone_who_knew_nothing_is_not(story):
    story.comes_to("in_progress")
    agreed(story, story.sam)
    watching.dismiss(story.noor, *story.this, story.mia.member_id)
    watching.dismiss(story.noor, *story.this, story.mia.member_id)
    agreed(story)
    watching.dismiss(story.sam, *story.this, story.mia.member_id)

    assert (len(told("spectator.refused")), len(told("spectator.left"))) == (1, 1)


def test_whoever_watches_may_be_invited_to_help_and_then_reads_all(story):
    watched(story)
    questions.invite(story.sam, *story.this, story.mia.member_id)

    seen = questions.come(story.mia, *story.this)

    assert (seen.role, len(read(story))) == ("companion", 1)
    assert spectators.watchers(story.question) == []


def test_someone_who_comes_while_the_other_changes_their_mind_does_not_watch(story, monkeypatch):
    story.comes_to("in_progress")
    agreed(story)
    look = places.load

    def read_and_be_overtaken(*keys):
        found = look(*keys)
        monkeypatch.setattr(places, "load", look)
        watching.dismiss(story.sam, *story.this, story.mia.member_id)
        return found

    monkeypatch.setattr(places, "load", read_and_be_overtaken)
    with pytest.raises(questions.QuestionNotFound):
        watching.watch(story.mia, *story.this)

    assert reads_nothing(story)
