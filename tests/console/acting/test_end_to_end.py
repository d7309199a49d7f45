"""From the phone call to the confirmed profile: staff opt somebody out, the worker tells the pretend Synerise, and it says so."""

import time
from dataclasses import replace

from resign.outbox.worker import Worker
from resign.profile import Profile
from resign.synerise import SyneriseDestination
from tests.console.acting.conftest import SOUND, said
from tests.console.acting.test_checking import ask
from tests.support.decisions import states
from tests.support.looked_after import person_path
from tests.synerise.test_end_to_end import EMAIL, sandbox

__all__ = ["ask", "sandbox"]

ANNA = Profile.of("email", EMAIL)


def test_staff_opt_somebody_out_synerise_is_told_and_confirms(
    support, database, settings, clock, sandbox, ask
):
    here = sandbox()
    ask(here)
    page = support.client.get("/console/people/default/new")
    story = support.follows(support.presses(page, **SOUND, kind="email", identifier=EMAIL))
    assert story.url.path == person_path(ANNA)
    assert "Recorded; nobody was told yet." in said(story)
    support.path = person_path(ANNA)
    assert "it is still being told" in said(support.does("check-now"))

    worked(database, settings, clock, here)
    assert here.holds()["agreements"]["email"] is False
    assert "Synerise confirmed it" in said(support.opens())
    assert "Both sides say the same." in said(support.does("check-now"))

    here.do("profiles", [{"email": EMAIL, "agreements": {"email": True}}])
    here.holds()
    assert "Synerise says something else" in said(support.does("check-now"))
    assert support.does("tell-again").status_code == 303
    worked(database, settings, clock, here)
    assert here.holds()["agreements"]["email"] is False
    assert states(database) == ["confirmed"]
    assert support.deeds() == [
        ("Ada", "opted-out"), ("Ada", "checked"), ("Ada", "checked"), ("Ada", "checked"), ("Ada", "told-again"),
    ]  # fmt: skip


def worked(database, settings, clock, here) -> None:
    """The worker tells what is owed, waits for the pretend Synerise to apply it, and reads it back."""
    there = replace(settings.workspaces["default"], **here.as_settings())
    destination = SyneriseDestination(there, clock, connections=2)
    worker = Worker(database, {"default": there}, {"default": [destination]}, clock, deliveries=2)
    worker.drain()
    time.sleep(here.settings.apply_after * 2)
    clock.advance(seconds=1)
    worker.drain()
    worker.finish()
    destination.close()
