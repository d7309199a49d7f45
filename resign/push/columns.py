"""Which columns name a profile, under which headings, and which of several identifiers a link is minted for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resign.profile import KINDS, Kind

# The best first. A clientId stays when the address changes, and an item of a batch that has one never creates
# a profile. A customId is the company's own and stays too. An address is what people change most.
PREFERRED: tuple[Kind, ...] = ("clientId", "customId", "email")


class BadColumns(ValueError):
    """The headings do not say where a profile is named; the message is for the person who gave them."""


@dataclass(frozen=True, slots=True)
class Columns:
    """For each kind of identifier the heading under which it stands; their case and blanks do not count."""

    headings: Mapping[Kind, str]

    @classmethod
    def of(cls, asked: Sequence[str] = ()) -> "Columns":
        """`asked` are texts such as `email=E-mail`; a kind that is not asked for stands under its own name."""
        headings: dict[Kind, str] = {}
        for text in asked:
            name, equals, heading = text.partition("=")
            kind = next((kind for kind in KINDS if kind.lower() == name.strip().lower()), None)
            if kind is None or not equals or not fold(heading):
                raise BadColumns(f"name a column as {' or '.join(f'{kind}=HEADING' for kind in KINDS)}")
            if kind in headings:
                raise BadColumns(f"{kind} is given two columns")
            headings[kind] = heading
        named = {kind: fold(headings.get(kind, kind)) for kind in KINDS}
        if len(set(named.values())) < len(named):
            raise BadColumns("two identifiers are given the same column")
        return cls(named)

    def kinds(self, headings: Sequence[str]) -> list[Kind | None]:
        """For each heading of a file the kind that it holds, None for any other; raises BadColumns."""
        by_heading = {heading: kind for kind, heading in self.headings.items()}
        found = [by_heading.get(fold(heading)) for heading in headings]
        for kind in KINDS:
            if found.count(kind) > 1:
                raise BadColumns(f"the column {self.headings[kind]} stands in the header more than once")
        return found


def fold(heading: str) -> str:
    return "".join(heading.split()).lower()
