"""What somebody probably meant by a name that does not exist."""

from collections.abc import Iterable
from difflib import get_close_matches


def meant(word: str, known: Iterable[str]) -> str:
    """A remedy in one sentence: the nearest name, large or small letters alike, or all of them."""
    names = sorted(known)
    written = {name.lower(): name for name in reversed(names)}
    close = get_close_matches(word[:200].lower(), sorted(written), n=1, cutoff=0.6)
    if close:
        return f"Did you mean `{written[close[0]]}`?"
    return f"There are: {', '.join(f'`{name}`' for name in names)}." if names else "Take it out."
