"""What a mail app and a person's browser do: press, or open the page and press its button, and read the answer."""

import http.client
import re
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urlsplit

from tests.faults.people import Person

_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# Longer than the longest that a request waits for the ledger: whoever hangs up early never learns what became of it.
_PATIENCE_SECONDS = 45.0
_NO_ANSWER = 0


@dataclass(frozen=True, slots=True)
class Press:
    """One attempt. `status` is 0 where no answer came; then it may have been recorded all the same."""

    person: Person
    choice: str
    status: int
    reference: str | None = None

    @property
    def acknowledged(self) -> bool:
        return 200 <= self.status < 300 and self.reference is not None

    @property
    def contradicted(self) -> bool:
        """An answer, and no decision in it: whoever takes something back is asked to opt out first."""
        return 200 <= self.status < 500 and not self.acknowledged


class Browser:
    """One connection, kept alive while it lives."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        self._connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=_PATIENCE_SECONDS
        )

    def choose(self, person: Person, choice: str) -> Press:
        path = f"/u/{person.token}"
        try:
            if choice == "opt-in":
                status, text = self._form(path, f"{path}/undo")
            elif person.by_page:
                status, text = self._form(path, path)
            else:
                status, text = self._ask("POST", path, b"List-Unsubscribe=One-Click")
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return Press(person, choice, _NO_ANSWER)
        found = _REFERENCE.search(text)
        return Press(person, choice, status, found[0] if found else None)

    def _form(self, page: str, action: str) -> tuple[int, str]:
        status, text = self._ask("GET", page)
        if status != http.HTTPStatus.OK:
            return status, ""
        return self._ask("POST", action, urlencode(_FIELD.findall(text)).encode())

    def _ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, str]:
        self._connection.request(method, path, body, _FORM if body else {})
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
