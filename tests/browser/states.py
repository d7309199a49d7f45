"""How a person gets to each page that the running system can show, pressing what is there to press."""

from collections.abc import Callable

from tests.browser.tab import Tab
from tests.support.running import Somebody

Way = Callable[[Tab, Somebody], None]


def asking(tab: Tab, anna: Somebody) -> None:
    tab.goes_to(f"{anna.system.url}{anna.path}")


def done(tab: Tab, anna: Somebody) -> None:
    asking(tab, anna)
    tab.clicks()


def undone(tab: Tab, anna: Somebody) -> None:
    done(tab, anna)
    tab.clicks()


def out(tab: Tab, anna: Somebody) -> None:
    """Whether it is confirmed yet or not: opened as soon as it is pressed."""
    done(tab, anna)
    asking(tab, anna)


def confirmed(tab: Tab, anna: Somebody) -> None:
    done(tab, anna.is_planted())
    anna.system.until(lambda: anna.states() == ["confirmed"], "Synerise confirms")
    asking(tab, anna)


def unknown(tab: Tab, anna: Somebody) -> None:
    """Synerise has no such profile."""
    done(tab, anna)
    anna.system.until(lambda: "no-such-profile" in anna.outcomes(), "Synerise knows nobody of that name")
    asking(tab, anna)


def polish(tab: Tab, anna: Somebody) -> None:
    tab.goes_to(f"{anna.system.url}{anna.path}?l=pl")
    tab.clicks()


def bad_link(tab: Tab, anna: Somebody) -> None:
    tab.goes_to(f"{anna.system.url}{anna.path[:-3]}")


def not_found(tab: Tab, anna: Somebody) -> None:
    tab.goes_to(f"{anna.system.url}/nowhere")


def mail(tab: Tab, anna: Somebody) -> None:
    sent = anna.is_planted().system.ask_sandbox("POST", "/sandbox/mailbox", {"email": anna.email})
    tab.goes_to(f"{anna.system.system.sandbox_url}/sandbox/mailbox/{sent['id']}")


def mail_pressed(tab: Tab, anna: Somebody) -> None:
    mail(tab, anna)
    tab.clicks("Unsubscribe")


# By name, with the heading by which it is known to be there.
STATES: dict[str, tuple[Way, str]] = {
    "asking": (asking, "Stop marketing emails"),
    "done": (done, "You are out"),
    "undone": (undone, "You are back in"),
    "out": (out, "You are already out"),
    "confirmed": (confirmed, "You are already out"),
    "unknown": (unknown, "You are already out"),
    "polish": (polish, "Wypisano Cię z listy"),
    "bad-link": (bad_link, "This link cannot be read"),
    "not-found": (not_found, "There is no page here"),
}
MAILS: dict[str, tuple[Way, str]] = {
    "mail": (mail, "Slow weekends, softer light"),
    "mail-pressed": (mail_pressed, "Slow weekends, softer light"),
}
