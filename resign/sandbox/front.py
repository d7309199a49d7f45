"""Stands in front of Flask and answers the API itself, faults and all."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Protocol, cast

from resign.sandbox.access import admit
from resign.sandbox.calls import PHRASES, Answer, Call, Refusal
from resign.sandbox.fault_form import Fault
from resign.sandbox.routes import MOST_BYTES, Routes
from resign.sandbox.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Handle = Callable[[World, Call, str], Answer]


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class ConnectionDropped(ConnectionError):
    """Raised into the server in the middle of an answer, which makes it hang up on the client."""


class Front:
    """A WSGI application around another.

    The API is not made of Flask views because a Flask round trip costs several times what a profile update
    does, and whoever drains 100,000 messages into this sandbox would measure the sandbox.
    """

    def __init__(self, views: "WSGIApplication", world: World) -> None:
        self._views = views
        self._world = world
        self.routes = Routes(world.settings.incoming_path)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith(self.routes.roots):
            return self._views(environ, start_response)
        self._world.address = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '127.0.0.1')}"
        started = time.perf_counter()
        # WSGI hands over the decoded path as Latin-1 (PEP 3333); a decoded %2F belongs to the identifier.
        path = path.encode("latin-1", "replace").decode("utf-8", "replace")
        call = Call(environ["REQUEST_METHOD"], path, environ, _read_body(environ))
        label, answer, fault = self._answer(call)
        self._world.requests.add(
            time=self._world.clock(),
            method=call.method,
            path=call.path,
            route=label,
            status=answer.status if answer else 0,
            seconds=time.perf_counter() - started,
            # The body of a log-in is an API key, which belongs in no list.
            body=b"" if "/auth/login/" in path else call.body or b"",
            fault=fault,
        )
        if answer is None:
            # Should any of it arrive, it must not look like a yes.
            start_response("502 Bad Gateway", [("Content-Length", "2")])
            return _hang_up()
        return _send(answer, start_response)

    def _answer(self, call: Call) -> tuple[str, Answer | None, str]:
        """The route's label, the answer (None: hang up) and the number of the fault that struck, if any."""
        label = f"{call.method} (unknown)"
        try:
            route, tail = self.routes.find(call.method, call.path)
            label = route.label
            if trouble := self._trouble(call):
                return label, *trouble
            if not route.open:
                admit(self._world, call, route.permission)
            answer = route.handle(self._world, call, tail)
        except Refusal as refusal:
            answer = refusal.answer(call.path)
        return label, *self._lose(call, answer)

    def _trouble(self, call: Call) -> tuple[Answer | None, str] | None:
        """What keeps the call from being looked at, after whatever makes it wait."""
        settings, faults = self._world.settings, self._world.faults
        if settings.answer_after:
            time.sleep(settings.answer_after)
        if slow := faults.strike(call, "slow"):
            time.sleep(cast("float", slow.effects["slow"]))
        if outage := faults.strike(call, "outage"):
            gone = outage.effects["outage"] == "drop"
            return (None if gone else _gateway(503, outage)), _named(outage)
        if refused := faults.strike(call, "status"):
            status = cast("int", refused.effects["status"])
            scripted = Refusal(status, "Scripted by /sandbox/faults").answer(call.path)
            return scripted._replace(headers=_retry_after(refused)), _named(refused)
        return None

    def _lose(self, call: Call, answer: Answer) -> tuple[Answer | None, str]:
        """The write was applied; the client never hears of it."""
        lost = self._world.faults.strike(call, "lost_answers")
        if lost is None:
            return answer, ",".join(str(number) for number, struck in call.drawn.items() if struck)
        time.sleep(cast("float", lost.effects["late"]))
        gone = lost.effects["lost_answers"] == "drop"
        return (None if gone else _gateway(cast("int", lost.effects["lost_status"]), lost)), _named(lost)


def _read_body(environ: "WSGIEnvironment") -> bytes | None:
    """None where the body is over the limit: one byte more than allowed is read, never the rest."""
    announced = environ.get("CONTENT_LENGTH")
    if announced:
        if int(announced) > MOST_BYTES:
            return None
        return cast("bytes", environ["wsgi.input"].read(int(announced)))
    if not environ.get("wsgi.input_terminated"):
        return b""
    body = cast("_Readable", environ["wsgi.input"]).read(MOST_BYTES + 1)
    return body if len(body) <= MOST_BYTES else None


def _send(answer: Answer, start_response: "StartResponse") -> Iterable[bytes]:
    headers = [("Content-Length", str(len(answer.body))), *answer.headers]
    if answer.body:
        headers.append(("Content-Type", "application/json"))
    start_response(f"{answer.status} {PHRASES.get(answer.status, 'Status')}", headers)
    return (answer.body,)


def _hang_up() -> Iterator[bytes]:
    yield b"{"
    raise ConnectionDropped("scripted by /sandbox/faults")


def _gateway(status: int, fault: Fault) -> Answer:
    """What a proxy in between says: no JSON, so that a client that insists on it learns better."""
    headers = (("X-Sandbox-Fault", str(fault.number)), *_retry_after(fault))
    return Answer(status, b"", headers)


def _retry_after(fault: Fault) -> tuple[tuple[str, str], ...]:
    if fault.retry_after is None:
        return ()
    return (("Retry-After", f"{fault.retry_after:g}"),)


def _named(fault: Fault) -> str:
    return str(fault.number)
