"""How an account is called: one spelling for all that look alike to whoever types them."""

import unicodedata

from resign.staff.refusals import BAD_NAME, StaffRefusal

MOST_CHARACTERS = 64
# Cc, Cf, Cs, Co, Cn: controls, invisible formats, halves of characters, and what is nothing yet; Zl and Zp end a line.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def folded(name: str) -> str:
    """Never raises: what is typed into the sign-in may be anything."""
    once = unicodedata.normalize("NFKC", name).casefold()
    # Folding can undo the normal form. What no database takes, NUL and half characters, is nobody's name.
    return "".join(map(_seen, " ".join(unicodedata.normalize("NFKC", once).split())))


def checked(name: str) -> str:
    """The folded name; raises StaffRefusal for one that nobody may have. A colon parts the provider from its names."""
    text = folded(name)
    if any(_seen(each) != each for each in name) or ":" in text or not 0 < len(text) <= MOST_CHARACTERS:
        raise StaffRefusal(BAD_NAME)
    return text


def _seen(character: str) -> str:
    return "\ufffd" if unicodedata.category(character) in _UNSEEN else character
