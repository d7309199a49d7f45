"""Nothing disappears from a page without a word: also what a reader of HTML leaves out before any list is asked."""

import pytest

from resign.themes.allowed import held
from resign.themes.removed import removed


@pytest.mark.parametrize(
    ("raw", "gone"),
    [
        ("<frameset><frame></frameset>", {("frameset", "", ""), ("frame", "", "")}),
        ("<p>a<?php echo 1 ?>b</p>", {("?…?", "", "")}),
        ("<p>a<![CDATA[b]]></p>", {("!…", "", "")}),
        ("<p><td>a</td></p>", {("td", "", "")}),
        ("<caption>a</caption><col><tr><th>b", {("caption", "", ""), ("col", "", ""), ("tr", "", ""), ("th", "", "")}),
        ("<!doctype html><p>a</p>", {("!…", "", "")}),
        ("<table><tbody><tr><td>a</table>", {("table", "", ""), ("tr", "", ""), ("td", "", "")}),
    ],
)  # fmt: skip
def test_what_vanishes_is_named(raw: str, gone: set[tuple[str, str, str]]):
    assert set(removed(raw, held(raw))) == gone


@pytest.mark.parametrize(
    "raw", ["<!-- mine --><p>a</p>", "<p>a &lt;?php</p>", "<p>1 < 2 <!-- a > b <? --></p>", "<p>a"]
)
def test_a_comment_may_vanish(raw: str):
    assert removed(raw, held(raw)) == []
