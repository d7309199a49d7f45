"""Whatever comes in over the wire: a page or a plain refusal, never a crash, and the server lives."""

import pytest

from resign import paths
from tests.live.headers import checked, is_the_servers_own
from tests.live.odd import ODD, Odd
from tests.live.wire import exchange, post

DOCS = paths.templates().parent / "docs" / "server.md"


@pytest.mark.parametrize("case", ODD)
def test_it_is_answered_as_the_docs_say(live, anna, case):
    odd = ODD[case]
    # An address of its own: none of these shall be counted against the others.
    source = f"127.9.{list(ODD).index(case)}.1"
    answer = exchange(live.address, odd.sent.replace(b"PATH", anna.path.encode()), source=source)
    assert answer.status == odd.status
    assert answer.status < 500
    if odd.page:
        checked(answer)
    else:
        assert is_the_servers_own(answer)
    assert len(anna.decisions()) == odd.recorded


def test_after_all_of_them_a_good_link_opens_as_ever(ask, anna):
    assert ask(post(anna.path)).status == 200
    assert len(anna.decisions()) == 1


def test_the_docs_show_the_same_table():
    said = [line for line in DOCS.read_text().splitlines() if line.startswith("| ")]
    assert [row for row in said if row in {_row(*case) for case in ODD.items()}] == [
        _row(*case) for case in ODD.items()
    ]


def _row(case: str, odd: Odd) -> str:
    whose = "ours" if odd.page else "the server's"
    return f"| {case} | {odd.status} | {whose} | {'yes' if odd.recorded else ''} |"
