"""What a person sees, from the opened link to done, undone and back (requirements A4, A15, B, C1)."""

import re

import pytest
from sqlalchemy import func, select, update

from resign.ids import reference
from resign.ledger.tables import Consent, Decision, ShownPage
from resign.outbox.contract import NoSuchProfile, Unreachable
from resign.outbox.tables import Attempt, MessageRow
from resign.outbox.worker import Worker
from resign.themes.page import again, digest_of
from tests.support.destination import ScriptedDestination
from tests.support.person import FORM


def heading(response) -> str:
    return re.sub(r"\s+", " ", re.search(r"<h1[^>]*>(.*?)</h1>", response.text, re.DOTALL)[1]).strip()


def work(anna, destination, seconds: float = 1) -> None:
    worker = Worker(anna.database, anna.settings.workspaces, {"default": [destination]}, anna.clock)
    for _ in range(3):
        worker.drain()
        anna.clock.advance(seconds=seconds)
    worker.finish()


def test_from_the_link_to_done_is_one_press(anna):
    page = anna.opens()
    assert page.status_code == 200
    assert "a•••@example.com" in page.text
    assert "anna@example.com" not in page.text
    assert page.text.count("<form") == 1
    assert not re.search(r'<input(?! type="hidden")|<select|<textarea', page.text)
    done = anna.presses(page)
    assert done.status_code == 200
    (decision,) = anna.decisions()
    assert reference(decision.id) in done.text
    assert "Fjord &amp; Fern" in done.text


def test_the_decision_names_the_page_that_was_shown_and_it_can_be_shown_again(anna, database):
    page = anna.opens("?l=pl&c=spring")
    anna.presses(page)
    (decision,) = anna.decisions()
    assert (decision.method, decision.language, decision.campaign) == ("page", "pl", "spring")
    assert decision.page.startswith("shipped@")
    assert decision.page.endswith("/optout")
    with database.reading() as session:
        kept = session.scalars(select(ShownPage)).one()
    assert kept.digest == decision.shown == digest_of(kept.text)
    values = {
        "link": anna.path, "query": "&c=spring", "masked": anna.profile.masked(),
        "action": f"{anna.path}?c=spring", "page": kept.digest,
    }  # fmt: skip
    assert again(kept.text, values) == page.data


def test_looking_ten_thousand_times_changes_nothing(anna, database):
    for path in (anna.path, f"{anna.path}/undo", f"{anna.path}/record"):
        for method in ("GET", "HEAD", "OPTIONS"):
            for _ in range(12):
                assert anna.client.open(path, method=method).status_code == 200
    with database.reading() as session:
        for table in (Decision, MessageRow, Attempt, Consent, ShownPage):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_an_opened_link_is_not_an_opt_out_even_for_a_scanner_that_loads_everything(anna):
    page = anna.opens()
    assert "<script" not in page.text
    assert "http-equiv" not in page.text.lower()
    assert "onload" not in page.text


def test_opened_again_the_link_tells_the_live_truth(anna):
    anna.presses()
    assert "recorded" in anna.opens().text.lower()
    telling = anna.opens()
    work(anna, ScriptedDestination())
    confirmed = anna.opens()
    assert heading(confirmed) == heading(telling)
    assert confirmed.data != telling.data
    assert "4 May 2026" in confirmed.text


@pytest.mark.parametrize(
    ("outcome", "name"), [(Unreachable("down"), "out-delayed-undo"), (NoSuchProfile(), "out-unknown-undo")]
)
def test_when_synerise_has_not_heard_of_it_the_page_says_so(anna, outcome, name):
    anna.presses()
    work(anna, ScriptedDestination(tell=lambda _: outcome))
    text = anna.opens().text
    expected = site_page(anna, name)
    assert expected in text


def site_page(anna, name: str) -> str:
    from resign.app import brand_of  # noqa: PLC0415
    from resign.i18n import Catalogues  # noqa: PLC0415
    from resign.themes import Pages  # noqa: PLC0415

    workspace = anna.settings.workspaces["default"]
    pages = Pages(Catalogues(), {"default": brand_of(workspace)})
    text = pages.page(name, "en", "default").text
    return f'value="{digest_of(text)}"'


def test_undo_is_a_decision_of_its_own(anna):
    undone = anna.undoes(anna.presses())
    assert undone.status_code == 200
    assert [d.choice for d in anna.decisions()] == ["opt-out", "opt-in"]
    assert heading(anna.opens()) != heading(undone)
    anna.undoes_again = anna.client.post(f"{anna.path}/undo", data={}, content_type=FORM)
    assert len(anna.decisions()) == 2


def test_press_undo_press_within_a_minute_ends_as_out(anna):
    destination = ScriptedDestination()
    anna.presses(anna.undoes(anna.presses()))
    assert [d.choice for d in anna.decisions()] == ["opt-out", "opt-in", "opt-out"]
    work(anna, destination)
    assert [m.choice for m in destination.told] == ["opt-out"]
    assert "out" in heading(anna.opens()).lower()


def test_pressed_again_it_is_told_again(anna):
    destination = ScriptedDestination()
    for _ in range(2):
        anna.presses()
        work(anna, destination)
    assert len(destination.told) == 2


def test_a_day_later_the_undo_is_gone_because_signing_up_needs_a_double_opt_in(anna):
    done = anna.presses()
    anna.clock.advance(hours=25)
    assert "/undo" not in anna.opens().text
    late = anna.undoes(done)
    assert late.status_code == 409
    assert [d.choice for d in anna.decisions()] == ["opt-out"]


def test_pressing_once_more_does_not_make_an_old_opt_out_undoable(anna):
    """Or whoever holds an old or forwarded mail could sign the person up again."""
    anna.presses()
    anna.clock.advance(hours=25)
    anna.presses()
    assert "/undo" not in anna.opens().text
    assert anna.client.post(f"{anna.path}/undo").status_code == 409
    assert [d.choice for d in anna.decisions()] == ["opt-out", "opt-out"]


def test_an_undo_without_an_opt_out_signs_nobody_up(anna):
    response = anna.client.post(f"{anna.path}/undo", data={}, content_type=FORM)
    assert response.status_code == 200
    assert anna.decisions() == []


def test_an_undo_of_what_support_recorded_is_not_offered(anna, database):
    anna.presses()
    with database.writing() as session:
        session.execute(update(Decision).values(method="staff"))
        session.commit()
    assert "/undo" not in anna.opens().text
    assert anna.client.post(f"{anna.path}/undo").status_code == 409


def test_the_language_follows_link_then_memory_then_browser_then_workspace(anna):
    def language(response) -> str:
        return re.search(r'<html[^>]*lang="([^"]+)"', response.text)[1]

    assert language(anna.opens()) == "en"
    assert language(anna.opens(**{"Accept-Language": "pl-PL,pl;q=0.9"})) == "pl"
    assert language(anna.opens("?l=en", **{"Accept-Language": "pl"})) == "en"
    anna.presses(anna.opens("?l=pl"))
    assert language(anna.opens()) == "pl"
    assert language(anna.opens("?l=en")) == "en"


def test_the_campaign_goes_with_the_person_through_every_page(anna):
    page = anna.opens("?c=spring%20%26%20sun&utm_source=x&snrs_he=y")
    assert "utm_source" not in page.text
    assert "snrs_he" not in page.text
    anna.undoes(anna.presses(page))
    assert [d.campaign for d in anna.decisions()] == ["spring & sun", "spring & sun"]


@pytest.mark.parametrize("campaign", ["x" * 5_000, "%00%0d%0aSet-Cookie:x", "%F0%9F%8E%88", "'\"><script>"])
def test_a_hostile_campaign_is_cut_and_kept_harmless(anna, campaign):
    page = anna.opens(f"?c={campaign}")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert anna.presses(page).status_code == 200
    anna.client.post(f"{anna.path}?c={campaign}", data=b"List-Unsubscribe=One-Click", content_type=FORM)
    kept = {d.campaign for d in anna.decisions()}
    assert len(kept) == 1
    assert all(len(c or "") <= 64 and (c or "").isprintable() for c in kept)


def test_the_record_can_be_kept(anna):
    anna.presses()
    record = anna.client.get(f"{anna.path}/record")
    (decision,) = anna.decisions()
    assert record.status_code == 200
    assert record.mimetype == "text/plain"
    assert record.headers["Content-Disposition"].startswith("attachment")
    for said in (reference(decision.id), "Fjord & Fern", "a•••@example.com", "2026"):
        assert said in record.text
    assert "Not confirmed by the mailing system yet" in record.text.splitlines()
