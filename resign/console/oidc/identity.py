"""What the views of a sign-in and the provider's client say to each other; needs no library, so it is there without the extra."""

from dataclasses import dataclass


class OutOfReach(Exception):
    """The provider does not answer, or not as OpenID Connect says. The message quotes nothing of its answer."""


class NotProven(Exception):
    """What the provider gave proves nothing. The message is a word about why, and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Begun:
    """One sign-in under way: `state` and `nonce` bind the answer to it, `verifier` the code to us (RFC 7636)."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider vouches for. `grants` are those of the groups that the settings know."""

    issuer: str
    subject: str
    called: str
    grants: frozenset[tuple[str, str]]
