"""The canary's journey: everything that can go well or wrong, with an address that no log may hold."""

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import text

from tests.live.parrot import Parrot
from tests.live.wire import ONE_CLICK, Answer, exchange, post, request, wire
from tests.support.running import Program, Running, Somebody

SOURCE, FORWARDED = "127.0.0.2", "203.0.113.77"


@dataclass
class Canary:
    system: Running
    who: Somebody

    def sends(self, data: bytes) -> Answer:
        """Once from its own network address, once as a proxy hands it on."""
        line, _, rest = data.partition(b"\r\n")
        exchange(self.system.address, data, source=SOURCE)
        forwarded = f"\r\nX-Forwarded-For: {FORWARDED}\r\n".encode()
        return exchange(self.system.address, line + forwarded + rest, source=SOURCE)

    def opens(self, rest: str = "") -> Answer:
        return self.sends(request("GET", f"{self.who.path}{rest}", Referer=f"http://x{self.who.path}"))

    def presses(self, page: Answer, button: str = "") -> Answer:
        """A button of the page: the form whose action ends with `button`, with its hidden fields."""
        for form in re.findall(r"<form\b.*?</form>", page.text, re.DOTALL):
            action = unescape(re.search(r'action="([^"]*)"', form)[1])
            if action.endswith(button):
                fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
                return self.sends(post(action, urlencode(fields).encode()))
        raise AssertionError(f"there is no button for {button!r}")

    def goes_out_and_back(self) -> None:
        done = self.presses(self.opens())
        assert done.status == 200
        undone = self.presses(done, "/undo")
        assert undone.status == 200
        assert self.sends(post(f"{self.who.path}?c={self.who.email}")).status == 200
        assert self.opens("/record").status == 200

    def asks_for_a_link(self) -> None:
        """By the form, rightly and wrongly, and by a link that a template might have signed."""
        for email, status in (
            (self.who.email, 200),
            (f"{self.who.email} ", 200),
            (f"{self.who.email}@", 422),
        ):
            assert self.sends(post("/u/", urlencode({"email": email}).encode())).status == status
        assert self.sends(request("GET", f"/u?e={self.who.email}&sig={self.who.token}")).status in {
            200,
            404,
            429,
        }

    def is_told_of(self) -> None:
        """By Synerise's hook: signed in and not, understood and not."""
        path = "/hooks/synerise/default"
        [workspace] = self.system.settings.workspaces.values()
        signed_in = {"Authorization": f"Bearer {workspace.synerise_webhook_token}"}
        told = b'{"email":"%s","action":"newsletter.unsubscribe"}' % self.who.email.encode()
        for body, headers, status in (
            (told, signed_in, 202),
            (told[:-1], signed_in, 202),  # what matters is read out of it
            (told[12:30], signed_in, 400),
            (told, {"Authorization": f"Bearer {self.who.token}"}, 401),
            (b'{"action":"%s","customId":"C"}' % self.who.email.encode(), signed_in, 202),
        ):
            assert self.sends(post(path, body, Content_Type="application/json", **headers)).status == status

    def breaks_its_link(self) -> None:
        """More often than the limit for strangers allows: 404 at first, then 429."""
        broken = f"{self.who.path}x"
        seen = {self.sends(post(broken)).status, self.sends(request("GET", broken)).status}
        with wire(self.system.address, source=SOURCE) as connection:
            for _ in range(130):
                seen.add(connection.send(request("GET", f"/u/{self.who.email}")).answer("GET").status)
        assert seen == {404, 429}

    def sends_nonsense(self) -> None:
        path = self.who.path
        for data, status in (
            (post(path, b"", Content_Length="99999"), 413),
            (post(path, b"zz\r\n", Transfer_Encoding="chunked"), 200),
            (post(path, Content_Length="-1"), 400),
            (request("GET", path.encode() + b"\xff"), 400),
            (request("GET", path, X_Bomb=path * 10_000), 431),
            (request("GET", path + "a" * 100_000), 414),
            (request("PUT", f"{path}?email={self.who.email}", self.who.email.encode()), 405),
            (request("GET", f"/nowhere/{self.who.email}"), 404),
            (request("GET", f"/console/{self.who.token}", Authorization=f"Bearer {self.who.token}"), 404),
        ):
            assert self.sends(data).status == status, data[:200]
        for unfinished in (post(path)[:40], post(path, ONE_CLICK[:5], Content_Length="26")):
            with wire(self.system.address, source=SOURCE) as connection:
                connection.send(unfinished)

    def loses_a_table(self) -> None:
        """Gone under the running system, as after a failed upgrade: every answer says 503, none crashes."""
        seen = self.opens()
        self._execute("ALTER TABLE decisions RENAME TO lost")
        try:
            self._is_told_to_try_again(seen)
            assert self.opens().status == 503
        finally:
            self._execute("ALTER TABLE lost RENAME TO decisions")
        assert self.sends(post(self.who.path)).status == 200

    def loses_the_database(self) -> None:
        """The file is overwritten under the running system. There is no way back from here."""
        seen = self.opens()
        file = Path(self.system.database.url.database or "")
        for each in (file, file.with_name(f"{file.name}-wal")):
            with each.open("r+b") as content:
                content.write(self.who.email.encode() * (each.stat().st_size // len(self.who.email)))
        self._is_told_to_try_again(seen)
        # What the processes still hold in memory can be read; it is what was true.
        assert self.opens().status in {200, 503}

    def _is_told_to_try_again(self, seen: Answer) -> None:
        assert self.sends(post(self.who.path)).status == 503
        assert self.presses(seen).status == 503

    def is_refused_by(self, parrot: Parrot, status: int, content_type: str = "application/json") -> None:
        """Until the worker has heard what it had to hear; a held or dead message is told again at once."""
        parrot.turn_to(status, content_type)
        self._execute("DELETE FROM lanes")
        self._execute("DELETE FROM attempts")
        self.sends(post(self.who.path))
        self.system.until(
            lambda: any(answer == status for _, answer in parrot.heard), f"Synerise answers {status}"
        )
        self.system.until(lambda: self.system.rows("SELECT 1 FROM attempts"), "the attempt is written down")

    def worker_at(self, parrot: Parrot) -> Program:
        return self.system.start("worker", RESIGN_SYNERISE_URL=parrot.url)

    def _execute(self, sql: str) -> None:
        with self.system.database.writing() as session:
            session.execute(text(sql))
            session.commit()
