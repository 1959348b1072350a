from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest

from chalicelib.domain import following, messages, salons
from chalicelib.domain.callers import Caller
from chalicelib.domain.recognition import thanks
from chalicelib.gateways import clock
from chalicelib.models.journal import JournalEntry
from chalicelib.models.messages import Message, MessagePlace
from chalicelib.models.salons import Salon
from chalicelib.models.tables import load
from chalicelib.models.thanks import Thanks
from chalicelib.pages import Page
from tests import faults
from tests.factories import a_caller, a_follower, a_host, an_organization


@pytest.fixture
def acme():
    return an_organization()


@pytest.fixture
def noor(acme):
    """Someone who helped."""
    return a_follower("noor", acme)


@pytest.fixture
def sam(acme):
    """Someone who was helped."""
    return a_follower("sam", acme)


class Place:
    """A message in the default salon, with all that it takes to name it."""

    def __init__(self, organization, author, text="Resserrez le câble."):
        self.organization_id, self.salon_id = organization.id, organization.default_salon_id
        posted = messages.post(author, *self.here, client_message_id="c1", text=text)
        self.message_id, self.author = posted.said.id, author

    @property
    def here(self):
        return self.organization_id, self.salon_id

    @property
    def there(self):
        return (*self.here, self.message_id)

    @property
    def message(self):
        (place,) = load(MessagePlace.key(self.salon_id, self.message_id))
        return Message.at_seq(self.salon_id, int(place.seq))

    @property
    def listed(self):
        return [(given.name, given.text) for given in thanks.of_message(None, *self.there, Page(50)).items]


@pytest.fixture
def help_(acme, noor):
    return Place(acme, noor)


def told():
    """What the journal says of thanks: the names and rounds, oldest first."""
    entries = sorted(JournalEntry.scan(), key=lambda entry: entry.sk)
    return [
        (entry.detail_type.split(".")[1], entry.detail["round"])
        for entry in entries
        if entry.detail_type.startswith("thanks.")
    ]


def kept(giver, place):
    (found,) = load(Thanks.key(thanks.id_of(giver.member_id, place.message_id)))
    return found


def test_thanks_are_public_counted_and_announced_with_all_that_merit_needs(help_, sam, noor):
    given = thanks.give(sam, *help_.there, text="Merci !")

    assert (given.is_new, given.name, given.text) == (True, "Sam", "Merci !")
    assert help_.message.thanks == 1
    assert help_.listed == [("Sam", "Merci !")]
    (entry,) = [e for e in JournalEntry.scan() if e.detail_type == "thanks.given.v1"]
    told_of = {name: value for name, value in entry.detail.items() if name not in ("id", "at")}
    assert told_of == {
        "organization_id": help_.organization_id,
        "actor_id": sam.member_id,
        "thanks_id": given.thanks_id,
        "round": 1,
        "object_kind": "message",
        "object_id": help_.message_id,
        "beneficiary_id": noor.member_id,
        "giver_is_verified": True,
        "beneficiary_voice": "member",
    }


def test_the_voice_is_that_of_the_message_not_of_today(acme, help_, sam):
    chief = Place(acme, a_host("chief", acme))

    thanks.give(sam, *chief.there, text="Merci !")

    (entry,) = [e for e in JournalEntry.scan() if e.detail_type == "thanks.given.v1"]
    assert entry.detail["beneficiary_voice"] == "staff"


def test_the_same_thanks_again_change_nothing(help_, sam, stored):
    thanks.give(sam, *help_.there, text="Merci !")
    before = stored()

    again = thanks.give(sam, *help_.there, text="Merci !")

    assert again.is_new is False
    assert stored() == before


def test_other_words_replace_the_first_and_are_the_same_thanks(help_, sam):
    first = thanks.give(sam, *help_.there, text="Merci !")

    second = thanks.give(sam, *help_.there, text="Merci, ça roule !")

    assert (second.is_new, second.at) == (False, first.at)
    assert help_.listed == [("Sam", "Merci, ça roule !")]
    assert help_.message.thanks == 1
    assert told() == [("given", 1)]


def test_thanks_do_not_disturb_whoever_edits_the_message(help_, sam, noor):
    version = help_.message.version

    thanks.give(sam, *help_.there, text="Merci !")
    edited = messages.edit(noor, *help_.there, text="Resserrez-le doucement.", version=version)

    assert edited.text == "Resserrez-le doucement."


def test_nobody_thanks_themself(help_, noor, stored):
    before = stored()

    with pytest.raises(thanks.CannotThankYourself):
        thanks.give(noor, *help_.there, text="Bravo moi !")

    assert stored() == before


def test_one_follows_to_thank(help_, stored):
    stranger = a_follower("lou", an_organization("autre"))
    before = stored()

    with pytest.raises(salons.FollowFirst):
        thanks.give(stranger, *help_.there, text="Merci !")

    assert stored() == before


@pytest.mark.parametrize("state", ["deleted_by_author", "hidden"])
def test_what_was_withdrawn_is_thanked_no_more(help_, sam, stored, state):
    help_.message.update(actions=[Message.state.set(state)])
    before = stored()

    with pytest.raises(messages.MessageWithdrawn):
        thanks.give(sam, *help_.there, text="Merci !")

    assert stored() == before


def test_thanks_stay_given_and_are_not_read_any_more_when_the_message_goes(help_, sam, noor):
    thanks.give(sam, *help_.there, text="Merci !")
    messages.delete(noor, *help_.there)

    again = thanks.give(sam, *help_.there, text="Merci !")

    assert again.is_new is False
    assert help_.listed == []
    with pytest.raises(messages.MessageWithdrawn):
        thanks.give(sam, *help_.there, text="Merci quand même !")


def test_a_message_deleted_in_between_is_not_thanked(help_, sam, noor, monkeypatch):
    locate = messages.locate
    meanwhile = iter([True])

    def locate_then_lose(*place):
        found = locate(*place)
        if next(meanwhile, False):
            messages.delete(noor, *help_.there)
        return found

    monkeypatch.setattr(messages, "locate", locate_then_lose)
    with pytest.raises(messages.MessageWithdrawn):
        thanks.give(sam, *help_.there, text="Merci !")

    assert (help_.message.thanks, help_.listed, told()) == (0, [], [])


@pytest.mark.parametrize(("state", "welcome"), [("read_only", True), ("archived", False), ("frozen", False)])
def test_thanks_come_where_reactions_come(help_, sam, state, welcome):
    (salon,) = load(Salon.key(help_.salon_id))
    salon.update(actions=[Salon.state.set(state)])

    if welcome:
        assert thanks.give(sam, *help_.there, text="Merci !").is_new
    else:
        with pytest.raises(messages.SalonClosedToWords):
            thanks.give(sam, *help_.there, text="Merci !")


@pytest.mark.parametrize(("state", "possible"), [("archived", True), ("frozen", False)])
def test_thanks_are_taken_back_where_words_are(help_, sam, state, possible):
    thanks.give(sam, *help_.there, text="Merci !")
    (salon,) = load(Salon.key(help_.salon_id))
    salon.update(actions=[Salon.state.set(state)])

    if possible:
        thanks.withdraw(sam, *help_.there)
        assert help_.listed == []
    else:
        with pytest.raises(messages.SalonClosedToWords):
            thanks.withdraw(sam, *help_.there)


def test_withdrawn_thanks_leave_no_words_and_no_count(help_, sam):
    given = thanks.give(sam, *help_.there, text="Merci !")

    thanks.withdraw(sam, *help_.there)

    assert (help_.message.thanks, help_.listed, kept(sam, help_).text) == (0, [], None)
    assert told() == [("given", 1), ("withdrawn", 1)]
    (entry,) = [e for e in JournalEntry.scan() if e.detail_type == "thanks.withdrawn.v1"]
    assert entry.detail["given_at"] == given.at.isoformat()


def test_withdrawing_again_or_what_was_never_given_changes_nothing(help_, sam, noor, stored):
    thanks.give(sam, *help_.there, text="Merci !")
    thanks.withdraw(sam, *help_.there)
    before = stored()

    thanks.withdraw(sam, *help_.there)
    thanks.withdraw(noor, *help_.there)

    assert stored() == before


def test_thanking_again_is_a_new_round(help_, sam):
    thanks.give(sam, *help_.there, text="Merci !")
    thanks.withdraw(sam, *help_.there)

    again = thanks.give(sam, *help_.there, text="Merci !")

    assert again.is_new
    assert (help_.message.thanks, help_.listed) == (1, [("Sam", "Merci !")])
    assert told() == [("given", 1), ("withdrawn", 1), ("given", 2)]


def test_one_takes_thanks_back_after_leaving_and_after_the_message_went(acme, help_, sam, noor):
    thanks.give(sam, *help_.there, text="Merci !")
    following.unfollow(sam, acme.id)
    messages.delete(noor, *help_.there)

    thanks.withdraw(sam, *help_.there)

    assert (help_.message.thanks, help_.listed) == (0, [])


def test_thanks_end_with_the_retention_of_their_message(help_, sam):
    soon = int((clock.now() + timedelta(days=1)).timestamp())
    help_.message.update(actions=[Message.expires_at.set(soon)])

    thanks.give(sam, *help_.there, text="Merci !")

    assert kept(sam, help_).expires_at == soon


def test_past_its_retention_a_message_is_not_there_even_if_not_swept(help_, sam):
    past = int(clock.now().timestamp()) - 1
    help_.message.update(actions=[Message.expires_at.set(past)])
    (place,) = load(MessagePlace.key(help_.salon_id, help_.message_id))
    place.update(actions=[MessagePlace.expires_at.set(past)])

    for use_case in (
        lambda: thanks.give(sam, *help_.there, text="Merci !"),
        lambda: thanks.withdraw(sam, *help_.there),
        lambda: thanks.of_message(sam, *help_.there, Page()),
    ):
        with pytest.raises(messages.MessageNotFound):
            use_case()


def test_thanks_are_listed_oldest_first_page_by_page(acme, help_):
    names = ["Ana", "Bo", "Cy", "Di", "Eve"]
    for name in names:
        thanks.give(a_follower(name.lower(), acme), *help_.there, text=f"Merci de {name}")

    first = thanks.of_message(None, *help_.there, Page(3))
    rest = thanks.of_message(None, *help_.there, Page(3, first.last))

    assert [given.name for given in [*first.items, *rest.items]] == names
    assert rest.last is None


def test_the_count_is_the_number_of_thanks_listed(acme, help_):
    for name in ["ana", "bo", "cy"]:
        thanks.give(a_follower(name, acme), *help_.there, text="Merci")
    thanks.withdraw(a_caller("bo"), *help_.there)

    assert help_.message.thanks == len(help_.listed) == 2


@pytest.mark.parametrize("limit", [1, 50])
def test_a_list_takes_three_reads_whatever_it_holds(acme, help_, calls, limit):
    for name in ["ana", "bo"]:
        thanks.give(a_follower(name, acme), *help_.there, text="Merci")
    calls.clear()

    thanks.of_message(None, *help_.there, Page(limit))

    assert calls == ["dynamodb.BatchGetItem", "dynamodb.Query", "dynamodb.BatchGetItem"]


def test_the_largest_page_is_read_in_as_many_calls(help_, calls, monkeypatch):
    for number in range(51):
        made = Thanks.giving(
            f"thx_{number}", giver_id=f"mem_{number}", object_kind="message", object_id=help_.message_id,
            at=clock.now(), text="Merci", beneficiary_id=help_.author.member_id,
            organization_id=help_.organization_id,
        )  # fmt: skip
        made.save()
        thanks.ThanksPlace.of(made).save()
    calls.clear()

    page = thanks.of_message(None, *help_.there, Page(50))

    assert (len(page.items), page.last is not None, len(calls)) == (50, True, 3)


def test_whoever_left_for_good_has_no_name(help_, sam):
    thanks.give(sam, *help_.there, text="Merci !")
    thanks.Member.find_by(f"MEMBER#{sam.member_id}", "MEMBER").delete()

    assert help_.listed == [(None, "Merci !")]


def test_thanks_withdrawn_while_the_list_is_read_are_left_out(help_, sam, monkeypatch):
    thanks.give(sam, *help_.there, text="Merci !")
    whole = thanks.load

    def withdraw_then_load(*keys):
        thanks.withdraw(sam, *help_.there)
        return whole(*keys)

    monkeypatch.setattr(thanks, "load", withdraw_then_load)

    assert help_.listed == []


@pytest.mark.parametrize("message_id", ["msg_none", ""])
def test_what_does_not_exist_is_not_found(help_, sam, message_id):
    with pytest.raises(messages.MessageNotFound):
        thanks.give(sam, *help_.here, message_id, text="Merci !")
    with pytest.raises(messages.MessageNotFound):
        thanks.withdraw(sam, *help_.here, message_id)
    with pytest.raises(messages.MessageNotFound):
        thanks.of_message(None, *help_.here, message_id, Page())


def test_a_message_is_only_in_its_own_salon_and_organization(help_, sam):
    other = an_organization("autre")

    with pytest.raises(messages.MessageNotFound):
        thanks.give(
            a_follower("lou", other), other.id, other.default_salon_id, help_.message_id, text="Merci !"
        )
    with pytest.raises(salons.SalonNotFound):
        thanks.give(sam, other.id, help_.salon_id, help_.message_id, text="Merci !")


FAULTS = ["crash-before", "crash-after", "net-before", "net-after", "throttle", "5xx"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", [1, 2, 3])
@pytest.mark.parametrize("verb", ["give", "withdraw"])
def test_whatever_fails_the_same_request_again_ends_it_as_once(help_, sam, verb, call, fault, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)

    def ask():
        if verb == "give":
            thanks.give(sam, *help_.there, text="Merci !")
        else:
            thanks.withdraw(sam, *help_.there)

    if verb == "withdraw":
        thanks.give(sam, *help_.there, text="Merci !")
    with faults.installed() as injector:
        injector.fail(call, fault)
        with contextlib.suppress(faults.Crash):
            ask()
    ask()

    count = 1 if verb == "give" else 0
    assert (help_.message.thanks, len(help_.listed)) == (count, count)
    assert told() == [("given", 1), ("withdrawn", 1)][: 1 if verb == "give" else 2]


@pytest.mark.parametrize("first", ["give", "withdraw"])
def test_sent_twice_at_once_it_is_done_once(help_, sam, first, monkeypatch):
    locate = messages.locate
    if first == "withdraw":
        thanks.give(sam, *help_.there, text="Merci !")
    meanwhile = iter([True])

    def ask():
        if first == "give":
            return thanks.give(sam, *help_.there, text="Merci !")
        return thanks.withdraw(sam, *help_.there)

    def locate_then_be_overtaken(*place):
        found = locate(*place)
        if next(meanwhile, False):
            ask()
        return found

    monkeypatch.setattr(messages, "locate", locate_then_be_overtaken)
    ask()

    assert help_.message.thanks == (1 if first == "give" else 0)
    assert told() == [("given", 1), ("withdrawn", 1)][: 1 if first == "give" else 2]


def test_a_first_call_may_be_a_thank_you_refused(help_):
    with pytest.raises(salons.FollowFirst):
        thanks.give(
            Caller(member_id="mem_new", claims={"email": "x@example.org"}), *help_.there, text="Merci !"
        )
