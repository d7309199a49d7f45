"""Looking changes nothing, however often; other methods are refused and told which are allowed (A4, A5)."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from resign.db.schema import Table
from tests.live.headers import checked
from tests.live.wire import exchange, post, request, wire
from tests.support.running import Running, running

ROUNDS, LOOKERS = 100, 4


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A web without a worker: nobody else writes to its database."""
    with running(tmp_path_factory.mktemp("alone"), "web", RESIGN_WEB_WORKERS="1") as system:
        yield system


def counts(connection: sqlite3.Connection) -> dict[str, int]:
    names = [table.name for table in Table.metadata.sorted_tables]
    return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}  # noqa: S608 - our own names


def test_ten_thousand_looks_change_no_row(alone):
    """A scanner that follows every link in every way; `data_version` counts what others commit."""
    out, new = alone.somebody(), alone.somebody()
    exchange(alone.address, post(out.path))
    targets = [f"{who.path}{rest}" for who in (out, new) for rest in ("", "?l=pl&c=x", "/undo", "/record")]
    looks = [(method, target) for target in targets for method in ("GET", "HEAD", "OPTIONS")]
    looks.append(("GET", "/healthz"))
    volley = b"".join(request(method, target) for method, target in looks)

    def look(_looker: int) -> set[int]:
        seen = set()
        with wire(alone.address) as connection:
            for _ in range(ROUNDS):
                connection.send(volley)
                seen |= {connection.answer(method).status for method, _ in looks}
        return seen

    with closing(sqlite3.connect(alone.database.url.database or "")) as watching:
        before = counts(watching), watching.execute("PRAGMA data_version").fetchone()
        with ThreadPoolExecutor(LOOKERS) as pool:
            seen = set.union(*pool.map(look, range(LOOKERS)))
        after = counts(watching), watching.execute("PRAGMA data_version").fetchone()
        assert len(looks) * ROUNDS * LOOKERS == 10_000
        assert seen == {200}
        assert after == before
        assert (before[0]["decisions"], before[0]["messages"]) == (1, 0)
        exchange(alone.address, post(new.path))
        assert watching.execute("PRAGMA data_version").fetchone() != before[1], "it would have been seen"


@pytest.mark.parametrize("path", ["", "/", "/record"])
def test_head_is_get_without_the_page(live, anna, path):
    got, headed = (exchange(live.address, request(method, anna.path + path)) for method in ("GET", "HEAD"))
    assert (headed.status, headed.body) == (200, b"")
    same = [name for name, _ in got.headers if name != "date"]
    assert [name for name, _ in headed.headers if name != "date"] == same
    assert headed.header("content-length") == str(len(got.body))


def test_options_says_what_is_allowed(live, anna):
    answer = checked(exchange(live.address, request("OPTIONS", anna.path)))
    assert answer.status == 200
    assert {"GET", "HEAD", "POST", "OPTIONS"} == set(answer.header("allow").split(", "))
    assert not any(name.startswith("access-control") for name, _ in answer.headers)


@pytest.mark.parametrize("rest", ["", "/undo", "/record"])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "PROPFIND"])
def test_other_methods_are_refused_and_told_which_are_allowed(live, anna, method, rest):
    answer = checked(exchange(live.address, request(method, anna.path + rest, b"choice=opt-out")))
    assert answer.status == 405
    assert {"GET", "HEAD"} <= set(answer.header("allow").split(", "))
    assert "<h1" in answer.text
    assert anna.decisions() == []
