"""HTTP by hand over a socket: bytes go out as they are written here, answers come back as they were sent."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

ONE_CLICK = b"List-Unsubscribe=One-Click"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CHUNKED = {"Transfer-Encoding": "chunked"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str:
        """The one header of that name; fails where it is there twice, or not at all."""
        (value,) = [value for known, value in self.headers if known == name.lower()]
        return value

    def has(self, name: str) -> bool:
        return name.lower() in {known for known, _ in self.headers}


class Wire:
    """One connection. `source` is the address it comes from: all of 127.0.0.0/8 is this machine."""

    def __init__(self, address: tuple[str, int], *, source: str = "127.0.0.1", patience: float = 30) -> None:
        self.socket = socket.create_connection(address, patience, (source, 0))
        self._file = self.socket.makefile("rb")

    def send(self, data: bytes) -> "Wire":
        self.socket.sendall(data)
        return self

    def hang_up_half(self) -> "Wire":
        """Nothing more will be sent; an answer can still come."""
        self.socket.shutdown(socket.SHUT_WR)
        return self

    def answer(self, method: str = "POST") -> Answer:
        """The next answer; ConnectionError where the server hung up instead."""
        line = self._file.readline()
        if not line.startswith(b"HTTP/1."):
            raise ConnectionError(f"no answer, but {line!r}")
        status = int(line.split()[1])
        headers = list(iter(self._header, None))
        length = int(dict(headers).get("content-length", 0))
        bare = method == "HEAD" or status in {100, 204}
        return Answer(status, headers, b"" if bare else self._file.read(length))

    def is_over(self) -> bool:
        """Waits for more, and says whether the server hung up instead."""
        return self._file.read(1) == b""

    def close(self) -> None:
        self._file.close()
        self.socket.close()

    def _header(self) -> tuple[str, str] | None:
        line = self._file.readline().rstrip(b"\r\n")
        if not line:
            return None
        name, _, value = line.decode("latin-1").partition(":")
        return name.lower(), value.strip()


@contextmanager
def wire(address: tuple[str, int], **how: object) -> Iterator[Wire]:
    connection = Wire(address, **how)
    try:
        yield connection
    finally:
        connection.close()


def exchange(address: tuple[str, int], request: bytes, **how: object) -> Answer:
    """One connection, one request, one answer."""
    with wire(address, **how) as connection:
        return connection.send(request).answer(request.partition(b" ")[0].decode("latin-1"))


def request(
    method: str, target: str | bytes, body: bytes = b"", version: str = "1.1", **headers: str | bytes
) -> bytes:
    """A request whose length is stated where there is a body; `_` in a header's name stands for `-`."""
    head = method.encode() + b" " + _bytes(target) + f" HTTP/{version}\r\nHost: optout.example\r\n".encode()
    if body and not {"Content_Length", "Transfer_Encoding"} & set(headers):
        headers["Content_Length"] = str(len(body))
    for name, value in headers.items():
        head += name.replace("_", "-").encode() + b": " + _bytes(value) + b"\r\n"
    return head + b"\r\n" + body


def post(target: str | bytes, body: bytes = ONE_CLICK, **headers: str | bytes) -> bytes:
    """What a mail client sends (RFC 8058 §3.2), unless `body` or `headers` say otherwise."""
    return request("POST", target, body, **{"Content_Type": FORM["Content-Type"], **headers})


def chunks(*parts: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + end


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
