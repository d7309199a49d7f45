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
# What whoever brought the file can do; of the others nothing is to be done.
REMEDIES = {
    "opted-out": mark("Where the person opted in later, give the date of it and what speaks for it."),
    "no-evidence": mark("Say under What the columns mean what speaks for it, as a text or as columns."),
    "suppressed": mark("Ask the person to opt in by themself."),
    "no-identifier": mark("Fill one in, or name another column under What the columns mean."),
    "bad-identifier": mark("Correct it: an address has one @ and a domain, a clientId is a whole number."),
    "email-not-unique": mark("Name the person by customId or clientId."),
    "bad-hash": mark("A SHA-256 hash has 64 digits from 0 to f, a keyed one 32."),
    "undeclared-agreement": mark("Declare it in the settings, or correct the value."),
    "unknown-choice": mark("Add it to the values of the choice under What the columns mean."),
    "opt-in-to-all": mark("Say which agreement was agreed to."),
    "request-elsewhere": mark("Name the newsletter, or say that the person opted in."),
    "bad-date": mark("Correct it, or say under What the columns mean which of day and month comes first, and the time zone."),
    "future": mark("Correct the date, or the time zone under What the columns mean."),
    "too-few-values": mark("Look for a missing delimiter."),
    "too-many-values": mark("Put values with a delimiter in quotes."),
    "too-long": mark("Look for a quote that is never closed."),
    "broken-quotes": mark("Double the quotes within values."),
    "not-text": mark("Name the encoding: under What the columns mean, The file was read wrongly."),
    "cut-off": mark("Bring the whole file."),
    "not-an-object": mark("Write each row as an object."),
    "not-json": mark("Write each row as an object, in a line of its own."),
    "nested": mark("Bring the file without nested values."),
    "repeated-value": mark("Name each once."),
    "broken-file": mark("Bring the file anew."),
}  # fmt: skip
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
TAKEN_BACK_REMEDIES = {
    "unknown-before": mark("Where you can show that they had agreed, say so when the import is taken back."),
    "on-a-break": mark("The person can opt in by themself."),
    "suppressed": REMEDIES["suppressed"],
    "said-elsewhere": mark("Take that one back, too."),
    "held-elsewhere": mark("Take that one back, too."),
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
