"""Which messages Synerise cannot be told of at all, and what a person can do about each."""

import re

from resign.outbox.contract import Message, Refused
from resign.settings.model import Workspace

_OTHER_AGREEMENT = Refused(
    "this agreement is not among the workspace's agreements any more; put it back into the settings and retry, "
    "or switch it by hand in the profile"
)
_EMAIL_NAMES_NOBODY = Refused(
    "e-mails are not unique in this Synerise workspace, so an e-mail names no profile there; "
    "mint the links with a customId or clientId, and switch this person's profile by hand"
)
_CLIMBS = Refused(
    "the identifier has a part that is only dots, which an address cannot carry; "
    "give the profile another customId in Synerise, and switch it by hand meanwhile"
)
# A path's `.` and `..` parts are resolved on the way, by our own client or by any proxy that decodes %2F:
# `/v4/clients/by-customid/..` is `/v4/clients`, which creates profiles, and `../7` could be someone else's.
_DOTS = re.compile(r"(?:^|[/\\])\.{1,2}(?:$|[/\\])")


def refusal(message: Message, workspace: Workspace, *, is_told: bool = True) -> Refused | None:
    """Why the message can never be told, or None. Nothing of the identifier is quoted."""
    if not is_told:
        return _OTHER_AGREEMENT
    if message.profile.kind == "email" and workspace.synerise_emails == "non-unique":
        return _EMAIL_NAMES_NOBODY
    if _DOTS.search(message.profile.value):
        return _CLIMBS
    return None
