"""The mails that the pretend automations send to somebody who asked for a link: a lost one, or one to confirm by."""

from dataclasses import dataclass

from resign.paths import templates
from resign.sandbox.language import render
from resign.sandbox.mail import Mail

# Longer than any link that a person could have asked for.
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Occasion:
    """What one automation's Send Email node holds; `why` stands before the link."""

    campaign: str
    subject: str
    why: str


LOST = Occasion(
    "lost-link",
    "The link you asked for",
    "You asked us for a link. With it you can stop our marketing emails:",
)
CONFIRM = Occasion(
    "confirmation",
    "Please confirm what you chose",
    "You asked for emails from us. Open the link and press once, and they begin:",
)


def link_of(params: dict[str, object]) -> str | None:
    """The link that an event carries in its parameter `link`; None for anything that is no web address."""
    link = params.get("link")
    if not isinstance(link, str) or len(link) > _LONGEST:
        return None
    return link if link.startswith(("http://", "https://")) and link.isprintable() else None


def write_link_mail(occasion: Occasion, number: int, client_id: int, to: str, link: str, sent: float) -> Mail:
    """A mail that was asked for is no campaign: it goes out whatever the agreement says, without headers."""
    context: dict[str, object] = {"link": link, "subject": occasion.subject, "why": occasion.why}
    template = (templates() / "sandbox" / "link-mail.html").read_text()
    return Mail(
        number=number,
        client_id=client_id,
        to=to,
        subject=occasion.subject,
        campaign=occasion.campaign,
        html=render(template, context, escape=True),
        text=render("{{ why }}\n\n{{ link }}\n", context, escape=False),
        one_click_url="",
        sent=sent,
    )
