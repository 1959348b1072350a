from __future__ import annotations

import re

import pytest

from chalicelib.domain import organizations
from chalicelib.handlers.http import widget_client
from tests.factories import a_caller, an_organization

MODULES = sorted(file.name for file in widget_client.CLIENT.glob("*.js"))


@pytest.mark.parametrize("name", MODULES)
def test_every_module_is_served_as_a_script_that_any_site_may_load(api, name):
    answer = api.get(f"/widget/client/{name}")

    assert (answer.status, answer.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text == (widget_client.CLIENT / name).read_text("utf-8")


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_modules_that_are_there_and_nothing_from_elsewhere(name):
    text = (widget_client.CLIENT / name).read_text("utf-8")

    imported = re.findall(r"(?:from|import)\s*\(?\"([^\"]+)\"", text)
    assert {source.removeprefix("./") for source in imported} <= set(MODULES)
    assert all(source.startswith("./") for source in imported)


@pytest.mark.parametrize("name", MODULES)
def test_nothing_that_people_write_is_ever_read_as_markup_or_as_code(name):
    text = (widget_client.CLIENT / name).read_text("utf-8")

    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|\.style\b"
    assert not re.search(forbidden, text)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_can_be_read_in_one_go(name):
    assert len((widget_client.CLIENT / name).read_text("utf-8").splitlines()) <= 150


def test_both_languages_have_the_same_sentences():
    french, english = (
        (widget_client.CLIENT / f"words_{language}.js").read_text("utf-8") for language in ("fr", "en")
    )

    names = re.compile(r"^  (\w+):", re.MULTILINE)
    assert names.findall(french) == names.findall(english)


def test_whoever_holds_a_module_already_is_told_so_and_no_more(api):
    held = api.get("/widget/client/v1.js").headers["etag"]

    assert re.fullmatch(r'"[^"]+"', held)
    again = api.get("/widget/client/v1.js", If_None_Match=held)
    assert (again.status, again.text, again.headers["etag"]) == (304, "", held)
    assert again.headers["cache-control"] == "public, max-age=3600"
    assert api.get("/widget/client/v1.js", If_None_Match='"1-000000000000"').status == 200


def test_modules_are_told_apart_by_what_they_say(api):
    tags = {api.get(f"/widget/client/{name}").headers["etag"] for name in MODULES}

    assert len(tags) == len(MODULES)


@pytest.mark.parametrize("name", ["v2.js", "..", "v1", "app.py", "..%2Fv1.js", ".", "v1.js~"])
def test_what_is_no_module_is_not_there(api, name):
    answer = api.get(f"/widget/client/{name}")

    assert answer.status == 404
    assert answer.code in ("module_not_found", "nothing_here", "not_found")


@pytest.mark.parametrize("by_id", [True, False])
def test_an_organization_has_a_page_of_ours_with_its_widget_open(api, by_id):
    hub = an_organization("acme")

    page = api.get(f"/widget/{hub.id if by_id else 'acme'}/page")

    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f'<entraide-widget organization="{hub.id}" open></entraide-widget>' in page.text
    assert '<script type="module" src="../client/page.js"></script>' in page.text
    assert f'<html lang="{hub.language}">' in page.text


def test_the_page_runs_nothing_but_our_modules_and_is_in_nobodys_frame(api):
    an_organization("acme")

    page = api.get("/widget/acme/page")

    policy = dict(
        part.strip().partition(" ")[::2] for part in page.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in page.headers["content-security-policy"]
    assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*src=)", page.text)
    assert page.headers["referrer-policy"] == "no-referrer"


def test_a_name_is_text_on_the_page(api):
    hub = an_organization("acme")
    told = {"name": '<img src=x onerror="alert(1)"> & fils', "aim": "$name </p><script>alert(1)</script>"}
    organizations.edit(a_caller("claire"), hub.id, version=1, **told)

    page = api.get("/widget/acme/page").text

    assert "<h1>&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; fils</h1>" in page
    assert "<p>$name &lt;/p&gt;&lt;script&gt;" in page


@pytest.mark.parametrize("name", ["nobody", "org_01M7W0SX285MNJE8W71FKXGBTV"])
def test_nobody_has_no_page(api, name):
    answer = api.get(f"/widget/{name}/page")

    assert (answer.status, answer.code) == (404, "organization_not_found")
