"""C7 for what goes to and comes from other systems: webhooks, files, imports and uploads that run, fail and are refused.

No address, network address or secret in any line that a process of ours prints, nor in the metrics.
"""

import secrets
import string
import subprocess
from pathlib import Path

import httpx
import pytest
from sqlalchemy import delete, update

from resign.api_keys import keys
from resign.api_keys.scopes import SCOPES
from resign.clock import SystemClock
from resign.feeds.tables import FeedLane
from resign.outbox.tables import Lane
from tests.api.conftest import SHELL
from tests.live.canary import FORWARDED, SOURCE
from tests.live.parrot import Parrot
from tests.live.test_canary import found, traces
from tests.support.running import Running, running

WEBHOOK_SECRET = "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LWNhbmFyeQ=="
FILE_TOKEN = "canary-token-of-the-files"
DESTINATIONS = """
[crm]
kind = "webhook"
url = "{url}/canary-path?token=canary-query"
secrets = ["{secret}"]
networks = ["127.0.0.0/8"]
[files]
kind = "http-file"
url = "{url}/files/{{file}}"
method = "POST"
token = "{token}"
networks = ["127.0.0.0/8"]
[shelf]
kind = "folder"
path = "{folder}"
"""


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory):
    """The logs of everything that was started, the metrics, and what would give the canary away."""
    folder = tmp_path_factory.mktemp("flows")
    name = "".join(secrets.choice(string.ascii_lowercase) for _ in range(20))
    email = f"canary.{name}@example.com"
    shelf = folder / "shelf"
    shelf.write_text("a file where a folder should be")
    with Parrot({"email": email, "from": SOURCE}).listening() as parrot:
        wishes = DESTINATIONS.format(url=parrot.url, secret=WEBHOOK_SECRET, token=FILE_TOKEN, folder=shelf)
        with running(folder, "sandbox") as system:
            system.start("web", RESIGN_DESTINATIONS=wishes)
            system.start("worker", RESIGN_DESTINATIONS=wishes)
            system.until(lambda: _answers(system), "the pages answer")
            who = system.somebody(email).is_planted()
            key = _key(system)
            for status in (500, 400, 0, 302, 410, 200):
                _is_answered(system, parrot, status, who.email, key)
            shelf.unlink()
            shelf.mkdir()
            _waits_for_nothing(system)
            said = _imports(system, folder, who.email)
            system.until(lambda: list(shelf.iterdir()), "a file is put into the folder")
            system.until(lambda: "confirmed" in who.states(), "Synerise confirms")
            metrics = httpx.get(f"{system.url}/metrics", trust_env=False)
            assert metrics.status_code == 200
            for program in system.programs[1:]:
                assert program.end() == 0
            kept = [folder / "metrics.txt", folder / "said.txt"]
            kept[0].write_text(metrics.text)
            kept[1].write_text(said)
            given_away = traces(who) | {
                "secret of the webhook": WEBHOOK_SECRET.removeprefix("whsec_")[:16], "token of the files": FILE_TOKEN,
                "the webhook's query": "canary-query", "key of the API": key.split("_")[2],
            }  # fmt: skip
            yield given_away, [program.log for program in system.programs[1:]], kept


def _answers(system: Running) -> bool:
    try:
        return httpx.get(f"{system.url}/readyz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def _key(system: Running) -> str:
    with system.database.writing() as session:
        made = keys.add(session, "nightly", "default", SCOPES, SystemClock().now(), SHELL, origin="shop")
        session.commit()
    return made.text


def _is_answered(system: Running, parrot: Parrot, status: int, email: str, key: str) -> None:
    """Another decision of the canary, rightly and wrongly said, until both destinations have answered for it."""
    parrot.turn_to(status)
    _waits_for_nothing(system)
    line = '{"profile":{"email":"%s"},"choice":"%s","evidence":"%s"}'
    choice = "opt-out" if status in {500, 0, 410} else "opt-in"
    body = "\n".join([line % (email, choice, email), line % (email, email, email), line[:20] + email])
    sent = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/x-ndjson",
        "X-Forwarded-For": FORWARDED,
    }
    with httpx.Client(base_url=system.url, trust_env=False, timeout=60) as api:
        assert api.post("/api/v1/decisions/bulk", content=body, headers=sent).status_code == 200
        wrong = {"Authorization": f"Bearer {key}x{email}"}
        assert api.get(f"/api/v1/suppressions?email={email}", headers=wrong).status_code in {401, 404}
        api.get(f"/api/v1/decisions?email={email}&cursor={email}", headers=sent)
    system.until(
        lambda: any("canary-path" in path for path, _ in parrot.heard), f"the webhook answers {status}"
    )
    system.until(lambda: any("files" in path for path, _ in parrot.heard), f"the files are answered {status}")


def _waits_for_nothing(system: Running) -> None:
    with system.database.writing() as session:
        session.execute(delete(Lane))
        session.execute(update(FeedLane).values(again_at=None))
        session.commit()


def _imports(system: Running, folder: Path, email: str) -> str:
    file = folder / "list.csv"
    file.write_text(f'email,when\n{email},2026-05-01\n{email}@,2026-05-01\n"{email},\n')
    child = next(child for child in system.system.children if child.name == "worker")
    command = [*child.command[:-1], "import", "run", str(file), "--yes", "--from", "crm"]
    done = subprocess.run(command, env=child.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_neither_the_logs_nor_the_metrics_name_the_canary(journey):
    given_away, logs, kept = journey
    for what, trace in given_away.items():
        assert found([*logs, *kept], trace) == [], what


def test_what_went_wrong_was_logged_all_the_same(journey):
    _, logs, _ = journey
    for word in ("held", "file was not taken", "a file has arrived"):
        assert found(logs, word), word
