"""From the mail to "done" and back, as a person does it who has a keyboard and perhaps no JavaScript (B1, B4, B8-B10)."""

import re

import pytest

from tests.support.running import Running, Somebody

pytestmark = pytest.mark.browser

REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


@pytest.fixture(params=[False, True], ids=["without JavaScript", "with JavaScript"])
def tab(request, open_tab):
    return open_tab(java_script_enabled=request.param)


@pytest.fixture
def anna(live: Running) -> Somebody:
    return live.somebody().is_planted()


def mail_to(anna: Somebody) -> str:
    sent = anna.system.ask_sandbox("POST", "/sandbox/mailbox", {"email": anna.email, "campaign": "spring"})
    return f"{anna.system.system.sandbox_url}/sandbox/mailbox/{sent['id']}"


def in_the_mail(tab):
    """The mail itself: a frame of the mail app's page."""
    (frame,) = (frame for frame in tab.page.frames if frame.url.endswith("/body"))
    return frame


def confirmations(anna: Somebody) -> list[dict[str, str]]:
    mails = anna.system.ask_sandbox("GET", "/sandbox/mailbox")["mails"]
    return [mail for mail in mails if (mail["to"], mail["campaign"]) == (anna.email, "confirmation")]


def choices(anna: Somebody) -> list[str]:
    return [decision.choice for decision in anna.decisions()]


def opened_from_the_mail(tab, anna) -> None:
    tab.goes_to(mail_to(anna))
    tab.opens_from(in_the_mail(tab), "Unsubscribe")
    assert tab.heading() == "Stop marketing emails"


def test_from_the_mail_to_done_by_keyboard_is_one_press(tab, anna, live):
    opened_from_the_mail(tab, anna)
    assert choices(anna) == [], "opening is not deciding"
    assert tab.page.locator("input:not([type=hidden]), select, textarea").count() == 0
    tab.presses("Stop these emails")
    assert tab.heading() == "You are out"
    assert "Recorded" in tab.text()
    assert "Fjord & Fern" in tab.text()
    assert anna.email not in tab.page.content()
    assert choices(anna) == ["opt-out"]
    assert tab.requests_to(live.url) == [("GET", anna.path), ("POST", anna.path)]


def test_nothing_is_asked_of_anybody_else(tab, anna, live):
    opened_from_the_mail(tab, anna)
    tab.presses("Stop these emails", key="Space")
    others = [url for _, url in tab.asked if not url.startswith((live.url, live.system.sandbox_url))]
    assert others == []


def test_the_record_can_be_kept(tab, anna):
    tab.goes_to(f"{anna.system.url}{anna.path}?c=spring")
    tab.presses("Stop these emails")
    (reference,) = set(REFERENCE.findall(tab.text()))
    tab.tabs_to("Keep a copy")
    with tab.page.expect_download() as kept:
        tab.page.keyboard.press("Enter")
    assert kept.value.suggested_filename == "opt-out.txt"
    record = kept.value.path().read_text()
    assert reference in record
    assert "Fjord & Fern" in record
    assert tab.heading() == "You are out"


def test_a_mistake_is_undone_and_may_be_made_again(tab, anna):
    tab.goes_to(f"{anna.system.url}{anna.path}")
    tab.presses("Stop these emails")
    tab.presses("This was a mistake: keep sending me emails", key="Space")
    assert tab.heading() == "You are back in"
    tab.presses("Stop these emails")
    assert tab.heading() == "You are out"
    assert choices(anna) == ["opt-out", "opt-in", "opt-out"]


def test_the_link_shows_the_live_truth_later(tab, anna, live):
    tab.goes_to(f"{anna.system.url}{anna.path}")
    tab.presses("Stop these emails")
    (reference,) = set(REFERENCE.findall(tab.text()))
    live.until(lambda: anna.states() == ["confirmed"], "Synerise confirms")
    tab.presses("See how it stands now")
    assert tab.heading() == "You are already out"
    assert reference in tab.text()
    assert "Confirmed by the mailing system" in tab.text()
    agreement = live.ask_sandbox("GET", f"/sandbox/profiles?q={anna.email}")["profiles"][0]["agreement"]
    assert agreement == "disabled"
    tab.presses("Stop these emails again")
    assert tab.heading() == "You are out"
    assert choices(anna) == ["opt-out", "opt-out"]


def test_the_language_that_was_chosen_is_kept_all_the_way(tab, anna):
    tab.goes_to(f"{anna.system.url}{anna.path}?c=spring")
    tab.chooses_language("English", "polski")
    assert tab.page.locator("html").get_attribute("lang") == "pl"
    tab.presses("Wypisz mnie z listy")
    assert tab.heading() == "Wypisano Cię z listy"
    tab.presses("Sprawdź bieżący stan")
    assert tab.heading() == "Wypisano Cię już wcześniej"
    tab.presses("To pomyłka: chcę nadal dostawać e-maile")
    assert tab.page.locator("html").get_attribute("lang") == "pl"
    tab.chooses_language("polski", "English")
    assert tab.heading() == "Stop marketing emails"
    assert anna.system.rows(
        "SELECT choice, language, campaign FROM decisions WHERE identifier = :email ORDER BY seq",
        email=anna.email,
    ) == [("opt-out", "pl", "spring"), ("opt-in", "pl", "spring")]


def test_what_is_switched_on_goes_through_the_mailbox_to_confirmed(tab, anna, live):
    tab.goes_to(f"{live.url}{anna.path}")
    tab.presses("Choose what you get")
    tab.page.get_by_role("group", name="Wine and beer").get_by_label("Yes, send me these").check()
    tab.presses("Save my choices")
    assert tab.heading() == "Look in your inbox"
    live.until(lambda: confirmations(anna), "the mail is there")
    [mail] = confirmations(anna)
    tab.goes_to(f"{live.system.sandbox_url}/sandbox/mailbox/{mail['id']}")
    frame = in_the_mail(tab)
    tab.opens_from(frame, frame.locator("a").inner_text())
    assert tab.heading() == "One press to confirm"
    assert choices(anna) == []
    tab.presses("Yes, send me these")
    assert tab.heading() == "You are in"
    assert choices(anna) == ["opt-in"]


def test_the_mail_apps_own_button_is_enough(tab, anna, live):
    mail = mail_to(anna)
    tab.goes_to(mail)
    tab.presses("Unsubscribe")
    assert "The address answered 200." in tab.page.get_by_role("status").inner_text()
    assert "You are opted out." in tab.page.get_by_role("status").inner_text()
    live.until(lambda: anna.states() == ["confirmed"], "Synerise confirms")
    assert [tuple(decision) for decision in anna.decisions()] == [("opt-out", "one-click", "one-click")]
    tab.goes_to(f"{live.url}{anna.path}")
    assert tab.heading() == "You are already out"


def test_a_reload_of_the_done_page_asks_nothing_new_and_opens_no_error(tab, anna):
    tab.goes_to(f"{anna.system.url}{anna.path}")
    tab.presses("Stop these emails")
    tab.page.reload()
    assert tab.heading() == "You are out"
    tab.goes_to(tab.page.url)
    assert tab.heading() == "You are already out"


def test_a_link_that_was_cut_offers_a_way_on(tab, anna):
    tab.goes_to(f"{anna.system.url}{anna.path[:-7]}")
    assert tab.heading() == "This link cannot be read"
    assert tab.page.get_by_role("link", name="hello@fjordandfern.example").first.get_attribute("href") == (
        "mailto:hello@fjordandfern.example"
    )
    assert choices(anna) == []
