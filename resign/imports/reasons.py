"""Why a row was not taken in, or changed nobody: each code with words and a remedy."""

from typing import NamedTuple


class Reason(NamedTuple):
    """`words` say what was found, `remedy` what whoever brought the file can do; a remedy may be that nothing is to be done."""

    words: str
    remedy: str


# What the reader found, before anybody asked what the row says.
_SPOILT = {
    "too-few-values": ("it has fewer values than there are columns", "look for a missing delimiter"),
    "too-many-values": ("it has more values than there are columns", "put values with a delimiter in quotes"),
    "too-long": ("it has more than 100,000 letters", "look for a quote that is never closed"),
    "broken-quotes": ("a quote is closed in the middle of a value", "double the quotes within values"),
    "not-text": ("it holds bytes that are no text in the file's encoding", "name the encoding"),
    "cut-off": ("the file ends in the middle of it", "bring the whole file"),
    "not-an-object": ("it is JSON, but no object", "write each row as an object"),
    "not-json": ("it is no JSON", "write each row as an object, in a line of its own"),
    "nested": ("one of its values holds values itself", "bring the file without nested values"),
    "repeated-value": ("it names the same value twice", "name each once"),
    "broken-file": ("from this row on the file cannot be read", "bring the file anew"),
}
# What is wrong with the row itself: it is a reject, and stands in the file of rejects.
REJECTS = {
    "no-identifier": Reason(
        "no identifier stands in the columns that name the person",
        "fill one in, or name another column in the mapping",
    ),
    "bad-identifier": Reason(
        "the identifier is none that Synerise accepts",
        "correct it; an address has one @ and a domain, a clientId is a whole number",
    ),
    "email-not-unique": Reason(
        "e-mails are not unique in this workspace, so an address names nobody",
        "name the person by customId or clientId",
    ),
    "bad-hash": Reason(
        "this is no hash of the kind that the mapping names",
        "a sha256 hash has 64 digits from 0 to f, a keyed one 32",
    ),
    "undeclared-agreement": Reason(
        "there is no such agreement in this workspace",
        "declare it in the settings, or translate the value in the mapping",
    ),
    "unknown-choice": Reason(
        "the value says none of opt-out, opt-in and request",
        "add it to the values of the choice in the mapping",
    ),
    "opt-in-to-all": Reason(
        "nobody opts in to everything",
        "say which agreement was agreed to",
    ),
    "request-elsewhere": Reason(
        "only an opt-in to the newsletter is asked for and then confirmed",
        "name the newsletter, or say that the person opted in",
    ),
    "bad-date": Reason(
        "the date cannot be read",
        "correct it, or the order and the zone in the mapping",
    ),
    "future": Reason(
        "it was decided later than now",
        "correct the date, or the zone in the mapping",
    ),
}
# What the ledger says to a row that can be read.
VERDICTS = {
    "recorded": Reason("it is a decision of ours now", "nothing is to be done"),
    "known": Reason("we hold the same already", "nothing is to be done"),
    "newer-opt-in": Reason("the person opted in after that opt-out", "nothing is to be done"),
    "opted-out": Reason(
        "the person is out, and the opt-in is older, or nobody says how old it is",
        "where the person opted in later, give the date of it and what speaks for it",
    ),
    "no-evidence": Reason(
        "the person is out, and nothing speaks for the opt-in",
        "say in the mapping what speaks for it, as a text or as columns",
    ),
    "suppressed": Reason(
        "somebody with this address is on a list of hashes of people who opted out",
        "ask the person to opt in by themself",
    ),
}
REJECTS |= {code: Reason(*said) for code, said in _SPOILT.items()}
REASONS = REJECTS | VERDICTS
# What became of a decision of an import that was taken back.
REVERSALS = {
    "restored": Reason("what stood before holds again", "nothing is to be done"),
    "agreed": Reason("opted in on the word of whoever took the import back", "nothing is to be done"),
    "decided-since": Reason("something was decided since, and stays", "nothing is to be done"),
    "later-row": Reason(
        "a later row of the same import speaks of the person, and counts", "nothing is to be done"
    ),
    "each-agreement": Reason(
        "of everything, each agreement is taken back by itself", "nothing is to be done"
    ),
    "unknown-before": Reason(
        "nothing was known of the person before, so there is no opt-in that could be restored",
        "where you can show that they had agreed, reverse with --agreed",
    ),
    "on-a-break": Reason(
        "the person was on a break before, which is not begun again",
        "the person can opt in by themself",
    ),
    "suppressed": VERDICTS["suppressed"],
    "nameless": Reason("the address is kept no longer", "nothing can be done"),
    "said-elsewhere": Reason(
        "another import says that the person is out, and stands", "reverse that one too"
    ),
    "removed": Reason("the hash is on the list no more", "nothing is to be done"),
    "held-elsewhere": Reason("another import brought the same hash, and keeps it", "reverse that one too"),
}


def words(code: str) -> str:
    """Of a code that this release does not know, the code: a reader of files may have found something new."""
    found = REASONS.get(code)
    return found.words if found else code.replace("-", " ")


def remedy(code: str) -> str:
    found = REASONS.get(code)
    return found.remedy if found else "look at the row in the file of rejects"
