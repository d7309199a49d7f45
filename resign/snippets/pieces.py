"""The pieces to paste into Synerise, by name, each filled in for one workspace."""

import dataclasses
import functools

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from resign.paths import snippets
from resign.snippets.facts import Facts

# In the order in which a workspace is set up.
PIECES = {
    "link": "the link in the mail template, with its guard",
    "headers": "List-Unsubscribe and List-Unsubscribe-Post, for the mail app's own button",
    "automation": "the automation that switches the agreement, for RESIGN_SYNERISE_TELL=event",
    "integrations": "the outgoing integrations, by which resign hears of Synerise's own opt-outs",
    "collected": "what is collected at Synerise: agreements of your own, landing pages, shops' plugins",
    "lost-link": "the automation that mails a lost link",
    "confirmation": "the automation that mails the confirmation of what somebody switched on",
    "double-opt-in": "opting in again later, with its evidence",
    "landing-page": "an opt-out on a landing page, in a form, or by the JS SDK",
    "template-link": "a link that the template signs by itself",
    "checklist": "what to check on a live workspace, because Synerise does not document it",
}


def fill_in(name: str, facts: Facts) -> str:
    """The piece as Markdown; KeyError for a name that is none."""
    if name not in PIECES:
        raise KeyError(name)
    text = _environment().get_template(f"{name}.md").render(dataclasses.asdict(facts))
    return text.strip() + "\n"


@functools.cache
def _environment() -> Environment:
    """With marks of its own, because what it fills in is full of Synerise's `{{ }}` and `{% %}`.

    Nothing is escaped: it is text for a terminal, and the facts come from the operator's own settings.
    """
    return Environment(
        loader=FileSystemLoader(snippets()),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - not HTML
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
        trim_blocks=True,
        lstrip_blocks=True,
    )
