"""The table of API routes: what is called, what it needs, and who answers."""

from collections.abc import Callable
from dataclasses import dataclass

from resign.sandbox import batch, clients, events, incoming, login, settings
from resign.sandbox.calls import Answer, Call, Refusal
from resign.sandbox.identifiers import Kind
from resign.sandbox.world import World

# A batch "cannot contain more than 1000 items or exceed 1 MB": whether that is 10^6 or 2^20 bytes is not
# documented, and the sandbox takes the smaller. It holds for every call here.
MOST_BYTES = 1_000_000
_CLIENTS = "/v4/clients"
# The path is spelled by-customid in the update calls and customId in the list of types to read by.
_SPELLINGS: dict[str, Kind] = {
    "by-email": "email",
    "by-phone": "phone",
    "by-uuid": "uuid",
    "by-customid": "customId",
    "by-customId": "customId",
    "by-custom-id": "customId",
}


@dataclass(frozen=True, slots=True)
class Route:
    """`label` names the route in the counters; `permission` is what the API key needs; without `open`, a login."""

    label: str
    handle: Callable[[World, Call, str], Answer]
    permission: str | None = None
    open: bool = False


class Routes:
    """Looks up whole paths first, then prefixes, whose rest is the identifier with every slash it has."""

    def __init__(self, incoming_path: str) -> None:
        self._whole: dict[str, dict[str, Route]] = {}
        self._prefixed: list[tuple[str, dict[str, Route]]] = []
        self.roots = ("/v4/", "/uauth/", incoming_path)
        for method, path, route in _whole_paths(incoming_path):
            self._whole.setdefault(path, {})[method] = route
        for spelling, kind in _SPELLINGS.items():
            self._prefixed.append((f"{_CLIENTS}/{spelling}/", _by(spelling, kind)))
        self._prefixed.append((f"{_CLIENTS}/", _BY_CLIENT_ID))

    def find(self, method: str, path: str) -> tuple[Route, str]:
        """The route and the rest of the path; 404 or 405 as a Refusal."""
        if methods := self._whole.get(path):
            return _of(methods, method), ""
        for prefix, methods in self._prefixed:
            if path.startswith(prefix):
                return _of(methods, method), path[len(prefix) :]
        raise Refusal(404, "No such path")

    def labels(self) -> list[str]:
        """Every call there is, as the counters name it."""
        tables = [*self._whole.values(), *(methods for _, methods in self._prefixed)]
        return [route.label for methods in tables for route in methods.values()]


def _of(methods: dict[str, Route], method: str) -> Route:
    if method not in methods:
        raise Refusal(405, f"Method {method} is not supported here")
    return methods[method]


def _whole_paths(incoming_path: str) -> list[tuple[str, str, Route]]:
    paths = [
        ("POST", "/uauth/v2/auth/login/profile", login.log_in, None, True),
        ("POST", "/v4/auth/login/profile", login.log_in, None, True),
        ("GET", "/v4/auth/refresh/profile", login.refresh, None, False),
        ("POST", "/uauth/api-key/permission-check", login.check_permissions, None, False),
        ("POST", _CLIENTS, clients.create_or_update, settings.CREATE, False),
        ("POST", f"{_CLIENTS}/instant", clients.create_at_once, settings.CREATE, False),
        ("POST", f"{_CLIENTS}/batch", batch.batch, settings.BATCH, False),
        ("POST", "/v4/events/custom", events.send_event, settings.EVENT, False),
        ("POST", "/v4/events/batch", events.send_events, settings.EVENT_BATCH, False),
        ("POST", incoming_path, incoming.receive, settings.INCOMING, False),
    ]
    return [
        (method, path, Route(f"{method} {path}", handle, permission, is_open))
        for method, path, handle, permission, is_open in paths
    ]


def _by(spelling: str, kind: Kind) -> dict[str, Route]:
    """Update by phone and by uuid is not documented, so only reading is offered there."""
    label = f"{_CLIENTS}/{spelling}/{{value}}"
    methods = {"GET": Route(f"GET {label}", clients.read_by(kind), settings.READ)}
    if spelling in {"by-email", "by-customid"}:
        methods["POST"] = Route(f"POST {label}", clients.update_by(kind), settings.UPDATE)
    if spelling == "by-customid":
        methods["DELETE"] = Route(f"DELETE {label}", clients.delete_by_custom_id, settings.DELETE)
    return methods


_BY_CLIENT_ID = {
    "GET": Route(f"GET {_CLIENTS}/{{clientId}}", clients.read_by_client_id, settings.READ),
    "POST": Route(f"POST {_CLIENTS}/{{clientId}}", clients.update_by_client_id, settings.UPDATE),
}
