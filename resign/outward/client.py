"""An HTTP client for one address that somebody typed: checked, without redirects, proxies or a second look at the name.

Each call has a connection of its own. Kept ones would save a handshake, and would be one more thing that was checked
some time ago.
"""

import ssl
from collections.abc import Iterable, Sequence
from functools import cache
from ipaddress import ip_network
from typing import Any

import httpcore
import httpx

from resign.outward.addresses import Network, NotAllowed, Resolve, addresses_of
from resign.outward.connecting import Deadline, connect

# Of an answer nothing more is read: nobody needs it, and whoever sends it could send without end.
MOST_BYTES = 64 * 1024
_LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def outward_client(
    url: str,
    networks: Sequence[Network] = (),
    *,
    seconds: float,
    certificates: ssl.SSLContext | None = None,
    resolve: Resolve | None = None,
) -> httpx.Client:
    """A client that goes to the scheme of `url` only; a whole call, its name's look-up included, takes `seconds` at most.

    Its calls raise NotAllowed beside what httpx raises. Without encryption it goes to this machine alone, and there
    only where `networks` says so. Read answers by `beginning`.
    """
    scheme = httpx.URL(url).scheme
    guard = _Guard(_within_reach(scheme, networks), seconds, resolve, public=scheme == "https")
    transport = _Guarded(scheme, guard, certificates)
    return httpx.Client(
        transport=transport,
        follow_redirects=False,
        trust_env=False,
        timeout=seconds,
        headers={"User-Agent": "resign", "Accept-Encoding": "identity"},
    )


def where_to(
    url: str, networks: Sequence[Network] = (), *, seconds: float, resolve: Resolve | None = None
) -> list[str]:
    """The addresses that a call would connect to, found out as a call does and without one.

    Raises NotAllowed, or NotFound after `seconds`.
    """
    try:
        asked = httpx.URL(url)
    except httpx.InvalidURL:
        raise NotAllowed("its address cannot be read; look at the name of the host") from None
    port = asked.port or (443 if asked.scheme == "https" else 80)
    return addresses_of(
        asked.raw_host.decode("ascii"), port, _within_reach(asked.scheme, networks), seconds=seconds, resolve=resolve,
        public=asked.scheme == "https",
    )  # fmt: skip


def beginning(response: httpx.Response, most: int = MOST_BYTES) -> bytes:
    """The first bytes of a streamed answer, as they came: what comes packed stays packed, and unfolds to nothing."""
    held = bytearray()
    for chunk in response.iter_raw():
        held += chunk[: most - len(held)]
        if len(held) >= most:
            break
    return bytes(held)


def _within_reach(scheme: str, networks: Sequence[Network]) -> Sequence[Network]:
    """Raises NotAllowed."""
    if scheme == "http":
        return [each for each in networks if any(_is_within(each, home) for home in _LOOPBACK)]
    if scheme != "https":
        raise NotAllowed("its address must begin with https://")
    return networks


def _is_within(network: Network, home: Network) -> bool:
    if isinstance(network, type(home)):
        return network.subnet_of(home)  # type: ignore[arg-type]
    return False


@cache
def _certificates() -> ssl.SSLContext:
    """Those that are trusted everywhere; reading them takes longer than most calls."""
    return httpx.create_ssl_context(trust_env=False)


class _Guarded(httpx.HTTPTransport):
    def __init__(self, scheme: str, guard: "_Guard", certificates: ssl.SSLContext | None) -> None:
        certificates = certificates or _certificates()
        super().__init__(verify=certificates, trust_env=False)
        self._scheme = scheme
        self._pool.close()
        # The one place where a connection is made can only be said to httpcore itself.
        self._pool = httpcore.ConnectionPool(
            ssl_context=certificates, max_keepalive_connections=0, network_backend=guard
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.scheme != self._scheme:
            raise NotAllowed("its address must begin with https://")
        return super().handle_request(request)


class _Guard(httpcore.NetworkBackend):
    def __init__(
        self, networks: Sequence[Network], seconds: float, resolve: Resolve | None, *, public: bool
    ) -> None:
        self._networks, self._seconds, self._resolve, self._public = networks, seconds, resolve, public

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - all steps have one limit
        local_address: str | None = None,  # noqa: ARG002 - httpcore's
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - httpcore's
    ) -> httpcore.NetworkStream:
        deadline = Deadline(self._seconds)
        try:
            opened = connect(host, port, self._networks, deadline, self._resolve, public=self._public)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from None
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from None
        return _Timed(opened, deadline)


class _Timed(httpcore.NetworkStream):
    """A connection of which every step has what is left of the time. Python's sockets and TLS keep to it as a whole."""

    def __init__(self, opened: Any, deadline: Deadline) -> None:  # noqa: ANN401 - a plain or a TLS socket
        self._socket, self._deadline = opened, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            self._socket.settimeout(self._deadline.left(timeout))
            received: bytes = self._socket.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from None
        except OSError as error:
            raise httpcore.ReadError(str(error)) from None
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:
            return
        try:
            self._socket.settimeout(self._deadline.left(timeout))
            self._socket.sendall(buffer)
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from None
        except OSError as error:
            raise httpcore.WriteError(str(error)) from None

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            self._socket.settimeout(self._deadline.left(timeout))
            wrapped = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except TimeoutError as error:
            self.close()
            raise httpcore.ConnectTimeout(str(error)) from None
        except (OSError, ValueError) as error:
            self.close()
            raise httpcore.ConnectError(str(error)) from None
        return _Timed(wrapped, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's
        if info == "ssl_object":
            return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
        return self._socket if info == "socket" else None

    def close(self) -> None:
        self._socket.close()
