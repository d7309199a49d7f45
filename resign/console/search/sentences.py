"""What has to be said about a search, in the reader's language."""

from resign.console.spoken import mark, say
from resign.search.query import Note

_SENTENCES = {
    "unknown-filter": mark("“%(about)s:” is not known, so it was left out."),
    "did-you-mean": mark("“%(about)s:” is not known, so it was left out. Did you mean “%(instead)s:”?"),
    "no-value": mark("“%(about)s:” needs a value, so it was left out."),
    "bad-value": mark("“%(about)s:” takes %(instead)s; what was given was left out."),
    "bad-date": mark("“%(about)s:” takes a day such as 2026-01-31, so it was left out."),
    "bad-reference": mark(
        "A reference has twelve letters and digits, such as 01KB-3F9Q-7XZA; this was left out."
    ),
    "bad-identifier": mark("“%(about)s:” cannot name a profile like this; it was left out."),
    "short": mark("“%(about)s” is short: only what begins with it is found."),
    "too-long": mark("Only the first %(about)s characters were read."),
    "too-many": mark("Only the first %(about)s words were read."),
    "many-people": mark(
        "More than %(about)s people match; of these the %(about)s who came last are shown. Type more of the address."
    ),
    "many-answers": mark(
        "More than %(about)s answers match; the decisions of the newest %(about)s are shown."
    ),
    "nobody": mark("Nobody decided with exactly “%(about)s”."),
    "no-workspace": mark("There is no workspace “%(about)s” that you can see."),
    "bad-page": mark("The page that was asked for does not exist; this is the first one."),
    "goes-on": mark("Looked back to %(about)s; there may be more before."),
    "not-indexed": mark(
        "The index is still being built: filters and parts of addresses do not find everything yet."
    ),
}


def sentence(note: Note) -> str:
    return say(_SENTENCES[note.code], about=note.about, instead=note.instead)
