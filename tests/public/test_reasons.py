"""What it was: asked when it is done, needed for nothing, kept apart from the person, and joined to nobody after 30 days (B2)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from resign.keeping import Keeping
from resign.ledger import ALL
from resign.ledger.tables import Reason
from tests.public.test_pages import heading
from tests.support.person import FORM, ONE_CLICK

OWN = """
[too-dear]
en = "Too dear"
pl = "Za drogo"
[only-once]
en = "I only bought once"
"""


@pytest.fixture
def anna(somebody):
    return somebody()


@pytest.fixture
def kept(database):
    def rows() -> list[Reason]:
        with database.reading() as session:
            return list(session.scalars(select(Reason).order_by(Reason.id)))

    return rows


def answers(anna, **fields: str):
    return anna.client.post(f"{anna.path}/reason", data={"l": "en", **fields})


def test_it_is_asked_after_the_press_and_never_before(anna):
    assert 'name="reason"' not in anna.opens().text.partition("</head>")[2]
    assert 'name="reason"' in anna.presses().text


def test_one_tap_is_an_answer(anna, kept):
    anna.presses(anna.opens("?c=spring"))
    answer = answers(anna, reason="too-many")
    assert (answer.status_code, heading(answer)) == (200, "Thank you")
    [row] = kept()
    assert (row.code, row.words, row.language, row.campaign) == ("too-many", None, "en", "spring")
    assert row.decision == anna.decisions()[0].id


def test_words_alone_are_one_and_both_are_one(anna, kept):
    anna.presses()
    answers(anna, words="Every day is too often")
    assert [(row.code, row.words) for row in kept()] == [(None, "Every day is too often")]
    answers(anna, words="Really", reason="never-asked")
    assert [(row.code, row.words) for row in kept()] == [("never-asked", "Really")]


def test_an_answer_decides_nothing(anna):
    anna.presses()
    answers(anna, reason="too-many", words="x")
    assert len(anna.decisions()) == 1


def test_an_answer_from_before_any_page_is_kept_too_for_a_mail_clients_press(anna, kept):
    anna.clicks_once()
    assert answers(anna, reason="too-many").status_code == 200
    assert len(kept()) == 1


@pytest.mark.parametrize("words", ["x" * 500, "ą" * 500, "🌳" * 500, "a\r\n" + "x" * 498])
def test_five_hundred_characters_are_kept_whole(anna, kept, words):
    anna.presses()
    assert answers(anna, words=words).status_code == 200
    assert kept()[0].words == words.replace("\r\n", "\n")


def test_one_more_is_too_long_and_comes_back_whole_to_be_shortened(anna, kept):
    anna.presses()
    typed = "y" * 500 + "<"
    answer = answers(anna, words=typed)
    assert answer.status_code == 422
    assert f">{'y' * 500}&lt;</textarea>" in answer.text
    assert heading(answer) == "You are out, and your answer is too long"
    assert kept() == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("a\u202eb\u2066c", "abc"),
        ("\ufdd0masked\ufdd1", "masked"),
        ("  a  \n\n b ", "a  \n\n b"),
        ("a\rb", "a\nb"),
    ],
)
def test_what_a_terminal_could_stumble_over_is_not_kept(anna, kept, typed, words):
    anna.presses()
    answers(anna, words=typed)
    assert kept()[0].words == words


@pytest.mark.parametrize("typed", ["", " ", "\n", "\x00", "\u200b"])
def test_nothing_readable_is_no_answer(anna, kept, typed):
    anna.presses()
    assert answers(anna, words=typed).status_code == 422
    assert kept() == []


def test_html_is_only_ever_text(anna):
    anna.presses()
    hostile = '</textarea><script>alert(1)</script>{{masked}}"' + "z" * 500
    text = answers(anna, words=hostile).text
    assert "<script" not in text
    assert "&lt;/textarea&gt;&lt;script&gt;" in text
    assert "{{masked}}" in text
    assert "alert(1)" not in answers(anna, words="<script>alert(1)</script>").text


@pytest.mark.parametrize("code", ["unknown", "TOO-MANY", "too-many\x00", "' OR 1=1", "x" * 5000])
def test_an_unknown_code_is_no_answer_and_words_beside_it_are(anna, kept, code):
    anna.presses()
    assert answers(anna, reason=code).status_code == 422
    assert kept() == []
    answers(anna, reason=code, words="but this")
    assert [(row.code, row.words) for row in kept()] == [(None, "but this")]


def test_without_an_opt_out_of_the_last_day_there_is_nothing_to_answer(anna, kept):
    assert answers(anna, reason="too-many").status_code == 409
    anna.presses()
    anna.clock.advance(days=1)
    late = answers(anna, reason="too-many")
    assert (late.status_code, heading(late)) == (409, "Your answer was not kept")
    assert kept() == []


def test_somebody_elses_opt_out_is_not_ones_own(anna, kept, somebody):
    anna.presses()
    boris = somebody()
    boris.profile = type(anna.profile)("email", "boris@example.com")
    from resign.links import Links  # noqa: PLC0415

    boris.token = Links(boris.settings.workspaces.values()).mint("default", boris.profile)
    boris.path = f"/u/{boris.token}"
    assert answers(boris, reason="too-many").status_code == 409
    assert kept() == []


def test_a_changed_answer_takes_the_place_of_the_first(anna, kept):
    anna.presses()
    for code in ("too-many", "not-relevant", "other-address"):
        answers(anna, reason=code)
    assert [row.code for row in kept()] == ["other-address"]


def test_an_answer_after_everything_was_stopped_is_about_everything(anna, kept):
    stopped = anna.stops_everything()
    assert f'action="{anna.path}/reason"' in stopped.text
    answers(anna, reason="too-many")
    assert [row.agreement for row in kept()] == [ALL]


def test_looking_at_its_address_writes_nothing(anna, kept):
    anna.presses()
    for method in ("GET", "HEAD", "OPTIONS"):
        assert anna.client.open(f"{anna.path}/reason?reason=too-many", method=method).status_code == 200
    assert kept() == []


def test_after_thirty_days_it_is_joined_to_nobody(anna, kept, database, clock):
    anna.presses(anna.opens("?c=spring"))
    answers(anna, reason="too-many", words="Every day")
    keeping = Keeping(database, anna.settings.workspaces, clock)
    answered = clock.now()
    clock.advance(days=29)
    assert keeping.step() is False
    assert kept()[0].decision is not None
    # With all of its day, so that nothing tells which of them it was.
    clock.advance(seconds=(midnight_after(clock.now()) - clock.now()).total_seconds() - 1)
    assert keeping.step() is False
    clock.advance(seconds=1)
    assert keeping.step() is True
    assert clock.now() - answered <= timedelta(days=30)
    [row] = kept()
    assert row.decision is None
    assert (row.at.hour, row.at.minute, row.at.second, row.at.microsecond) == (0, 0, 0, 0)
    assert clock.now() - row.at < timedelta(days=31)
    said = repr({name: value for name, value in vars(row).items() if not name.startswith("_")})
    for trace in ("anna", anna.decisions()[0].digest, str(anna.decisions()[0].id), "10, 11"):
        assert trace not in said
    assert keeping.step() is False


def midnight_after(at: datetime) -> datetime:
    return (at + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def test_in_what_order_people_answered_is_forgotten_too(anna, kept, database, clock):
    """Or the fifth answer of a day would be that of the fifth who left."""
    for number in range(12):
        clock.advance(seconds=61)
        anna.clicks_once()
        answers(anna, words=str(number))
    said = [row.words for row in kept()]
    assert said == [str(number) for number in range(12)]
    clock.advance(days=31)
    Keeping(database, anna.settings.workspaces, clock).step()
    forgotten = kept()
    assert sorted(row.words for row in forgotten) == sorted(said)
    assert [row.words for row in forgotten] != said
    anna.clicks_once()
    answers(anna, words="new")
    assert kept()[-1].words == "new"


def test_more_than_one_round_can_take_is_unlinked_round_by_round(anna, kept, database, clock, monkeypatch):
    monkeypatch.setattr("resign.ledger.reasons._MOST_AT_ONCE", 2)
    for number in range(5):
        clock.advance(minutes=2)
        anna.clicks_once()
        answers(anna, words=f"answer {number}")
    clock.advance(days=31)
    keeping = Keeping(database, anna.settings.workspaces, clock)
    assert [keeping.step() for _ in range(4)] == [True, True, True, False]
    assert {row.decision for row in kept()} == {None}


def test_where_reasons_are_off_none_is_asked_and_none_is_taken(somebody, kept):
    anna = somebody(RESIGN_REASONS="off")
    done = anna.presses().text.partition("</head>")[2]
    assert "textarea" not in done
    assert answers(anna, reason="too-many", words="x").status_code == 404
    assert kept() == []


def test_a_list_of_ones_own_is_said_in_the_language_or_the_workspaces(somebody, kept):
    anna = somebody(RESIGN_REASONS=OWN)
    page = anna.presses(anna.opens("?l=pl")).text
    assert "Za drogo" in page
    assert "I only bought once" in page
    assert "too-many" not in page
    assert answers(anna, reason="too-many").status_code == 422
    assert answers(anna, reason="too-dear").status_code == 200
    assert [row.code for row in kept()] == ["too-dear"]


def test_without_the_database_the_answer_is_not_kept_and_the_opt_out_stands(anna, monkeypatch, kept):
    anna.presses()
    writing = anna.database.writing

    def fail(*_args, **_more):
        raise OSError

    monkeypatch.setattr(anna.database, "writing", fail)
    answer = answers(anna, reason="too-many")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "not out yet" not in answer.text
    monkeypatch.setattr(anna.database, "writing", writing)
    assert "already out" in anna.opens().text.lower() or "You opted out" in anna.opens().text
    assert kept() == []


@pytest.mark.parametrize("body", [b"", ONE_CLICK, b"\xff\xfe", b"a=%ZZ"])
def test_a_body_of_another_kind_is_no_answer(anna, kept, body):
    anna.presses()
    for kind in (FORM, "text/plain", "multipart/form-data; boundary=x"):
        answer = anna.client.post(f"{anna.path}/reason", data=body, content_type=kind)
        assert answer.status_code == 422
    assert kept() == []
    assert len(anna.decisions()) == 1


def test_it_is_still_asked_on_the_page_that_shows_how_it_stands_for_as_long_as_an_answer_counts(anna, kept):
    """The page after the press in another language is that page, and so is the link after a mail program's button."""
    anna.clicks_once()
    page = anna.opens("?l=pl")
    assert 'name="reason"' in page.text
    answers(anna, reason="too-many")
    assert [row.code for row in kept()] == ["too-many"]
    anna.clock.advance(hours=25)
    assert 'name="reason"' not in anna.opens("?l=pl").text


def test_whoever_is_on_a_break_is_asked_nothing(anna):
    anna.client.post(f"{anna.path}/pause", data={"months": "1", "l": "en"})
    assert 'name="reason"' not in anna.opens().text


def test_nothing_that_is_typed_is_cut_off_in_silence(anna, kept):
    """A field with a limit of its own takes the first 500 characters of what is pasted, and sends them."""
    page = anna.presses().text
    assert "<textarea" in page
    assert "maxlength" not in page
    too_long = answers(anna, words="x" * 501)
    assert (too_long.status_code, kept()) == (422, [])
    assert "x" * 501 in too_long.text
