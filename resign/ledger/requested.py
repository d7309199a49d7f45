"""An opt-in that was asked for and is still to be confirmed: a decision on an agreement of its own.

So whoever asks what was last decided on the newsletter never meets a request. It is no consent: it lets nobody be
mailed, overrules no opt-out, and ends with whatever is decided on the newsletter itself.
"""

from typing import Literal

# No agreement of a workspace's own can have a colon in its name.
REQUESTED = "newsletter:requested"
# What is asked for by it. Synerise's sign-up workflow confirms its own agreement only.
ASKED_FOR = "newsletter"

ChoiceShown = Literal["opt-out", "opt-in", "request", "withdrawn"]
_SHOWN: dict[str, ChoiceShown] = {"opt-in": "request", "opt-out": "withdrawn"}


def is_request(agreement: str) -> bool:
    return agreement == REQUESTED


def asked_for(agreement: str) -> str:
    """The agreement that a request is for; of any other itself."""
    return ASKED_FOR if is_request(agreement) else agreement


def choice_shown(agreement: str, choice: str) -> ChoiceShown:
    """What is shown and told of a decision: never `opt-in` for what was only asked for.

    `withdrawn`: an import that had brought the request was taken back.
    """
    if is_request(agreement):
        return _SHOWN[choice]
    return "opt-out" if choice == "opt-out" else "opt-in"
