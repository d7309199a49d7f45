"""C7: no address, network address or token in any line that any process of ours prints."""

import base64
import json
import secrets
import string
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.live.canary import FORWARDED, SOURCE, Canary
from tests.live.parrot import Parrot
from tests.support.running import Somebody, running


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Somebody, list[Path]]]:
    """The canary, and the logs of everything that was started, the pretend Synerise's excepted."""
    folder = tmp_path_factory.mktemp("canary")
    name = "".join(secrets.choice(string.ascii_lowercase) for _ in range(20))
    with running(folder, "sandbox", "web", RESIGN_PROXIES="1") as system:
        canary = Canary(system, system.somebody(f"canary.{name}@example.com").is_planted())
        worker = system.start("worker")
        canary.goes_out_and_back()
        system.until(lambda: canary.who.states()[-1:] == ["confirmed"], "Synerise confirms")
        canary.asks_for_a_link()
        canary.is_told_of()
        canary.breaks_its_link()
        canary.sends_nonsense()
        canary.loses_a_table()
        assert worker.end() == 0
        with Parrot(
            {"email": canary.who.email, "token": canary.who.token, "from": SOURCE}
        ).listening() as parrot:
            worker = canary.worker_at(parrot)
            for status in (400, 401, 403, 404, 409, 429, 500, 0, 202):
                canary.is_refused_by(parrot, status)
            canary.is_refused_by(parrot, 200, "text/html")
            canary.loses_the_database()
            assert worker.end() == 0
        system.programs[1].end()
        yield canary.who, [program.log for program in system.programs[1:]]


def traces(who: Somebody) -> dict[str, str]:
    """What would give the canary away, in every spelling that a log could have."""
    local = who.email.partition("@")[0]
    _, sealed, signature = who.token.split(".")
    return {
        "address": who.email,
        "local part": local,
        "local part without its dot": local.partition(".")[2],
        "percent-encoded address": quote(who.email, safe=""),
        "base64 of the address": base64.b64encode(who.email.encode())[:16].decode(),
        "token": who.token,
        "sealed part of the token": sealed,
        "signature of the token": signature,
        "network address": SOURCE,
        "forwarded network address": FORWARDED,
    }


def found(logs: list[Path], wanted: str) -> list[str]:
    lines = [line for log in logs for line in log.read_text(errors="replace").splitlines()]
    return [line for line in lines if wanted.lower() in line.lower()]


def test_the_logs_do_not_name_the_canary(journey):
    who, logs = journey
    for what, trace in traces(who).items():
        assert found(logs, trace) == [], what


def test_the_search_would_find_it(journey, tmp_path):
    who, logs = journey
    for trace in traces(who).values():
        planted = tmp_path / "planted.log"
        planted.write_text(json.dumps({"message": f"GET {trace.upper()} 200"}) + "\n")
        assert len(found([*logs, planted], trace)) == 1


def test_every_line_is_json_with_a_time_a_level_and_a_sentence(journey):
    _, logs = journey
    lines = [line for log in logs for line in log.read_text().splitlines()]
    assert len(lines) > 10
    for line in lines:
        said = json.loads(line)
        assert {"time", "level", "logger", "message"} <= set(said), line


def test_what_went_wrong_was_logged_all_the_same(journey):
    _, logs = journey
    for word in ("held", "paused", "out of reach", "nothing is left half done"):
        assert found(logs, word), word
