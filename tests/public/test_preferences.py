"""The preference centre: says what stands, records what was changed and nothing else, all of it or nothing (B3, C1)."""

import re
from html import unescape

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from resign.ledger import ALL
from resign.ledger.tables import ShownPage
from resign.lost_links.tables import LinkRequest
from resign.outbox.tables import MessageRow
from resign.outbox.worker import Worker
from resign.themes.page import digest_of
from tests.public.conftest import AGREEMENTS
from tests.public.test_pages import heading
from tests.support.decisions import decision, record
from tests.support.destination import ScriptedDestination
from tests.support.person import FORM, ONE_CLICK

AT_ONCE = {"RESIGN_DOUBLE_OPT_IN": "off"}
EVERYTHING = ["newsletter", "post", "wine"]


@pytest.fixture
def anna(somebody):
    return somebody(**AT_ONCE)


def decided(anna) -> list[tuple[str, str]]:
    return [(each.agreement, each.choice) for each in anna.decisions()]


def count(database, table) -> int:
    with database.reading() as session:
        return len(session.execute(select(table)).all())


def test_looking_writes_nothing(anna, database):
    for method in ("GET", "HEAD", "OPTIONS"):
        assert anna.client.open(anna.preferences, method=method).status_code == 200
    assert decided(anna) == []
    assert count(database, LinkRequest) == count(database, ShownPage) == 0


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method_is_refused_and_told_which_are_there(anna, method):
    answer = anna.client.open(anna.preferences, method=method)
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_on_off_and_unknown_are_shown_as_they_stand(anna, database, clock):
    assert anna.stands() == {"newsletter": "", "wine": "", "post": ""}
    record(database, decision(clock, choice="opt-in", agreement="wine"), decision(clock, agreement="post"))
    assert anna.stands() == {"newsletter": "", "wine": "on", "post": "off"}
    assert "to.newsletter" not in anna.form()


def test_only_what_was_changed_is_recorded(anna, database, clock):
    record(database, decision(clock, choice="opt-in", agreement="wine"))
    before = len(decided(anna))
    saved = anna.chooses(wine="off", post="on")
    assert saved.status_code == 200
    assert decided(anna)[before:] == [("wine", "opt-out"), ("post", "opt-in")]
    assert anna.stands() == {"newsletter": "", "wine": "off", "post": "on"}


def test_a_decision_says_how_it_came_and_what_was_shown(anna, database, clock):
    record(database, decision(clock, choice="opt-in", agreement="wine"))
    anna.chooses("?c=spring&l=pl", wine="off")
    made = anna.decisions()[-1]
    assert (made.method, made.actor, made.campaign, made.body) == ("preferences", "person", "spring", "form")
    assert made.page.endswith("/preferences")
    assert made.seen == "newsletter= post= wine=on"
    with database.reading() as session:
        kept = session.scalars(select(ShownPage)).one()
    assert kept.digest == made.shown == digest_of(kept.text)


def test_sent_as_it_stood_nothing_is_recorded_and_the_page_says_so(anna):
    anna.chooses(wine="on")
    same = anna.client.post(anna.preferences, data=anna.form())
    assert heading(same) == "Nothing has changed"
    assert len(decided(anna)) == 1


def test_the_answer_says_how_each_stands_from_now_on(anna):
    page = anna.chooses(wine="off", post="on").text
    said = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page)
    assert said == [("Marketing emails", "As it was"), ("Wine and beer", "Off"), ("Letters by post", "On")]


def test_the_answer_does_not_call_on_what_another_window_has_switched_off(anna):
    anna.chooses(newsletter="on", wine="on")
    old = anna.form()
    anna.stops_everything()
    page = anna.client.post(anna.preferences, data={**old, "to.wine": "off"}).text
    assert dict(re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page)) == {
        "Marketing emails": "Off", "Wine and beer": "Off", "Letters by post": "Off",
    }  # fmt: skip


def second_insert_fails(database) -> None:
    """The decision on `post` cannot be written; all others can."""
    with database.writing() as session:
        if database.is_sqlite:
            session.execute(
                text(
                    "CREATE TRIGGER no_post BEFORE INSERT ON decisions WHEN NEW.agreement = 'post'"
                    " BEGIN SELECT RAISE(ABORT, 'no'); END"
                )
            )
        else:
            session.execute(
                text("ALTER TABLE decisions ADD CONSTRAINT no_post CHECK (agreement <> 'post') NOT VALID")
            )
        session.commit()


def test_all_of_one_form_is_recorded_or_nothing_and_nothing_chosen_is_lost(anna, database):
    second_insert_fails(database)
    failed = anna.chooses(wine="off", post="on")
    assert failed.status_code == 503
    assert int(failed.headers["Retry-After"]) > 0
    assert heading(failed) == "Your choices are not saved yet"
    marked = re.findall(r'name="(to\.[a-z]+)" value="(\w+)" id="[^"]+" checked', failed.text)
    assert marked == [("to.wine", "off"), ("to.post", "on")]
    assert decided(anna) == []
    assert anna.stands() == {"newsletter": "", "wine": "", "post": ""}


def test_what_is_asked_to_be_confirmed_goes_with_the_others_or_not_at_all(somebody, database):
    anna = somebody()
    second_insert_fails(database)
    assert anna.chooses(wine="on", post="off").status_code == 503
    assert count(database, LinkRequest) == 0
    assert decided(anna) == []


def test_without_the_text_of_the_page_nothing_is_recorded_and_all_is_still_marked(anna, monkeypatch):
    form = anna.form(wine="off")

    def fail(*_args, **_more):
        raise OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr(anna.database, "writing", fail)
    failed = anna.client.post(anna.preferences, data=form)
    assert failed.status_code == 503
    assert 'value="off" id="wine-off" checked' in failed.text
    monkeypatch.undo()
    assert decided(anna) == []


def test_without_the_database_the_page_says_that_nothing_can_be_recorded(anna, monkeypatch):
    def fail(*_args, **_more):
        raise OperationalError("SELECT", {}, Exception("no connection"))

    monkeypatch.setattr(anna.database, "reading", fail)
    page = anna.client.get(anna.preferences)
    assert page.status_code == 503
    assert "You are out" not in page.text


def test_stop_everything_is_first_and_one_press(anna):
    page = anna.client.get(anna.preferences).text.partition("</head>")[2]
    assert page.index('name="stop"') < page.index('type="radio"')
    assert page.count('name="stop"') == 1
    stopped = anna.stops_everything()
    assert heading(stopped) == "Everything is stopped"
    assert sorted(decided(anna)) == [(name, "opt-out") for name in sorted([ALL, *EVERYTHING])]
    assert {each.method for each in anna.decisions()} == {"preferences"}
    assert anna.stands() == dict.fromkeys(EVERYTHING, "off")


def test_stopping_is_not_weakened_by_what_else_is_in_the_form(anna):
    form = anna.form(wine="on", post="on")
    anna.client.post(anna.preferences, data={**form, "stop": "all"})
    assert set(decided(anna)) == {(name, "opt-out") for name in [ALL, *EVERYTHING]}


def test_pressed_again_it_is_recorded_and_told_again(anna):
    anna.stops_everything()
    anna.stops_everything()
    assert len(decided(anna)) == 8


@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x"])
def test_a_mail_clients_one_click_stops_everything(anna, kind):
    body = ONE_CLICK if kind == FORM else (
        b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    )  # fmt: skip
    answer = anna.client.post(anna.preferences, data=body, content_type=kind)
    assert answer.status_code == 200
    assert set(decided(anna)) == {(name, "opt-out") for name in [ALL, *EVERYTHING]}


def test_what_is_agreed_to_later_is_agreed_to_and_lifts_nothing_else(anna):
    anna.stops_everything()
    anna.chooses(wine="on")
    assert anna.stands() == {"newsletter": "off", "wine": "on", "post": "off"}


def test_an_agreement_that_is_thought_of_later_is_off_for_whoever_stopped_everything(anna, somebody):
    anna.stops_everything()
    more = '\n[music]\nattribute = "music"\ntitle = { en = "Concerts" }\n'
    later = somebody(RESIGN_AGREEMENTS=AGREEMENTS + more)
    assert later.stands() == dict.fromkeys([*EVERYTHING, "music"], "off")


def test_everything_is_told_agreement_by_agreement_and_all_to_nobody(anna, database):
    anna.stops_everything()
    synerise = ScriptedDestination()
    worker = Worker(database, anna.settings.workspaces, {"default": [synerise]}, anna.clock)
    worker.drain()
    worker.finish()
    assert sorted(message.agreement for message in synerise.told) == EVERYTHING
    with database.reading() as session:
        assert ALL not in set(session.scalars(select(MessageRow.agreement)))


def test_the_opt_out_page_knows_of_it(anna):
    anna.stops_everything()
    assert "already out" in anna.opens().text or "You opted out" in anna.opens().text


def test_a_body_that_is_too_large_is_refused(anna):
    assert anna.client.post(anna.preferences, data=b"x" * 20_000, content_type=FORM).status_code == 413


def test_twenty_agreements_fit_into_one_form(somebody):
    many = "".join(
        f'[agreement-{at}]\nattribute = "agreement_{at}"\ntitle = {{ en = "Number {at}" }}\n'
        for at in range(20)
    )
    anna = somebody(RESIGN_AGREEMENTS=many, **AT_ONCE)
    anna.chooses(newsletter="off", **{f"agreement-{at}": "on" for at in range(20)})
    assert len(decided(anna)) == 21
    assert set(anna.stands().values()) == {"off", "on"}
    assert anna.decisions()[-1].seen.count("=") == 21


def test_a_bad_link_is_a_bad_link_there_too(anna):
    for path in ("/p/x", "/p/", f"/p/{anna.token[:-2]}"):
        assert anna.client.get(path).status_code == 404
        assert anna.client.post(path, data={"stop": "all"}).status_code == 404
    assert decided(anna) == []


def test_a_page_without_agreements_of_its_own_leads_to_no_preference_centre(somebody):
    anna = somebody(RESIGN_AGREEMENTS="")
    assert "/p/" not in anna.opens().text
    assert "/p/" in somebody().opens().text
    anna.stops_everything()
    assert sorted(decided(anna)) == [(ALL, "opt-out"), ("newsletter", "opt-out")]


def test_a_link_of_the_preference_centre_carries_the_campaign_on(anna):
    page = anna.client.get(f"{anna.preferences}?c=spring&utm_source=x").text
    assert f'action="{anna.preferences}?c=spring"' in page
    assert "utm_source" not in page


def ways(page) -> list[str]:
    return [unescape(each) for each in re.findall(r'<a href="([^"]+)"', page.text)]


def in_polish(anna, **to: str) -> None:
    anna.client.post(anna.preferences, data={**anna.form(**to), "l": "pl"})


def test_the_way_to_the_preference_centre_keeps_language_and_campaign(anna):
    """B7: who chose Polish by the switcher goes on in Polish, whatever their browser asks for."""
    german = {"Accept-Language": "de"}
    for page in (anna.opens("?l=pl&c=spring", **german), anna.presses(anna.opens("?l=pl&c=spring"))):
        [way] = [each for each in ways(page) if each.startswith("/p/")]
        centre = anna.client.get(way, headers=german)
        assert centre.headers["Content-Language"] == "pl"
        assert "c=spring" in way


def test_the_preference_centre_remembers_the_language_in_which_somebody_decided(anna):
    german = {"Accept-Language": "de"}
    assert anna.client.get(anna.preferences, headers=german).headers["Content-Language"] == "de"
    in_polish(anna, newsletter="off")
    assert anna.client.get(anna.preferences, headers=german).headers["Content-Language"] == "pl"
    asked = anna.client.get(f"{anna.preferences}?l=uk", headers=german)
    assert asked.headers["Content-Language"] == "uk"


def test_a_confirmation_is_asked_for_in_the_language_in_which_somebody_decided(somebody):
    anna = somebody(RESIGN_DOUBLE_OPT_IN="on")
    in_polish(anna, wine="off", newsletter="on")
    page = anna.client.get(anna.confirming("newsletter"), headers={"Accept-Language": "de"})
    assert page.headers["Content-Language"] == "pl"


def test_where_there_are_no_agreements_the_centre_lists_none_and_stops_everything(somebody):
    anna = somebody(RESIGN_AGREEMENTS="")
    page = anna.client.get(anna.preferences)
    assert "Stop everything" in page.text
    assert "listed below" not in page.text
    assert "What goes on" in page.text
    assert anna.stops_everything().status_code == 200
    assert {each.choice for each in anna.decisions()} == {"opt-out"}
