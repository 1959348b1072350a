"""The widget: what an organization decides of it, and what anyone may know of it."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from chalicelib.domain import organizations, widgets
from tests.factories import a_caller, a_follower, a_host, an_organization
from tests.faults import installed
from tests.hosts import SITE, a_widget, host, key, public


@pytest.fixture
def hub():
    return an_organization()


def place(hub):
    return f"/organizations/{hub.id}/widget"


def body(**changed):
    return {"origins": [SITE], **changed}


def put(api, hub, *, by="claire", version=0, **changed):
    return api.put(place(hub), by=by, body=body(**changed), If_Match=f'"{version}"')


def fault(answer):
    (found,) = answer.json["errors"]
    return answer.status, found["pointer"], found["code"]


def test_before_anyone_decided_the_widget_is_as_for_everyone(api, hub):
    answer = api.get(place(hub), by="claire")

    assert answer.status == 200
    assert answer.headers["etag"].startswith('"0-')
    assert answer.json["theme"] == widgets.THEME
    assert answer.json["texts"] == widgets.TEXTS
    assert (answer.json["origins"], answer.json["host"], answer.json["updated_by"]) == ([], None, None)


def test_a_manager_sets_the_widget_up(api, hub):
    answer = put(
        api,
        hub,
        theme={"accent": "#003366"},
        texts={"fr": {"title": "Un souci de vélo ?"}},
        allowed_query_parameters=["product", "utm_source"],
        host=host(),
    )

    assert answer.status == 200
    assert answer.headers["etag"].startswith('"1-')
    assert answer.json["theme"] == {**widgets.THEME, "accent": "#003366"}
    assert answer.json["texts"]["fr"] == {**widgets.TEXTS["fr"], "title": "Un souci de vélo ?"}
    assert answer.json["texts"]["en"] == widgets.TEXTS["en"]
    assert answer.json["updated_by"] == a_caller("claire").member_id
    assert api.get(place(hub), by="claire").json == answer.json


def test_what_is_left_out_goes_back_to_how_it_is_for_everyone(api, hub):
    put(api, hub, theme={"accent": "#003366"}, texts={"en": {"title": "Hey"}}, host=host())
    answer = put(api, hub, version=1)

    assert answer.json["theme"] == widgets.THEME
    assert answer.json["texts"] == widgets.TEXTS
    assert answer.json["host"] is None
    assert answer.json["version"] == 2


def test_only_owners_and_admins_decide_or_look(api, hub, stored):
    for role in ("community_manager", "moderator", "staff", "none"):
        a_host(role, hub, role=role)
    a_host("ada", hub, role="admin")
    before = stored()["community"]

    for person in ("community_manager", "moderator", "staff", "none", "stranger"):
        assert api.get(place(hub), by=person).code == "role_required"
        assert put(api, hub, by=person).code == "role_required"

    assert not [item for item in set(stored()["community"]) - set(before) if "WIDGET" in item]
    assert put(api, hub, by="ada").status == 200


def test_nobody_else_s_widget_is_theirs_to_decide(api, hub):
    other = an_organization("other", by="paul")

    assert put(api, other, by="claire").code == "role_required"
    assert put(api, hub, by="paul").code == "role_required"


def test_deciding_on_what_was_replaced_meanwhile_is_refused(api, hub):
    put(api, hub)

    answer = put(api, hub, origins=["https://other.example"])

    assert (answer.status, answer.code) == (412, "changed_meanwhile")
    assert api.get(place(hub), by="claire").json["origins"] == [SITE]


@pytest.mark.parametrize("version", [1, 7])
def test_deciding_first_is_deciding_on_version_zero(api, hub, version):
    assert put(api, hub, version=version).code == "changed_meanwhile"


def test_the_same_decision_sent_again_changes_nothing(api, hub, stored):
    first = put(api, hub, host=host())
    before = stored()["community"]
    again = put(api, hub, host=host())

    assert (again.status, again.json) == (200, first.json)
    assert stored()["community"] == before


def test_a_lost_answer_loses_no_decision(api, hub):
    with installed() as injector:
        injector.fail("TransactWriteItems", "net-after")
        answer = put(api, hub)

    assert (answer.status, answer.json["version"]) == (200, 1)


def test_two_first_decisions_at_once_make_one(api, hub, monkeypatch):
    real = widgets.standing.of
    once = []

    def overtaken(*asked):
        here = real(*asked)
        if not once:
            once.append("the other is faster")
            a_widget(hub, origins=["https://faster.example"])
        return here

    monkeypatch.setattr(widgets.standing, "of", overtaken)

    assert put(api, hub).code == "changed_meanwhile"
    assert widgets.find(a_caller("claire"), hub.id)["origins"] == ["https://faster.example"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://shop.example", "https://shop.example:8443", "https://xn--t-bga.example",
        "http://localhost", "http://localhost:8000", "http://127.0.0.1:3000", "https://localhost",
    ],
)  # fmt: skip
def test_an_exact_origin_is_taken(api, hub, origin):
    assert put(api, hub, origins=[origin]).json["origins"] == [origin]


@pytest.mark.parametrize(
    "origin",
    [
        "http://shop.example", "https://shop.example/", "https://shop.example/page", "https://*.shop.example",
        "*", "null", "", "https://", "https://shop.example:443", "http://localhost:80", "https://Shop.example",
        "https://shop.example:0", "https://shop.example:65536", "https://shop.example:08443",
        "https://user@shop.example", "https://shop.example?x", "https://shop.example#x", "shop.example",
        "//shop.example", "ftp://shop.example", "javascript:alert(1)", "https://shop..example",
        "https://-shop.example", "https://été.example", "https://shop\n.example", " https://shop.example/x",
        "http://localhost.evil.example", "http://127.0.0.1.evil.example", "https://" + "a." * 130 + "example",
    ],
)  # fmt: skip
def test_what_no_browser_says_as_its_origin_is_refused(api, hub, stored, origin):
    before = stored()["community"]
    answer = put(api, hub, origins=["https://good.example", origin])

    assert answer.status == 422, answer
    assert {error["pointer"] for error in answer.json["errors"]} == {"/origins/1"}
    assert stored()["community"] == before


def test_origins_are_few_and_each_is_given_once(api, hub):
    many = [f"https://{n}.example" for n in range(21)]

    assert fault(put(api, hub, origins=many)) == (422, "/origins", "too_long")
    assert fault(put(api, hub, origins=[SITE, SITE])) == (422, "/origins", "repeated_value")
    assert put(api, hub, origins=many[:20]).status == 200
    assert put(api, hub, origins=[], version=1).status == 200


@pytest.mark.parametrize(
    ("theme", "pointer", "ratio"),
    [
        ({"text": "#999999"}, "/theme/text", 2.84),
        ({"background": "#000000"}, "/theme/text", 1.42),
        ({"surface": "#1f2933"}, "/theme/text", 1),
        ({"muted": "#ffffff"}, "/theme/muted", 1),
        ({"accent": "#ffcc00"}, "/theme/on_accent", 1.51),
        ({"text": "#777777"}, "/theme/text", 4.47),
    ],
)
def test_colours_that_are_hard_to_read_are_refused_with_what_was_measured(api, hub, theme, pointer, ratio):
    answer = put(api, hub, theme=theme)

    assert fault(answer) == (422, pointer, "contrast_too_low")
    assert (answer.json["ratio"], answer.json["least"]) == (ratio, 4.5)
    assert str(ratio) in answer.json["detail"]


def test_contrast_is_measured_as_wcag_does():
    assert widgets.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert widgets.contrast("#ffffff", "#ffffff") == pytest.approx(1)
    assert widgets.contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert widgets.contrast("#767676", "#ffffff") == pytest.approx(4.542, abs=0.001)
    assert all(
        widgets.contrast(widgets.THEME[text], widgets.THEME[background]) >= 4.5
        for text, background in widgets.PAIRS
    )


def test_the_least_contrast_is_enough(api, hub):
    answer = put(api, hub, theme={"text": "#767676", "surface": "#FFFFFF"})

    assert answer.status == 200
    assert answer.json["theme"]["surface"] == "#ffffff"


@pytest.mark.parametrize(
    "colour",
    ["red", "#fff", "#00336", "#0033669", "#00336g", "rgb(0,0,0)", "#003366;x:url(//e)", 7, "", "#0033\n66"],
)
def test_a_colour_is_six_hexadecimal_digits(api, hub, colour):
    answer = put(api, hub, theme={"accent": colour})

    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == "/theme/accent"


@pytest.mark.parametrize(
    "wrong",
    [
        {"texts": {"fr": {"title": ""}}},
        {"texts": {"fr": {"title": "a\nb"}}},
        {"texts": {"fr": {"greeting": "x" * 301}}},
        {"texts": {"en": {"fallback": "\u202ex"}}},
        {"texts": {"de": {"title": "Eine Frage?"}}},
        {"texts": {"fr": {"subtitle": "x"}}},
        {"theme": {"colour": "#000000"}},
        {"allowed_query_parameters": ["a b"]},
        {"allowed_query_parameters": ["a", "a"]},
        {"allowed_query_parameters": ["a=b"]},
        {"allowed_query_parameters": [f"p{n}" for n in range(21)]},
        {"origins": None},
        {"slug": "x"},
    ],
)
def test_what_is_not_documented_is_refused(api, hub, stored, wrong):
    before = stored()["community"]

    assert put(api, hub, **wrong).status == 422
    assert stored()["community"] == before


def test_naughty_words_are_kept_as_words(api, hub):
    title = "<script>alert('x')</script>"

    assert put(api, hub, texts={"fr": {"title": title}}).json["texts"]["fr"]["title"] == title


def wrong_keys():
    small = rsa.generate_private_key(65537, 1024)  # noqa: S505 - to be refused
    cubed = rsa.generate_private_key(3, 2048)
    p384 = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP384R1()).public_key(), as_dict=True)
    private = ECAlgorithm.to_jwk(key("EC"), as_dict=True)
    private_rsa = RSAAlgorithm.to_jwk(key("RSA"), as_dict=True)
    elliptic, modular = public("EC"), public("RSA")
    return {
        "a private key": {**elliptic, "d": private["d"]},
        "a private RSA key": {**modular, "d": private_rsa["d"], "p": private_rsa["p"]},
        "a secret": {"kid": "s", "kty": "oct", "k": "c2VjcmV0", "alg": "HS256"},
        "HS256 with a public key": {**modular, "alg": "HS256"},
        "RS384": {**modular, "alg": "RS384"},
        "PS256": {**modular, "alg": "PS256"},
        "none": {**modular, "alg": "none"},
        "ES256 with RSA": {**modular, "alg": "ES256"},
        "RS256 with a curve": {**elliptic, "alg": "RS256"},
        "1024 bits": public("RSA", small),
        "an exponent of 3": public("RSA", cubed),
        "P-384": {**p384, "kid": "p", "alg": "ES256"},
        "Ed25519": {"kid": "e", "kty": "OKP", "crv": "Ed25519", "x": elliptic["x"]},
        "a point off the curve": {**elliptic, "y": elliptic["x"]},
        "half a point": {name: value for name, value in elliptic.items() if name != "y"},
        "the point at nothing": {**elliptic, "x": "AA", "y": "AA"},
        "no modulus": {name: value for name, value in modular.items() if name != "n"},
        "an even modulus": {**modular, "n": modular["n"][:-3] + "AAA"},
        "both kinds": {**elliptic, "n": modular["n"], "e": modular["e"]},
        "no kid": {name: value for name, value in elliptic.items() if name != "kid"},
        "for encryption": {**elliptic, "use": "enc"},
        "an address of keys": {**elliptic, "x5u": "https://evil.example"},
        "no base64": {**elliptic, "x": "***"},
    }


WRONG_KEYS = wrong_keys()


@pytest.mark.parametrize("flaw", WRONG_KEYS)
def test_only_sound_public_keys_are_taken(api, hub, stored, flaw):
    before = stored()["community"]
    answer = put(api, hub, host=host(jwks=[WRONG_KEYS[flaw]]))

    assert answer.status == 422, answer
    assert all(error["pointer"].startswith("/host/jwks/0") for error in answer.json["errors"])
    assert stored()["community"] == before


def test_keys_are_few_and_named_apart(api, hub):
    several = [public("EC", kid=f"k{n}") for n in range(4)]

    assert put(api, hub, host=host(jwks=several)).json["errors"][0]["pointer"] == "/host/jwks"
    assert put(api, hub, host=host(jwks=[])).json["errors"][0]["pointer"] == "/host/jwks"
    assert put(api, hub, host=host(jwks=several[:1] * 2)).json["errors"][0]["code"] == "repeated_value"
    assert put(api, hub, host=host(jwks=several[:3])).status == 200


def test_anyone_reads_all_that_a_widget_needs_in_one_call(api, hub):
    a_widget(hub, allowed_query_parameters=["product"])

    answer = api.get(f"/widget/{hub.slug}")

    assert answer.status == 200
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.json["organization_id"] == hub.id
    assert answer.json["languages"] == ["fr", "en"]
    assert answer.json["asking_is_open"] is True
    assert answer.json["allowed_query_parameters"] == ["product"]
    assert answer.json["host_signs_in"] is True
    assert answer.json["theme"] == widgets.THEME
    assert answer.json["availability"]["available"] == 0
    assert answer.json["unavailable"] == ["nobody_available"]
    assert api.get(f"/widget/{hub.id}").json == answer.json


def test_what_only_managers_know_is_not_told_to_anyone(api, hub):
    a_widget(hub)

    said = api.get(f"/widget/{hub.slug}").json

    assert not {"host", "origins", "updated_by"} & said.keys()
    assert "jwks" not in json.dumps(said)


def test_a_widget_that_did_not_change_is_not_sent_again(api, hub):
    held = api.get(f"/widget/{hub.slug}").headers["etag"]

    again = api.get(f"/widget/{hub.slug}", If_None_Match=held)
    a_widget(hub)

    assert (again.status, again.text) == (304, "")
    assert again.headers["cache-control"] == "public, max-age=60"
    assert api.get(f"/widget/{hub.slug}", If_None_Match=held).status == 200


def test_a_widget_says_why_nobody_answers_at_once(api, hub):
    quiet = an_organization("quiet", presets=())

    assert api.get(f"/widget/{hub.slug}").json["unavailable"] == ["not_configured", "nobody_available"]
    answer = api.get(f"/widget/{quiet.slug}").json
    assert answer["unavailable"] == ["not_configured", "questions_off", "nobody_available"]
    assert answer["asking_is_open"] is False


def test_switching_questions_off_is_told(api, hub):
    a_widget(hub)
    organizations.decide(
        a_caller("claire"), hub.id, values={"questions": False}, why="Nous déménageons.", version=1
    )

    assert "questions_off" in api.get(f"/widget/{hub.slug}").json["unavailable"]


def test_an_english_organization_speaks_english_first(api):
    an_organization("thames", language="en")

    assert api.get("/widget/thames").json["languages"] == ["en", "fr"]


@pytest.mark.parametrize("name", ["nobody", "org_01JD3Q7M5T8XW2RBN4CJ6HDPEA", "org_", "CYCLOFIL"])
def test_no_organization_no_widget(api, hub, name):
    answer = api.get(f"/widget/{name}")

    assert (answer.status, answer.code) == (404, "organization_not_found")


def test_the_public_widget_is_the_same_for_whoever_asks(api, hub):
    a_widget(hub)
    a_follower("noor", hub)

    assert api.get(f"/widget/{hub.slug}", by="noor").json == api.get(f"/widget/{hub.slug}").json


def test_what_it_costs(api, hub, calls):
    a_widget(hub)
    costs = {}
    for name, call in {
        "by slug": lambda: api.get(f"/widget/{hub.slug}"),
        "by id": lambda: api.get(f"/widget/{hub.id}"),
        "read": lambda: api.get(place(hub), by="claire"),
        "configure": lambda: put(api, hub, version=1, origins=[]),
    }.items():
        calls.clear()
        assert call().status == 200
        costs[name] = [each.partition(".")[2] for each in calls]

    assert costs == {
        "by slug": ["BatchGetItem", "Query", "BatchGetItem"],
        "by id": ["Query", "BatchGetItem"],
        "read": ["BatchGetItem"],
        "configure": ["UpdateItem", "BatchGetItem", "TransactWriteItems"],
    }


def test_an_organization_suggests_topics_and_everyone_reads_them(api, hub):
    assert put(api, hub, topics=["Freins", "Crevaisons"]).json["topics"] == ["Freins", "Crevaisons"]

    assert api.get(f"/widget/{hub.slug}").json["topics"] == ["Freins", "Crevaisons"]
    assert put(api, hub, version=1).json["topics"] == []


def test_before_anyone_suggested_a_topic_there_is_none(api, hub):
    assert api.get(f"/widget/{hub.slug}").json["topics"] == []


@pytest.mark.parametrize(
    ("topics", "pointer", "code"),
    [
        (["Freins", "freins"], "/topics", "repeated_value"),
        (["vélo  cargo", "Vélo cargo"], "/topics", "repeated_value"),
        ([f"Sujet {n}" for n in range(13)], "/topics", "too_long"),
        (["x" * 41], "/topics/0", "too_long"),
        ([" "], "/topics/0", "blank_text"),
        (["Freins\net roues"], "/topics/0", "several_lines"),
        ([7], "/topics/0", "string_type"),
    ],
)
def test_topics_are_few_short_and_told_apart(api, hub, stored, topics, pointer, code):
    before = stored()

    assert fault(put(api, hub, topics=topics)) == (422, pointer, code)
    assert stored() == before


def test_as_many_topics_as_may_be_as_long_as_may_be(api, hub):
    topics = [f"{n:02} " + "é" * 37 for n in range(12)]

    assert put(api, hub, topics=topics).json["topics"] == topics


def test_a_topic_is_text(api, hub):
    topics = ["<script>alert(1)</script>", "{{7*7}}", "freins \U0001f6b2"]

    assert put(api, hub, topics=topics).json["topics"] == topics


def test_who_asks_may_choose_a_topic_that_nobody_suggested(api, hub):
    put(api, hub, topics=["Freins"])

    asked = {"text": "Et les rayons ?", "topics": ["rayons"]}
    assert api.post(f"/organizations/{hub.id}/questions", by="noor", body=asked).json["topics"] == ["rayons"]
