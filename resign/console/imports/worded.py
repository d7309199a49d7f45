"""What an import says of its rows, in words for people; the codes are those of `resign.imports.reasons`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from resign.console.spoken import mark

STATES = {
    "checking": mark("Being checked"),
    "checked": mark("Checked, not taken in yet"),
    "running": mark("Being taken in"),
    "paused": mark("Paused"),
    "done": mark("Taken in"),
    "stopped": mark("Stopped"),
    "reversing": mark("Being taken back"),
    "reversed": mark("Taken back"),
    "failed": mark("Failed"),
}
# Nothing changes because nothing needs to, or because the opt-out wins.
KEPT_AS_IT_IS = ("known", "newer-opt-in", "opted-out", "no-evidence", "suppressed")
WHY = {
    "recorded": mark("Recorded"),
    "matched": mark("Known here by an address on the list, and opted out"),
    "known": mark("We hold the same already"),
    "newer-opt-in": mark("The person opted in after that opt-out"),
    "opted-out": mark("The person is out, and the opt-in is not surely newer"),
    "no-evidence": mark("The person is out, and nothing speaks for the opt-in"),
    "suppressed": mark("The address is on a list of hashes of people who opted out"),
    "no-identifier": mark("No identifier in the columns that name the person"),
    "bad-identifier": mark("The identifier is none that Synerise accepts"),
    "email-not-unique": mark("E-mails are not unique in this workspace, so an address names nobody"),
    "bad-hash": mark("No hash of the kind that was said"),
    "undeclared-agreement": mark("There is no such agreement in this workspace"),
    "unknown-choice": mark("The value says none of opt-out, opt-in and request"),
    "opt-in-to-all": mark("Nobody opts in to everything"),
    "request-elsewhere": mark("Only an opt-in to the newsletter is asked for and then confirmed"),
    "bad-date": mark("The date cannot be read, or could be two days"),
    "future": mark("It was decided later than now"),
    "too-few-values": mark("Fewer values than there are columns"),
    "too-many-values": mark("More values than there are columns"),
    "too-long": mark("More than 100,000 characters: is a quote never closed?"),
    "broken-quotes": mark("A quote is closed in the middle of a value"),
    "not-text": mark("Bytes that are no text in this encoding"),
    "cut-off": mark("The file ends in the middle of it: bring the whole file"),
    "not-an-object": mark("JSON, but no object"),
    "not-json": mark("No JSON"),
    "nested": mark("A value holds values itself"),
    "repeated-value": mark("The same value is named twice"),
    "broken-file": mark("From here on the file cannot be read"),
}
TAKEN_BACK = {
    "restored": mark("What stood before holds again"),
    "agreed": mark("Opted in on the word of whoever took it back"),
    "decided-since": mark("Something was decided since, and stays"),
    "later-row": mark("A later row of the same file counts"),
    "each-agreement": mark("Of everything: each agreement by itself"),
    "unknown-before": mark("Nothing was known before, so they stay out"),
    "on-a-break": mark("On a break before, which is not begun again"),
    "suppressed": mark("The address is on a list of hashes of people who opted out"),
    "nameless": mark("The address is not kept any more"),
    "removed": mark("The hash is on the list no more"),
    "said-elsewhere": mark("Another import says that the person is out, and stands"),
    "held-elsewhere": mark("Another import brought the same hash, and keeps it"),
}
BEFORE = {
    "-": mark("nothing known"),
    "opt-out": mark("opted out"),
    "opt-in": mark("opted in"),
    "request": mark("asked for, not confirmed"),
    "break": mark("on a break"),
    "hash": mark("on the list"),
}


@dataclass(frozen=True, slots=True)
class Count:
    code: str
    rows: int

    @classmethod
    def of(cls, counts: Mapping[str, int], codes: Collection[str]) -> "list[Count]":
        return [cls(code, counts[code]) for code in codes if counts.get(code)]


def sorted_counts(counts: Mapping[str, int], codes: Collection[str]) -> list[Count]:
    """The most frequent first."""
    return sorted(Count.of(counts, codes), key=lambda each: (-each.rows, each.code))


def of_changes(changes: Mapping[tuple[str, str, str], int]) -> list[tuple[str, str, str, int]]:
    return sorted((*key, count) for key, count in changes.items())


# What reading says of a whole file; here so that they are in the catalogue.
UNREADABLE = (
    mark("The file is empty."),
    mark("The file is not text."),
    mark("The file holds no rows."),
    mark("The file holds no rows that can be read."),
    mark("The file holds no list of objects, or is no JSON."),
    mark("The file is no XML, or holds no rows."),
    mark("The file declares a document type or entities of its own, which are not read."),
    mark("The file is no workbook, or is broken or encrypted."),
    mark("No sheet of the workbook that is not hidden holds a row."),
    mark("The file is of an old Excel, or encrypted; save it as .xlsx or CSV."),
    mark("The file is a PDF, not a table."),
    mark("The file is packed twice."),
    mark("There is no encoding of that name."),
    mark("The file is not in that encoding."),
    mark("The file has more than 500 columns."),
    mark("The first row has more than 100000 characters."),
    mark("The packed file grows to more than 200 times its size."),
)
