"""Opts somebody out who asked for it by phone, by letter or in person. It is never refused because of what others do."""

from sqlalchemy.orm import Session

from resign.acting.act import Act
from resign.acting.basis import Basis
from resign.acting.person import agreements_of
from resign.ledger import ALL, NewDecision
from resign.ledger.directly import append
from resign.profile import Profile

ACTION = "opted-out"


def opt_out(session: Session, act: Act, profile: Profile, agreement: str, basis: Basis) -> NewDecision:
    """The decision that it is known by; `all` is the newest of one for each agreement. The caller commits."""
    named = (*agreements_of(act.workspace), ALL) if agreement == ALL else (agreement,)
    made = [act.decide(profile, each, "opt-out") for each in named]
    append(session, made)
    newest = made[-1]
    act.note(
        session,
        ACTION,
        newest.row["digest"],
        decision=str(newest.id),
        agreement=agreement,
        **basis.detail(),
    )
    return newest
