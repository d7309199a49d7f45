"""A sign of life: whether some worker goes round at all."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from resign.outbox.tables import Heartbeat

EVERY = timedelta(seconds=30)
_WORKER = "worker"


def beat(session: Session, now: datetime) -> None:
    """The caller commits."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(Heartbeat).values(name=_WORKER, at=now)
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"at": now}))


def last_beat(session: Session) -> datetime | None:
    """None where no worker has ever run."""
    return session.scalar(select(Heartbeat.at).where(Heartbeat.name == _WORKER))
