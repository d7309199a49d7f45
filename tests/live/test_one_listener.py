"""One port, one resign: a second one would take a part of the visitors and write them into a ledger of its own."""

from tests.live.headers import checked
from tests.live.wire import exchange, post


def answers(address: tuple[str, int]) -> bool:
    try:
        return (
            exchange(address, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").status == 200
        )
    except OSError:
        return False


def test_a_second_web_on_a_taken_port_ends_and_the_first_takes_every_opt_out(live):
    host, port = live.address
    second = live.start("web", RESIGN_BIND=f"{host}:{port}")
    assert second.process.wait(30) == 2
    said = second.log.read_text()
    assert f"resign cannot listen on {host}:{port}: the port is taken" in said
    assert "Listening" not in said
    people = [live.somebody() for _ in range(8)]
    assert {checked(exchange(live.address, post(who.path))).status for who in people} == {200}
    assert all(who.decisions() for who in people)


def test_a_web_that_has_ended_leaves_its_port_to_the_next(live):
    first, (host, port) = live.another_web(RESIGN_WEB_WORKERS="1")
    assert checked(exchange((host, port), post(live.somebody().path))).status == 200
    assert first.end() == 0
    second = live.start("web", RESIGN_BIND=f"{host}:{port}", RESIGN_WEB_WORKERS="1")
    live.until(lambda: answers((host, port)), "the next one answers")
    assert second.end() == 0
