import re
from html.parser import HTMLParser
from itertools import chain, combinations

import pytest

from chalicelib.emails.messages import welcome
from chalicelib.emails.render import LANGUAGES
from tests.emails.samples import CHOICES, FULL, HOSTILE, MESSAGES, OPTIONAL, everywhere, rendered


class Page(HTMLParser):
    """What a reader of the HTML meets: its words, its tags, its links."""

    def __init__(self, html):
        super().__init__()
        self.words, self.tags, self.attributes, self._hidden = "", [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]
        self._hidden = tag in {"style", "title"}

    def handle_endtag(self, tag):
        self._hidden = False
        self.words += "\n" if tag in {"p", "h1", "a", "div"} else ""

    def handle_data(self, data):
        self.words += "" if self._hidden else data

    @property
    def links(self):
        return [value for tag, name, value in self.attributes if (tag, name) == ("a", "href")]


def _emptied(message):
    names = OPTIONAL[message]
    subsets = chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))
    chosen = [{name: value} for name in CHOICES if name in FULL[message] for value in CHOICES[name]]
    alone = [{"party": 1}] if "party" in FULL[message] else []
    return [dict.fromkeys(subset, "") for subset in subsets] + chosen + alone


def _squeezed(words):
    return " ".join(words.split())


@everywhere
def test_a_message_reads_naturally_with_any_optional_field_left_out(message, language):
    for empty in _emptied(message):
        mail = rendered(message, language, **empty)
        for words in (mail.subject, mail.text, Page(mail.html).words):
            assert not re.search(r"\{\{|\}\}|\{%|None|Undefined| ,|,,|\(\)", words)
        assert "\n\n\n" not in mail.text
        assert not re.search(r"[ \t]$", mail.text, re.MULTILINE)
        assert not re.search(r"(, |[ :])$", mail.subject)
        assert "<p></p>" not in mail.html


@everywhere
def test_text_and_html_say_the_same_values(message, language):
    mail = rendered(message, language)
    page = Page(mail.html)
    said = {name: str(value) for name, value in FULL[message].items() if name not in CHOICES}
    links = [value for name, value in said.items() if name.endswith("_url")]
    for value in set(said.values()) - set(links):
        for line in filter(None, value.splitlines()):
            assert _squeezed(line) in _squeezed(mail.text)
            assert _squeezed(line) in _squeezed(page.words)
    assert page.links == links
    assert all(f"\n{link}\n" in mail.text for link in page.links)


@everywhere
def test_every_sentence_of_the_text_is_in_the_html(message, language):
    mail = rendered(message, language)
    read = _squeezed(Page(mail.html).words)
    for block in mail.text.split("\n\n"):
        sentence = _squeezed(re.sub(r"\s*:?\s*https\S+", "", block)).removesuffix(":").strip()
        assert all(_squeezed(part) in read for part in re.split(r"(?<=[.,]) (?=[A-Z])", sentence)), sentence


@everywhere
def test_text_lines_fit_a_terminal_unless_they_are_an_address(message, language):
    lines = rendered(message, language, manager_story="mot " * 80).text.splitlines()
    assert all(len(line) <= 76 for line in lines if not line.startswith("https://"))


@everywhere
def test_html_loads_nothing_from_anywhere_and_says_its_language(message, language):
    mail = rendered(message, language)
    page = Page(mail.html)
    assert ("html", "lang", language) in page.attributes
    assert not {"img", "link", "script", "iframe", "form"} & set(page.tags)
    assert not re.search(r"@import|url\(|@font-face| src=|background=", mail.html)
    addresses = set(re.findall(r"https?://[^\s\"'<>]+", mail.html.replace("&amp;", "&")))
    assert addresses == {"http://www.w3.org/1999/xhtml", *page.links}
    assert len(mail.html) < 20_000  # Gmail clips a message at 102 kB


@everywhere
def test_a_subject_is_one_short_line(message, language):
    for value in HOSTILE:
        subject = rendered(message, language, first_name=value, organization_name=value * 30).subject
        assert len(subject) <= 200
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|^ | $", subject)


@everywhere
@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_stay_words(message, language, value):
    said = FULL[message].items()
    names = [name for name, value in said if isinstance(value, str) and not name.endswith("_url")]
    mail, benign = rendered(message, language, **dict.fromkeys(names, value)), rendered(message, language)
    # a story has as many paragraphs as it has lines: nothing else may differ
    tags, expected = ([tag for tag in Page(each.html).tags if tag != "p"] for each in (mail, benign))
    assert tags == expected
    for words in (mail.text, mail.html):
        words.encode()
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e]", words)


def test_html_is_escaped_and_text_is_not():
    value = '<b>Tom & "O\'Neil"</b>'
    mail = rendered(manager_name=value)
    assert value in mail.text
    assert value not in mail.html
    assert "&lt;b&gt;Tom &amp; &#34;O&#39;Neil&#34;&lt;/b&gt;" in mail.html


@pytest.mark.parametrize("name", ["salon_url", "unsubscribe_url"])
@pytest.mark.parametrize("address", ["javascript:alert(1)", "", "//evil.example", " https://a.example"])
def test_a_link_that_is_not_a_web_address_is_refused(name, address):
    with pytest.raises(ValueError, match="not an address"):
        rendered(**{name: address})


def test_what_an_address_may_not_contain_is_percent_encoded():
    mail = rendered(salon_url='https://a.example/é?q="> <b>\r\n&done=%20')
    assert Page(mail.html).links[0] == "https://a.example/%C3%A9?q=%22%3E%20%3Cb%3E%0D%0A&done=%20"


@pytest.mark.parametrize(
    ("message", "empty"), [(message, empty) for message in MESSAGES for empty in _emptied(message)]
)
def test_french_is_set_as_french_is(message, empty):
    mail = rendered(message, "fr", **empty)
    for words in (mail.subject, mail.text, Page(mail.html).words):
        prose = re.sub(r"https://\S+", "", words)
        assert not re.search(r"'| [:;!?»]|« |[^\s\u00a0\u202f][:;!?»]", prose)


@pytest.mark.parametrize(
    ("asked", "given"),
    [("fr", "fr"), ("fr-CA", "fr"), ("FR_be", "fr"), ("en-GB", "en"), ("de", "en"), ("", "en")],
)
def test_whoever_reads_a_language_that_we_do_not_write_reads_english(asked, given):
    assert rendered(language=asked) == rendered(language=given)


def test_every_message_is_a_function_and_speaks_every_language():
    assert MESSAGES["welcome"] is welcome
    assert len({rendered(language=language) for language in LANGUAGES}) == len(LANGUAGES)
