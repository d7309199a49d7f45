"""What somebody probably meant by a name that does not exist."""

from collections.abc import Iterable
from difflib import get_close_matches


def meant(word: str, known: Iterable[str]) -> str:
    """A remedy in one sentence: the nearest name, or all of them."""
    names = sorted(known)
    close = get_close_matches(word[:200], names, n=1, cutoff=0.6)
    if close:
        return f"Did you mean `{close[0]}`?"
    return f"There are: {', '.join(f'`{name}`' for name in names)}." if names else "Take it out."
