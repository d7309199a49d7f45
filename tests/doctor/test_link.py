"""`resign doctor LINK`: a link taken apart without showing whose it is."""

from base64 import b64encode
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resign.db import Database
from resign.doctor.link import examine_link
from resign.doctor.standing import Ledger
from resign.links import Links
from resign.links.template import sign
from resign.profile import Profile
from resign.settings import load
from tests.doctor.conftest import advice, ill, of, said
from tests.support.decisions import ANNA, decision, record
from tests.support.variables import VARIABLES

PAIR = ("first-secret-0001", "second-secret-0001")
SETTINGS = load({**VARIABLES, "RESIGN_BASE_URL": "https://optout.example.com"})


def test_a_link_is_taken_apart_without_showing_the_address(public, link):
    token = link().rpartition("/")[2]
    for text in (token, link(), f"{link()}?c=spring", f" {link()}/ ", f"{link()}/undo"):
        found = list(examine_link(public, text))
        assert "workspace default, profile a•••@example.com (email)" in said(found)
        assert "key k2, the newest" in said(found)
        assert ANNA.value not in said(found)
        assert not [what for what in said(found).splitlines() if token in what]
        assert not ill(found)


@pytest.mark.parametrize(
    "text", ["", "x", "https://", "http://[", "ż" * 5_000, "https://optout.example.com:x/u/a"]
)
def test_what_is_no_link_is_said_to_be_none(public, text):
    assert ill(examine_link(public, text)) == ["the link cannot be read"]


def test_why_a_token_does_not_open(public, link):
    other = load({**VARIABLES, "RESIGN_KEYS": "k9:another-secret-of-the-tests"})
    retired = f"{public.base_url}/u/{Links(other.workspaces.values()).mint('default', ANNA)}"
    for text, word in (
        (retired, "signed by key k9, and the ring has k1, k2"),
        (link()[:-7], "the signature is not"),
        (link()[:-60].rpartition(".")[0], "cut"),
        (link() + ").", "leave that off"),
        (link().replace(".", "=2E"), "quoted-printable"),
    ):
        assert word in advice(examine_link(public, text))["the link cannot be read"]


def test_a_link_without_its_token_means_that_the_profile_had_none(public):
    for text in ("https://optout.example.com/u/", "https://optout.example.com/u?c=spring"):
        [finding] = examine_link(public, text)
        assert finding.verdict == "ill"
        assert "resign links push" in finding.remedy


@pytest.mark.parametrize(
    "text", ["https://optout.example.com/u/{{ customer.resign_token }}", "https://o.example/u/%7b%7bx%7d%7d"]
)
def test_an_insert_that_was_printed_is_recognised(public, text):
    assert ill(examine_link(public, text)) == ["an insert was printed and not filled in"]


@pytest.mark.parametrize(
    "tracker", ["link.snrs.it", "link.azu.snrs.it", "link.geb.snrs.it", "go.shop.example"]
)
def test_a_link_within_a_tracked_one_is_found_and_the_tracker_named(public, link, tracker):
    wrapped = f"https://{tracker}/c?id=7&url={quote(link() + '?c=spring', safe='')}&snrs_cl=x"
    found = list(examine_link(public, wrapped))
    assert f"it was wrapped: people are led through {tracker} first" in of("mind", found)
    assert "profile a•••@example.com (email)" in said(found)
    twice = f"https://outer.example/?to={quote(wrapped, safe='')}"
    assert len([what for what in of("mind", examine_link(public, twice)) if "wrapped" in what]) == 2


def test_a_tracker_that_keeps_its_target_to_itself_is_said_to_do_so(public):
    [finding] = examine_link(public, "https://link.snrs.it/aB3xZ")
    assert (finding.verdict, "click tracking" in finding.what) == ("mind", True)


def test_where_a_link_leads_is_looked_at(public, link):
    elsewhere = link().replace("optout.example.com", "old.example.com")
    assert ill(examine_link(public, elsewhere)) == ["it leads to https://old.example.com"]
    assert ill(examine_link(public, link().replace("https:", "http:"))) == ["it begins with http://"]
    assert "its path does not begin with /u/" in ill(examine_link(public, link().replace("/u/", "/shop/u/")))
    [foreign] = examine_link(public, "https://shop.example/unsubscribe?id=4")
    assert foreign.what == "it leads to https://shop.example and is no link of ours"


def test_parameters_of_tracking_are_named_and_their_values_not(public, link):
    found = list(examine_link(public, f"{link()}?utm_source=x-secret&snrs_cl=uuid-secret"))
    assert "something added snrs_cl, utm_source" in of("mind", found)
    assert "secret" not in said(found)


def test_a_template_signed_link_is_recognised_with_and_without_its_keys(at, public):
    signature = sign(ANNA.value, *PAIR)
    text = f"https://optout.example.com/u?e={quote(b64encode(ANNA.value.encode()).decode())}&sig={signature}"
    assert "RESIGN_TEMPLATE_KEYS" in advice(examine_link(public, text))["the link cannot be read"]
    found = list(examine_link(at(RESIGN_TEMPLATE_KEYS=":".join(PAIR)), text))
    assert not ill(found)
    assert "a mail template signed it" in said(found)
    assert ANNA.value not in said(found)
    other = at(RESIGN_TEMPLATE_KEYS="other-secret-00001:second-secret-0001")
    assert "resign snippets template-link" in advice(examine_link(other, text))["the link cannot be read"]


def test_the_ledger_says_where_the_person_stands_and_what_get_and_post_would_do(
    public, link, database: Database, clock
):
    ledger = Ledger(public, database, clock)
    before = said(examine_link(public, link(), ledger))
    assert "has never decided anything here" in before
    assert "GET shows one button and writes nothing" in before
    assert "POST records an opt-out at once" in before
    record(database, decision(clock))
    after = said(examine_link(public, link(), ledger))
    assert "the person is opted out since" in after
    assert "GET says that they are out" in after
    assert "POST records the opt-out again" in after
    assert "offers an undo" in after
    assert "never decided" in said(examine_link(public, link(Profile("email", "boris@example.com")), ledger))


def test_looking_at_a_link_writes_nothing(public, link, database: Database, clock):
    ledger = Ledger(public, database, clock)
    list(examine_link(public, link(), ledger))
    assert "never decided" in said(examine_link(public, link(), ledger))


def test_without_a_database_nothing_is_made_and_the_link_is_read_all_the_same(public, link, clock, tmp_path):
    away = Database(f"sqlite:///{tmp_path / 'none.db'}", connections=1)
    assert "there is no ledger yet" in said(examine_link(public, link(), Ledger(public, away, clock)))
    away.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        "https://evil\x1b[2J.example/x",
        "https://" + "x" * 3_000 + ".example/",
        "https://optout.example.com/u/a.b.c?utm_\x1b[2J=1&utm_" + "x" * 3_000,
        "https://evil\u202e.example/?u=https://optout.example.com/u/a.b.c",
    ],
)
def test_a_hostile_link_neither_moves_the_cursor_nor_floods_the_screen(public, link, text):
    for subject in (text, text.replace("a.b.c", link().rpartition("/")[2])):
        everything = said(examine_link(public, subject))
        assert all(line.isprintable() for line in everything.splitlines())
        assert len(everything) < 2_000


@given(
    st.one_of(
        st.text(),
        st.text().map(lambda text: f"https://optout.example.com/u/{text}"),
        st.text().map(lambda text: f"https://link.snrs.it/?u=https://optout.example.com/{text}"),
    )
)
def test_any_text_at_all_is_answered_and_nothing_of_it_reaches_the_terminal_raw(text):
    for finding in examine_link(SETTINGS, text):
        assert (finding.what + finding.remedy).isprintable()
