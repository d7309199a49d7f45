"""What another system uploads, asks or is sent costs as much in a large ledger as in a small one: no table is gone through."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from resign.bench.ledger import WORKSPACE, Somebody
from resign.feeds.rows import Wanted, rows
from resign.ledger import ALL
from resign.ledger.arriving import Statement
from resign.ledger.newest import overtaken
from resign.ledger.suppression import Recipient, out
from resign.ledger.tables import Decision
from resign.ledger.uploading import outs_elsewhere, upload
from resign.lost_links.found import profiles_of
from resign.outbox.heard import heard_an_opt_in_last
from resign.outbox.repeating import tellings
from resign.outbox.withhold import withhold
from tests.support.plans import DECISIONS, KEY, LARGE, ledger, listened, tables_scanned

__all__ = ["ledger"]

PEOPLE = [Somebody.of(number).profile for number in range(17_000, 17_300)]
DIGESTS = [person.digest(KEY) for person in PEOPLE]


def says(choice, agreement="newsletter"):
    return [
        Statement(profile=person, agreement=agreement, choice=choice, evidence="form 7") for person in PEOPLE
    ]


def uploads(session, clock, said):
    return upload(
        session, WORKSPACE, KEY, said, method="api", actor="crm", origin=None, now=clock.now(), dry=True
    )


ACTS = {
    "opt-ins are uploaded": lambda session, clock: uploads(session, clock, says("opt-in")),
    "opt-outs are uploaded": lambda session, clock: uploads(session, clock, says("opt-out")),
    "opt-outs of everything are uploaded": lambda session, clock: uploads(session, clock, says("opt-out", ALL)),
    "many recipients are asked about": lambda session, _: out(
        session, WORKSPACE, [Recipient(digest, "f" * 64) for digest in DIGESTS], "newsletter"
    ),
    "one recipient is asked about": lambda session, _: out(
        session, WORKSPACE, [Recipient(DIGESTS[0])], "newsletter"
    ),
    "somebody else's opt-outs are looked for": lambda session, _: outs_elsewhere(
        session, WORKSPACE, DIGESTS, ["newsletter"]
    ),
    "opt-ins are taken up": lambda session, clock: withhold(session, range(17_000, 17_100), clock.now()),
    "what was overtaken is looked for": lambda session, _: session.scalars(
        select(Decision.seq).where(Decision.seq.in_(range(17_000, 17_100)), overtaken())
    ).all(),
    "it is looked at what may be told again": lambda session, clock: tellings(
        session, WORKSPACE, DIGESTS[0], clock.now()
    ),
    "it is looked at what a system heard last": lambda session, _: heard_an_opt_in_last(
        session,
        [SimpleNamespace(seq=1, workspace=WORKSPACE, digest=one, agreement="newsletter", choice="opt-out") for one in DIGESTS[:20]],
        [["synerise"]] * 20,
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_no_large_table_is_gone_through_where(ledger, clock, act):
    with ledger.writing() as session:
        heard = listened(ledger, lambda: ACTS[act](session, clock), ledger.engine)
    asked = [each for each in heard if each[0].startswith(("SELECT", "UPDATE"))]
    assert asked
    # There are no attempts here, and of a table without rows PostgreSQL says nothing but that it may be read through.
    large = LARGE if ledger.is_sqlite else LARGE - {"attempts"}
    assert not {name for statement in asked for name in tables_scanned(ledger, *statement)} & large


def test_nor_for_the_page_of_a_feed(ledger):
    """It goes through the decisions, a thousand at a time, and through nothing else."""
    wanted = Wanted(
        WORKSPACE,
        after=17_000,
        top=DECISIONS,
        agreements=("newsletter",),
        origin="crm",
        heard=DECISIONS,
        fields=("email",),
    )
    heard = listened(ledger, lambda: next(rows(ledger, wanted)))
    paged, *others = heard
    # Of two lower ends SQLite takes the first: each page would begin where the whole file does.
    assert paged[0].count("decisions.seq > ") == 1
    assert not tables_scanned(ledger, *paged) & (LARGE - {"decisions"})
    assert not {name for statement in others for name in tables_scanned(ledger, *statement)} & LARGE


def test_nor_for_a_link_that_is_asked_for_anew(ledger, workspace):
    shared = replace(workspace, synerise_emails="non-unique")
    with ledger.reading() as session:
        heard = listened(ledger, lambda: profiles_of(session, shared, "anna@example.com", DIGESTS[0]))
    assert heard
    assert not {name for statement in heard for name in tables_scanned(ledger, *statement)} & LARGE
