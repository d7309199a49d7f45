"""Notes what was looked at, in a transaction of its own, before it is shown: nobody sees what could not be noted."""

from datetime import timedelta

from resign.console.access import who
from resign.console.desk import desk
from resign.staff.audit import note
from resign.staff.lately import did_lately


def noted(action: str, *, workspace: str | None = None, subject: str | None = None, **detail: object) -> None:
    """As `resign.staff.audit.note`, committed."""
    with desk().database.writing() as session:
        note(session, who(), action, desk().clock.now(), workspace=workspace, subject=subject, **detail)
        session.commit()


def noted_once(action: str, within: timedelta, *, workspace: str, subject: str) -> None:
    """Unless the same person did the same so lately."""
    since = desk().clock.now() - within
    with desk().database.reading() as session:
        if did_lately(session, who(), action, since, workspace=workspace, subject=subject):
            return
    noted(action, workspace=workspace, subject=subject)
