"""Who may not judge, and who cannot hide who they are."""

from __future__ import annotations

import pytest

from chalicelib.domain import messages, moderation, salons
from chalicelib.domain.recognition import thanks
from chalicelib.models.changes import changes
from chalicelib.models.memberships import Membership
from chalicelib.models.tables import load
from tests.factories import a_caller, a_follower, a_host, a_message, a_salon, an_organization
from tests.tokens import token

MODERATORS = ["moderation"]
REASONS = {"rule": "private_data", "facts": "Le message donne un numéro de téléphone."}


def path_of(message):
    return f"/organizations/{message.organization_id}/salons/{message.salon_id}/messages/{message.id}"


@pytest.fixture
def acme():
    return an_organization("acme", by="claire")


@pytest.fixture
def said(acme):
    return a_message(a_follower("noor", acme), a_salon(acme), "Appelez le 06 12 34 56 78")


def test_staff_of_any_home_of_a_shared_salon_speak_as_staff_through_every_door(acme):
    other = an_organization("other", by="olga")
    salon = a_salon(acme)
    salons.offer(a_caller("claire"), acme.id, salon.id, offered_to=other.id)
    salons.accept(a_caller("olga"), other.id, salon.id)
    zoe = a_host("zoe", acme)
    a_follower("zoe", other)

    posted = messages.post(zoe, other.id, salon.id, client_message_id="k", text="Bonjour").said

    assert posted.author.voice == "staff"
    assert posted.organization_id == other.id


@pytest.mark.parametrize("role", ["owner", "admin", "moderator", "staff"])
def test_whoever_has_a_role_in_the_organization_does_not_moderate_what_is_said_of_it(api, acme, said, role):
    a_host("mona", acme, role=role)
    salon = f"/organizations/{acme.id}/salons/{said.salon_id}"

    refused = [
        api.put(f"{path_of(said)}/hiding", by="mona", groups=MODERATORS, body=REASONS),
        api.put(f"{salon}/freeze", by="mona", groups=MODERATORS, body=REASONS),
    ]

    assert {(answer.status, answer.code) for answer in refused} == {(403, "party_to_the_matter")}
    assert api.get(path_of(said)).json["state"] == "sent"


def test_nor_does_a_host_decide_on_an_appeal_in_their_own_organization(api, acme, said):
    hidden = api.put(f"{path_of(said)}/hiding", by="mona", groups=MODERATORS, body=REASONS).json
    statement = f"/organizations/{acme.id}/statements/{hidden['id']}"
    api.post(f"{statement}/appeal", by="noor", body={"text": "C’est mon propre numéro."})
    a_host("maud", acme)
    decision = {"outcome": "upheld", "text": "Un numéro reste un numéro."}

    answer = api.post(f"{statement}/decision", by="maud", groups=MODERATORS, body=decision)

    assert (answer.status, answer.code) == (403, "party_to_the_matter")


def test_whoever_judges_an_appeal_reads_what_was_hidden_and_nobody_else(api, said):
    api.put(f"{path_of(said)}/hiding", by="mona", groups=MODERATORS, body=REASONS)

    assert api.get(path_of(said), by="maud", groups=MODERATORS).json["text"] == "Appelez le 06 12 34 56 78"
    assert api.get(path_of(said), by="maud").json["text"] is None
    assert api.get(path_of(said)).json["text"] is None


def test_what_was_thanked_for_goes_with_the_words_and_comes_back_with_them(api, acme, said):
    sam = a_follower("sam", acme)
    thanks.give(sam, acme.id, said.salon_id, said.id, text="Merci pour le 06 12 34 56 78")

    def listed():
        return [given["text"] for given in api.get(f"{path_of(said)}/thanks").json["data"]]

    shown = listed()
    api.put(f"{path_of(said)}/hiding", by="mona", groups=MODERATORS, body=REASONS)
    hidden = listed()
    api.delete(f"{path_of(said)}/hiding", by="mona", groups=MODERATORS)
    restored = listed()
    messages.delete(a_caller("noor"), acme.id, said.salon_id, said.id)

    assert (shown, hidden, restored, listed()) == (["Merci pour le 06 12 34 56 78"], [], shown, [])


def test_overturning_while_moderation_gives_back_finds_nothing_to_decide(api, acme, said, monkeypatch):
    hidden = api.put(f"{path_of(said)}/hiding", by="mona", groups=MODERATORS, body=REASONS).json
    statement = f"/organizations/{acme.id}/statements/{hidden['id']}"
    api.post(f"{statement}/appeal", by="noor", body={"text": "C’est mon propre numéro."})
    give_back = moderation.appeals.give_message_back

    def restored_meanwhile(change, caller, message):
        monkeypatch.setattr(moderation.appeals, "give_message_back", give_back)
        moderation.restore(a_caller("mona"), acme.id, said.salon_id, said.id)
        give_back(change, caller, message)

    monkeypatch.setattr(moderation.appeals, "give_message_back", restored_meanwhile)
    decision = {"outcome": "overturned", "text": "C’était son propre numéro, en effet."}
    answer = api.post(f"{statement}/decision", by="maud", groups=MODERATORS, body=decision)

    assert (answer.status, answer.code) == (409, "no_appeal_waiting")
    assert api.get(path_of(said)).json["state"] == "sent"


def test_a_first_post_leaves_the_version_that_its_author_decides_on(api, acme):
    followed = api.put(f"/organizations/{acme.id}/follow", by="lou")
    salon = f"/organizations/{acme.id}/salons/{acme.default_salon_id}"
    api.post(f"{salon}/messages", by="lou", body={"client_message_id": "k", "text": "Bonjour"})

    told = api.patch(
        f"/me/organizations/{acme.id}",
        by="lou",
        body={"knows": ["roues"]},
        If_Match=followed.headers["etag"],
    )

    assert told.status == 200, told


def test_following_again_starts_where_the_salon_is(api, acme):
    salon = f"/organizations/{acme.id}/salons/{acme.default_salon_id}"
    a_follower("lou", acme)
    api.delete(f"/organizations/{acme.id}/follow", by="lou")
    for n in range(3):
        api.post(f"{salon}/messages", by="claire", body={"client_message_id": f"k{n}", "text": "Bonjour"})

    api.put(f"/organizations/{acme.id}/follow", by="lou")

    (reading,) = api.get(f"/organizations/{acme.id}/readings", by="lou").json["data"]
    assert (reading["last_seq"], reading["unread"]) == (3, 0)


def test_giving_up_a_role_by_leaving_is_told_like_any_other_change(api, acme, announced):
    a_host("zoe", acme, role="admin")
    api.delete(f"/organizations/{acme.id}/follow", by="zoe")

    told = api.get(f"/organizations/{acme.id}/role-changes", by="claire").json["data"][0]

    assert (told["member_id"], told["before"], told["after"]) == (a_caller("zoe").member_id, "admin", "none")
    assert announced().count("role.changed.v1") == 1


@pytest.mark.parametrize("name", ["Noor\nBcc: x", "\u202eroon", "\u200b", "  ", "N" * 300])
def test_whatever_the_identity_provider_calls_someone_their_account_can_be_read(api, name):

    answer = api.get("/me", Authorization=f"Bearer {token('noor', name=name)}")

    assert answer.status == 200, answer
    assert 0 < len(answer.json["name"]) <= 80
    assert answer.json["name"].isprintable()


def test_the_membership_in_hand_is_that_of_the_table(acme):
    a_host("zoe", acme)
    (zoe,) = load(Membership.key(acme.id, a_caller("zoe").member_id))
    with changes() as change:
        change.edit(zoe, story="Ici.")

    assert load(Membership.key(acme.id, zoe.member_id))[0].version == zoe.version
