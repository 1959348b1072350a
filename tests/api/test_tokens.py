"""Whom the kit believes."""

from __future__ import annotations

import time

import pytest

from tests.api import kit as kits
from tests.api.forgery import forgeries
from tests.tokens import token

MAKE = "/shelves/a/things"
FORGED = forgeries()


@pytest.mark.parametrize("flaw", FORGED)
@pytest.mark.usefixtures("real_keys")
def test_a_forged_token_is_refused_before_anything_is_done(kit, calls, flaw):
    code, forged = FORGED[flaw] if isinstance(FORGED[flaw], tuple) else ("token_invalid", FORGED[flaw])

    for method, path in (("POST", MAKE), ("GET", "/open")):
        answer = kit.call(method, path, Authorization=f"Bearer {forged}", raw=b'{"name": "Ada"}')
        assert (answer.status, answer.code) == (401, code), answer
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        assert "noor" not in answer.text

    assert (calls, kits.made) == ([], [])


def test_the_corpus_is_no_smaller_than_it_was():
    assert len(FORGED) >= 80


@pytest.mark.parametrize(
    "said",
    [
        "Bearer", "Bearer ", "Basic bm9vcjpub29y", "{token}", "Token {token}", "Bearer{token}",
        "Bearer: {token}",
        "Bearer {token} {token}", "Bearer {token}, Bearer {token}", "Bearer {token},{token}",
        "Bearer\t{token}",
        "Bearer é{token}", "Bearer {token}=", "Bearer \x00{token}", "", " ", "Digest {token}",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("real_keys")
def test_what_is_no_bearer_token_is_refused(kit, calls, said):
    answer = kit.post(MAKE, body={"name": "Ada"}, Authorization=said.format(token=token("noor")))

    assert (answer.status, answer.code) == (401, "token_invalid"), answer
    assert (calls, kits.made) == ([], [])


@pytest.mark.parametrize("said", ["Bearer {0}", "bearer {0}", "BEARER {0}", "  Bearer   {0}  "])
@pytest.mark.usefixtures("real_keys")
def test_a_good_token_is_believed_however_it_is_spaced(kit, said):
    assert kit.get("/open", Authorization=said.format(token("noor"))).json["id"].startswith("mem_")


@pytest.mark.parametrize("changed", [{"exp": -29}, {"nbf": 29}, {"iat": 29}])
@pytest.mark.usefixtures("real_keys")
def test_clocks_may_differ_by_less_than_thirty_seconds(kit, changed):
    now = int(time.time())
    shifted = {claim: now + seconds for claim, seconds in changed.items()}

    assert kit.get("/open", Authorization=f"Bearer {token('noor', **shifted)}").status == 200


def test_without_a_token_members_only_is_told_so(kit, calls):
    answer = kit.post(MAKE, body={"name": "Ada"})

    assert (answer.status, answer.code) == (401, "token_missing")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert calls == []


def test_the_same_person_is_the_same_member_and_another_is_another(kit):
    noor, again, claire = (kit.get("/open", by=name).json["id"] for name in ("noor", "noor", "claire"))

    assert noor == again != claire
    assert kit.get("/open").json["id"] == "anyone"


@pytest.mark.parametrize("groups", [(), ("kit.loo",), ("KIT.LOOK",), ("kit.look.more",), ("kit.make",)])
def test_without_the_scope_nothing_is_looked_at(kit, groups):
    answer = kit.get("/scoped", by="noor", groups=groups)

    assert (answer.status, answer.code) == (403, "scope_missing")
    assert answer.json["scope"] == "kit.look"


def test_with_the_scope_it_is(kit):
    assert kit.get("/scoped", by="noor", groups=("other", "kit.look")).status == 200


def test_a_refused_scope_counts_against_nothing(kit, calls):
    assert kit.post("/scoped", by="noor").status == 403
    assert (calls, kits.made) == ([], [])


@pytest.mark.parametrize(
    "granted", ["kit.look", [["kit.look"]], [{"kit.look": 1}], {"kit.look": True}, None, 7, True]
)
def test_groups_of_another_shape_grant_nothing(kit, granted):
    forged = token("noor", **{"cognito:groups": granted})

    assert kit.get("/scoped", Authorization=f"Bearer {forged}").status == 403
