"""Files over HTTP: one request with the file as its body, streamed, and a checksum beside it (RFC 9530)."""

import base64
from collections.abc import Iterator, Sequence

import httpx

from resign.feeds.sinks.contract import MOST_SILENT, Alive, File, NotTaken
from resign.outward.addresses import Network, NotAllowed
from resign.outward.client import beginning, outward_client
from resign.settings.destinations.place import NAME_OF_FILE, HttpPlace

_CHUNK = 1 << 17
_TIMES = httpx.Timeout(MOST_SILENT / 2)
_PROBE_SECONDS = 20.0
_SAYS = {
    401: "it does not know us (401); look at the token",
    403: "it does not let us (403); look at the token",
    404: "it has nothing at this address (404); look at the url",
    405: "it does not take this method (405); look at the method",
    411: "it takes nothing of this kind (411)",
    413: "the file is too large for it (413)",
    507: "its disk is full (507)",
}


class HttpSink:
    """A 2xx is success, and `ok` must stand in the answer where it is set. Where a redirect leads, nobody has allowed."""

    proves = (
        "it answered, and turns neither us nor the token away. It was only asked (OPTIONS) and got no file, which could not "
        "be taken away again: whether it takes one, by this method and at this address, and answers with the text of ok, "
        "the first file shows; `resign feed run` sends what is owed"
    )

    def __init__(self, place: HttpPlace, networks: Sequence[Network], most_seconds: float) -> None:
        self._place, self._networks, self._most_seconds = place, networks, most_seconds

    def put(self, file: File, alive: Alive) -> None:
        digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
        headers = {
            "Content-Type": file.media,
            "Content-Length": str(file.bytes),
            "Content-Disposition": f'attachment; filename="{file.name}"',
            "Content-Digest": f"sha-256=:{digest}:",
            # The same whenever the same file is sent again.
            "Idempotency-Key": f'"{file.name}"',
            **self._signed_in(),
        }
        self._ask(self._place.method, file.name, self._most_seconds, headers, _content(file, alive))

    def probe(self) -> None:
        """Nothing is written: what was put over HTTP could not be taken away again."""
        try:
            self._ask("OPTIONS", "resign-check", _PROBE_SECONDS, self._signed_in(), None, ok=False)
        except _Answered as answered:
            if answered.status in {401, 403}:
                raise
            # It is there and speaks to us; what it says to OPTIONS is its own affair.

    def _signed_in(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._place.token}"} if self._place.token else {}

    def _ask(
        self,
        method: str,
        name: str,
        seconds: float,
        headers: dict[str, str],
        content: Iterator[bytes] | None,
        *,
        ok: bool = True,
    ) -> None:
        url = self._place.url.replace(NAME_OF_FILE, name)
        try:
            with (
                outward_client(url, self._networks, seconds=seconds) as client,
                client.stream(method, url, headers=headers, content=content, timeout=_TIMES) as answer,
            ):
                if not answer.is_success:
                    raise _Answered(answer.status_code)
                said = beginning(answer) if ok and self._place.ok else b""
        except NotAllowed as reason:
            raise NotTaken(str(reason)) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NotTaken(f"it cannot be reached, or it broke off ({type(error).__name__})") from None
        if ok and self._place.ok and self._place.ok.encode() not in said:
            raise NotTaken(
                "it answered with success, but not with the text of ok: most likely an error all the same"
            )


class _Answered(NotTaken):
    def __init__(self, status: int) -> None:
        self.status = status
        says = "a redirect, which is not followed; give the address where it leads"
        super().__init__(
            _SAYS.get(status, f"it answered {status}" if not 300 <= status < 400 else f"it answered {says}")  # noqa: PLR2004 - HTTP's
        )


def _content(file: File, alive: Alive) -> Iterator[bytes]:
    with file.path.open("rb") as given:
        while chunk := given.read(_CHUNK):
            yield chunk
            alive()
