"""Starts Synerise's own sign-up workflow for somebody who asked to be let in: they get its mail, and confirm by it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from resign.ledger.requested import REQUESTED, is_request
from resign.outbox.contract import Accepted, Choice, Message, Outcome
from resign.settings.model import Workspace
from resign.synerise.agreement import Agreement
from resign.synerise.destination import SyneriseDestination

_STARTS = "enabled"


class SignUpAttribute:
    """It starts the workflow when it becomes `enabled` (hub.synerise.com, "Newsletter sign-up"), and is no agreement.

    What it holds says nothing of any consent: it stays as it is when the person never confirms, or leaves.
    """

    def __init__(self, attribute: str) -> None:
        self._attribute = attribute

    def written(self, choice: Choice) -> dict[str, object]:
        return {"attributes": {self._attribute: _STARTS}} if choice == "opt-in" else {}

    def found(self, profile: Mapping[str, object]) -> Choice | None:  # noqa: ARG002 - as every agreement has it
        return None


class SignUpDestination(SyneriseDestination):
    """Requests only, by a profile update, and in a lane of its own: no opt-out waits behind one.

    It is not read back. A workflow may set the attribute to something else when it has run, and telling that person
    anew would send them a second mail. So the update goes out once more only where no answer came, and whether writing
    the value that stands there already starts the workflow again is not documented. A mail that comes days later would
    puzzle whoever gets it, so it is given up on.
    """

    name = "synerise-sign-up"
    confirms = False
    at_once: int | None = 4
    gives_up_after: timedelta | None = timedelta(days=3)

    @staticmethod
    def _told(workspace: Workspace) -> Mapping[str, Agreement]:
        return {REQUESTED: SignUpAttribute(workspace.synerise_sign_up_attribute)}

    @staticmethod
    def _by_profile(workspace: Workspace) -> bool:  # noqa: ARG004 - however the newsletter is told
        return True

    def hears_of(self, agreement: str) -> bool:
        return is_request(agreement)

    def parcels(self, messages: Sequence[Message]) -> list[list[Message]]:
        withdrawn = [[message] for message in messages if _is_withdrawn(message)]
        return super().parcels([each for each in messages if not _is_withdrawn(each)]) + withdrawn

    def deliver(self, parcel: Sequence[Message]) -> Outcome:
        """That a request was withdrawn ends what was still on its way. What has started cannot be called back."""
        if all(map(_is_withdrawn, parcel)):
            return Accepted()
        return super().deliver(parcel)


def _is_withdrawn(message: Message) -> bool:
    return is_request(message.agreement) and message.choice == "opt-out"
