"""The sandbox on the server that it is served by: sockets, threads and percent signs."""

import contextlib
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from resign.sandbox import SandboxSettings


@pytest.fixture(scope="module")
def live():
    """A client for a sandbox of its own in another process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--no-ws"]
    command += ["--port", str(port), "--blocking-threads", "16", "resign.sandbox:create_sandbox"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
                log_in(client)
                yield client
        finally:
            server.terminate()
            server.wait(10)


def log_in(client):
    deadline = time.monotonic() + 20
    while True:
        with contextlib.suppress(httpx.TransportError):
            answer = client.post("/uauth/v2/auth/login/profile", json={"apiKey": SandboxSettings().api_key})
            client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
            return
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def anna(live):
    live.delete("/sandbox/profiles").raise_for_status()
    live.post(
        "/sandbox/profiles", json=[{"email": "anna+x@example.com", "customId": "a//b/ż"}]
    ).raise_for_status()
    return "/v4/clients/by-email/anna%2Bx%40example.com"


def test_an_answer_dropped_on_the_floor_is_a_broken_connection_and_an_applied_write(live, anna):
    live.post("/sandbox/faults", json={"lost_answers": "drop", "methods": "POST"}).raise_for_status()
    with pytest.raises(httpx.TransportError):
        live.post(anna, json={"agreements": {"email": False}})
    time.sleep(0.25)
    assert live.get(anna).json()["agreements"]["email"] is False
    assert live.get("/sandbox/requests?format=json").json()["requests"][1]["status"] == 0


def test_a_dropped_outage_is_a_broken_connection_and_no_write(live, anna):
    live.post("/sandbox/faults", json={"outage": "drop", "times": 1}).raise_for_status()
    with pytest.raises(httpx.TransportError):
        live.post(anna, json={"agreements": {"email": False}})
    time.sleep(0.25)
    assert live.get(anna).json()["agreements"]["email"] is True


def test_a_slow_answer_outlives_a_short_patience_and_is_still_a_write(live, anna):
    live.post("/sandbox/faults", json={"slow": 0.4, "times": 1}).raise_for_status()
    with pytest.raises(httpx.ReadTimeout):
        live.post(anna, json={"agreements": {"email": False}}, timeout=0.1)
    time.sleep(0.8)
    assert live.get(anna).json()["agreements"]["email"] is False


def test_percent_encoded_identifiers_arrive_whole(live, anna):
    by_custom_id = live.get("/v4/clients/by-customid/a%2F%2Fb%2F%C5%BC").json()
    assert by_custom_id == live.get(anna).json()


def test_a_body_without_a_length_is_read_too(live, anna):
    chunks = iter([b'{"agreements":', b'{"email":false}}'])
    assert live.post(anna, content=chunks, headers={"Content-Type": "application/json"}).status_code == 202


def test_a_body_without_a_length_has_the_same_ceiling(live, anna):
    chunks = (b" " * 100_000 for _ in range(11))
    answer = live.post(anna, content=chunks, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


def test_many_at_once_are_all_applied(live, anna):
    live.post("/sandbox/profiles", json=[{"email": f"p{number}@example.com"} for number in range(200)])

    def opt_out(number):
        body = {"agreements": {"email": False}}
        return live.post(f"/v4/clients/by-email/p{number}@example.com", json=body).status_code

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(opt_out, range(200))) == {202}
    time.sleep(0.25)
    assert live.get("/sandbox/profiles?format=json").json()["counts"] == {
        "total": 201,
        "enabled": 1,
        "disabled": 200,
    }
