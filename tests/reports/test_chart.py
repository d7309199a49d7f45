"""A chart is a picture with words, and nothing else is in it: no script, no address, nothing that a campaign's name brings."""

from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resign.reports.chart import STYLE, Spoken, svg
from resign.reports.figure import Chart, Series
from resign.reports.words import in_words, shortened

SAID = Spoken("Opt-outs", "Thirty opt-outs in May.")
SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {SVG + name for name in ("svg", "title", "desc", "style", "g", "line", "text", "path", "rect")}
ATTRIBUTES = set(
    "viewBox class role aria-labelledby direction width height id x x1 x2 y y1 y2 d text-anchor unicode-bidi".split()
)
HOSTILE = [
    '<script>alert("1")</script>',
    "a & b ]]> --> <!--",
    "x' onload='y",
    "\x00\x0b\ufffe",
    "url(//evil.example)",
    "\u202eabc",
    "",
]


def days(many):
    return [date(2025, 12, 1) + timedelta(days=number) for number in range(many)]


def parsed(chart, said=SAID, **more):
    text = svg(chart, said, **more)
    root = ET.fromstring(text)  # noqa: S314 - our own, a moment old
    for element in root.iter():
        assert element.tag in ELEMENTS, element.tag
        assert set(element.attrib) <= ATTRIBUTES, element.attrib
        assert not any("url(" in value or "://" in value for value in element.attrib.values())
    assert "nan" not in text
    return root


def texts(root):
    return [element.text for element in root.iter(SVG + "text")]


values = st.one_of(st.integers(0, 10**9), st.floats(0, 1e9))
drawn = st.integers(0, 12).flatmap(
    lambda many: st.builds(
        Chart,
        st.sampled_from(["bars", "lines"]),
        st.just(days(many)),
        st.lists(
            st.builds(
                Series,
                st.text() | st.sampled_from(HOSTILE),
                st.lists(st.none() | values, min_size=many, max_size=many),
            ),
            max_size=9,
        ),
    )
)


@given(drawn)
def test_whatever_is_drawn_is_well_formed_and_holds_only_what_a_picture_needs(chart):
    parsed(chart)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_campaign_may_be_called_anything(name):
    root = parsed(Chart("bars", days(3), [Series(name, [1, 2, 3])]), Spoken(name, name))
    assert len([element for element in root.iter() if element.tag == SVG + "style"]) == 1


def test_it_says_what_it_is_to_those_who_cannot_see_it():
    root = parsed(Chart("bars", days(2), [Series("page", [1, 2])]), key="may")
    assert root.get("role") == "img"
    ids = {element.get("id"): element.text for element in root}
    assert [ids[name] for name in root.get("aria-labelledby").split()] == [
        "Opt-outs",
        "Thirty opt-outs in May.",
    ]


def test_a_page_brings_its_own_style():
    root = parsed(Chart("bars", days(2), [Series("page", [1, 2])]), standalone=False)
    assert root.find(SVG + "style") is None
    assert "prefers-color-scheme:dark" in STYLE
    assert not {"url", "@import", "@font-face", "://"} & {
        word for word in ("url", "@import", "@font-face", "://") if word in STYLE
    }


@pytest.mark.parametrize(
    "chart",
    [
        Chart("bars", [], []),
        Chart("bars", days(30), [Series("a", [0] * 30)]),
        Chart("lines", days(30), [Series("a", [None] * 30)]),
    ],
)
def test_where_there_is_nothing_it_says_so(chart):
    assert "Nothing in this time." in texts(parsed(chart))


def test_one_point_can_be_seen():
    bar = parsed(Chart("bars", days(1), [Series("a", [3])])).find(f"{SVG}path")
    assert bar.get("d").startswith("M")
    dash = parsed(Chart("lines", days(3), [Series("a", [None, 1.5, None])])).find(f"{SVG}path")
    assert "h16" in dash.get("d")


def test_bars_end_on_the_axis_and_no_higher_than_the_highest_line():
    for most in (1, 3, 4, 5, 7, 99, 100, 101, 1_234_567):
        root = parsed(Chart("bars", days(1), [Series("a", [most])]))
        _, bottom_and_rest = root.find(f"{SVG}path").get("d").split(" ", 1)
        bottom, _, rest = bottom_and_rest.partition("V")
        assert float(bottom) == 250
        assert 12 <= float(rest.split("h")[0]) < 250


def test_forty_campaigns_are_drawn_as_five_and_all_others():
    root = parsed(Chart("bars", days(1), [Series(f"c{number}", [40 - number]) for number in range(40)]))
    legend = [element.text for element in root.iter(SVG + "text") if element.get("unicode-bidi")]
    assert legend == ["c0", "c1", "c2", "c3", "c4", "all others"]


def test_four_hundred_days_of_six_series_stay_a_picture_that_can_be_sent():
    chart = Chart("bars", days(400), [Series(f"campaign {number}", range(400)) for number in range(6)])
    assert len(svg(chart, SAID)) < 250_000


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.35, "350 ms"), (1.42, "1.4 s"), (60, "1 min"), (3600, "1 h"), (172800, "48 h"), (864000, "10 d")],
)
def test_durations_in_words(seconds, said):
    assert in_words(seconds) == said


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (0, "0"),
        (1000, "1k"),
        (1500, "1.5k"),
        (2_000_000, "2M"),
        ("x" * 30, "x" * 24 + "…"),
        ("春" * 13, "春" * 12 + "…"),
    ],
)
def test_what_is_too_long_is_shortened(what, said):
    assert shortened(what) == said
