"""Logs are one JSON object a line, and what an exception quotes does not get into them."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from resign.telemetry import logs

# No test writes it out again: a traceback quotes the lines of code that it passes.
ADDRESS = "canary@example.com"
TELLTALES = ("httpx", "httpcore", "sqlalchemy.engine", "alembic.runtime.migration", "psycopg.pool")


class Log:
    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    @property
    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def log() -> Iterator[Log]:
    """The product's logging into a text; afterwards everybody's loggers are as they were."""
    root = logging.getLogger()
    names = ["httpx", "httpcore", "werkzeug", "sqlalchemy", "psycopg", "alembic"]
    before = root.handlers[:], root.level, {name: logging.getLogger(name).level for name in names}
    stream = io.StringIO()
    logs.set_up(stream=stream)
    yield Log(stream)
    root.handlers[:], level, levels = before
    root.setLevel(level)
    for name, own in levels.items():
        logging.getLogger(name).setLevel(own)


def fail_with(message: str) -> None:
    raise ValueError(message)


def test_a_line_is_a_sentence_with_its_ids_as_fields(log):
    logging.getLogger("resign.outbox").info("A message was %s", "told", extra={"message_id": 7})
    [line] = log.lines
    assert line.pop("time")
    assert line == {
        "level": "INFO",
        "logger": "resign.outbox",
        "message": "A message was told",
        "message_id": 7,
    }


def test_what_an_exception_quotes_stays_out_and_where_it_happened_stays_in(log):
    try:
        fail_with(f"DETAIL: Key (identifier)=({ADDRESS}) already exists")
    except ValueError:
        logging.getLogger("resign.x").exception("Could not write")
    [line] = log.lines
    assert "canary" not in log.text
    assert "ValueError" in line["exc_info"]
    assert "fail_with" in line["exc_info"]


def test_neither_does_what_its_causes_and_notes_quote(log):
    try:
        try:
            fail_with(ADDRESS)
        except ValueError as cause:
            error = RuntimeError(ADDRESS)
            error.add_note(ADDRESS)
            raise error from cause
    except RuntimeError as error:
        logging.getLogger("resign.x").exception("Failed")
        group = ExceptionGroup(ADDRESS, [error])
        logging.getLogger("resign.x").warning("Failed", exc_info=group)
    assert len(log.lines) == 2
    assert "canary" not in log.text


def test_an_exception_that_another_handler_has_written_out_first_stays_out_too(log):
    """logging keeps the text that the first handler made of it, and hands it to the next."""
    other = logging.StreamHandler(io.StringIO())
    logging.getLogger().handlers.insert(0, other)
    try:
        fail_with(ADDRESS)
    except ValueError:
        logging.getLogger("resign.x").exception("Could not write")
    assert "canary" not in log.text


def test_a_line_stays_one_line_whatever_is_in_it(log):
    logging.getLogger("resign.x").warning("a\nb\r\u2028\x00%s", '"}\n{"level": "forged"')
    try:
        fail_with("x")
    except ValueError:
        logging.getLogger("resign.x").exception("c")
    assert len(log.text.split("\n")) == 3
    assert [line["level"] for line in map(json.loads, log.text.split("\n")[:2])] == ["WARNING", "ERROR"]


@pytest.mark.parametrize("name", TELLTALES)
def test_those_who_write_whole_addresses_are_silent_until_something_is_wrong(log, name):
    logging.getLogger(name).info('HTTP Request: GET https://example.com/u/%s "200"', ADDRESS)
    assert log.text == ""
    logging.getLogger(name).warning("something is wrong")
    assert len(log.lines) == 1


def test_a_request_of_httpx_leaves_no_line(log):
    import httpx  # noqa: PLC0415 - with the loggers set up, as the product does

    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    with httpx.Client(transport=transport) as client:
        client.get(f"https://example.com/v4/clients/by-email/{ADDRESS}")
    assert log.text == ""


def test_setting_up_twice_writes_each_line_once(log):
    logs.set_up(stream=(second := io.StringIO()))
    logging.getLogger("resign.x").info("once")
    assert log.text == ""
    assert second.getvalue().count("\n") == 1
