"""The rotation as docs/keys.md tells it, walked through while people press: nobody with a link is refused (A10, A11)."""

import itertools
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from resign.cli.keys import keys
from resign.links import Links
from resign.profile import Profile
from resign.settings.parse import keys as ring_in
from tests.support.person import ONE_CLICK
from tests.support.running import Program, Running, running
from tests.support.variables import VARIABLES


class Webs:
    """Two web processes as behind a proxy: who does not reach one is handed to the other, as nginx is told to."""

    def __init__(self, system: Running, file: Path) -> None:
        self.system, self.file = system, file
        self.running: list[tuple[Program, tuple[str, int]]] = [
            system.another_web(RESIGN_KEYS=self.ring, RESIGN_WEB_WORKERS="1") for _ in range(2)
        ]

    @property
    def ring(self) -> str:
        return self.file.read_text().strip()

    def restart_one_by_one(self) -> None:
        for number, (program, (host, port)) in enumerate(self.running):
            assert program.end() == 0
            address = f"{host}:{port}"
            anew = self.system.start(
                "web", RESIGN_BIND=address, RESIGN_KEYS=self.ring, RESIGN_WEB_WORKERS="1"
            )
            self.system.until(lambda address=address: is_well(address), "the restarted web answers")
            self.running[number] = anew, (host, port)

    def ask(self, client: httpx.Client, method: str, path: str, first: int) -> httpx.Response:
        for number in (first, first + 1, first):
            _, (host, port) = self.running[number % 2]
            try:
                return client.request(
                    method, f"http://{host}:{port}{path}", content=ONE_CLICK * (method == "POST")
                )
            except httpx.TransportError:
                continue
        raise AssertionError("neither of the two was there")

    def mint(self, person: int, key_id: str) -> str:
        """A token as it lies in somebody's mailbox, of the time when this key was the newest."""
        key = next(pair for pair in ring_in(self.ring) if pair[0] == key_id)
        workspace = replace(self.system.settings.workspaces["default"], keys=(key,))
        return Links([workspace]).mint("default", Profile("email", f"p{person}@example.com"))


class People:
    """They open and press, with links of the keys in `tokens_of`, until they are told to stop."""

    def __init__(self, webs: Webs) -> None:
        self.webs = webs
        self.key_ids = ["k1", "k2"]
        self.answers: Counter[tuple[str, str, int]] = Counter()
        self.faults: list[BaseException] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._go_on, args=(start,)) for start in (0, 100_000)]
        for thread in self._threads:
            thread.start()

    def _go_on(self, start: int) -> None:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        with httpx.Client(trust_env=False, timeout=30, headers=headers) as client:
            for person in itertools.count(start):
                if self._stop.wait(0.01):
                    return
                try:
                    for key_id in tuple(self.key_ids):
                        path = f"/u/{self.webs.mint(person, key_id)}"
                        for turn, method in enumerate(("GET", "POST")):
                            answer = self.webs.ask(client, method, path, person + turn)
                            self.answers[key_id, method, answer.status_code] += 1
                except BaseException as fault:  # noqa: BLE001 - told where the test can see it
                    self.faults.append(fault)
                    return

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


def is_well(address: str) -> bool:
    try:
        return httpx.get(f"http://{address}/healthz", trust_env=False, timeout=10).is_success
    except httpx.TransportError:
        return False


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "keys"
    file.write_text(VARIABLES["RESIGN_KEYS"] + "\n")
    return file


@pytest.fixture
def webs(tmp_path: Path, file: Path) -> Iterator[Webs]:
    with running(tmp_path) as system:
        yield Webs(system, file)


@pytest.fixture
def command(webs: Webs, file: Path):
    surroundings = {
        **{name: value for name, value in VARIABLES.items() if name != "RESIGN_KEYS"},
        "RESIGN_KEYS_FILE": str(file),
        "RESIGN_DATABASE_URL": webs.system.settings.database_url,
    }

    def run(*words: str) -> str:
        result = CliRunner().invoke(keys, words, env=surroundings)
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_nobody_is_refused_while_the_keys_change_under_load(webs, command):
    people = People(webs)
    try:
        command("new", "--waiting", "--write")
        webs.restart_one_by_one()
        command("sign", "k3", "--write")
        people.key_ids.append("k3")
        webs.restart_one_by_one()
    finally:
        people.stop()
    assert people.faults == []
    assert {status for _, _, status in people.answers} == {200}
    assert min(people.answers[key_id, "POST", 200] for key_id in ("k1", "k2", "k3")) > 10
    pressed = sum(count for (_, method, _), count in people.answers.items() if method == "POST")
    [(kept,)] = webs.system.rows("SELECT count(*) FROM decisions")
    assert kept >= pressed

    assert "k3" in command("list")
    old = webs.mint(7, "k1")
    command("retire", "k1", "--write", "--yes")
    kept_links = [webs.mint(7, key_id) for key_id in ("k2", "k3")]
    webs.restart_one_by_one()
    with httpx.Client(trust_env=False, timeout=30) as client:
        for token in kept_links:
            assert webs.ask(client, "POST", f"/u/{token}", 0).status_code == 200
        for method in ("GET", "POST"):
            answer = webs.ask(client, method, f"/u/{old}", 0)
            assert answer.status_code == 404
            assert 'action="/u/"' in answer.text
            assert 'name="email"' in answer.text
