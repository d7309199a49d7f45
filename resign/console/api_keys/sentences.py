"""What the keys refuse with, named here for the catalogue: they are said as they come."""

from resign.console.spoken import mark

SENTENCES = (
    mark("A key's name has 1 to 48 characters, without line ends or control characters."),
    mark("Give the key at least one scope that there is."),
    mark(
        "An origin is a system's name: up to 31 small letters, digits and hyphens. Synerise tells us by its hook."
    ),
    mark("A key ends in the future, and within ten years."),
    mark("This key has ended already. Add a new one."),
)
# What each scope opens, in the order of resign.api_keys.scopes.
MEANINGS = (
    mark("reads decisions, with the identifiers of whom they are about"),
    mark("records decisions, one or many at a time"),
    mark("reads where a profile stands on each agreement"),
    mark("asks whether somebody must not be mailed"),
    mark("mints links, with which anybody can opt a profile out"),
    mark("reads how each destination does"),
)
