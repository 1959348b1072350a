"""Questions on the local cloud: fifty who claim one at once, and waves through the real queues."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from tests.cloud.people import Person, eventually
from tests.cloud.test_live import Listener

CROWD = 50
AT_ONCE = 12
"""The emulator runs no more than sixteen functions at once."""


@pytest.fixture(scope="module")
def hub(cloud):
    claire = Person(cloud, "Claire", groups=["organizations.create"])
    body = {
        "slug": f"cyclofil-{uuid.uuid4().hex[:8]}",
        "name": "Cyclofil",
        "aim": "Réparer son vélo soi-même, ensemble.",
        "presets": ["help"],
    }
    opened = claire.post("/organizations", body)
    assert opened.status_code == 201, opened.text
    return opened.json()


@pytest.fixture(scope="module")
def sam(cloud):
    return Person(cloud, "Sam")


def a_follower(cloud, hub, name):
    person = Person(cloud, name)
    assert person.put(f"/organizations/{hub['id']}/follow").status_code == 201
    return person


def a_question(person, hub, text="Mes freins grincent : que faire ?"):
    asked = person.post(f"/organizations/{hub['id']}/questions", {"text": text, "topics": ["freins"]})
    assert asked.status_code == 201, asked.text
    return asked.json()


def a_volunteer_there(cloud, hub, name, **settings):
    """Someone who helps, with a live connection that is told their notifications."""
    person = a_follower(cloud, hub, name)
    body = {"topics": [], "all_topics": False, "capacity": 1, "daily_cap": 5, **settings}
    assert person.put(f"/me/organizations/{hub['id']}/helping", body).status_code == 200
    listener = Listener(cloud, person)
    assert listener.ask(kind="subscribe", notifications=True)["kind"] == "ack"
    return listener


def offered(listener, question):
    """The offer of a question, as it is told at a live connection; None when none comes in a while."""

    def told():
        listener.take_for(0.3)
        return [
            frame["detail"]
            for frame in listener.told
            if frame["kind"] == "notification"
            and frame["about"] == "question_offered"
            and frame["detail"]["question_id"] == question["id"]
        ]

    return eventually(told)


def test_of_fifty_who_claim_a_question_at_once_one_gets_it_and_the_others_learn_what_else_waits(
    cloud, hub, sam
):
    question, other = a_question(sam, hub), a_question(sam, hub, "Et ma chaîne saute.")
    path = f"/organizations/{hub['id']}/questions/{question['id']}/claim"

    with ThreadPoolExecutor(AT_ONCE) as doors:
        crowd = list(doors.map(lambda n: a_follower(cloud, hub, f"V{n}"), range(CROWD)))
    with ThreadPoolExecutor(CROWD) as hands:
        answers = list(hands.map(lambda person: _claimed(person, path), crowd))

    refused = [answer for answer in answers if answer.status_code == 409]
    (helper_id,) = [answer.json()["helper_id"] for answer in answers if answer.status_code in (200, 201)]
    assert len(refused) == CROWD - 1, {answer.text for answer in answers}
    assert {
        (told["code"], told["others_waiting"], told["next_question_id"])
        for told in (answer.json() for answer in refused)
    } == {("question_already_claimed", 1, other["id"])}
    read = sam.get(path.removesuffix("/claim")).json()
    assert (read["state"], read["helper_id"]) == ("claimed", helper_id)


def _claimed(person, path):
    """A claim; one that many others got in the way of is made again, as a client does."""
    while (answer := person.post(path)).status_code == 409 and answer.json()["code"] == "busy":
        pass
    return answer


def test_waves_reach_volunteers_where_they_are_with_the_reason(cloud, hub, sam):
    noor = a_volunteer_there(cloud, hub, "Noor", topics=["freins"])
    lou = a_volunteer_there(cloud, hub, "Lou", all_topics=True)

    question = a_question(sam, hub)

    (first,) = offered(noor, question)
    assert (first["why"], first["wave"]) == ("topic", 0)
    # the second wave's timer takes a minute: what it puts into the queue is put there now
    detail = {"organization_id": hub["id"], "question_id": question["id"], "round": 1, "wave": 1}
    due = datetime.now(UTC).isoformat()
    body = {"timer": "wave", "name": f"wave-{uuid.uuid4().hex}", "due": due, "detail": detail}
    sqs = cloud.boto("sqs")
    for _ in range(2):  # a queue may deliver twice
        sqs.send_message(QueueUrl=cloud.names["TimersQueue"], MessageBody=json.dumps(body))

    (second,) = offered(lou, question)
    assert (second["why"], second["wave"]) == ("follower", 1)
    for one in (noor, lou):
        one.take_for(2)
        assert len(offered(one, question)) == 1
        one.close()


def test_two_people_in_a_conversation_see_each_other_come_and_go(cloud, hub, sam):
    question = a_question(sam, hub)
    asker, helper = Listener(cloud, sam), Listener(cloud, a_follower(cloud, hub, "Ines"))
    path = f"/organizations/{hub['id']}/questions/{question['id']}/claim"
    assert helper.person.post(path).status_code == 200
    there = {"organization_id": hub["id"], "conversation_id": question["conversation_id"]}
    known = [one.ask(kind="subscribe", **there)["others"] for one in (asker, helper)]

    assert helper.ask(kind="presence", state="afk")["state"] == "afk"
    away = eventually(lambda: _states(asker, helper)[-1:] == ["afk"])
    helper.close()

    assert [[other["state"] for other in others] for others in known] == [["active"], ["active"]]
    assert away
    assert eventually(lambda: _states(asker, helper)[-1:] == ["offline"])
    asker.close()


def _states(listener, other):
    listener.take_for(0.3)
    return [
        frame["state"]
        for frame in listener.told
        if frame["kind"] == "presence" and frame.get("member_id") == other.person.id
    ]
