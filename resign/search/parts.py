"""How parts of an identifier are indexed: by every three letters of it, its beginning marked by two signs of its own.

On PostgreSQL the three letters become numbers in an array under a GIN index, which every server has; `pg_trgm` would
need an extension that an operator may not be allowed to create. On SQLite they are FTS5's own trigrams.
"""

from zlib import crc32

# Nothing that is typed holds it, and no identifier with a control character is found by it.
_BEGIN = "\x02\x02"
_LETTERS = 3
# More of them narrow nothing down; what is found is compared letter by letter all the same.
_MOST_GRAMS = 24
# An era is 16,384 decisions. Of a part that many people have, the newest are found era by era.
ERA_BITS = 14


def folded(identifier: str, email: str | None) -> str:
    """What is searched: the identifier and the address that Synerise named for it, in small letters."""
    return "\n".join(_BEGIN + name.lower() for name in dict.fromkeys((identifier, email or identifier)))


def needle(letters: str, *, begins: bool) -> str:
    return _BEGIN + letters if begins else letters


def grams(text: str) -> list[str]:
    return sorted({text[i : i + _LETTERS] for i in range(len(text) - _LETTERS + 1)})


def numbers(text: str, workspace: str, person: int) -> list[int]:
    """What stands in the array of one person: three letters each, whose it is, and from which era."""
    marks = (of_workspace(workspace), of_era(workspace, person >> ERA_BITS))
    return sorted({*map(number, grams(text)), *marks})


def looked_for(needles: list[str]) -> list[str]:
    """Three letters each, of all needles; of a long one so many as are enough."""
    return _enough({gram for each in needles for gram in grams(each)})


def side_by_side(needles: list[str]) -> list[str]:
    """The fewest that hold every letter: for FTS5 each of them is one more list of people to go through."""
    ends = ((each, (*range(_LETTERS, len(each), _LETTERS), len(each))) for each in needles)
    return _enough(
        {each[end - _LETTERS : end] for each, several in ends for end in several if end >= _LETTERS}
    )


def _enough(found: set[str]) -> list[str]:
    return sorted(found)[:: len(found) // _MOST_GRAMS + 1]


def of_workspace(workspace: str) -> int:
    return number(f"\x01{workspace}")


def of_era(workspace: str, era: int) -> int:
    return number(f"\x01{workspace}\x01{era}")


def number(text: str) -> int:
    """32 bits with a sign, as PostgreSQL's integer has them. Two texts may share one: what is found is compared."""
    return crc32(text.encode()) - 2**31
