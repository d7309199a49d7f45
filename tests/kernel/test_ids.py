"""Decision ids sort by time, and their short reference survives being read out over the telephone."""

import threading
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resign.ids import made_at, new_id, reference, reference_range

# A busy machine is no fault of the code's.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

V7 = st.builds(
    lambda milliseconds, chance, rest: UUID(
        int=(milliseconds << 16 | 0x7000 | chance) << 64 | 2 << 62 | rest
    ),
    st.integers(0, 2**48 - 1),
    st.integers(0, 2**12 - 1),
    st.integers(0, 2**62 - 1),
)


def test_an_id_is_a_uuid_of_version_7():
    made = new_id()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")


def test_an_id_tells_when_it_was_made():
    assert made_at(UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")) == datetime(
        2022, 2, 22, 19, 22, 22, tzinfo=UTC
    )


def test_ids_sort_in_the_order_they_were_made():
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)
    assert len({str(each) for each in made}) == len(made)


def test_no_two_threads_make_the_same_id():
    made: list[UUID] = []
    threads = [threading.Thread(target=lambda: made.extend(new_id() for _ in range(500))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 4000


@patient
@given(V7)
def test_a_reference_leads_back_to_a_range_that_holds_the_id(made):
    low, high = reference_range(reference(made))
    assert low <= made <= high
    assert high.int - low.int == 2**64 - 1
    assert reference(low) == reference(high) == reference(made)


@patient
@given(V7, V7)
def test_two_ids_share_a_reference_only_within_one_range(one, other):
    low, high = reference_range(reference(one))
    assert (reference(one) == reference(other)) == (low <= other <= high)


@patient
@given(V7)
def test_a_reference_is_twelve_letters_in_three_groups(made):
    spoken = reference(made)
    assert [len(group) for group in spoken.split("-")] == [4, 4, 4]
    assert not set(spoken) & set("ILOU")


@patient
@given(V7, st.randoms())
def test_a_reference_is_understood_as_people_say_it(made, chance):
    """Small letters, blanks for hyphens, O for 0, I or L for 1."""
    heard = {"0": "0Oo", "1": "1IiLl", "-": ["-", " ", "", " - "]}
    said = "".join(chance.choice(heard.get(c, [c, c.lower()])) for c in reference(made))
    assert reference_range(f"  {said}\n") == reference_range(reference(made))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "01KB-3F9Q-7XZ",
        "01KB-3F9Q-7XZAA",
        "01KB-3F9Q-7XZ!",
        "anna@example",
        "01KB_3F9Q_7XZA",
        "\u0660" * 12,
    ],
)
def test_what_is_no_reference_leads_nowhere(text):
    assert reference_range(text) is None


@patient
@given(st.text(max_size=60))
def test_any_text_is_a_range_or_none(text):
    found = reference_range(text)
    assert found is None or found[0] < found[1]
