"""Reports as a person with a browser has them: by keyboard alone, on a phone, in the dark, and without a script."""

import csv
import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.console.reports.conftest import days_ago

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

REPORTS = "/console/reports/default"
# axe judges no contrast within an SVG ("imgNode"), of a single sign, or of cells that a table has scrolled away. A
# chart's letters are looked at below; hidden cells look like those that are seen.
RUN = """async () => {
  const found = await axe.run();
  const unjudged = (node) => /^<(t(ext|d|h)|bdi)/.test(node.html) && node.any.every(
    (each) => ["imgNode", "shortTextContent", "elmPartiallyObscured"].includes(each.data?.messageKey),
  );
  return [...found.violations, ...found.incomplete].flatMap(
    (one) => one.nodes.filter((node) => !unjudged(node)).map((node) => [one.id, node.html]),
  );
}"""
PAGES = (
    REPORTS,
    f"{REPORTS}/opt-outs?by=campaign",
    f"{REPORTS}/opt-outs?from=abc&to=9999-12-31",
    f"{REPORTS}/confirmation?days=90",
    f"{REPORTS}/mailed-after",
    "/console/bursts/default",
    "/console/bursts/default/1",
)


@pytest.fixture
def open_tab(browser, url, weeks, burst):
    contexts, complaints = [], []

    def open_one(width=1280, **options):
        context = browser.new_context(base_url=url, viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        tab = context.new_page()
        tab.set_default_timeout(60_000)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("console", lambda said: complaints.append(said.text))
        return tab

    yield open_one
    for context in contexts:
        context.close()
    assert not [said for said in complaints if "status of 422" not in said]


def press(tab, key, times=1):
    for _ in range(times):
        tab.keyboard.press(key)


def test_other_days_are_asked_for_by_keyboard_and_taken_along_as_a_file(open_tab, weeks, people):
    tab = open_tab(java_script_enabled=False)
    tab.goto(f"{REPORTS}/opt-outs")
    tab.get_by_label("First day").focus()
    tab.keyboard.type("06012026")
    tab.get_by_label("Last day").focus()
    tab.keyboard.type("06072026")
    press(tab, "Tab", 2)
    expect(tab.get_by_label("In steps of")).to_be_focused()
    press(tab, "Tab")
    tab.keyboard.type("meth")
    press(tab, "Tab")
    expect(tab.get_by_role("button", name="Show")).to_be_focused()
    press(tab, "Enter")
    expect(tab.get_by_role("heading", name="1 June 2026 to 7 June 2026")).to_be_visible()
    assert "from=2026-06-01&to=2026-06-07&grain=day&by=method" in tab.url
    chart = tab.get_by_role("img", name=re.compile("^Opt-outs"))
    expect(chart).to_have_count(1)
    assert chart.locator("path.bar").count() == 2
    expect(tab.get_by_role("region", name="The figures of the chart").locator("tbody tr")).to_have_count(7)
    with tab.expect_download() as asked:
        tab.get_by_role("link", name="All of it as CSV").press("Enter")
    assert asked.value.suggested_filename == "resign-opt-outs-default-2026-06-01-2026-06-07.csv"
    with asked.value.path().open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sum(int(row["opt_outs"]) for row in rows) == sum(1 + day % 3 for day in range(28, 35))
    with tab.expect_download() as asked:
        tab.get_by_role("button", name="JSON Lines").press("Enter")
    assert asked.value.suggested_filename.endswith(".jsonl")
    assert [deed.action for deed in people.deeds()] == ["exported-report"] * 2


def test_a_phone_gets_a_chart_whose_letters_can_be_read(open_tab):
    for width, shape, other in ((320, ".on-a-phone", ".on-a-desk"), (1280, ".on-a-desk", ".on-a-phone")):
        tab = open_tab(width)
        tab.goto(f"{REPORTS}/opt-outs?by=campaign")
        expect(tab.locator(f"{shape} svg")).to_be_visible()
        expect(tab.locator(f"{other} svg")).to_be_hidden()
        label = tab.locator(f"{shape} text").first.evaluate(
            "(text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a"
        )
        assert label >= 10


def test_the_dark_has_colours_of_its_own(open_tab):
    fills = set()
    for scheme in ("light", "dark"):
        tab = open_tab(color_scheme=scheme)
        tab.goto(REPORTS)
        fills.add(tab.locator(".on-a-desk path.s0").evaluate("(path) => getComputedStyle(path).fill"))
        letters = tab.locator(".on-a-desk text").first.evaluate("(text) => getComputedStyle(text).fill")
        assert letters == tab.locator("body").evaluate("(body) => getComputedStyle(body).color")
    assert fills == {"rgb(11, 107, 138)", "rgb(86, 180, 233)"}


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_is_wider_than_its_screen_and_axe_finds_nothing(open_tab, width):
    tab = open_tab(width, color_scheme="dark" if width == 1280 else "light")
    for path in PAGES:
        tab.goto(path)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, path
        tab.evaluate(f"{AXE_SCRIPT};undefined")
        assert tab.evaluate(RUN) == [], path


def test_a_link_in_a_shared_address_leads_to_the_same_days(open_tab, weeks):
    tab = open_tab(java_script_enabled=False)
    tab.goto(f"{REPORTS}/undone")
    tab.get_by_role("link", name="7 days").click()
    expect(tab.get_by_label("First day")).to_have_value(days_ago(weeks, 6))
    expect(tab.get_by_role("link", name="7 days")).to_have_attribute("aria-current", "true")
