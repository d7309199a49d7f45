"""Bodies that never come to their end, over real sockets: whoever has another key is let in all the same."""

import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx
import pytest

from tests.api.conftest import OUT

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def trickle(served):
    """Connections that announce a body and send the first byte of it."""
    at = urlsplit(served)
    with ExitStack() as ends:

        def begin(key: str, path: str, kind: str) -> None:
            head = f"POST /api/v1{path} HTTP/1.1\r\nHost: {at.netloc}\r\nAuthorization: Bearer {key}\r\n"
            head += f"Content-Type: {kind}\r\nContent-Length: 100\r\n\r\n" + "{"
            connection = ends.enter_context(socket.create_connection((at.hostname, at.port)))
            connection.sendall(head.encode())

        yield begin


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/decisions", "application/json"), ("/decisions/bulk", "application/x-ndjson")],
)
def test_one_key_does_not_close_the_way_in_for_another(served, trickle, new_key, path, kind):
    slow, other = new_key(), new_key()
    for _ in range(20):
        trickle(slow, path, kind)

    def writes(key: str) -> int:
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.post(
            f"{served}/api/v1/decisions", json=OUT, headers=headers, trust_env=False
        ).status_code

    # Until its own are all in, it is let in as well.
    while writes(slow) != 503:
        pass
    assert [writes(other) for _ in range(5)] == [201, 200, 200, 200, 200]
