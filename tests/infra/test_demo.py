from __future__ import annotations

import dataclasses
import re
import threading
import unicodedata
from collections import Counter
from itertools import pairwise

import httpx
import jwt
import pytest
from chalice.test import Client as Chalice

from app import app
from chalicelib.contracts.conversations import SayInConversation
from chalicelib.contracts.helping import SetHelping
from chalicelib.contracts.meetups import MeetingPlace
from chalicelib.contracts.memberships import GiveRole, Introduce
from chalicelib.contracts.messages import EditMessage, PostMessage
from chalicelib.contracts.organizations import CreateOrganization
from chalicelib.contracts.questions import AskQuestion
from chalicelib.contracts.recognition import Thank
from chalicelib.contracts.salons import OpenSalon
from chalicelib.contracts.widgets import ConfigureWidget
from chalicelib.domain.messages.showing import REACTIONS
from chalicelib.domain.presets import PRESETS, SALONS
from infra import demo
from infra.demo.cast import Cast, everyone
from tests.tokens import claims, private_key

API = "https://api.entraide.test/v1"
CAST = everyone()
HUBS = {hub.slug: hub for hub in CAST.organizations}
TOLD = [(hub, salon) for hub in CAST.organizations for salon in hub.salons]
LINES = [(hub, salon, line) for hub, salon in TOLD for line in salon.lines]
FOLLOWERS = [(hub, follower) for hub in CAST.organizations for follower in hub.people.values()]

each_hub = pytest.mark.parametrize("hub", CAST.organizations, ids=lambda hub: hub.slug)
each_salon = pytest.mark.parametrize(("hub", "salon"), TOLD, ids=lambda told: getattr(told, "title", None))


def mentioned(text):
    return re.findall(r"@([a-z]+)", text)


def at_home(hub, salon):
    """Everyone who may speak in a salon."""
    return {*hub.people, *(HUBS[salon.shared_with].people if salon.shared_with else ())}


# --- what is told


@pytest.mark.plain
def test_thirty_people_are_told_apart_by_their_names():
    people = demo.persons()

    assert len(people) == 30
    for tell in ("username", "name", "first_name"):
        assert len({getattr(person, tell) for person in people}) == 30
    assert {person.language for person in people} == {"fr", "en"}
    assert all(re.fullmatch("[a-z]+", person.username) for person in people)


@pytest.mark.plain
def test_everyone_is_somewhere_and_says_what_they_are_there():
    roles = {person.username: person.role for person in demo.persons()}

    assert roles["camille"] == "community manager of Cyclofil, member of Potager voisin"
    assert roles["yanis"] == "member of Cyclofil"
    assert all(roles.values())
    assert sum("," in role for role in roles.values()) >= 6


@pytest.mark.plain
@each_hub
def test_an_organization_has_its_staff_its_champions_and_a_partner(hub):
    titles = Counter(follower.title for follower in hub.people.values())

    del titles["member"]
    assert titles == {
        "owner": 1, "community manager": 1, "moderator": 1, "staff": 1, "champion": 2, "partner": 1,
    }  # fmt: skip


@pytest.mark.plain
@each_hub
def test_its_salons_are_those_its_aims_open_and_those_it_says_more_of(hub):
    opened = [SALONS["default"], *(PRESETS[aim].salon for aim in hub.presets), SALONS["off_topic"]]
    titles = [words["fr"][0].split() for words in opened]

    assert hub.salons[0].title.split() == titles[0]
    assert all((salon.theme is None) == (salon.title.split() in titles) for salon in hub.salons)


@pytest.mark.plain
def test_enough_is_said_to_be_worth_reading():
    assert 110 <= len(LINES) <= 170
    assert sum(len(line.thanks) for _, _, line in LINES) >= 25
    assert [line for _, _, line in LINES if line.edited]
    assert [line for _, _, line in LINES if line.deleted]
    assert {line.language for _, _, line in LINES} == {"fr", "en"}


@pytest.mark.plain
@each_salon
def test_a_conversation_is_one(hub, salon):
    ids = [line.id for line in salon.lines if line.id]

    assert len(ids) == len(set(ids))
    assert len({line.by for line in salon.lines}) >= 5
    assert sum(before.by == after.by for before, after in pairwise(salon.lines)) <= 1
    assert salon.pinned is None or salon.pinned in ids
    assert len({(line.by, line.text) for line in salon.lines}) == len(salon.lines)


@pytest.mark.plain
@each_salon
def test_whoever_is_named_is_there(hub, salon):
    there, known = at_home(hub, salon), set()

    assert set(salon.read_by) <= there
    for line in salon.lines:
        texts = [line.text, line.edited or "", *line.thanks.values()]
        reacting = [username for usernames in line.reactions.values() for username in usernames]
        assert {line.by, *reacting, *line.thanks} <= there
        assert {username for text in texts for username in mentioned(text)} <= there
        assert line.reply_to is None or line.reply_to in known
        assert not (line.deleted and (line.id or line.reactions or line.thanks))
        known.add(line.id)


@pytest.mark.plain
def test_nobody_thanks_or_applauds_themself_and_nobody_thanks_one_person_too_often():
    pairs = Counter((by, line.by) for _, _, line in LINES for by in line.thanks)

    assert all(giver != beneficiary for giver, beneficiary in pairs)
    assert max(pairs.values()) <= 3  # what the rule of recognition counts
    for _, _, line in LINES:
        assert set(line.reactions) <= set(REACTIONS)
        assert all(line.by not in who and len(set(who)) == len(who) for who in line.reactions.values())


@pytest.mark.plain
@each_hub
def test_the_first_words_are_the_community_managers_and_need_nobody(hub):
    first = hub.salons[0].lines[0]

    assert first.by == hub.the("community_manager")
    assert not mentioned(first.text)


@pytest.mark.plain
@each_hub
def test_its_questions_are_asked_answered_and_left_waiting_by_people_who_are_there(hub):
    waiting = [question for question in hub.questions if question.helper is None]

    assert waiting
    assert len(waiting) < len(hub.questions)
    assert len([follower for follower in hub.people.values() if follower.helps]) >= 4
    for question in hub.questions:
        assert {question.by, question.helper} - {None} <= set(hub.people)
        assert question.by != question.helper
        assert {words.by for words in question.said} <= {question.by, question.helper}
        assert (question.outcome is None) == (question.helper is None) == (not question.said)
        assert question.public or question.helper


@pytest.mark.plain
@each_hub
def test_its_meetups_are_born_from_its_salons_and_come_to_by_people_who_are_there(hub):
    for meetup in hub.meetups:
        assert {meetup.by, *meetup.going, *meetup.interested} <= set(hub.people)
        assert meetup.by not in meetup.going
        assert meetup.salon in {salon.title for salon in hub.salons}
    assert any(
        meetup.seats is not None and len(meetup.going) > meetup.seats
        for meetup in CAST.organizations[0].meetups
    )


@pytest.mark.plain
def test_everything_told_fits_the_contracts():
    some_id = "mem_7ZQK5T9V3M8XW2RBN4CJ6HDPEA"
    for hub in CAST.organizations:
        CreateOrganization(
            slug=hub.slug, name=hub.name, aim=hub.aim, presets=hub.presets, site_url=hub.site_url,
            resources=hub.resources,
        )  # fmt: skip
        ConfigureWidget(**hub.widget)
        for question in hub.questions:
            AskQuestion(
                text=question.text, topics=question.topics, language=question.language, page=question.page
            )
            for words in question.said:
                SayInConversation(client_message_id="0190f3a2", text=words.text)
        for meetup in hub.meetups:
            MeetingPlace(**meetup.place)
    for _, follower in FOLLOWERS:
        Introduce(story=follower.story, knows=follower.knows, wants=follower.wants)
        if follower.helps:
            SetHelping(**{"all_topics": False, "daily_cap": 5, **follower.helps})
        GiveRole(role=follower.role, voice=follower.voice)
    for _, salon in TOLD:
        OpenSalon(title=salon.title, theme=salon.theme or "")
    for _, _, line in LINES:
        mentions = [some_id for _ in mentioned(line.text)]
        PostMessage(client_message_id="0190f3a2", text=line.text, mentions=mentions)
        EditMessage(text=line.edited or line.text)
        for text in line.thanks.values():
            Thank(text=text)


def said_of(meetup):
    """What is written of a meetup; an address is written as the post office does."""
    return (meetup.title, meetup.about, meetup.accessibility, meetup.place["district"], meetup.place["name"])


def french():
    """Every French text."""
    for hub in CAST.organizations:
        yield from (hub.name, hub.aim, *(resource["title"] for resource in hub.resources))
    for _, follower in FOLLOWERS:
        if CAST.people[follower.username].language == "fr":
            yield from (follower.story, *follower.knows, *follower.wants)
    yield from (text for hub in CAST.organizations for meetup in hub.meetups for text in said_of(meetup))
    for hub in CAST.organizations:
        yield from hub.widget["topics"]
        yield from hub.widget["texts"]["fr"].values()
        for question in hub.questions:
            if question.language == "fr":
                yield from (question.text, *(words.text for words in question.said), question.thanks or "")
    for _, salon in TOLD:
        yield from (salon.title, salon.theme or "")
    for _, _, line in LINES:
        if line.language == "fr":
            yield from (line.text, line.edited or "")
        yield from (text for by, text in line.thanks.items() if CAST.people[by].language == "fr")


@pytest.mark.plain
@pytest.mark.parametrize(
    ("mistake", "pattern"),
    [
        ("a straight apostrophe or quote", "['\"]"),
        ("two spaces", r"[ \u00a0\u202f]{2}"),
        ("no narrow no-break space", r"[^\u202f?!;][?!;]|[^\u202f]\?"),
        ("no no-break space before a colon", r"[^\u00a0\d]:|\d:(?!\d)"),
        ("no no-break space inside quotation marks", r"«[^\u00a0]|[^\u00a0]»"),
        ("three dots", r"\.\.\."),
        ("a space before a full stop or a comma", r"\s[.,]"),
        ("no space after a punctuation mark", r"[?!;,][^\s\d»…)]"),
        ("a breakable space before a unit", r"\d (mm|cm|km|kg|g|cl|h|°C|%|dB|kHz)\b"),
        ("a space at an end", r"^\s|\s$"),
    ],
)
def test_french_is_printed_as_the_french_do(mistake, pattern):
    assert [text for text in french() if re.search(pattern, text)] == [], mistake


@pytest.mark.plain
def test_texts_are_composed_and_english_has_its_apostrophes():
    everything = [line.text for _, _, line in LINES] + [person.name for person in demo.persons()]

    assert all(unicodedata.is_normalized("NFC", text) for text in everything)
    assert not any("'" in line.text for _, _, line in LINES)


# --- what is done with it


class Pool:
    """A user pool that believes everyone."""

    def __init__(self):
        self.known = {}
        private_key()  # made once, before several people sign up at the same moment

    def sign_up(self, username, name, *, locale="fr", zone="Europe/Paris", groups=()):
        said = {"name": name, "locale": locale, "zoneinfo": zone, "cognito:groups": list(groups)}
        self.known[username] = jwt.encode(
            {**claims(username), **said}, private_key(), algorithm="RS256", headers={"kid": "tests"}
        )

    def token(self, username):
        return self.known[username]


class PowerCut(BaseException):
    """The seeding dies."""


class Wire(httpx.BaseTransport):
    """Takes requests to the application, one at a time; what is planned befalls the first that matches."""

    def __init__(self, client, plan=()):
        self._client, self._turn = client, threading.Lock()
        self.plan, self.seen = dict(plan), []

    def handle_request(self, request):
        with self._turn:
            asked = f"{request.method} {request.url.path}"
            matched = next((pattern for pattern in self.plan if re.search(pattern, asked)), None)
            mishap = self.plan.get(matched)
            if mishap is PowerCut:
                self.plan = {"": PowerCut}  # nothing works any more
                raise PowerCut
            self.plan.pop(matched, None)
            self.seen.append(asked)
            if isinstance(mishap, httpx.Response):
                return mishap
            answer = self._client.http.request(
                request.method,
                request.url.raw_path.decode(),
                headers=dict(request.headers),
                body=request.read(),
            )
            if mishap is httpx.ReadTimeout:
                raise httpx.ReadTimeout("lost on the way back")
            return httpx.Response(answer.status_code, headers=dict(answer.headers), content=answer.body)


@pytest.fixture
def served():
    with Chalice(app) as client:
        yield client


KEEP = {"claire", "camille", "seun", "baptiste", "ines", "fatou", "bachir"}


def a_part():
    """Enough of the demonstration to see everything happen: moto takes its time for the whole."""
    hubs = [
        dataclasses.replace(
            hub,
            people={name: follower for name, follower in hub.people.items() if name in KEEP},
            salons=[
                _shortened(salon)
                for salon in hub.salons
                if salon.title == "Accueil" or salon.shared_with or any(line.edited for line in salon.lines)
            ],
            questions=_asked_among_them(hub),
            meetups=[_met_among_them(hub)],
        )
        for hub in CAST.organizations
    ]
    return Cast(people={name: CAST.people[name] for name in sorted(KEEP)}, organizations=hubs)


def _asked_among_them(hub):
    """Its first question, between two of those who are kept, and its last one, that waits."""
    one, other = sorted(KEEP & set(hub.people))[:2]
    first, last = hub.questions[0], hub.questions[-1]
    said = [
        dataclasses.replace(words, by=other if words.by == first.helper else one) for words in first.said[:3]
    ]
    return [
        dataclasses.replace(first, by=one, helper=other, said=said),
        dataclasses.replace(last, by=one, helper=None),
    ]


def _met_among_them(hub):
    """Its first meetup, with one seat, for those who are kept."""
    host, *others = sorted(KEEP & set(hub.people))
    coming = dict.fromkeys(others[:2], 1)
    return dataclasses.replace(
        hub.meetups[0], by=host, salon="Accueil", seats=1, going=coming, interested=others[2:3]
    )  # fmt: skip


def _shortened(salon):
    kept = []
    for line in salon.lines:
        follows = line.reply_to in {None, *(earlier.id for earlier in kept)}
        if line.by in KEEP and follows and (len(kept) < 3 or line.edited or line.deleted):
            reactions = {
                name: [who for who in whose if who in KEEP][:1] for name, whose in line.reactions.items()
            }
            thanks = {who: text for who, text in line.thanks.items() if who in KEEP}
            kept.append(dataclasses.replace(line, reactions=reactions, thanks=thanks))
    read_by = [who for who in salon.read_by if who in KEEP]
    return dataclasses.replace(salon, lines=kept, pinned=kept[0].id, read_by=read_by)


def found(api, told):
    """What the API says of every salon that is told of: the salon, and its messages in their order."""
    for hub in told.organizations:
        (organization,) = api.get("/organizations", query={"slug": hub.slug}).json["data"]
        place = f"/organizations/{organization['id']}/salons"
        salons = {salon["title"].split()[0]: salon for salon in api.get(place).json["data"]}
        for salon in hub.salons:
            known = salons[salon.title.split()[0]]
            query = {"after_seq": 0, "limit": 48}
            messages = api.get(f"{place}/{known['id']}/messages", query=query).json["data"]
            yield organization, known, salon, messages


def asked(api, told):
    """What became of every question that is told of, as its asker reads it."""
    for hub in told.organizations:
        (organization,) = api.get("/organizations", query={"slug": hub.slug}).json["data"]
        for question in hub.questions:
            mine = api.get(f"/me/organizations/{organization['id']}/questions", by=question.by).json["data"]
            (found,) = [seen for seen in mine if seen["text"] == question.text]
            place = f"/organizations/{organization['id']}/questions/{found['id']}/messages"
            yield question, found, api.get(place, query={"after_seq": 0}, by=question.by).json["data"]


def must_be_asked_and_answered(api, told):
    """Every question is there once, in the state and with the words that are told."""
    for question, found, words in asked(api, told):
        assert found["state"] == ("resolved" if question.helper else "open")
        assert found["outcome"] == question.outcome
        assert [said["text"] for said in words] == [said.text for said in question.said]
    for hub in told.organizations:
        (organization,) = api.get("/organizations", query={"slug": hub.slug}).json["data"]
        waiting = api.get(f"/organizations/{organization['id']}/questions").json["data"]
        assert len(waiting) == sum(question.helper is None for question in hub.questions)
        assert (
            api.get(f"/widget/{hub.slug}").json["texts"]["fr"]["title"] == hub.widget["texts"]["fr"]["title"]
        )
        for follower in hub.people.values():
            here = f"/me/organizations/{organization['id']}/helping"
            helps = follower.helps or {"topics": []}
            assert sorted(api.get(here, by=follower.username).json["topics"]) == sorted(helps["topics"])


def must_be_proposed_and_answered(api, told):
    """Every meetup is there once, ahead, with those who come, wait and are interested."""
    for hub in told.organizations:
        (organization,) = api.get("/organizations", query={"slug": hub.slug}).json["data"]
        ahead = api.get(f"/organizations/{organization['id']}/meetups").json["data"]
        assert [(one["title"], one["state"]) for one in ahead] == [
            (meetup.title, "published") for meetup in hub.meetups
        ]
        counts = [(one["going"], one["waiting"], one["interested"]) for one in ahead]
        assert counts == [(2, 1, len(meetup.interested)) for meetup in hub.meetups]


def must_have_spoken_first(organization, seen):
    """Whoever follows, but for the owner and the manager, finds a community manager who has spoken."""
    here = [asked for asked in seen if organization["id"] in asked]
    spoken = next(n for n, asked in enumerate(here) if re.match("POST .*/messages$", asked))
    followed = [n for n, asked in enumerate(here) if asked.endswith("/follow")]
    assert [n < spoken for n in followed[:3]] == [True, True, False]


def test_everything_told_is_there_and_telling_it_again_changes_nothing(served, api, stored):
    told, pool, said, wire = a_part(), Pool(), [], Wire(served)

    demo.seed(pool, API, said.append, cast=told, transport=wire)

    for organization, known, salon, messages in found(api, told):
        assert organization["resources"]
        if known["id"] == organization["default_salon_id"]:
            assert organization["community_manager_id"] == messages[0]["author"]["member_id"]
            must_have_spoken_first(organization, wire.seen)
        assert known["pinned_message_id"] == messages[0]["id"]
        assert (known["shared_with"] == []) == (salon.shared_with is None)
        names = [told.people[line.by].name for line in salon.lines]
        assert [message["author"]["name"] for message in messages] == names
        for line, message in zip(salon.lines, messages, strict=True):
            assert (message["text"] is None) == line.deleted
            assert message["thanks"] == len(line.thanks)
            reactions = {r["reaction"]: r["count"] for r in message["reactions"]}
            assert reactions == {name: len(whose) for name, whose in line.reactions.items() if whose}
            if line.edited:
                assert message["text"] == line.edited
            assert len(message["mentions"]) == len(mentioned(line.text))
    voices = {
        m["author"]["name"]: m["author"]["voice"] for *_, messages in found(api, told) for m in messages
    }
    assert (voices["Fatou Diop"], voices["Bachir Haddad"], voices["Seun Adeyemi"]) == (
        "staff",
        "partner",
        "member",
    )
    must_be_asked_and_answered(api, told)
    must_be_proposed_and_answered(api, told)
    assert said[0] == "7 people have an account"

    before, asked = stored(), len(wire.seen)
    demo.seed(pool, API, said.append, cast=told, transport=wire)

    assert stored() == before
    assert len(wire.seen) < 2 * asked


def test_lost_answers_busy_moments_and_a_power_cut_lose_nothing_and_double_nothing(served, api):
    told, pool = a_part(), Pool()
    lost, busy = httpx.ReadTimeout, httpx.Response(409, json={"code": "busy"})
    later = {"Retry-After": "0"}
    plan = {
        "POST .*/organizations$": lost,
        "PUT .*/follow$": httpx.Response(503, headers=later),
        "PATCH .*/me/": lost,
        "POST .*/salons$": lost,
        "POST .*/messages$": lost,
        "PUT .*/reactions/": busy,
        "PUT .*/thanks$": httpx.Response(429, headers=later),
        "PUT .*/pin$": lost,
        "POST .*/questions$": lost,
        "POST .*/claim$": lost,
        "POST .*/answered$": lost,
        "POST .*/confirm$": PowerCut,
    }
    with pytest.raises(PowerCut):
        demo.seed(pool, API, lambda _: None, cast=told, transport=Wire(served, plan))

    demo.seed(pool, API, lambda _: None, cast=told, transport=Wire(served))

    for _, known, salon, messages in found(api, told):
        assert known["pinned_message_id"] == messages[0]["id"]
        assert [told.people[line.by].name for line in salon.lines] == [m["author"]["name"] for m in messages]
        assert [len(line.thanks) for line in salon.lines] == [message["thanks"] for message in messages]
    must_be_asked_and_answered(api, told)
    must_be_proposed_and_answered(api, told)
    organizations = api.get("/organizations").json["data"]
    assert [organization["slug"] for organization in organizations] == ["cyclofil", "potager-voisin"]
    for organization in organizations:
        salons = api.get(f"/organizations/{organization['id']}/salons").json["data"]
        assert len({salon["title"] for salon in salons}) == len(salons)


def test_what_the_api_declines_is_said(served):
    declined = httpx.Response(403, json={"code": "scope_missing"})

    with pytest.raises(demo.DemonstrationError, match=r"POST /organizations by claire.*scope_missing"):
        demo.seed(
            Pool(),
            API,
            lambda _: None,
            cast=a_part(),
            transport=Wire(served, {"POST .*/organizations$": declined}),
        )


def test_an_api_that_stays_silent_is_given_up(served, monkeypatch):
    monkeypatch.setattr("infra.demo.client.time.sleep", lambda _: None)

    class Silence(httpx.BaseTransport):
        def handle_request(self, request):
            raise httpx.ConnectError("nobody there", request=request)

    with pytest.raises(demo.DemonstrationError, match="nobody there"):
        demo.seed(Pool(), API, lambda _: None, cast=a_part(), transport=Silence())
