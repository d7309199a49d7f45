"""Whom a query means: exactly, by keyed digests; or by parts, through the index, never more than a page can use."""

from collections.abc import Callable, Collection, Sequence

from sqlalchemy import ColumnElement, Integer, String, column, func, join, select, table
from sqlalchemy.orm import Session

from resign.ledger.tables import Consent, Decision
from resign.profile import MOST_CHARACTERS, BadProfile, Profile
from resign.search import parts
from resign.search.query import Note, Query, Word
from resign.search.tables import Person

# The decisions of so many people can be put in order for one page.
MOST_PEOPLE = 500
# So many times as many eras are asked as should have enough; and no more than these, one by one, in one question.
_SPARE = 2
_MOST_ERAS = 64
_LONGEST = MOST_CHARACTERS + 2
# FTS5's table, which the models do not have: PostgreSQL has no such thing.
_PARTS = table("people_parts", column("rowid", Integer), column("people_parts", String))

DigestKey = Callable[[str], bytes]


def wanted(
    session: Session, query: Query, workspaces: Collection[str], digest_key: DigestKey
) -> tuple[set[str] | None, tuple[Note, ...]]:
    """The digests of the people that are meant, None where the query names nobody; and what is to be said of it."""
    found: set[str] | None = None
    for profile in query.profiles:
        exactly = _exactly(session, [profile], workspaces, digest_key)
        found = exactly if found is None else found & exactly
    if not query.words:
        return found, ()
    by_parts = _by_parts(session, query.words, workspaces)
    several = len(by_parts) > MOST_PEOPLE
    people = {digest for _, digest in by_parts[:MOST_PEOPLE]}
    if query.bare is not None:
        people |= _exactly(session, _as_a_whole(query.bare), workspaces, digest_key)
    notes = (Note("many-people", str(MOST_PEOPLE)),) if several else ()
    return (people if found is None else found & people), notes


def exact_people(
    session: Session, query: Query, workspaces: Collection[str], digest_key: DigestKey
) -> list[ColumnElement[bool]]:
    """What the query's identifiers ask of a decision."""
    return [
        Decision.digest.in_(_exactly(session, [profile], workspaces, digest_key))
        for profile in query.profiles
    ]


def holding_words(session: Session, query: Query) -> list[ColumnElement[bool]]:
    """What the query's letters ask of a decision, where more people hold them than can be named."""
    place = func.instr if session.get_bind().dialect.name == "sqlite" else func.strpos
    person = select(Person.id).where(
        Person.workspace == Decision.workspace,
        Person.digest == Decision.digest,
        *(place(Person.folded, parts.needle(word.text, begins=word.begins)) > 0 for word in query.words),
    )
    return [person.limit(1).correlate(Decision).scalar_subquery().is_not(None)]


def _exactly(
    session: Session, profiles: Sequence[Profile], workspaces: Collection[str], digest_key: DigestKey
) -> set[str]:
    """Also whoever decided under another identifier, and whose address came back from Synerise."""
    own = {profile.digest(digest_key(workspace)) for profile in profiles for workspace in workspaces}
    linked = session.scalars(
        select(Consent.digest).where(Consent.email_digest.in_(own), Consent.workspace.in_(workspaces))
    )
    return {*own, *linked}


def _as_a_whole(word: str) -> list[Profile]:
    found = []
    for kind in ("customId", "clientId"):
        try:
            found.append(Profile.of(kind, word))
        except BadProfile:
            continue
    return found


def _by_parts(session: Session, words: Sequence[Word], workspaces: Collection[str]) -> list[tuple[int, str]]:
    """Ids and digests, the newest people first; one more than MOST_PEOPLE where there are more."""
    needles = [parts.needle(word.text, begins=word.begins) for word in words]
    if any(len(each) > _LONGEST for each in needles):
        return []
    search = _on_sqlite if session.get_bind().dialect.name == "sqlite" else _on_postgres
    return search(session, needles, workspaces)


def _on_sqlite(session: Session, needles: list[str], workspaces: Collection[str]) -> list[tuple[int, str]]:
    """FTS5 goes backwards through its rows and stops when there are enough."""
    quoted = [gram.replace('"', '""') for gram in parts.side_by_side(needles)]
    query = (
        select(Person.id, Person.digest)
        .select_from(join(_PARTS, Person.__table__, _PARTS.c.rowid == Person.id))
        .where(
            _PARTS.c.people_parts.op("MATCH")(" AND ".join(f'"{gram}"' for gram in quoted)),
            Person.workspace.in_(workspaces),
            *(func.instr(Person.folded, each) > 0 for each in needles),
        )
        .order_by(_PARTS.c.rowid.desc())
        .limit(MOST_PEOPLE + 1)
    )
    return [(number, digest) for number, digest in session.execute(query)]


def _on_postgres(session: Session, needles: list[str], workspaces: Collection[str]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for workspace in workspaces:
        found += _in_workspace(session, needles, workspace)
    return sorted(found, reverse=True)[: MOST_PEOPLE + 1]


def _in_workspace(session: Session, needles: list[str], workspace: str) -> list[tuple[int, str]]:
    """GIN has no order and gives all or nothing: so the newest era is asked first, and tells how many may follow.

    Then so many eras are asked together as will have enough, or all that are left where the part is rare.
    """
    numbers = [parts.number(gram) for gram in parts.looked_for(needles)]
    newest = session.scalar(select(func.max(Person.id))) or 0
    found: list[tuple[int, str]] = []
    left = top = (newest >> parts.ERA_BITS) + 1
    size = 1
    while left and len(found) <= MOST_PEOPLE:
        if size > min(left - 1, _MOST_ERAS):
            before = Person.id < left << parts.ERA_BITS
            theirs = Person.parts.contains([*numbers, parts.of_workspace(workspace)])
            return [*found, *_holding(session, needles, workspace, theirs, before)]
        eras = [parts.of_era(workspace, era) for era in range(left - size, left)]
        of_them = Person.parts.contains(numbers), Person.parts.overlap(eras)
        found += _holding(session, needles, workspace, *of_them)
        left -= size
        missing = MOST_PEOPLE + 1 - len(found)
        size = _SPARE * missing * (top - left) // len(found) + 1 if found else left + 1
    return found


def _holding(
    session: Session, needles: list[str], workspace: str, *conditions: ColumnElement[bool]
) -> list[tuple[int, str]]:
    """The newest first. The CTE keeps the order out of the plan: or PostgreSQL might go backwards through everybody,
    in the hope of meeting enough of them soon.
    """
    held = (
        select(Person.id, Person.digest)
        .where(
            *conditions,
            Person.workspace == workspace,
            *(func.strpos(Person.folded, each) > 0 for each in needles),
        )
        .cte("held")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    query = select(held.c.id, held.c.digest).order_by(held.c.id.desc()).limit(MOST_PEOPLE + 1)
    return [(number, digest) for number, digest in session.execute(query)]
