"""What a key may do, each in a word; and what each means, for the documentation."""

from typing import Literal, get_args

Scope = Literal[
    "decisions:read",
    "decisions:write",
    "consents:read",
    "suppressions:check",
    "links:write",
    "destinations:read",
]
SCOPES: tuple[Scope, ...] = get_args(Scope)
MEANINGS: dict[Scope, str] = {
    "decisions:read": "reads decisions, with the identifiers of whom they are about",
    "decisions:write": "records decisions, one or many at a time",
    "consents:read": "reads where a profile stands on each agreement",
    "suppressions:check": "asks whether somebody must not be mailed",
    "links:write": "mints links, with which anybody can opt a profile out",
    "destinations:read": "reads how each destination does",
}
