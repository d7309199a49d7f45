"""The doors in front of Flask give the very answers that Flask gives by the longer way."""

import pytest
from werkzeug.test import Client

from resign.public.asking import AskingDoor
from tests.support.person import FORM, ONE_CLICK, Person

QUERIES = [
    "",
    "?l=pl",
    "?c=spring",
    "?c=a%26b&l=pl&utm_source=x",
    "?c=" + "x" * 100,
    "?l=&c=",
    "?c=1&c=2",
    "?%zz&&=",
    "?c=%F0%9F%8E%88",
]
LANGUAGES = ["", "pl", "de, pl;q=0.5", ";;;q=,", "*"]


@pytest.fixture
def long_way(anna: Person) -> Client:
    return Client(anna.client.application._behind._behind, use_cookies=False)


def test_the_doors_stand_where_this_test_thinks(anna: Person):
    assert isinstance(anna.client.application._behind, AskingDoor)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("accepted", LANGUAGES)
def test_the_asking_page_is_the_same_by_both_ways(anna: Person, long_way: Client, query: str, accepted: str):
    short = anna.client.get(f"{anna.path}{query}", headers={"Accept-Language": accepted})
    long = long_way.get(f"{anna.path}{query}", headers={"Accept-Language": accepted})
    assert (short.status, sorted(short.headers), short.data) == (long.status, sorted(long.headers), long.data)


def test_whoever_decided_before_is_passed_on(anna: Person, long_way: Client):
    anna.presses()
    assert anna.opens().data == long_way.get(anna.path).data
    assert "recorded" in anna.opens().text.lower()


def test_one_click_is_answered_alike_by_both_ways(anna: Person, long_way: Client):
    short = anna.client.post(anna.path, data=ONE_CLICK, content_type=FORM)
    long = long_way.post(anna.path, data=ONE_CLICK, content_type=FORM)
    assert (short.status, sorted(short.headers)) == (long.status, sorted(long.headers))
    assert short.text.split(":")[0] == long.text.split(":")[0]
    first, second = ((d.choice, d.method, d.body, d.link_key, d.campaign) for d in anna.decisions())
    assert first == second
