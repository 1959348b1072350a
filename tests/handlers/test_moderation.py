from datetime import timedelta

import pytest

from chalicelib.domain import members, messages, moderation, readings, salons
from chalicelib.gateways import clock
from chalicelib.models.messages import Message
from chalicelib.models.moderation import Statement
from chalicelib.models.salons import Salon
from chalicelib.models.tables import load
from tests import faults
from tests.factories import a_caller, a_follower, a_host, a_salon, an_organization

WRITE = "dynamodb.UpdateItem"  # the rate bucket
READ = "dynamodb.BatchGetItem"
GET = "dynamodb.GetItem"
COMMIT = "dynamodb.TransactWriteItems"

WHY = {"rule": "private_data", "facts": "Le message donne l’adresse d’une autre personne."}
PLEA = {"text": "C’est ma propre adresse."}
REASON = "L’adresse est bien celle de son auteur : rendu."
SCOPE = ("moderation",)


def moderating(name="mona"):
    return {"by": name, "groups": SCOPE}


def salon_path(organization, salon, rest=""):
    return f"/organizations/{organization.id}/salons/{salon.id}{rest}"


def hiding(organization, salon, message):
    return salon_path(organization, salon, f"/messages/{message.id}/hiding")


def statement_path(statement, rest=""):
    return f"/organizations/{statement['organization_id']}/statements/{statement['id']}{rest}"


def say(who, organization, salon, text):
    return messages.post(
        a_caller(who), organization.id, salon.id, client_message_id=str(abs(hash(text))), text=text
    ).said.message


def decided_later(monkeypatch, after):
    real = clock.now

    monkeypatch.setattr(clock, "now", lambda: real() + after)


@pytest.fixture
def scene():
    """An organization with an open salon where Noor said something; Mona and Moussa moderate."""
    acme = an_organization()
    salon = a_salon(acme)
    a_follower("noor", acme)
    for moderator in ("mona", "moussa"):
        members.require(a_caller(moderator))
    return acme, salon, say("noor", acme, salon, "J’habite 3 rue des Lilas.")


# --- freezing


def test_moderation_freezes_a_salon_with_a_statement_of_reasons_in_one_transaction(
    api, scene, calls, announced
):
    acme, salon, _ = scene
    calls.clear()

    answer = api.put(salon_path(acme, salon, "/freeze"), body=WHY, **moderating())

    assert calls == [WRITE, READ, COMMIT]
    assert answer.status == 200, answer
    assert {name: answer.json[name] for name in ("object_kind", "object_id", "state", *WHY)} == {
        "object_kind": "salon", "object_id": salon.id, "state": "decided", **WHY,
    }  # fmt: skip
    assert (answer.json["decided_by_role"], answer.json["automated"]) == ("platform_moderation", False)
    assert a_caller("mona").member_id not in answer.text
    seen = api.get(salon_path(acme, salon)).json
    assert (seen["state"], seen["restriction"]) == (
        "frozen", {"rule": "private_data", "statement_id": answer.json["id"]},
    )  # fmt: skip
    assert announced()[-1] == "salon.frozen.v1"


@pytest.mark.parametrize("who", ["claire", "nadia", "noor"])
def test_no_role_in_an_organization_freezes_or_hides(api, scene, stored, who):
    acme, salon, said = scene
    a_host("nadia", acme)
    before = stored()

    answers = [
        api.put(salon_path(acme, salon, "/freeze"), by=who, body=WHY),
        api.delete(salon_path(acme, salon, "/freeze"), by=who),
        api.put(hiding(acme, salon, said), by=who, body=WHY),
        api.delete(hiding(acme, salon, said), by=who),
        api.post(f"/organizations/{acme.id}/statements/sta_1/decision", by=who, body={}),
    ]

    assert {(answer.status, answer.code) for answer in answers} == {(403, "scope_missing")}
    assert stored() == before


def test_a_frozen_salon_takes_no_words_and_its_hosts_cannot_open_it(api, scene):
    acme, salon, _ = scene
    api.put(salon_path(acme, salon, "/freeze"), body=WHY, **moderating())

    with pytest.raises(messages.SalonClosedToWords):
        say("noor", acme, salon, "Et alors ?")
    opened = api.patch(salon_path(acme, salon), by="claire", body={"state": "open"}, If_Match='"2"')

    assert (opened.status, opened.code) == (409, "salon_state_refused")


def test_freezing_and_unfreezing_again_change_nothing(api, scene, stored, announced):
    acme, salon, _ = scene
    freeze = salon_path(acme, salon, "/freeze")
    first = api.put(freeze, body=WHY, **moderating())
    before = stored()
    again = api.put(freeze, body={**WHY, "rule": "spam"}, **moderating("moussa"))
    assert (again.json, stored()) == (first.json, before)

    assert api.delete(freeze, **moderating()).status == 204
    before = stored()
    assert api.delete(freeze, **moderating()).status == 204

    assert stored() == before
    seen = api.get(salon_path(acme, salon)).json
    assert (seen["state"], seen["restriction"]) == ("open", None)
    lifted = api.get(statement_path(first.json), by="claire").json
    assert lifted["state"] == "lifted"
    assert lifted["lifted_at"] is not None
    assert announced()[-2:] == ["salon.frozen.v1", "salon.unfrozen.v1"]


@pytest.mark.parametrize("state", ["read_only", "archived"])
def test_only_an_open_salon_is_frozen(api, scene, stored, state):
    acme, *_ = scene
    salon = a_salon(acme, state=state)
    api.get("/me", by="mona")
    before = stored()

    answer = api.put(salon_path(acme, salon, "/freeze"), body=WHY, **moderating())

    assert (answer.status, answer.code) == (409, "salon_state_refused")
    assert (answer.json["before"], answer.json["after"]) == (state, "frozen")
    assert stored() == before


def test_even_the_salon_for_any_subject_can_be_frozen_and_comes_back_open(api, scene):
    acme, *_ = scene
    salon = next(s for s in api.get(f"/organizations/{acme.id}/salons").json["data"] if s["off_topic"])
    freeze = f"/organizations/{acme.id}/salons/{salon['id']}/freeze"

    assert api.put(freeze, body=WHY, **moderating()).status == 200
    assert api.delete(freeze, **moderating()).status == 204

    assert api.get(f"/organizations/{acme.id}/salons/{salon['id']}").json["state"] == "open"


# --- hiding


def test_a_hidden_message_keeps_its_place_and_tells_the_rule(api, scene, calls, announced):
    acme, salon, said = scene
    calls.clear()

    answer = api.put(hiding(acme, salon, said), body=WHY, **moderating())

    assert calls == [WRITE, READ, READ, COMMIT]
    assert (answer.status, answer.json["object_id"]) == (200, said.id)
    listed = api.get(salon_path(acme, salon, "/messages"), by="claire").json["data"][0]
    read = api.get(salon_path(acme, salon, f"/messages/{said.id}")).json
    for seen in (listed, read):
        assert (seen["seq"], seen["state"], seen["text"]) == (1, "hidden", None)
        assert seen["restriction"] == {"rule": "private_data", "statement_id": answer.json["id"]}
    assert announced()[-1] == "message.hidden.v1"


def test_nothing_that_anyone_else_reads_holds_hidden_words(api, scene):
    acme, salon, said = scene
    messages.post(
        a_caller("claire"), acme.id, salon.id, client_message_id="quote", text="Merci !", reply_to=said.id
    )
    api.put(hiding(acme, salon, said), body=WHY, **moderating())
    address = salon_path(acme, salon, f"/messages/{said.id}")

    for who in ("claire", "mona", None):
        for path in (salon_path(acme, salon, "/messages"), address, address + "/history"):
            assert "Lilas" not in api.get(path, by=who).text


def test_its_author_still_sees_hidden_words_and_the_statement(api, scene, calls):
    acme, salon, said = scene
    statement = api.put(hiding(acme, salon, said), body=WHY, **moderating()).json
    listed = api.get(salon_path(acme, salon, "/messages"), by="noor").json["data"][0]
    read = api.get(salon_path(acme, salon, f"/messages/{said.id}"), by="noor").json
    calls.clear()

    theirs = api.get(statement_path(statement), by="noor")

    assert listed["text"] == read["text"] == "J’habite 3 rue des Lilas."
    assert listed["state"] == "hidden"
    assert theirs.json == statement
    assert calls == [READ]


def test_hidden_words_cannot_be_edited_taken_back_reacted_to_or_pinned(api, scene, stored):
    acme, salon, said = scene
    api.put(hiding(acme, salon, said), body=WHY, **moderating())
    address = salon_path(acme, salon, f"/messages/{said.id}")
    before = stored()

    answers = [
        api.patch(address, by="noor", body={"text": "Autre chose"}, If_Match='"2"'),
        api.delete(address, by="noor"),
        api.put(address + "/reactions/heart", by="noor"),
    ]
    pinned = api.put(salon_path(acme, salon, "/pin"), by="claire", body={"message_id": said.id})

    assert {answer.code for answer in answers} == {"message_withdrawn"}
    assert pinned.code == "nothing_to_pin"
    assert stored() == before


def test_a_pinned_message_that_is_hidden_keeps_its_pin(api, scene):
    acme, salon, said = scene
    salons.pin(a_caller("claire"), acme.id, salon.id, message_id=said.id)

    assert api.put(hiding(acme, salon, said), body=WHY, **moderating()).status == 200

    assert api.get(salon_path(acme, salon)).json["pinned_message_id"] == said.id


def test_hidden_messages_are_not_unread_and_count_again_once_restored(api, scene):
    acme, salon, _ = scene
    claire = a_caller("claire")
    readings.join(claire, acme.id, salon.id)
    one, _two = say("noor", acme, salon, "Un"), say("noor", acme, salon, "Deux")
    own = say("claire", acme, salon, "À moi")

    def unread():
        return api.get(f"/organizations/{acme.id}/readings", by="claire").json["data"][-1]["unread"]

    assert unread() == 2
    api.put(hiding(acme, salon, one), body=WHY, **moderating())
    api.put(hiding(acme, salon, own), body=WHY, **moderating())
    assert unread() == 1
    api.delete(hiding(acme, salon, one), **moderating())
    api.delete(hiding(acme, salon, own), **moderating())
    assert unread() == 2


def test_hiding_does_not_change_what_a_salon_is(api, scene):
    acme, salon, said = scene
    api.put(hiding(acme, salon, said), body=WHY, **moderating())

    assert api.get(salon_path(acme, salon)).json["version"] == 1


def test_hiding_and_restoring_again_change_nothing(api, scene, stored, announced):
    acme, salon, said = scene
    first = api.put(hiding(acme, salon, said), body=WHY, **moderating())
    before = stored()
    again = api.put(hiding(acme, salon, said), body={**WHY, "rule": "spam"}, **moderating("moussa"))
    assert (again.json, stored()) == (first.json, before)

    assert api.delete(hiding(acme, salon, said), **moderating()).status == 204
    before = stored()
    assert api.delete(hiding(acme, salon, said), **moderating()).status == 204

    assert stored() == before
    seen = api.get(salon_path(acme, salon, f"/messages/{said.id}")).json
    assert (seen["state"], seen["text"], seen["restriction"]) == ("sent", said.text, None)
    assert api.get(statement_path(first.json), by="noor").json["state"] == "lifted"
    assert announced()[-2:] == ["message.hidden.v1", "message.restored.v1"]


def test_a_message_can_be_hidden_again_under_another_statement(api, scene):
    acme, salon, said = scene
    first = api.put(hiding(acme, salon, said), body=WHY, **moderating()).json
    api.delete(hiding(acme, salon, said), **moderating())

    second = api.put(hiding(acme, salon, said), body=WHY, **moderating()).json

    assert second["id"] != first["id"]
    assert second["state"] == "decided"


def test_an_edited_message_comes_back_edited(api, scene, monkeypatch):
    acme, salon, said = scene
    decided_later(monkeypatch, timedelta(minutes=10))
    messages.edit(a_caller("noor"), acme.id, salon.id, said.id, text="Plutôt ailleurs.", version=1)
    api.put(hiding(acme, salon, said), body=WHY, **moderating())
    assert api.get(salon_path(acme, salon, f"/messages/{said.id}/history")).json["data"] == []

    api.delete(hiding(acme, salon, said), **moderating())

    seen = api.get(salon_path(acme, salon, f"/messages/{said.id}")).json
    assert (seen["state"], seen["text"]) == ("edited", "Plutôt ailleurs.")


def test_a_deleted_message_and_one_that_is_not_there_cannot_be_hidden(api, scene, stored):
    acme, salon, said = scene
    messages.delete(a_caller("noor"), acme.id, salon.id, said.id)
    before = stored()

    gone = api.put(hiding(acme, salon, said), body=WHY, **moderating())
    said.id = "msg_none"
    unknown = api.put(hiding(acme, salon, said), body=WHY, **moderating())

    assert (gone.status, gone.code) == (409, "message_withdrawn")
    assert (unknown.status, unknown.code) == (404, "message_not_found")
    assert stored() == before


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"rule": "private_data"},
        {"rule": "off_topic", "facts": WHY["facts"]},
        {"rule": "criticism", "facts": WHY["facts"]},
        {"rule": "spam", "facts": "Trop court."},
    ],
)
def test_a_restriction_says_its_rule_and_its_facts(api, scene, stored, body):
    acme, salon, said = scene
    before = stored()

    for path in (hiding(acme, salon, said), salon_path(acme, salon, "/freeze")):
        answer = api.put(path, body=body, **moderating())
        assert (answer.status, answer.code) == (422, "invalid_request")

    assert stored() == before


def test_a_message_deleted_at_the_same_instant_is_not_hidden(scene, monkeypatch, announced):
    acme, salon, said = scene
    locate = messages.locate

    def overtaken(*args):
        found = locate(*args)
        monkeypatch.setattr(messages, "locate", locate)
        messages.delete(a_caller("noor"), acme.id, salon.id, said.id)
        return found

    monkeypatch.setattr(messages, "locate", overtaken)
    with pytest.raises(messages.MessageWithdrawn):
        moderation.hide(a_caller("mona"), acme.id, salon.id, said.id, **WHY)

    assert "message.hidden.v1" not in announced()
    assert load(Salon.key(salon.id))[0].hidden_seqs is None
    assert Message.at_seq(salon.id, said.seq).state == "deleted_by_author"


@pytest.mark.parametrize("fault", ["crash-before", "crash-after", "net-after"])
def test_hiding_loses_nothing_and_does_nothing_twice_whatever_breaks(api, scene, announced, fault):
    acme, salon, said = scene

    with faults.installed() as injector:
        injector.fail("TransactWriteItems", fault)
        try:
            moderation.hide(a_caller("mona"), acme.id, salon.id, said.id, **WHY)
        except faults.Crash:
            api.put(hiding(acme, salon, said), body=WHY, **moderating())

    assert announced().count("message.hidden.v1") == 1
    assert load(Salon.key(salon.id))[0].hidden_seqs == {1}
    assert len(list(Statement.query(f"ORG#{acme.id}#STATEMENTS"))) == 1


def test_hidden_words_outlive_the_salons_retention_until_an_appeal_can_have_been_decided(api, scene):
    acme, *_ = scene
    salon = a_salon(acme, retention_days=30)
    said = say("noor", acme, salon, "Trente jours")
    statement = api.put(hiding(acme, salon, said), body=WHY, **moderating()).json

    sealed = Message.at_seq(salon.id, said.seq)
    until = Statement.get(f"ORG#{acme.id}#STATEMENTS", statement["id"]).appeal_until
    assert sealed.expires_at > until.timestamp()

    api.delete(hiding(acme, salon, said), **moderating())
    assert Message.at_seq(salon.id, said.seq).expires_at == said.expires_at


# --- statements and appeals


def a_hidden(api, scene):
    acme, salon, said = scene
    return api.put(hiding(acme, salon, said), body=WHY, **moderating()).json


def test_a_statement_is_not_found_by_those_whom_it_does_not_concern(api, scene):
    statement = a_hidden(api, scene)
    acme, *_ = scene
    other = an_organization("autre", by="olga")
    a_host("nadia", acme)
    a_host("sacha", acme, role="staff")

    assert api.get(statement_path(statement), by="nadia").status == 200
    assert api.get(statement_path(statement), **moderating("moussa")).status == 200
    for who in ("sacha", "olga", "passerby"):
        answer = api.get(statement_path(statement), by=who)
        assert (answer.status, answer.code) == (404, "statement_not_found")
    assert api.get(statement_path({**statement, "organization_id": other.id}), by="noor").status == 404
    assert api.get(statement_path({**statement, "id": "sta_none"}), by="noor").status == 404
    assert api.get(statement_path(statement)).status == 401


def test_an_overturned_hiding_gives_the_message_back_in_the_same_transaction(api, scene, calls, announced):
    acme, salon, said = scene
    statement = a_hidden(api, scene)
    calls.clear()

    appealed = api.post(statement_path(statement, "/appeal"), by="noor", body=PLEA)
    assert calls == [WRITE, READ, COMMIT]
    assert (appealed.status, appealed.json["state"], appealed.json["appeal"]) == (
        200,
        "appealed",
        PLEA["text"],
    )
    calls.clear()

    decided = api.post(
        statement_path(statement, "/decision"),
        body={"outcome": "overturned", "text": REASON},
        **moderating("moussa"),
    )
    assert calls == [WRITE, READ, GET, COMMIT]
    assert (decided.status, decided.json["state"], decided.json["review"]) == (200, "overturned", REASON)
    assert api.get(salon_path(acme, salon, f"/messages/{said.id}")).json["text"] == said.text
    assert not load(Salon.key(salon.id))[0].hidden_seqs
    assert sorted(announced()[-3:]) == ["appeal.decided.v1", "message.restored.v1", "statement.appealed.v1"]


def test_an_upheld_hiding_stays(api, scene, announced):
    acme, salon, said = scene
    statement = a_hidden(api, scene)
    api.post(statement_path(statement, "/appeal"), by="noor", body=PLEA)

    decided = api.post(
        statement_path(statement, "/decision"),
        body={"outcome": "upheld", "text": REASON},
        **moderating("moussa"),
    )

    assert decided.json["state"] == "upheld"
    assert api.get(salon_path(acme, salon, f"/messages/{said.id}")).json["state"] == "hidden"
    assert announced()[-1] == "appeal.decided.v1"


def test_a_host_appeals_for_a_frozen_salon_and_gets_it_back(api, scene, announced):
    acme, salon, _ = scene
    a_host("nadia", acme)
    statement = api.put(salon_path(acme, salon, "/freeze"), body=WHY, **moderating()).json

    assert api.post(statement_path(statement, "/appeal"), by="nadia", body=PLEA).status == 200
    decided = api.post(
        statement_path(statement, "/decision"),
        body={"outcome": "overturned", "text": REASON},
        **moderating("moussa"),
    )

    assert decided.json["state"] == "overturned"
    seen = api.get(salon_path(acme, salon)).json
    assert (seen["state"], seen["restriction"]) == ("open", None)
    assert "salon.unfrozen.v1" in announced()


def test_only_whom_it_concerns_appeals(api, scene, stored):
    acme, salon, _ = scene
    hidden = a_hidden(api, scene)
    frozen = api.put(salon_path(acme, salon, "/freeze"), body=WHY, **moderating()).json
    before = stored()

    for statement, who in [(hidden, {"by": "claire"}), (hidden, moderating()), (frozen, moderating())]:
        answer = api.post(statement_path(statement, "/appeal"), body=PLEA, **who)
        assert (answer.status, answer.code) == (403, "not_yours_to_appeal")
    assert api.post(statement_path(frozen, "/appeal"), by="noor", body=PLEA).status == 404

    assert stored() == before


def test_one_appeals_once_and_the_same_words_again_change_nothing(api, scene, stored):
    statement = a_hidden(api, scene)
    first = api.post(statement_path(statement, "/appeal"), by="noor", body=PLEA)
    before = stored()

    same = api.post(statement_path(statement, "/appeal"), by="noor", body=PLEA)
    other = api.post(statement_path(statement, "/appeal"), by="noor", body={"text": "J’insiste."})

    assert (same.status, same.json) == (200, first.json)
    assert (other.status, other.code) == (409, "already_appealed")
    assert stored() == before


@pytest.mark.parametrize("outcome", ["upheld", "overturned"])
def test_a_decided_appeal_is_not_appealed_or_decided_again(api, scene, stored, outcome):
    statement = a_hidden(api, scene)
    api.post(statement_path(statement, "/appeal"), by="noor", body=PLEA)
    decision = {"outcome": outcome, "text": REASON}
    first = api.post(statement_path(statement, "/decision"), body=decision, **moderating("moussa"))
    before = stored()

    same = api.post(statement_path(statement, "/decision"), body=decision, **moderating("moussa"))
    changed = api.post(
        statement_path(statement, "/decision"), body={**decision, "text": REASON * 2}, **moderating("moussa")
    )
    again = api.post(statement_path(statement, "/appeal"), by="noor", body={"text": "J’insiste."})

    assert (same.status, same.json) == (200, first.json)
    assert (changed.status, changed.code, changed.json["state"]) == (409, "no_appeal_waiting", outcome)
    assert again.code == "already_appealed"
    assert stored() == before


def test_nobody_decides_on_the_appeal_of_their_own_decision_or_of_their_own_words(api, scene, stored):
    statement = a_hidden(api, scene)
    api.post(statement_path(statement, "/appeal"), by="noor", body=PLEA)
    before = stored()
    decision = {"outcome": "upheld", "text": REASON}

    same = api.post(statement_path(statement, "/decision"), body=decision, **moderating("mona"))
    party = api.post(statement_path(statement, "/decision"), body=decision, **moderating("noor"))

    assert (same.status, same.code) == (403, "same_person_decides")
    assert (party.status, party.code) == (403, "party_to_the_matter")
    assert stored() == before


def test_what_nobody_appealed_is_not_decided_again(api, scene):
    statement = a_hidden(api, scene)

    answer = api.post(
        statement_path(statement, "/decision"),
        body={"outcome": "overturned", "text": REASON},
        **moderating("moussa"),
    )

    assert (answer.status, answer.code, answer.json["state"]) == (409, "no_appeal_waiting", "decided")


@pytest.mark.parametrize(("days", "status"), [(183, 200), (185, 409)])
def test_one_appeals_within_six_months(scene, monkeypatch, days, status):
    acme, salon, said = scene
    statement = moderation.hide(a_caller("mona"), acme.id, salon.id, said.id, **WHY)
    decided_later(monkeypatch, timedelta(days=days))

    if status == 200:
        assert moderation.appeal(a_caller("noor"), acme.id, statement.id, text="Si.").state == "appealed"
    else:
        with pytest.raises(moderation.AppealTooLate):
            moderation.appeal(a_caller("noor"), acme.id, statement.id, text="Si.")


def test_what_moderation_gave_back_by_itself_is_not_appealed_nor_decided(api, scene):
    acme, salon, said = scene
    statement = a_hidden(api, scene)
    waiting = api.post(statement_path(statement, "/appeal"), by="noor", body=PLEA)
    api.delete(hiding(acme, salon, said), **moderating())
    unappealed = a_hidden(api, scene)
    api.delete(hiding(acme, salon, said), **moderating())

    decided = api.post(
        statement_path(waiting.json, "/decision"),
        body={"outcome": "overturned", "text": REASON},
        **moderating("moussa"),
    )
    appealed = api.post(statement_path(unappealed, "/appeal"), by="noor", body=PLEA)

    assert (decided.code, decided.json["state"]) == ("no_appeal_waiting", "lifted")
    assert (appealed.status, appealed.code) == (409, "restriction_lifted")


def test_an_appeal_whose_message_retention_swept_away_is_still_decided(api, scene):
    _, salon, said = scene
    statement = a_hidden(api, scene)
    api.post(statement_path(statement, "/appeal"), by="noor", body=PLEA)
    Message.at_seq(salon.id, said.seq).delete()

    decided = api.post(
        statement_path(statement, "/decision"),
        body={"outcome": "overturned", "text": REASON},
        **moderating("moussa"),
    )

    assert (decided.status, decided.json["state"]) == (200, "overturned")


def test_a_restoration_that_overtakes_a_decision_wins(api, scene, monkeypatch):
    acme, salon, said = scene
    statement = a_hidden(api, scene)
    api.post(statement_path(statement, "/appeal"), by="noor", body=PLEA)
    at_seq = Message.at_seq

    def overtaken(*args):
        found = at_seq(*args)
        monkeypatch.setattr(Message, "at_seq", at_seq)
        moderation.restore(a_caller("mona"), acme.id, salon.id, said.id)
        return found

    monkeypatch.setattr(Message, "at_seq", overtaken)
    late = api.post(
        statement_path(statement, "/decision"),
        body={"outcome": "overturned", "text": REASON},
        **moderating("moussa"),
    )

    assert (late.status, late.code, late.json["state"]) == (409, "no_appeal_waiting", "lifted")


def test_a_word_hidden_in_a_shared_salon_is_its_authors_organizations_matter(api):
    acme, other = an_organization("acme", by="claire"), an_organization("other", by="olga")
    salon = a_salon(acme)
    salons.offer(a_caller("claire"), acme.id, salon.id, offered_to=other.id)
    salons.accept(a_caller("olga"), other.id, salon.id)
    said = say("olga", other, salon, "Bonjour")

    statement = api.put(hiding(acme, salon, said), body=WHY, **moderating()).json

    assert statement["organization_id"] == other.id
    assert api.get(statement_path(statement), by="olga").status == 200
    assert api.get(statement_path(statement), by="claire").status == 404
