"""What a file's columns mean: guessed, written down as JSON, given as TOML, and refused in a sentence."""

import time

import pytest

from resign.imports.mapping import BadMapping, RowMapping
from resign.imports.reading import Row, Shape
from resign.imports.suggesting import suggest, times_in

FULL = """
agreement = { column = "List", values = { "Weekly" = "newsletter" } }
evidence = { columns = ["Form", "IP"] }
campaign = "spring"
language = { column = "Lang" }
[identifiers]
customId = "ID"
email = "E-mail"
[choice]
column = "Status"
opt-out = ["gone"]
opt-in = ["here"]
[when]
column = "Date"
zone = "Europe/Warsaw"
order = "day-first"
"""


def test_a_mapping_survives_being_written_down():
    mapping = RowMapping.from_toml(FULL)
    assert RowMapping.from_json(mapping.as_json()) == mapping
    assert mapping.columns == ("ID", "E-mail", "List", "Status", "Lang", "Date", "Form", "IP")
    assert list(mapping.identifiers) == ["customId", "email"], "the first that is filled in names the person"


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("identifiers = {", "not TOML"),
        ("", "which column names the person"),
        ('identifiers = { phone = "x" }', "no identifier 'phone'"),
        ('colour = "red"', "no 'colour'"),
        ('choice = "maybe"\nidentifiers = { email = "e" }', "choice is opt-out, opt-in"),
        ('choice = { column = "c", opt-out = ["x"], opt-in = ["X"] }\nidentifiers = { email = "e" }', "both"),
        ('when = { column = "w", zone = "Mars" }\nidentifiers = { email = "e" }', "time zone"),
        ('when = { column = "w", order = "dmy" }\nidentifiers = { email = "e" }', "order"),
        ('evidence = { columns = [] }\nidentifiers = { email = "e" }', "evidence"),
        ('hash = "md5"\nidentifiers = { email = "e" }', "sha256 or keyed"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said_in_a_sentence(toml, says):
    with pytest.raises(BadMapping, match=says):
        RowMapping.from_toml(toml)


def test_a_column_that_the_file_has_not_is_refused():
    with pytest.raises(BadMapping, match="no column 'ID'; it has: E-mail"):
        RowMapping.from_toml(FULL).fits(["E-mail"])


def guess(columns, *rows, agreements=()):
    shape = Shape("csv", "utf-8", ",", tuple(columns))
    sample = [Row(number, dict(zip(columns, row, strict=True))) for number, row in enumerate(rows, 2)]
    return suggest(shape, sample, agreements).table()


def test_mailchimps_list_of_those_who_left():
    found = guess(
        ["Email Address", "First Name", "UNSUB_TIME", "UNSUB_CAMPAIGN_TITLE"],
        ["anna@example.com", "Anna", "2026-03-04 10:11:12", "spring"],
    )
    assert found["identifiers"] == {"email": "Email Address"}
    assert found["choice"] == "opt-out"
    assert found["when"]["column"] == "UNSUB_TIME"
    assert found["campaign"] == {"column": "UNSUB_CAMPAIGN_TITLE"}


def test_synerises_export_of_profiles():
    found = guess(
        ["email", "custom_id", "newsletter_agreement", "language"],
        ["anna@example.com", "C-7", "disabled", "pl"],
        ["boris@example.com", "", "enabled", "de"],
    )
    assert found["identifiers"] == {"email": "email", "customId": "custom_id"}
    assert found["choice"]["column"] == "newsletter_agreement"
    assert found["language"] == {"column": "language"}


def test_a_plain_list_of_addresses_is_of_people_who_left():
    assert guess(["column 1"], ["anna@example.com"], ["boris@example.com"]) == {
        "identifiers": {"email": "column 1"}, "agreement": "newsletter", "choice": "opt-out",
    }  # fmt: skip


def test_hashes_are_recognised_and_so_is_the_order_of_days():
    assert guess(["h"], ["ab" * 32])["hash"] == "sha256"
    assert guess(["h"], ["ab" * 16])["hash"] == "keyed"
    assert guess(["email", "date"], ["a@example.com", "13/4/2026"])["when"]["order"] == "day-first"
    assert guess(["email", "date"], ["a@example.com", "4/13/2026"])["when"]["order"] == "month-first"
    assert guess(["email", "date"], ["a@example.com", "3/4/2026"])["when"]["order"] == ""


@pytest.mark.parametrize("name", ["Abgemeldet am", "Data rezygnacji", "Unsubscribed on", "Opted out at"])
def test_when_somebody_left_has_many_names(name):
    found = guess(["Kunde", "E-Mail", name], ["7", "a@example.com", "13.04.2026"])
    assert (found["when"]["column"], found["when"]["order"]) == (name, "day-first")


def test_a_column_whose_values_say_nothing_is_no_choice():
    assert guess(["email", "status"], ["a@example.com", "gold"])["choice"] == "opt-out"


def test_a_file_that_names_nobody_is_refused():
    with pytest.raises(BadMapping, match="looks as if it named people"):
        guess(["name"], ["Anna"])


def test_more_words_than_anybody_has_for_a_choice_are_refused():
    choice = {"column": "Status", "opt-out": [str(each) for each in range(501)], "opt-in": ["here"]}
    with pytest.raises(BadMapping, match="at most 500"):
        RowMapping.of({"identifiers": {"email": "E-mail"}, "choice": choice})


def test_what_is_no_address_takes_no_time_to_be_found_out():
    shape = Shape("csv", "utf-8", ",", ("x", "y"))
    rows = [Row(number, {"x": f"a@{'.' * 90_000}@", "y": "b"}) for number in range(3)]
    begun = time.process_time()
    with pytest.raises(BadMapping):
        suggest(shape, rows)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    "columns", [["email", "OPTIN_TIME", "UNSUB_TIME"], ["email", "UNSUB_TIME", "OPTIN_TIME"]]
)
@pytest.mark.parametrize("status", ["", "unsubscribed"])
def test_of_a_time_of_coming_and_one_of_leaving_the_later_is_taken_wherever_it_stands(columns, status):
    """Dated by the day on which they came, people who left since would be switched on by any newer opt-in."""
    row = {"email": "a@example.com", "OPTIN_TIME": "2020-01-01 10:00", "UNSUB_TIME": "2026-01-01 10:00"}
    more = {"status": status} if status else {}
    found = guess([*columns, *more], [*(row[each] for each in columns), *more.values()])
    assert found["when"]["column"] == "UNSUB_TIME"
    assert times_in(columns) == ("UNSUB_TIME", "OPTIN_TIME")


@pytest.mark.parametrize("name", ["OPTIN_TIME", "CONFIRM_TIME", "Created at", "Data zapisu", "Subscribed on"])
def test_a_time_of_coming_alone_is_nobodys_time_of_leaving(name):
    assert "when" not in guess(["email", name], ["a@example.com", "2020-01-01 10:00"])
    assert times_in(["email", name]) == (name,)


def test_what_was_decided_goes_before_when_they_came():
    columns = ["email", "OPTIN_TIME", "CONFIRM_TIME", "LAST_CHANGED"]
    assert guess(columns, ["a@example.com", "", "", ""])["when"]["column"] == "LAST_CHANGED"


def test_a_refusal_has_its_sentence_and_what_it_is_about_apart():
    with pytest.raises(BadMapping) as refused:
        RowMapping(identifiers={"email": "who"}).fits(["a", "b"])
    assert refused.value.sentence % refused.value.values == str(refused.value)
    assert refused.value.values == {"name": "'who'", "columns": "a, b"}
