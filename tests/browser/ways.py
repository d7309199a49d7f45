"""How a person gets to the pages beyond the one press: choices, breaks, reasons, confirmations, a lost link."""

import re
from html import unescape

import httpx

from tests.browser.states import STATES, Way, asking, done
from tests.browser.tab import Tab
from tests.support.running import Somebody


def reason(tab: Tab, anna: Somebody) -> None:
    done(tab, anna)
    tab.clicks("Too many emails")


def reason_too_long(tab: Tab, anna: Somebody) -> None:
    done(tab, anna)
    tab.page.get_by_label("In your own words").fill("too much " * 60)
    with tab.page.expect_navigation():
        tab.page.get_by_role("button", name="Send", exact=True).click()


def centre(tab: Tab, anna: Somebody) -> None:
    asking(tab, anna)
    with tab.page.expect_navigation():
        tab.page.get_by_role("link", name="Choose what you get").click()


def chooses(tab: Tab, what: str, choice: str) -> None:
    tab.page.get_by_role("group", name=what).get_by_label(choice).check()
    tab.clicks("Save my choices")


def saved(tab: Tab, anna: Somebody) -> None:
    centre(tab, anna)
    chooses(tab, "Wine and beer", "No, do not send me these")


def asked(tab: Tab, anna: Somebody) -> None:
    centre(tab, anna.is_planted())
    chooses(tab, "Wine and beer", "Yes, send me these")


def same(tab: Tab, anna: Somebody) -> None:
    centre(tab, anna)
    tab.clicks("Save my choices")


def stopped(tab: Tab, anna: Somebody) -> None:
    centre(tab, anna)
    tab.clicks("Stop everything")


def started_again(tab: Tab, anna: Somebody) -> None:
    stopped(tab, anna)
    tab.clicks("This was a mistake: keep sending me emails")


def on_a_break(tab: Tab, anna: Somebody) -> None:
    asking(tab, anna)
    tab.clicks("1 month")


def rests(tab: Tab, anna: Somebody) -> None:
    on_a_break(tab, anna)
    asking(tab, anna)


def confirms(tab: Tab, anna: Somebody) -> None:
    asked(tab, anna)
    tab.goes_to(confirmation(anna))


def confirmed_in(tab: Tab, anna: Somebody) -> None:
    confirms(tab, anna)
    tab.clicks("Yes, send me these")


def confirms_too_late(tab: Tab, anna: Somebody) -> None:
    """They stopped everything before the mail was opened."""
    asked(tab, anna)
    stopped(tab, anna)
    tab.goes_to(confirmation(anna))


def confirmation(anna: Somebody) -> str:
    """The link in the mail that asks to confirm."""

    def mails() -> list[str]:
        there = anna.system.ask_sandbox("GET", "/sandbox/mailbox")["mails"]
        return [
            mail["id"] for mail in there if (mail["to"], mail["campaign"]) == (anna.email, "confirmation")
        ]

    anna.system.until(mails, "the mail is there")
    body = httpx.get(f"{anna.system.system.sandbox_url}/sandbox/mailbox/{mails()[0]}/body", trust_env=False)
    return unescape(re.search(r'href="([^"]*/c/[^"]+)"', body.text)[1])


def lost(tab: Tab, anna: Somebody) -> None:
    tab.goes_to(f"{anna.system.url}/u/")


def lost_and_mistyped(tab: Tab, anna: Somebody) -> None:
    lost(tab, anna)
    tab.page.get_by_role("textbox").fill("anna")
    tab.clicks()


def lost_and_sent(tab: Tab, anna: Somebody) -> None:
    lost(tab, anna)
    tab.page.get_by_role("textbox").fill(anna.email)
    tab.clicks()


# By name, with the heading by which it is known to be there.
WAYS: dict[str, tuple[Way, str]] = {
    **STATES,
    "reason": (reason, "Thank you"),
    "reason-too-long": (reason_too_long, "You are out, and your answer is too long"),
    "preferences": (centre, "What you get from us"),
    "saved": (saved, "Your choices are saved"),
    "asked": (asked, "Look in your inbox"),
    "same": (same, "Nothing has changed"),
    "stopped": (stopped, "Everything is stopped"),
    "started-again": (started_again, "Your choices are saved"),
    "on-a-break": (on_a_break, "Your break has begun"),
    "rests": (rests, "You are on a break"),
    "confirms": (confirms, "One press to confirm"),
    "confirmed-in": (confirmed_in, "You are in"),
    "confirms-too-late": (confirms_too_late, "This can no longer be confirmed"),
    "lost": (lost, "Get your link by email"),
    "lost-and-mistyped": (lost_and_mistyped, "Get your link by email"),
    "lost-and-sent": (lost_and_sent, "Look in your inbox"),
}
