"""What an act rests on, read from whatever was typed: no fault is let through, and each is said at its field."""

from datetime import UTC, date, datetime

import pytest

from resign.acting.basis import Basis, read

NOW = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)
SOUND = {"basis": "She rang.", "channel": "phone", "asked_on": "2026-05-03"}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("  She rang.\r\nTwice.  ", "She rang.\nTwice."),
        ("x" * 1000, "x" * 1000),
        (
            "Ein Brief, § 7 UWG, “bitte” 100 %; x@y, a @ b.",
            "Ein Brief, § 7 UWG, “bitte” 100 %; x@y, a @ b.",
        ),
        ("e\u0301", "\u00e9"),
    ],
)
def test_words_are_kept_as_they_were_meant(typed, words):
    assert read({**SOUND, "basis": typed}, NOW) == (
        Basis(words=words, channel="phone", asked_on=date(2026, 5, 3)),
        {},
    )


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "missing"),
        (" \n\t ", "missing"),
        ("x" * 1001, "too-long"),
        ("her address is anna@example.com, she says", "address"),
        ("(anna.x+news@mail.example.co.uk)", "address"),
        ("anna\uff20example\uff0ecom", "address"),
        ("\u017c\u00f3\u0142w@przyk\u0142ad.pl", "address"),
        ("a\x00b", "unreadable"),
        ("a\ud800b", "unreadable"),
        ("a\x1bb", "unreadable"),
    ],
)
def test_words_that_cannot_be_kept_are_named(typed, fault):
    assert read({**SOUND, "basis": typed}, NOW) == (None, {"basis": fault})


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "missing"),
        ("yesterday", "unreadable"),
        ("2026-02-30", "unreadable"),
        ("20260503", "unreadable"),
        ("2026-05-03T10:00", "unreadable"),
        ("\u0662\u0660\u0662\u0666-05-03", "unreadable"),
        ("2026-05-06", "future"),
        ("9999-12-31", "future"),
        ("0206-05-03", "long-ago"),
    ],
)
def test_a_day_that_cannot_be_is_named(typed, fault):
    assert read({**SOUND, "asked_on": typed}, NOW) == (None, {"asked_on": fault})


def test_today_is_today_wherever_the_person_is():
    basis, faults = read({**SOUND, "asked_on": "2026-05-05"}, NOW)
    assert not faults
    assert basis.asked_on == date(2026, 5, 5)


def test_all_faults_are_named_at_once():
    assert read({"channel": "pigeon"}, NOW)[1] == {
        "basis": "missing", "channel": "missing", "asked_on": "missing",
    }  # fmt: skip


def test_a_mistake_of_staff_needs_words_and_nobody_who_asked():
    assert read({"basis": "The wrong line."}, NOW, asked=False) == (Basis(words="The wrong line."), {})
    assert read({**SOUND, "basis": ""}, NOW, asked=False) == (None, {"basis": "missing"})


def test_a_deed_holds_plain_words():
    assert read(SOUND, NOW)[0].detail() == {
        "basis": "She rang.", "channel": "phone", "asked_on": "2026-05-03",
    }  # fmt: skip
    assert Basis(words="The wrong line.").detail() == {"basis": "The wrong line."}
