"""The preview: every page of a folder as sample people see it, anew after each change, and on this machine only."""

import re

import pytest

from resign.themes.contexts import PAGE_NAMES
from resign.themes.samples import SAMPLES


def test_every_page_is_framed_at_each_width(client):
    text = client.get("/").text
    for width in ("small", "phone", "desktop"):
        framed = re.findall(
            rf'<div class="screen {width}"><iframe [^>]* data-src="/page/([a-z-]+)/en/ordinary"', text
        )
        assert tuple(framed) == PAGE_NAMES


def test_every_frame_is_sandboxed_and_so_is_what_is_in_it(client):
    frames = re.findall(r"<iframe\b[^>]*>", client.get("/").text)
    assert frames
    assert all(re.search(r" sandbox(?= )", frame) for frame in frames)
    policy = client.get("/page/optout/en/ordinary").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors 'self'; sandbox")
    assert "default-src 'none'; style-src 'sha256-" in policy
    assert "script-src" not in policy


def test_the_preview_itself_runs_its_own_script_and_no_other(client):
    answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "unsafe" not in policy
    assert re.findall(r"<script[^>]*>", answer.text) == ['<script src="/preview.js" defer>']
    assert not re.search(r' style=| on[a-z]+="', answer.text)
    assert client.get("/preview.js").mimetype == "text/javascript"
    assert client.get("/preview.css").mimetype == "text/css"


@pytest.mark.parametrize("person", SAMPLES)
def test_each_sample_person_sees_each_page_without_a_marker_left(client, person):
    for name in PAGE_NAMES:
        answer = client.get(f"/page/{name}/ar/{person}")
        assert answer.status_code == 200
        assert 'dir="rtl"' in answer.text
        assert "Hello" in answer.text
        assert "{{" not in answer.text


def test_a_change_is_seen_at_the_next_look(client, folder):
    before = client.get("/state.json").json
    assert client.get("/state.json").json == before
    (folder / "templates" / "layout.html").write_text("{% block oh %}")
    after = client.get("/state.json").json
    assert after["revision"] != before["revision"]
    assert after["faults"][0]["where"].startswith("templates/layout.html:1")
    assert "optout" not in after["pages"]
    assert client.get("/page/optout/en/ordinary").status_code == 404
    (folder / "templates" / "layout.html").unlink()
    assert client.get("/state.json").json["faults"] == []
    assert "Hello" not in client.get("/page/optout/en/ordinary").text


def test_a_folder_that_is_gone_is_a_fault_and_no_error(client, folder):
    (folder / "templates" / "layout.html").unlink()
    (folder / "templates").rmdir()
    folder.rmdir()
    assert len(client.get("/state.json").json["faults"]) == 1


def test_a_link_out_of_the_folder_is_not_followed(client, folder, tmp_path):
    (tmp_path / "secret").write_text("Not for you")
    (folder / "templates" / "done.html").symlink_to(tmp_path / "secret")
    said = client.get("/state.json")
    assert said.json["pages"] == []
    assert "templates/done.html" in said.json["faults"][0]["where"]
    assert "Not for you" not in said.text


@pytest.mark.parametrize("host", ["127.0.0.1:8200", "localhost:8200", "localhost", "[::1]:8200", "LOCALHOST"])
def test_it_answers_to_the_names_of_this_machine(client, host):
    assert client.get("/state.json", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "127.0.0.1@evil.example",
        "",
        "10.0.0.1",
    ],
)
def test_it_answers_to_no_other_name(client, host):
    for path in ("/", "/state.json", "/page/optout/en/ordinary", "/preview.js", "/nothing"):
        answer = client.get(path, environ_overrides={"HTTP_HOST": host})
        assert answer.status_code in {400, 403}, path
        assert "Hello" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/page/nope/en/ordinary",
        "/page/optout/xx/ordinary",
        "/page/optout/en/nobody",
        "/state.json?language=xx",
        "/../app.py",
        "/app.py",
        "/overview.html",
    ],
)
def test_what_there_is_not_is_404(client, path):
    assert client.get(path).status_code == 404


def test_a_wish_that_nobody_can_grant_shows_the_usual(client):
    text = client.get("/?language=<b>&sample=<b>").text
    assert 'data-language="en"' in text
    assert "<b>" not in text


def test_it_takes_nothing_but_questions(client):
    for path in ("/", "/state.json", "/page/optout/en/ordinary"):
        assert client.post(path).status_code == 405
