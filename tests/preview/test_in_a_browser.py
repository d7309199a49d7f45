"""The preview as a marketer has it: the frames show the pages, and a saved file shows by itself."""

import threading

import pytest
from werkzeug.serving import make_server

from resign.preview.app import create_preview
from tests.preview.conftest import LAYOUT

pytestmark = pytest.mark.browser


@pytest.fixture
def address(room):
    server = make_server("127.0.0.1", 0, create_preview(room), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/"
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


def test_a_saved_file_shows_by_itself_in_the_frames_and_in_the_faults(browser, address, folder):
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(address)
    phone = page.frame_locator("iframe.phone[data-page=optout]")
    phone.get_by_text("Hello", exact=True).wait_for()
    assert phone.locator("button").first.is_visible()
    assert page.locator("iframe.phone[data-page=optout]").bounding_box()["width"] == pytest.approx(362, abs=2)
    (folder / "templates" / "layout.html").write_text(LAYOUT.replace("Hello", "Goodbye"))
    phone.get_by_text("Goodbye", exact=True).wait_for()
    (folder / "templates" / "layout.html").write_text("{% oh no %}")
    page.get_by_text("templates/layout.html:1").wait_for()
    assert not complaints
    page.close()
