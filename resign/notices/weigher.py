"""Weighs notices against the ledger, asks Synerise where only the profile can tell, and writes missing links."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from resign.clock import Clock
from resign.db import Database
from resign.ids import new_id
from resign.ledger import Choice, decide
from resign.ledger.directly import append, stop_others
from resign.ledger.hashed import suppressed
from resign.ledger.newest import Newest
from resign.ledger.standings import requested
from resign.links import SCOPE
from resign.lost_links.requests import was_mailed
from resign.notices.linking import Linking
from resign.notices.notice import NATIVE, SUBJECTS, Subject
from resign.notices.people import Person, people, profile_of
from resign.notices.rules import CLOCKS_APART, Verdict, weigh_off, weigh_on, weigh_sent
from resign.notices.tables import NoticeRow, is_unweighed
from resign.outbox.contract import Confirmed, Differs, Message, NoSuchProfile, Outcome
from resign.outbox.standing import last_told, standing
from resign.profile import Profile
from resign.settings import Workspace
from resign.telemetry.metrics import WEIGHED

log = logging.getLogger(__name__)

Found = TypeVar("Found")

_MOST_AT_ONCE = 200
# What was taken to ask Synerise about is free again after this time, also where its worker died.
_LEASE = timedelta(minutes=3)
# Synerise says nothing of how long a write waits in its queue; a doubt is settled when it surely is through.
_SETTLED_AFTER = timedelta(seconds=60)
_GIVE_UP_AFTER = timedelta(hours=24)
_RETRY_MOST = timedelta(minutes=15)
_UNKNOWN_AFTER_TRIES = 6
# Synerise is told of a request in seconds, and its workflow mails at once; a lane that is held takes longer.
_CONFIRMS_WITHIN = timedelta(days=1)
# A press that was made before may still be on its way into the ledger: nobody waits longer than this for a commit.
_SURELY_WRITTEN = timedelta(seconds=45)
# The database itself is away: that is no notice's fault.
_OUT_OF_REACH = (OperationalError, InterfaceError)
_AT_ONCE = 8

# Two weighers: opt-outs need not wait behind a flood of new profiles.
OPT_OUTS_FIRST: tuple[Subject, ...] = ("off", "on", "sent")
LINKS: tuple[Subject, ...] = ("profile",)

ReadBack = Callable[[Message], Outcome]


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of Synerise, without a transaction open meanwhile."""

    notice: int
    ask: Callable[[], Outcome | Verdict]


class Weigher:
    """`read_backs` and `linkings` by workspace name. One `step` at a time; several processes may have one each."""

    def __init__(
        self,
        database: Database,
        workspaces: Mapping[str, Workspace],
        read_backs: Mapping[str, ReadBack],
        linkings: Mapping[str, Linking],
        clock: Clock,
        subjects: Collection[Subject] = (*OPT_OUTS_FIRST, *LINKS),
    ) -> None:
        self._database = database
        self._workspaces = workspaces
        self._read_backs = read_backs
        self._linkings = linkings
        self._clock = clock
        self._actions = [action for action, subject in SUBJECTS.items() if subject in subjects]
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="weigh")

    def step(self) -> bool:
        """Weighs what is due; True where more is waiting."""
        now = self._clock.now()
        due = _due(now, self._workspaces, self._actions)
        with self._database.reading() as session:
            if session.scalar(due.with_only_columns(NoticeRow.id).limit(1)) is None:
                return False
        with self._database.writing() as session:
            taken = session.scalars(due.limit(_MOST_AT_ONCE).with_for_update(skip_locked=True)).all()
            if any(SUBJECTS.get(notice.action) == "on" for notice in taken):
                # A press that came before must not be counted as older than the opt-in that is weighed.
                stop_others(session)
            linked: set[tuple[str, str]] = set()
            numbers = [notice.id for notice in taken]
            asked = [self._by_itself(session, number, self._weigh, now, linked) for number in numbers]
            session.commit()
        questions = [question for question in asked if question]
        answers = list(self._pool.map(lambda question: question.ask(), questions))
        if questions:
            with self._database.writing() as session:
                for question, answer in zip(questions, answers, strict=True):
                    self._by_itself(session, question.notice, self._settle, answer)
                session.commit()
        return len(numbers) == _MOST_AT_ONCE

    def _by_itself(
        self, session: Session, number: int, act: Callable[..., Found], *more: object
    ) -> Found | None:
        """So that one notice which cannot be weighed holds up no other: it is put off, and said."""
        try:
            with session.begin_nested():
                return act(session, session.get_one(NoticeRow, number), *more)
        except _OUT_OF_REACH:
            raise
        except Exception:
            log.exception("A notice could not be weighed; it is put off", extra={"notice": number})
            put_off = update(NoticeRow).where(NoticeRow.id == number)
            session.execute(put_off.values(due_at=self._clock.now() + _RETRY_MOST, tries=NoticeRow.tries + 1))
            return None

    def close(self) -> None:
        """What has not been asked yet is left for the next start."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _weigh(
        self, session: Session, notice: NoticeRow, now: datetime, linked: set[tuple[str, str]]
    ) -> _Question | None:
        subject = SUBJECTS.get(notice.action)
        if subject == "profile":
            return self._about_link(session, notice, now, linked)
        found = people(session, notice)
        if subject == "sent":
            self._weigh_sent(session, notice, found, now)
            return None
        last_off = _last_off(session, notice) if subject == "on" else None
        verdicts = [_verdict(session, subject, notice, person, last_off) for person in found]
        # Who is out under one of their identifiers is opted in under none.
        out = subject == "on" and not {"late", "claimed"}.isdisjoint(verdicts)
        if out or (subject == "on" and self._is_suppressed(session, notice, found)):
            verdicts = ["claimed" if verdict == "decided" else verdict for verdict in verdicts]
        if "decided" in verdicts:
            # One identity in doubt beside one without: they are one person, and it is an opt-out.
            choice: Choice = "opt-out" if subject == "off" else "opt-in"
            for person, verdict in zip(found, verdicts, strict=True):
                if verdict in {"decided", "doubtful"}:
                    self._decide(session, notice, person.profile, choice)
            _close(notice, "decided", now)
        elif "doubtful" in verdicts:
            return self._about_doubt(session, notice, found[verdicts.index("doubtful")], now)
        elif "known" in verdicts and subject == "off" and now - notice.arrived_at < _SURELY_WRITTEN:
            # An undo from before it may not be in the ledger yet.
            notice.due_at = notice.arrived_at + _SURELY_WRITTEN
        else:
            _close(notice, verdicts[0], now)
        return None

    def _weigh_sent(
        self, session: Session, notice: NoticeRow, found: Sequence[Person], now: datetime
    ) -> None:
        # What somebody asked for is no mail that should not have gone out.
        digests = [person.digest for person in found]
        if was_mailed(session, notice.workspace, digests, notice.at) or any(
            _asked_lately(requested(session, notice.workspace, digest), notice.at) for digest in digests
        ):
            _close(notice, "fine", now)
            return
        for person in found:
            stands = standing(session, notice.workspace, person.digest, SCOPE)
            newest, confirmed_at = (stands.newest, stands.confirmed_at) if stands else (None, None)
            verdict, seconds = weigh_sent(notice.at, newest, confirmed_at)
            notice.delay_seconds = seconds
            if verdict == "mailed-after":
                break
        _close(notice, verdict, now)

    def _about_doubt(
        self, session: Session, notice: NoticeRow, person: Person, now: datetime
    ) -> _Question | None:
        """Only when nothing more is told of the opt-in: until then Synerise may rightly still say "off"."""
        stands = standing(
            session, notice.workspace, person.digest, notice.agreement, destination=_told_by(notice.agreement)
        )
        waits = stands is not None and not stands.is_settled and now - notice.arrived_at < _GIVE_UP_AFTER
        if waits or now - notice.arrived_at < _SETTLED_AFTER:
            notice.due_at = now + _SETTLED_AFTER
            return None
        notice.due_at = now + _LEASE
        message = Message(new_id(), person.profile, notice.agreement, "opt-out", notice.at)
        read_back = self._read_backs[notice.workspace]
        return _Question(notice.id, lambda: read_back(message))

    def _about_link(
        self, session: Session, notice: NoticeRow, now: datetime, linked: set[tuple[str, str]]
    ) -> _Question | None:
        """`linked` are those whose link is being written in this very step: created and updated come together."""
        linking = self._linkings[notice.workspace]
        who = (notice.workspace, notice.digest)
        if who in linked or linking.was_lately(session, notice.digest, now):
            _close(notice, "known", now)
            return None
        linked.add(who)
        notice.due_at = now + _LEASE
        profile = profile_of(notice)
        return _Question(notice.id, lambda: linking.link(profile))

    def _settle(self, session: Session, notice: NoticeRow, answer: Outcome | Verdict) -> None:
        now = self._clock.now()
        if notice.verdict is not None:
            return  # its lease ran out, and another has settled it
        if isinstance(answer, str):
            _close(notice, answer, now)
        elif SUBJECTS.get(notice.action) == "off" and isinstance(answer, Confirmed | Differs | NoSuchProfile):
            self._settle_doubt(session, notice, answer, now)
        elif isinstance(answer, NoSuchProfile) and notice.tries >= _UNKNOWN_AFTER_TRIES:
            _close(notice, "unknown", now)
        elif now - notice.arrived_at >= _GIVE_UP_AFTER:
            self._give_up(session, notice, now)
        else:
            notice.due_at = now + min(timedelta(seconds=2**notice.tries), _RETRY_MOST)
            notice.tries += 1

    def _settle_doubt(self, session: Session, notice: NoticeRow, answer: Outcome, now: datetime) -> None:
        if not isinstance(answer, Confirmed):
            _close(notice, "echo", now)
            return
        for person in people(session, notice):
            if _verdict(session, "off", notice, person) in {"decided", "doubtful"}:
                self._decide(session, notice, person.profile, "opt-out")
        _close(notice, "decided" if notice.decision else "known", now)

    def _give_up(self, session: Session, notice: NoticeRow, now: datetime) -> None:
        """In doubt for a day: then the opt-out is believed, because a missing one would be worse."""
        if SUBJECTS.get(notice.action) == "off":
            self._settle_doubt(session, notice, Confirmed(), now)
        else:
            _close(notice, "gave-up", now)

    def _is_suppressed(self, session: Session, notice: NoticeRow, found: Sequence[Person]) -> bool:
        """Of whom nothing is known but a hash: they are out, and when they left, the list does not say."""
        strangers = [person.profile for person in found if not person.decisions]
        key = self._workspaces[notice.workspace].digest_key.encode()
        return bool(suppressed(session, notice.workspace, key, strangers, [notice.agreement]))

    def _decide(self, session: Session, notice: NoticeRow, profile: Profile, choice: Choice) -> None:
        decision = decide(
            workspace=notice.workspace,
            digest_key=self._workspaces[notice.workspace].digest_key.encode(),
            profile=profile,
            agreement=notice.agreement,
            choice=choice,
            method="synerise",
            actor="synerise",
            at=notice.at,
            campaign=notice.campaign,
            origin="synerise",
            evidence=notice.evidence,
        )
        append(session, [decision])
        notice.decision = decision.id


def _due(now: datetime, workspaces: Mapping[str, Workspace], actions: Collection[str]) -> Select[NoticeRow]:
    return (
        select(NoticeRow)
        .where(
            is_unweighed(),
            NoticeRow.due_at <= now,
            NoticeRow.workspace.in_(workspaces),
            NoticeRow.action.in_(actions),
        )
        .order_by(NoticeRow.due_at, NoticeRow.id)
    )


def _last_off(session: Session, notice: NoticeRow) -> datetime | None:
    """When Synerise last told of this person's switch-off, also where that added nothing to what we held."""
    row, offs = NoticeRow, [action for action, subject in SUBJECTS.items() if subject == "off"]
    digests = [notice.digest, *(pair.partition(":")[2] for pair in (notice.others or "").split())]
    query = select(func.max(row.at)).where(
        row.workspace == notice.workspace,
        row.agreement == notice.agreement,
        row.action.in_(offs),
        row.digest.in_(digests),
    )
    return session.scalar(query)


def _verdict(
    session: Session,
    subject: str | None,
    notice: NoticeRow,
    person: Person,
    last_off: datetime | None = None,
) -> Verdict:
    if subject == "on":
        return weigh_on(notice.evidence, notice.at, person.decisions or person.nameless, last_off)
    out = next((each for each in person.decisions if each.choice == "opt-out"), None)
    told = last_told(session, out.seq) if out is not None and out.until is not None else None
    return weigh_off(notice.action, notice.at, person.decisions, told=told)


def _told_by(agreement: str) -> str:
    """The destination at Synerise by which the agreement is told."""
    return "synerise" if agreement == NATIVE else "synerise-attributes"


def _close(notice: NoticeRow, verdict: Verdict, now: datetime) -> None:
    """The address has served its purpose: the digest stays, and the decision has its own."""
    notice.verdict, notice.weighed_at, notice.identifier = verdict, now, None
    WEIGHED.labels(notice.workspace, verdict).inc()


def _asked_lately(asked: Newest | None, at: datetime) -> bool:
    """Then it may be the mail by which Synerise's sign-up workflow asks for the confirmation."""
    return asked is not None and -CLOCKS_APART <= at - asked.at <= _CONFIRMS_WITHIN
