"""The widget on an organization's own page, and a volunteer's page: two windows that share nothing."""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.cloud.people import Person, eventually

expect.set_options(timeout=90_000)  # the event road of the embedded cloud takes its time

QUESTION = "Mon frein avant grince depuis la pluie <b>fort</b>. C’est grave\u202f?"
ANSWER = "Bonjour\u202f! Essayez un chiffon et de l’alcool sur le disque & rien d’autre."
THANKS = "Plus un bruit. Merci\u202f!"


@pytest.fixture(scope="module")
def hub(cloud, site):
    """Cyclofil, whose own site carries the widget, and Kofi who helps with brakes there."""
    claire = Person(cloud, "Claire", groups=["organizations.create"])
    opened = claire.post(
        "/organizations",
        {"slug": "cyclofil", "name": "Cyclofil", "aim": "Réparer soi-même, ensemble.", "presets": ["help"]},
    ).json()
    here = f"/organizations/{opened['id']}"
    widget = {"origins": [site.origin], "topics": ["freins", "roues"], "allowed_query_parameters": ["modele"]}
    configured = claire.call("PUT", f"{here}/widget", widget, **{"If-Match": '"0"'})
    assert configured.status_code == 200, configured.text
    kofi = Person(cloud, "Kofi Mensah", username="kofi")
    kofi.put(f"{here}/follow")
    helping = {"topics": ["freins"], "all_topics": False, "capacity": 5, "daily_cap": 20}
    assert kofi.put(f"/me{here}/helping", helping).status_code == 200
    return opened


@pytest.fixture(scope="module")
def page(cloud, site, hub):
    """The address of the shop's page."""
    return site.carry("/patins", api=cloud.api, organization="cyclofil")


@pytest.fixture
def helper(cloud, windows, hub):
    """Kofi's window, where he says that he is there."""
    window = windows.open(f"{cloud.origin}/demo/helper", width=760)
    window.get_by_role("button", name="Entrer").click()
    window.get_by_role("button", name="Je suis là").click()
    expect(window.locator("#being")).to_have_attribute("data-being", "online")
    yield window
    window.get_by_role("button", name="Je m’en vais").or_(window.locator("#here")).first.click()


def part(window, name):
    return window.locator(f"[data-entraide={name}]")


def ask(window, text=QUESTION, *, topic="freins"):
    part(window, "launcher").click()
    window.get_by_label("Votre question").fill(text)
    window.locator(".chip", has_text=topic).click()
    part(window, "send-question").click()
    expect(part(window, "state")).to_have_attribute("data-state", "open")


def say(window, text):
    field = window.get_by_label("Votre message")
    field.fill(text)
    field.press("Enter")


def take(helper, text):
    offer = helper.locator("li.offer", has_text=text)
    expect(offer).to_be_visible()
    offer.get_by_role("button").click()
    expect(helper.locator(".asked-card")).to_contain_text(text)


def asked_last(cloud, hub):
    """The question that Kofi took last."""
    kofi = Person(cloud, "Kofi Mensah", username="kofi")
    mine = kofi.get(f"/me/organizations/{hub['id']}/questions?role=helper&limit=1").json()["data"]
    return mine[0]


def test_a_guest_asks_is_answered_says_that_it_helped_and_thanks(windows, helper, page):
    shop = windows.open(page + "?modele=v-brake&utm_source=letter")
    part(shop, "launcher").click()
    expect(part(shop, "availability")).to_contain_text("Une personne est là maintenant")
    windows.picture(shop, "before-asking")
    part(shop, "close").click()
    ask(shop)
    windows.picture(shop, "asked")

    offer = helper.locator("li.offer", has_text="Mon frein avant grince")
    expect(offer).to_contain_text("Vous aidez sur l’un de ses sujets.")
    windows.picture(helper, "offered")
    take(helper, "Mon frein avant grince")
    expect(part(shop, "state")).to_contain_text("Kofi Mensah")
    expect(helper.locator(".asked-card")).to_contain_text("<b>fort</b>")
    link = helper.locator(".asked-card a")
    expect(link).to_have_attribute("href", page + "?modele=v-brake")
    windows.picture(helper, "claimed")

    shop.get_by_label("Votre message").press_sequentially("Il pleut", delay=60)
    expect(part(helper, "typing")).to_contain_text("écrit")
    shop.get_by_label("Votre message").fill("")
    say(helper, ANSWER)
    expect(part(shop, "messages")).to_contain_text(ANSWER)
    say(shop, "J’essaie tout de suite.")
    expect(part(helper, "messages")).to_contain_text("J’essaie tout de suite.")
    windows.picture(shop, "talking")
    windows.picture(helper, "talking")

    helper.locator("#done").click()
    part(shop, "confirm-yes").click()
    shop.get_by_label("Dire merci").fill(THANKS)
    windows.picture(shop, "resolved")
    shop.get_by_role("button", name="Envoyer ce merci").click()
    expect(part(shop, "thanked")).to_be_visible()
    expect(helper.locator("#case")).to_contain_text(re.compile("aidé", re.IGNORECASE))
    expect(helper.locator("[data-merit]").first).to_be_visible()
    windows.picture(helper, "merit")

    say(shop, "merci")
    expect(part(helper, "messages")).to_contain_text("merci")
    expect(part(shop, "state")).to_have_attribute("data-state", "resolved")
    windows.picture(shop, "postscript")


def test_whoever_closed_the_page_is_answered_by_mail_and_comes_back_by_its_link(
    cloud, windows, helper, page, hub
):
    phone = {"width": 390, "height": 780, "has_touch": True, "is_mobile": True}
    shop = windows.open(page, **phone)
    question = f"Une roue voilée, est-ce que ça se rattrape\u202f? {uuid.uuid4().hex[:6]}"
    ask(shop, question)
    address = f"sam-{uuid.uuid4().hex[:8]}@example.org"
    leave_address(cloud, windows, shop, address)
    shop.close()

    take(helper, question)
    say(helper, ANSWER)
    expect(part(helper, "messages")).to_contain_text(ANSWER)
    ring_unseen(cloud, asked_last(cloud, hub))
    (letter,) = eventually(lambda: to(cloud, address, "#entraide="))
    assert ANSWER in letter["text"].replace("\r", "").replace("\n", " ").replace("  ", " ")

    link = re.search(r"http\S+#entraide=\S+", letter["text"])[0]
    back = windows.open(link, **phone)
    expect(part(back, "messages")).to_contain_text(ANSWER)
    assert "#" not in back.url
    windows.picture(back, "came-back")
    say(back, "Merci, je passe samedi\u202f!")
    expect(part(helper, "messages")).to_contain_text("je passe samedi")
    windows.picture(helper, "came-back")


def test_whoever_turned_to_another_tab_is_written_to_and_whoever_looks_is_not(
    cloud, windows, helper, page, hub
):
    shop = windows.open(page)
    question = f"Comment graisser un moyeu\u202f? {uuid.uuid4().hex[:6]}"
    ask(shop, question)
    address = f"ali-{uuid.uuid4().hex[:8]}@example.org"
    leave_address(cloud, windows, shop, address)
    take(helper, question)
    say(helper, "Je regarde.")
    expect(part(shop, "messages")).to_contain_text("Je regarde.")
    ring_unseen(cloud, asked_last(cloud, hub))
    say(shop, "Merci, je reste là.")
    expect(part(helper, "messages")).to_contain_text("je reste là")

    turn(shop, away=True)
    say(helper, ANSWER)
    expect(part(helper, "messages")).to_contain_text(ANSWER)
    ring_unseen(cloud, asked_last(cloud, hub), seq=3)

    (letter,) = eventually(lambda: to(cloud, address, "#entraide="))
    assert "Je regarde." not in letter["text"]  # they were there, and saw it
    turn(shop, away=False)
    expect(part(shop, "messages")).to_contain_text(ANSWER)


def turn(window, *, away):
    """Have a window go behind another tab, or come back: without a screen there is no other tab."""
    window.evaluate(
        """away => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => away });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        away,
    )
    window.wait_for_timeout(1000)


def leave_address(cloud, windows, shop, address):
    """Leave an e-mail address in the widget, and show that it is theirs."""
    mail = part(shop, "mail")
    if mail.get_attribute("open") is None:
        mail.locator("summary").click()
    shop.get_by_label("Votre adresse e-mail").fill(address)
    shop.get_by_role("button", name="Recevoir un code").click()
    (letter,) = eventually(lambda: to(cloud, address, ""))
    code = re.search(r"\b[2-9CFGHJMPQRVWX]{6}\b", letter["text"])[0]
    shop.get_by_label("Le code reçu").fill(code)
    windows.picture(shop, "code")
    shop.get_by_role("button", name="Confirmer").click()
    expect(mail).to_contain_text("C’est noté")


def to(cloud, address, holding):
    """The letters to an address that hold these words."""
    return [letter for letter in cloud.mail() if address in str(letter) and holding in letter["text"]]


def ring_unseen(cloud, question, seq=1):
    """Its timer takes two minutes: what it puts into the queue is put there now."""
    detail = {"organization_id": question["organization_id"], "question_id": question["id"], "seq": seq}
    due = datetime.now(UTC).isoformat()
    body = {"timer": "unseen", "name": f"unseen-{uuid.uuid4().hex}", "due": due, "detail": detail}
    cloud.boto("sqs").send_message(QueueUrl=cloud.names["TimersQueue"], MessageBody=json.dumps(body))


def test_a_connection_that_breaks_in_the_middle_loses_and_doubles_nothing(windows, helper, page):
    shop = windows.open(page)
    question = f"Ma chaîne saute au démarrage {uuid.uuid4().hex[:6]}"
    ask(shop, question)
    take(helper, question)
    say(helper, "un")
    expect(part(shop, "messages")).to_contain_text("un")

    shop.context.set_offline(offline=True)
    say(shop, "écrit sans réseau")
    for word in ("deux", "trois", "quatre"):
        say(helper, word)
        expect(part(helper, "messages")).to_contain_text(word)
    shop.context.set_offline(offline=False)

    expect(part(shop, "messages")).to_contain_text("quatre")
    expect(part(helper, "messages")).to_contain_text("écrit sans réseau")
    for window in (shop, helper):
        said = part(window, "messages").locator(".words").all_inner_texts()
        assert sorted(said) == sorted(["un", "écrit sans réseau", "deux", "trois", "quatre"])


def test_the_same_chat_comes_back_after_a_reload(windows, helper, page):
    shop = windows.open(page)
    question = f"Quel patin pour une jante en alu\u202f? {uuid.uuid4().hex[:6]}"
    ask(shop, question)
    take(helper, question)
    say(helper, "Du bleu.")
    expect(part(shop, "messages")).to_contain_text("Du bleu.")

    shop.reload()
    part(shop, "launcher").click()

    expect(part(shop, "asked")).to_contain_text(question)
    expect(part(shop, "messages")).to_contain_text("Du bleu.")


def test_a_keyboard_is_enough_and_escape_gives_the_focus_back(windows, page):
    shop = windows.open(page, reduced_motion="reduce")
    expect(part(shop, "launcher")).to_be_visible()
    shop.keyboard.press("Tab")
    shop.keyboard.press("Tab")
    expect(part(shop, "launcher")).to_be_focused()

    shop.keyboard.press("Enter")
    dialog = shop.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("heading").first).to_be_focused()
    shop.get_by_label("Votre question").focus()
    shop.keyboard.type("Au clavier seul")
    part(shop, "send-question").focus()
    shop.keyboard.press("Enter")
    expect(part(shop, "state")).to_have_attribute("data-state", "open")
    shop.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(part(shop, "launcher")).to_be_focused()


def test_it_speaks_english_and_fits_a_small_phone(cloud, site, hub, windows):
    address = site.carry("/pads", api=cloud.api, organization="cyclofil", language="en", title="Brake pads")
    shop = windows.open(address, width=320, height=568, locale="en-GB")
    part(shop, "launcher").click()

    expect(shop.get_by_label("Your question")).to_be_visible()
    box = part(shop, "panel").bounding_box()
    assert (box["x"], box["width"]) == (0, 320)
    assert shop.evaluate("document.documentElement.scrollWidth") <= 320
    windows.picture(shop, "small-phone")


def test_whoever_dismissed_it_for_good_does_not_see_it_again(windows, page):
    shop = windows.open(page)
    part(shop, "launcher").click()
    part(shop, "more").click()
    part(shop, "dismiss-always").click()
    expect(part(shop, "launcher")).to_be_hidden()

    shop.reload()

    shop.wait_for_timeout(1500)
    expect(part(shop, "launcher")).to_be_hidden()


def test_no_cookie_is_set_and_nothing_is_asked_of_anyone_else(cloud, site, windows, page):
    shop = windows.open("about:blank")
    asked = []
    shop.on("request", lambda request: asked.append(request.url))
    shop.goto(page)
    part(shop, "launcher").click()
    expect(shop.get_by_label("Votre question")).to_be_visible()

    assert shop.context.cookies() == []
    assert {re.match(r"http://[^/]+", url)[0] for url in asked} == {cloud.origin, site.origin}


def test_a_site_that_may_not_carry_it_says_so_in_words(cloud, hub, windows):
    from tests.cloud.browser.site import Site

    with Site() as other:
        shop = windows.open(other.carry("/", api=cloud.api, organization="cyclofil"))
        part(shop, "launcher").click()
        shop.get_by_label("Votre question").fill("Ici\u202f?")
        part(shop, "send-question").click()

        expect(shop.get_by_role("alert").filter(has_text="Ce site ne peut pas")).to_be_visible()
