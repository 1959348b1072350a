"""Being there: attested by a host, or by two who show each other a code; never by oneself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain import limits, meetups
from chalicelib.domain.meetups import checking_in, losing, no_shows
from chalicelib.domain.meetups.codes import ALPHABET, code_of
from chalicelib.gateways import ids
from chalicelib.models.attendance import Attendance, NoShowNote
from chalicelib.models.tables import load
from chalicelib.pages import Page
from tests.factories import a_caller
from tests.meetups import Coffee, details, told

AT_THE_DOOR = {"days": 2, "hours": 23, "minutes": 30}


@pytest.fixture
def coffee():
    coffee = Coffee(seats=8)
    for name in ("ana", "bo", "cy"):
        coffee.says(name)
    return coffee


@pytest.fixture
def door(coffee, time_passes):
    time_passes(**AT_THE_DOOR)
    return coffee


def check_in(coffee, by, whom, code=None):
    caller, member_id = a_caller(by), a_caller(whom).member_id
    return checking_in.check_in(caller, *coffee.this, member_id, code=code)[0]


def code(coffee, name):
    return code_of(coffee.id, a_caller(name).member_id)


def came(coffee):
    (attendance,) = load(Attendance.key(coffee.id))
    return int(attendance.came) if attendance is not None else 0


def by(*names):
    return [a_caller(name).member_id for name in names]


def test_a_host_says_that_someone_is_there(door):
    rsvp = check_in(door, "hana", "ana")

    assert (door.state("ana"), rsvp.attested_by, came(door)) == ("checked_in", by("hana"), 1)
    (event,) = details("presence.attested")
    assert (event["member_id"], event["attested_by"], event["by_host"]) == (*by("ana", "hana"), True)


def test_the_word_of_a_host_says_nothing_of_the_host(door):
    check_in(door, "hana", "ana")

    assert (door.state("hana"), door.rsvp("hana").attested_by) == ("going", [])


def test_one_code_says_it_of_both(door):
    check_in(door, "ana", "bo", code(door, "bo"))

    assert door.states("ana", "bo", "cy") == ["checked_in", "checked_in", "going"]
    assert (door.rsvp("bo").attested_by, door.rsvp("ana").attested_by) == (by("ana"), by("bo"))
    assert (came(door), told("presence.attested")) == (2, 2)
    door.must_add_up()


def test_a_host_who_enters_a_code_is_seen_by_whoever_showed_it(door):
    check_in(door, "hana", "ana", code(door, "ana"))

    assert door.rsvp("hana").attested_by == by("ana")
    of_host = next(event for event in details("presence.attested") if event["member_id"] in by("hana"))
    assert (of_host["by_host"], of_host["beneficiary_voice"]) == (False, "member")


@pytest.mark.parametrize("written", [str.lower, " ".join, "-".join, lambda code: f" {code}\n"])
def test_a_code_is_read_as_people_write(door, written):
    check_in(door, "ana", "bo", written(code(door, "bo")))

    assert door.state("bo") == "checked_in"


def test_a_code_has_six_letters_that_nobody_takes_for_another(door):
    shown = meetups.rsvp_of(a_caller("bo"), *door.this).code

    assert shown == code(door, "bo")
    assert len(shown) == 6
    assert set(shown) <= set(ALPHABET)
    assert not set("01OIL") & set(ALPHABET)


def test_said_again_it_changes_nothing(door, stored):
    first = check_in(door, "ana", "bo", code(door, "bo"))
    before = stored()

    again = check_in(door, "ana", "bo", code(door, "bo"))

    assert again.checked_in_at == first.checked_in_at
    assert stored() == before


def test_whoever_says_it_too_is_kept_and_nothing_is_announced_again(door):
    check_in(door, "ana", "bo", code(door, "bo"))

    check_in(door, "hana", "bo")
    check_in(door, "cy", "bo", code(door, "bo"))

    assert door.rsvp("bo").attested_by == by("ana", "hana", "cy")
    assert (came(door), told("presence.attested")) == (3, 3)


def test_five_who_say_so_are_enough(coffee, time_passes):
    names = [f"p{n}" for n in range(5)]
    for name in names:
        coffee.says(name)
    time_passes(**AT_THE_DOOR)
    for name in ["ana", "bo", *names]:
        check_in(coffee, name, "cy", code(coffee, "cy"))

    assert len(coffee.rsvp("cy").attested_by) == 5
    assert coffee.states(*names) == ["checked_in"] * 5


@pytest.mark.parametrize("who", ["ana", "hana"])
@pytest.mark.parametrize("with_code", [True, False])
def test_nobody_says_it_of_themselves(door, stored, who, with_code):
    before = stored()

    with pytest.raises(checking_in.NobodyElseSaysSo):
        check_in(door, who, who, code(door, who) if with_code else None)

    assert stored() == before


def test_an_unknown_person_and_a_wrong_code_are_answered_alike(door, calls):
    door.says_no = door.follows("dee", "eve")
    answers = []
    for whom, given in [("bo", "AAAAAA"), ("bo", None), ("dee", code(door, "dee")), ("nobody", "AAAAAA")]:
        calls.clear()
        with pytest.raises(checking_in.WrongCode) as refused:
            check_in(door, "ana", whom, given)
        answers.append((refused.value.sentence("fr"), refused.value.context, tuple(calls)[-1]))

    assert len(set(map(repr, answers))) == 1
    assert came(door) == 0


def test_a_host_is_told_that_nobody_of_that_name_comes(door):
    with pytest.raises(meetups.NobodyExpected):
        checking_in.check_in(door.hana, *door.this, ids.new("mem"))


def test_a_host_who_enters_a_wrong_code_is_told_so(door):
    with pytest.raises(checking_in.WrongCode):
        check_in(door, "hana", "ana", "AAAAAA")


def test_a_code_of_another_meetup_opens_nothing(door):
    with pytest.raises(checking_in.WrongCode):
        check_in(door, "ana", "bo", code_of(ids.new("mtg"), a_caller("bo").member_id))


@pytest.mark.parametrize("says", ["declined", "interested", None])
def test_only_whoever_comes_says_so_of_others(coffee, time_passes, says):
    coffee.follows("dee")
    if says:
        coffee.says("dee", says)
    time_passes(**AT_THE_DOOR)

    with pytest.raises(meetups.NotComing):
        check_in(coffee, "dee", "bo", code(coffee, "bo"))


def test_guesses_are_counted_before_they_are_looked_at(door):
    for _ in range(checking_in.TRYING.limit):
        with pytest.raises(checking_in.WrongCode):
            check_in(door, "ana", "bo", "AAAAAA")

    with pytest.raises(limits.TooManyRequests):
        check_in(door, "ana", "bo", code(door, "bo"))

    assert door.state("bo") == "going"
    check_in(door, "cy", "bo", code(door, "bo"))  # one person's guesses hold up nobody else


def test_a_host_checks_in_a_whole_crowd_by_word(coffee, time_passes, monkeypatch):
    monkeypatch.setattr(checking_in, "TRYING", limits.Policy("check_in", limit=1, window=3600))
    time_passes(**AT_THE_DOOR)

    for name in ("ana", "bo", "cy"):
        check_in(coffee, "hana", name)

    assert came(coffee) == 3


@pytest.mark.parametrize(
    ("passed", "open_"),
    [
        ({"days": 2, "hours": 22, "minutes": 58}, False),
        ({"days": 2, "hours": 23, "minutes": 1}, True),
        ({"days": 3, "hours": 1}, True),
        ({"days": 5, "hours": 1, "minutes": 59}, True),
        ({"days": 5, "hours": 2, "minutes": 1}, False),
    ],
)
def test_from_an_hour_before_the_start_until_two_days_after_the_end(coffee, time_passes, passed, open_):
    time_passes(**passed)

    if open_:
        check_in(coffee, "ana", "bo", code(coffee, "bo"))
    else:
        with pytest.raises(checking_in.DoorsClosed) as refused:
            check_in(coffee, "ana", "bo", code(coffee, "bo"))
        assert set(refused.value.context) == {"opens_at", "closes_at"}

    assert came(coffee) == 2 * open_


def test_a_draft_has_no_door(time_passes):
    coffee = Coffee(draft=True)
    time_passes(**AT_THE_DOOR)

    with pytest.raises(meetups.MeetupStateRefused):
        check_in(coffee, "hana", "ana")


def test_it_puts_right_that_someone_was_said_not_to_have_come(coffee, time_passes):
    time_passes(days=3, minutes=10)
    no_shows.note(coffee.hana, *coffee.this, a_caller("bo").member_id)

    check_in(coffee, "ana", "bo", code(coffee, "bo"))

    assert coffee.state("bo") == "checked_in"
    assert load(NoShowNote.key(coffee.id, a_caller("bo").member_id)) == (None,)


def test_whoever_was_said_not_to_have_come_still_has_a_code_and_may_enter_one(coffee, time_passes):
    time_passes(days=3, minutes=10)
    no_shows.note(coffee.hana, *coffee.this, a_caller("bo").member_id)

    assert meetups.rsvp_of(a_caller("bo"), *coffee.this).code == code(coffee, "bo")
    check_in(coffee, "bo", "ana", code(coffee, "ana"))

    assert coffee.states("ana", "bo") == ["checked_in", "checked_in"]


def test_seats_and_lists_stay_as_they_are(door):
    before = door.seats.attribute_values
    check_in(door, "ana", "bo", code(door, "bo"))

    assert door.seats.attribute_values == before
    door.must_add_up()


def test_whoever_is_there_answers_no_more(door, stored):
    check_in(door, "hana", "ana")
    before = stored()

    for says in ("going", "declined", "interested"):
        with pytest.raises(meetups.AlreadyThere):
            meetups.answer(a_caller("ana"), *door.this, says=says)
    with pytest.raises(meetups.AlreadyThere):
        meetups.remove(door.hana, *door.this, a_caller("ana").member_id, reason="Trop tard pour cela.")
    losing.lose(*door.this, a_caller("ana").member_id, cause="suspended")

    assert stored() == before


def test_who_was_seen_reads_so_in_the_list_of_who_comes(door):
    check_in(door, "hana", "ana")

    found = meetups.attendees(a_caller("bo"), *door.this, Page(50), listed="going").items
    assert {one["name"]: one["checked_in"] for one in found} == {
        "Hana": False, "Ana": True, "Bo": False, "Cy": False,
    }  # fmt: skip


def test_two_who_enter_each_others_code_at_once_are_each_there_once(door, monkeypatch):
    find = checking_in.standpoints.find
    meanwhile = iter([True])

    def find_then_be_overtaken(*args):
        found = find(*args)
        if next(meanwhile, False):
            check_in(door, "bo", "ana", code(door, "ana"))
        return found

    monkeypatch.setattr(checking_in.standpoints, "find", find_then_be_overtaken)
    check_in(door, "ana", "bo", code(door, "bo"))

    assert (came(door), told("presence.attested")) == (2, 2)
    assert (door.rsvp("bo").attested_by, door.rsvp("ana").attested_by) == (by("ana"), by("bo"))


def test_a_host_who_answers_for_someone_does_not_read_their_code(coffee):
    told_ = meetups.answered(
        meetups.answer_for(coffee.hana, *coffee.this, a_caller("ana").member_id, says="going")
    )

    assert told_.code is None


@pytest.mark.parametrize(("given", "cost"), [(True, 3), (False, 2)])
def test_it_costs_as_much_in_a_crowd(door, calls, given, cost):
    calls.clear()
    check_in(door, "hana", "ana", code(door, "ana") if given else None)

    assert len(calls) == cost  # and one more for the rate limit of all writes


def test_an_hour_later_one_may_try_again(door, time_passes):
    for _ in range(checking_in.TRYING.limit):
        with pytest.raises(checking_in.WrongCode):
            check_in(door, "ana", "bo", "AAAAAA")
    time_passes(hours=1)

    check_in(door, "ana", "bo", code(door, "bo"))

    assert door.rsvp("bo").checked_in_at - door.meetup.starts_at < timedelta(hours=1)
