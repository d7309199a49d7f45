"""What travels together: so many rows, so many bytes, nobody twice; and the spans that are done are passed over."""

import json

from resign.push.batches import MOST_BYTES, MOST_ROWS, Batches
from resign.push.journal import Span, merged
from resign.push.rows import profile_of
from tests.push.conftest import as_csv


def name(row):
    profile = profile_of(row)
    return profile if isinstance(profile, str) else (profile, "t" * 100)


def batches(content, **more):
    return list(Batches(as_csv(content), name, **more))


def people(count):
    return "email\n" + "".join(f"p{number}@b.example\n" for number in range(count))


def test_a_batch_has_a_thousand_rows_at_the_most():
    found = batches(people(2 * MOST_ROWS + 1))
    assert [batch.rows for batch in found] == [MOST_ROWS, MOST_ROWS, 1]
    assert [batch.start for batch in found[1:]] == [batch.end for batch in found[:-1]]
    assert found[-1].end == len(people(2 * MOST_ROWS + 1))


def test_rejected_rows_fill_a_batch_too_so_that_a_file_of_nothing_else_stays_flat():
    found = batches("email\n" + "nobody\n" * (MOST_ROWS + 1))
    assert [(batch.rows, len(batch.items), len(batch.rejected)) for batch in found] == [
        (MOST_ROWS, 0, MOST_ROWS),
        (1, 0, 1),
    ]


def test_a_batch_stays_below_a_megabyte_whatever_it_holds():
    long = "".join(f"{number:03d}{chr(1) * 251}\n" for number in range(900))
    found = batches("customId\n" + long, attribute="x" * 64)
    assert len(found) > 1
    for batch in found:
        body = [
            {profile.kind: profile.value, "attributes": {"x" * 64: token}} for profile, token in batch.items
        ]
        assert 0 < len(json.dumps(body, separators=(",", ":"))) <= MOST_BYTES
    assert sum(batch.rows for batch in found) == 900


def test_the_same_profile_twice_in_a_batch_is_one_item_with_both_its_rows():
    [batch] = batches("email\na@b.example\nb@b.example\na@b.example\n")
    assert [
        (profile.value, [row.line for row in rows])
        for (profile, _), rows in zip(batch.items, batch.named, strict=True)
    ] == [
        ("a@b.example", [2, 4]),
        ("b@b.example", [3]),
    ]
    assert batch.rows == 3
    batch.refuse(0, "no")
    assert [reject.line for reject in batch.rejected] == [2, 4]


def test_two_spellings_of_one_address_do_not_share_a_batch():
    found = batches("email\na@b.example\nc@b.example\nA@b.example\nd@b.example\n")
    assert [[profile.value for profile, _ in batch.items] for batch in found] == [
        ["a@b.example", "c@b.example"],
        ["A@b.example", "d@b.example"],
    ]
    assert found[0].end == found[1].start


def test_what_is_done_is_passed_over_whatever_lies_between():
    content = people(10)
    whole = batches(content, most_rows=2)
    spans = [Span(b.start, b.end, b.last_line, b.rows, b.rows, 0) for b in whole]
    for done in ([0], [1], [0, 1], [2, 4], [1, 2, 3], [0, 4], [0, 1, 2, 3, 4]):
        left = batches(content, most_rows=2, done=merged(spans[number] for number in done))
        assert [b.start for b in left] == [b.start for number, b in enumerate(whole) if number not in done]
        assert [rows[0].line for b in left for rows in b.named] == [
            rows[0].line for number, b in enumerate(whole) if number not in done for rows in b.named
        ]


def test_a_bigger_batch_ends_where_a_done_span_begins():
    content = people(10)
    whole = batches(content, most_rows=2)
    middle = whole[2]
    done = merged([Span(middle.start, middle.end, middle.last_line, 2, 2, 0)])
    assert [b.rows for b in batches(content, done=done)] == [4, 4]


def test_nobody_is_no_batch():
    assert batches("email\n") == []
