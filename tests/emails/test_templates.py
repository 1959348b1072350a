import re
import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from chalicelib.emails.render import LANGUAGES, render
from infra.emails import build
from tests.emails.samples import FULL, MESSAGES, everywhere

TEMPLATES = Path(render.__code__.co_filename).parent / "templates"


def _files(language):
    return {str(path.relative_to(TEMPLATES / language)) for path in (TEMPLATES / language).rglob("*.*")}


def test_every_language_has_the_three_parts_of_every_message():
    parts = {f"{message}/{part}" for message in MESSAGES for part in ("subject.txt", "body.txt", "body.html")}
    assert {path.name for path in TEMPLATES.iterdir()} == set(LANGUAGES)
    assert all(_files(language) == parts for language in LANGUAGES)


@everywhere
def test_a_value_that_a_template_names_and_nobody_gives_is_an_error(message, language):
    for missing in FULL[message]:
        given = {name: value for name, value in FULL[message].items() if name != missing}
        with pytest.raises(UndefinedError, match=missing):
            render(message, language, given)


def test_the_html_templates_are_what_their_sources_say():
    assert build.drift() == [], "run python -m infra.emails.build"


def test_no_reader_hears_an_escape_of_the_compiler(tmp_path, monkeypatch):
    assert not [page for page in TEMPLATES.rglob("*.html") if "\\u{" in page.read_text("utf-8")]
    assert 'aria-label="Vous venez\u00a0: ' in (TEMPLATES / "fr/meetup-going/body.html").read_text("utf-8")
    monkeypatch.setattr(build, "_SOURCES", tmp_path)
    monkeypatch.setattr(build, "_ROOT", tmp_path)
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "odd.mjml").write_text("<mjml><mj-body>\\u{oops}</mj-body></mjml>", "utf-8")
    with pytest.raises(ValueError, match="escape"):
        build.compiled()


def test_the_build_finds_stale_missing_and_orphan_templates(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "_TEMPLATES", tmp_path)
    monkeypatch.setattr(build, "_ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["build", "--check"])
    pages = list(build.compiled())
    assert build.drift() == sorted(pages)
    assert build.main() == 1
    for page, content in build.compiled().items():
        page.parent.mkdir(parents=True)
        page.write_text(content, "utf-8")
    assert build.main() == 0
    orphan = tmp_path / "fr" / "forgotten" / "body.html"
    orphan.parent.mkdir()
    orphan.write_text("x", "utf-8")
    pages[0].write_text("x", "utf-8")
    assert build.drift() == sorted([orphan, pages[0]])


@everywhere
def test_colours_can_be_told_apart(message, language):
    html = (TEMPLATES / language / message / "body.html").read_text("utf-8")
    inks = {"#1f2933": "#ffffff", "#ffffff": "#0b5d4e", "#4b5563": "#f4f1ea", "#0b5d4e": "#f4f1ea"}
    assert {ink.strip() for ink in re.findall(r"[;{ \"]color:([^;]+);", html)} <= set(inks)
    assert all(_contrast(ink, paper) >= 4.5 for ink, paper in inks.items())


def _contrast(one, other):
    def luminance(colour):
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_importing_e_mails_does_not_import_the_template_engine():
    code = (
        "import sys, chalicelib.emails.messages as _; sys.exit(bool({'jinja2', 'mrml'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own interpreter, our own words
