"""The preview as a marketer has it: the frames show the pages, and a saved file shows by itself."""

import io

import pytest
from PIL import Image
from werkzeug.serving import make_server

from resign.preview.app import create_preview
from tests.preview.conftest import LAYOUT
from tests.support.serving import start as start_serving

pytestmark = pytest.mark.browser


@pytest.fixture
def address(room):
    server = make_server("127.0.0.1", 0, create_preview(room), threaded=True)
    thread = start_serving(server)
    yield f"http://127.0.0.1:{server.port}/"
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


def test_a_saved_file_shows_by_itself_in_the_frames_and_in_the_faults(browser, address, folder):
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(address)
    phone = page.frame_locator(".phone [data-page=optout]")
    phone.get_by_text("Hello", exact=True).wait_for()
    assert phone.locator("button").first.is_visible()
    assert page.locator(".phone [data-page=optout]").bounding_box()["width"] == pytest.approx(360)
    (folder / "templates" / "layout.html").write_text(LAYOUT.replace("Hello", "Goodbye"))
    phone.get_by_text("Goodbye", exact=True).wait_for()
    (folder / "templates" / "layout.html").write_text("{% oh no %}")
    page.get_by_text("templates/layout.html:1").wait_for()
    assert not complaints
    page.close()


@pytest.mark.parametrize("width", [1400, 800, 320])
def test_all_screens_stand_within_the_window(browser, address, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(address)
    page.frame_locator(".desktop [data-page=optout]").get_by_text("Hello", exact=True).wait_for()
    screens = page.locator("section").first.locator(".screen")
    shown = {}
    for each in screens.all():
        box, inner = each.bounding_box(), each.locator("iframe").bounding_box()
        assert box["x"] + box["width"] <= width
        assert inner["x"] + inner["width"] <= box["x"] + box["width"] + 0.5
        shown[each.get_attribute("class")] = inner["width"]
    if width > 320:
        assert shown["screen small"] == 320
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()


def test_dark_colours_are_shown_on_a_light_device(browser, address, folder):
    (folder / "theme.toml").write_text('[colours.dark]\npaper = "#301000"\n')
    page = browser.new_page(color_scheme="null")  # an emulated one would hold in every frame
    page.goto(f"{address}?colours=dark")
    page.frame_locator(".small [data-page=optout]").get_by_text("Hello", exact=True).wait_for()
    picture = Image.open(io.BytesIO(page.locator(".small [data-page=optout]").screenshot())).convert("RGB")
    assert picture.getpixel((10, 300)) == (0x30, 0x10, 0x00)
    page.close()
