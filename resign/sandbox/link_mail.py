"""The mail that the pretend automation sends to somebody who asked for a lost link."""

from resign.paths import templates
from resign.sandbox.language import render
from resign.sandbox.mail import Mail

CAMPAIGN = "lost-link"
SUBJECT = "The link you asked for"
# Longer than any link that a person could have asked for.
_LONGEST = 2_000
_TEXT = "Here is the link you asked for:\n\n{{ link }}\n"


def link_of(params: dict[str, object]) -> str | None:
    """The link that an event carries in its parameter `link`; None for anything that is no web address."""
    link = params.get("link")
    if not isinstance(link, str) or len(link) > _LONGEST:
        return None
    return link if link.startswith(("http://", "https://")) and link.isprintable() else None


def write_link_mail(number: int, client_id: int, to: str, link: str, sent: float) -> Mail:
    """A mail that was asked for is no campaign: it goes out whatever the agreement says, without headers."""
    context: dict[str, object] = {"link": link, "subject": SUBJECT}
    template = (templates() / "sandbox" / "link-mail.html").read_text()
    return Mail(
        number=number,
        client_id=client_id,
        to=to,
        subject=SUBJECT,
        campaign=CAMPAIGN,
        html=render(template, context, escape=True),
        text=render(_TEXT, context, escape=False),
        one_click_url="",
        sent=sent,
    )
