"""Answering from a mail: the page asks, the button answers, and an old mail changes nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.domain import events, following, meetups, members
from chalicelib.domain.meetups import cancelling, letters, one_click, standpoints
from chalicelib.gateways import links
from chalicelib.models.changes import changes
from chalicelib.models.meetups import Meetup
from chalicelib.models.rsvps import Rsvp
from chalicelib.models.tables import load
from tests.factories import a_caller, a_follower, a_meetup, an_organization, coming

HERE = "/rsvps/one-click"


@pytest.fixture
def hub():
    return an_organization()


@pytest.fixture
def hana(hub):
    return a_follower("hana", hub)


def rsvp_of(meetup, name):
    (found,) = load(Rsvp.key(meetup.id, a_caller(name).member_id))
    return found


def state_of(meetup, name="noor"):
    return rsvp_of(meetup, name).state


def link(meetup, says, name="noor"):
    """The token of the link that a mail of this moment has."""
    stands = standpoints.look(a_caller(name).member_id, meetup.organization_id, meetup.id)
    return token_in(one_click.link_to(stands, says))


def token_in(address):
    return parse_qs(urlsplit(address).query)["token"][0]


def edited(meetup, **values):
    (found,) = load(Meetup.key(meetup.organization_id, meetup.id))
    with changes() as change:
        change.edit(found, **values)


def offered(hub, hana):
    """A meetup at which a seat is held for noor."""
    meetup = a_meetup(hana, hub, seats=1, ahead=timedelta(hours=12))
    lou, _ = coming("lou", meetup, hub), coming("noor", meetup, hub)
    meetups.answer(lou, hub.id, meetup.id, says="declined")
    assert state_of(meetup) == "offered"
    return meetup


def follow(api, method, token):
    return api.call(method, HERE, query={"token": token})


def test_the_page_asks_in_the_readers_language_and_changes_nothing(api, hub, hana, stored):
    meetup = a_meetup(hana, hub, title="Café <b>réglage</b>")
    coming("noor", meetup, hub)
    token, before = link(meetup, "declined"), stored()

    page = follow(api, "GET", token)

    assert (page.status, page.headers["content-language"]) == (200, "fr")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script" not in page.headers["content-security-policy"]
    assert (page.headers["referrer-policy"], page.headers["cache-control"]) == ("no-referrer", "no-store")
    assert "Café &lt;b&gt;réglage&lt;/b&gt;" in page.text
    assert "Vous venez." in page.text
    assert page.text.count("<button>") == 1
    assert "Je ne viens pas" in page.text
    assert stored() == before


def test_what_the_button_posts_declines_and_passes_the_seat_on(api, hub, hana, announced):
    meetup = a_meetup(hana, hub, seats=1)
    coming("noor", meetup, hub)
    coming("lou", meetup, hub)
    page = follow(api, "GET", link(meetup, "declined")).text
    (address,) = re.findall(r'action="([^"]+)"', page)

    done = follow(api, "POST", token_in("https://here/" + unescape(address)))

    assert done.status == 200
    assert "Vous ne venez pas." in done.text
    assert "<button>" not in done.text
    assert (state_of(meetup), state_of(meetup, "lou")) == ("declined", "going")
    assert announced().count("rsvp.promoted.v1") == 1


@pytest.mark.parametrize(("says", "state"), [("going", "going"), ("declined", "declined")])
def test_an_offer_is_taken_or_declined_and_twice_is_once(api, hub, hana, announced, says, state):
    meetup = offered(hub, hana)
    token = link(meetup, says)
    assert follow(api, "GET", token).text.count("<button>") == 2

    first, second = follow(api, "POST", token), follow(api, "POST", token)

    assert (first.status, second.status) == (200, 200)
    assert first.text == second.text
    assert state_of(meetup) == state
    names = announced()
    kind = "seat.taken.v1" if says == "going" else "rsvp.declined.v1"
    assert names.count(kind) == 2  # and lou's own


def test_the_page_is_in_english_for_who_reads_english(api, hub, hana):
    meetup = a_meetup(hana, hub)
    coming("noor", meetup, hub)
    noor = members.require(a_caller("noor"))
    members.edit(a_caller("noor"), name=None, language="en", time_zone=None, version=noor.version)

    page = follow(api, "GET", link(meetup, "declined"))

    assert "I am not coming" in page.text
    assert '<html lang="en">' in page.text


def test_a_new_date_is_confirmed_and_confirmed_again(api, hub, hana):
    meetup = a_meetup(hana, hub)
    coming("noor", meetup, hub)
    edited(meetup, revision=1)
    token = link(meetup, "going")

    answers = [follow(api, "POST", token).status for _ in range(2)]

    assert answers == [200, 200]
    assert (state_of(meetup), rsvp_of(meetup, "noor").revision) == ("going", 1)


def test_who_waits_still_waits_after_saying_that_the_new_date_suits_them(api, hub, hana):
    meetup = a_meetup(hana, hub, seats=1)
    coming("lou", meetup, hub)
    coming("noor", meetup, hub)
    edited(meetup, revision=1)
    token = link(meetup, "going")

    pages = [follow(api, "POST", token) for _ in range(2)]

    assert [page.status for page in pages] == [200, 200]
    assert "Vous attendez une place." in pages[1].text
    assert (rsvp_of(meetup, "noor").revision, rsvp_of(meetup, "noor").number) == (1, 1)


def test_an_announced_seat_goes_to_the_first_who_takes_it(api, hub, hana):
    meetup = a_meetup(hana, hub, seats=1, ahead=timedelta(minutes=100))
    lou, _, _ = (coming(name, meetup, hub) for name in ("lou", "noor", "eve"))
    meetups.answer(lou, hub.id, meetup.id, says="declined")
    tokens = [link(meetup, "going", name) for name in ("eve", "noor")]

    pages = [follow(api, "POST", token) for token in tokens]

    assert "Vous venez." in pages[0].text
    assert "Vous attendez une place." in pages[1].text


@pytest.mark.parametrize(
    ("language", "words", "answer"),
    [
        ("fr", "Cette rencontre est annulée.", "Vous venez."),
        ("en", "This meetup is cancelled.", "You are coming."),
    ],
)
def test_the_page_of_what_is_cancelled_says_that_alone(api, hub, hana, language, words, answer):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    member = members.require(noor)
    members.edit(noor, name=None, language=language, time_zone="Europe/Paris", version=member.version)
    token = link(meetup, "declined")
    cancelling.cancel(hana, hub.id, meetup.id, reason="Le café est fermé.")

    page = follow(api, "GET", token).text

    assert f"<p>{words}</p></body>" in page
    assert answer not in page
    assert "<button>" not in page


# --- what is old


def later_answer(meetup, *said):
    for says in said:
        meetups.answer(a_caller("noor"), meetup.organization_id, meetup.id, says=says)


def refused(api, token, stored):
    """The code with which a link is refused, having changed nothing but what counts calls."""
    before = stored()
    answer = follow(api, "POST", token)
    assert stored() == before
    assert "<button>" not in follow(api, "GET", token).text
    assert answer.status == 409
    return answer.code


def test_an_old_mail_declines_no_later_answer(api, hub, hana, stored):
    meetup = a_meetup(hana, hub)
    coming("noor", meetup, hub)
    old = link(meetup, "declined")
    later_answer(meetup, "declined", "going")

    assert refused(api, old, stored) == "link_outdated"
    assert follow(api, "POST", link(meetup, "declined")).status == 200


def test_an_old_mail_declines_no_answer_to_a_later_date(api, hub, hana, stored):
    meetup = a_meetup(hana, hub)
    coming("noor", meetup, hub)
    old = link(meetup, "declined")
    edited(meetup, revision=1)
    later_answer(meetup, "going")

    assert refused(api, old, stored) == "link_outdated"


def test_the_mail_of_an_answer_still_declines_it_after_the_date_moved(api, hub, hana):
    meetup = a_meetup(hana, hub)
    coming("noor", meetup, hub)
    old = link(meetup, "declined")
    edited(meetup, revision=1)

    assert follow(api, "POST", old).status == 200
    assert state_of(meetup) == "declined"


def test_a_date_that_moved_again_is_not_confirmed_unseen(api, hub, hana, stored):
    meetup = a_meetup(hana, hub)
    coming("noor", meetup, hub)
    edited(meetup, revision=1)
    old = link(meetup, "going")
    edited(meetup, revision=2)

    follow(api, "POST", old)

    assert rsvp_of(meetup, "noor").revision == 0


def test_an_offer_that_lapsed_is_not_taken(api, hub, hana, time_passes, stored):
    meetup = offered(hub, hana)
    token = link(meetup, "going")
    time_passes(hours=6, minutes=1)

    assert refused(api, token, stored) == "link_outdated"


def test_a_link_to_an_earlier_offer_takes_no_later_one(api, hub, hana, stored):
    meetup = offered(hub, hana)
    old = link(meetup, "going")
    later_answer(meetup, "declined")
    coming("eve", meetup, hub)
    later_answer(meetup, "going")
    meetups.answer(a_caller("eve"), hub.id, meetup.id, says="declined")
    assert state_of(meetup) == "offered"

    assert refused(api, old, stored) == "link_outdated"


def test_whoever_was_asked_not_to_come_does_not_come_by_an_old_link(api, hub, hana, stored):
    meetup = offered(hub, hana)
    noor, old = a_caller("noor"), link(meetup, "going")
    meetups.remove(hana, hub.id, meetup.id, noor.member_id, reason="Nous serons trop nombreux.")

    assert refused(api, old, stored) == "link_outdated"


def test_what_a_host_said_since_is_not_changed_by_an_old_link(api, hub, hana, stored):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    old = link(meetup, "declined")
    meetups.answer_for(hana, hub.id, meetup.id, noor.member_id, says="interested")

    assert refused(api, old, stored) == "link_outdated"


@pytest.mark.parametrize("closed", ["by its start", "by its host", "cancelled"])
def test_nobody_answers_once_answers_are_closed(api, hub, hana, time_passes, stored, closed):
    meetup = a_meetup(hana, hub)
    coming("noor", meetup, hub)
    token = link(meetup, "declined")
    if closed == "by its start":
        time_passes(days=3, minutes=1)
    elif closed == "cancelled":
        edited(meetup, state="cancelled")
    else:
        edited(meetup, rsvp_closes_at=meetup.created_at)

    codes = {
        "by its start": "link_outdated",
        "by its host": "rsvps_closed",
        "cancelled": "meetup_state_refused",
    }
    assert refused(api, token, stored) == codes[closed]


def test_a_link_is_over_when_the_meetup_of_its_mail_would_have_started(api, hub, hana, time_passes, stored):
    meetup = a_meetup(hana, hub)
    coming("noor", meetup, hub)
    token = link(meetup, "declined")
    later = meetup.starts_at + timedelta(days=7)
    edited(meetup, starts_at=later, ends_at=later + timedelta(hours=2), rsvp_closes_at=later)
    time_passes(days=3, minutes=1)

    assert refused(api, token, stored) == "link_outdated"


# --- whose it is


@pytest.mark.parametrize("how", ["cut", "changed", "of another kind", "nothing"])
def test_a_link_that_is_not_ours_is_refused(api, hub, hana, how):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    token = link(meetup, "declined")
    forged = {
        "cut": token[:-4],
        "changed": ("B" if token[0] == "A" else "A") + token[1:],
        "of another kind": token_in(links.unsubscribe(noor.member_id, hub.id)),
        "nothing": "x",
    }[how]

    for method in ("GET", "POST"):
        answer = follow(api, method, forged)
        assert (answer.status, answer.code) == (400, "link_invalid")
    assert state_of(meetup) == "going"


def test_a_link_unsubscribes_nobody(api, hub, hana):
    meetup = a_meetup(hana, hub)
    coming("noor", meetup, hub)

    answer = api.post("/unsubscribe", query={"token": link(meetup, "declined")})

    assert answer.code == "link_invalid"


def test_there_is_no_link_for_who_hosts_nor_for_who_says_nothing(hub, hana):
    meetup = a_meetup(hana, hub)

    for caller in (hana, a_follower("noor", hub)):
        stands = standpoints.look(caller.member_id, hub.id, meetup.id)
        assert [one_click.link_to(stands, says) for says in ("going", "declined")] == [None, None]


def test_who_stopped_following_comes_no_more_by_a_link(api, hub, hana):
    meetup = offered(hub, hana)
    token = link(meetup, "going")
    following.unfollow(a_caller("noor"), hub.id)

    assert follow(api, "POST", token).code == "follow_first"


def test_a_token_fits_into_an_address(hub, hana):
    meetup = offered(hub, hana)

    assert len(link(meetup, "declined")) <= 300


def test_a_mail_has_the_links_that_its_letter_is_for(hub, hana):
    meetup = a_meetup(hana, hub)
    noor = coming("noor", meetup, hub)
    event = events.SeatTaken(
        organization_id=hub.id, actor_id=noor.member_id, at=rsvp_of(meetup, "noor").since,
        meetup_id=meetup.id, member_id=noor.member_id, party=1, after="none",
    )  # fmt: skip

    letter = letters.letter_for(event)

    assert letter.take_url == ""
    assert token_in(letter.decline_url) == link(meetup, "declined")


def test_following_a_link_takes_few_calls(api, hub, hana, calls):
    meetup = a_meetup(hana, hub)
    coming("noor", meetup, hub)
    token = link(meetup, "declined")
    calls.clear()

    follow(api, "GET", token)
    assert len(calls) == 1
    calls.clear()

    follow(api, "POST", token)
    assert len(calls) <= 4


def test_an_answer_that_comes_between_is_not_changed(hub, hana, monkeypatch):
    meetup = a_meetup(hana, hub)
    coming("noor", meetup, hub)
    token, put = link(meetup, "declined"), one_click.put

    def put_late(*args, **said):
        monkeypatch.setattr(one_click, "put", put)
        later_answer(meetup, "interested")
        return put(*args, **said)

    monkeypatch.setattr(one_click, "put", put_late)

    with pytest.raises(one_click.LinkOutdated):
        meetups.follow_link(token)
    assert state_of(meetup) == "interested"
