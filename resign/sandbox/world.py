"""The whole state of the pretend workspace, in the memory of one process, behind one lock."""

import threading
import time
from collections.abc import Callable

from resign.sandbox.automation import Automation
from resign.sandbox.changes import Changes
from resign.sandbox.due import DueQueue
from resign.sandbox.event_log import EventLog, Record
from resign.sandbox.faults import Faults
from resign.sandbox.hooks import Hooks
from resign.sandbox.key import ApiKey
from resign.sandbox.link_mail import Occasion, link_of, write_link_mail
from resign.sandbox.mail import Mail
from resign.sandbox.options import Options
from resign.sandbox.profiles import Profile, Profiles
from resign.sandbox.request_log import RequestLog
from resign.sandbox.settings import SandboxSettings
from resign.sandbox.sign_up import EVIDENCE, MAIL, PATH, STARTS, SignUps
from resign.sandbox.tokens import Tokens


class World:
    """Hold `lock` around everything that touches profiles, events or what is due; `settle` before looking."""

    def __init__(self, settings: SandboxSettings, clock: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self.clock = clock
        self.lock = threading.RLock()
        self.tokens = Tokens()
        self.faults = Faults()
        self.requests = RequestLog()
        # By which it was called last: what a link in a mail of its own leads to.
        self.address = ""
        self.hooks = Hooks(self._settle_and_next, self._note_webhook)
        self.reset()

    def reset(self) -> None:
        """As new, except for the tokens: a product that is running does not notice more than empty profiles."""
        with self.lock:
            settings = self.settings
            unique = settings.emails == "unique"
            self.profiles = Profiles(unique_emails=unique, fold_emails=settings.fold_emails)
            self.due = DueQueue()
            self.events = EventLog(
                (
                    settings.event_action,
                    settings.undo_event_action,
                    settings.link_event_action,
                    settings.confirm_event_action,
                )
            )
            self.automation = Automation(settings)
            self.options = Options.of(settings)
            self.key = ApiKey(settings)
            self.mails: list[Mail] = []
            self.dedup: set[str] = set()
            self.sign_ups = SignUps()
            self.faults.remove()
            self.requests.clear()
            self.hooks.clear()

    def settle(self) -> float:
        """Applies what has come due, and returns the time that it is."""
        now = self.clock()
        self.due.settle(now)
        return now

    def later(self, act: Callable[[], None]) -> None:
        """202: accepted now, applied a moment later."""
        self.due.add(self.clock() + self.settings.apply_after, act)

    def agrees(self, profile: Profile) -> bool:
        """Whether the e-mail agreement is on, wherever this workspace keeps it."""
        if self.settings.emails == "unique":
            return profile.agreements.get("email", False)
        return profile.attributes.get(self.settings.attribute) == "enabled"

    def switch(self, on: bool) -> Changes:
        """The changes that turn the e-mail agreement on or off in this workspace."""
        if self.settings.emails == "unique":
            return Changes(agreements={"email": on})
        return Changes(attributes={self.settings.attribute: "enabled" if on else "disabled"})

    def change(
        self,
        profile: Profile,
        changes: Changes,
        params: dict[str, object] | None = None,
        *,
        created: bool = False,
    ) -> list[str]:
        """Applies the changes and raises the events that Synerise raises for them.

        That an API write raises `marketingAgreement.turnOff` is not documented; the sandbox does, because
        the loop that it could start has to be guarded against. Whether a write that changes nothing raises
        anything is not documented either: `echo_unchanged` makes it.
        """
        if self.settings.emails != "unique":
            # "No effect when the workspace has non-unique emails enabled" (the PHP SDK's `Agreements.php`).
            changes.agreements.pop("email", None)
        before = self.agrees(profile)
        changed = self.profiles.change(profile, changes, self.clock())
        if created:
            self.emit(profile, "profile.created", params or {})
        echo = self.options.echo_unchanged
        if changed or echo:
            self.emit(profile, "profile.updated", {"changed": changed, **(params or {})})
        self._start_sign_up(profile, changes, changed)
        after = self.agrees(profile)
        if before != after or (echo and self._names_agreement(changes)):
            self.emit(
                profile, "marketingAgreement.turnOn" if after else "marketingAgreement.turnOff", params or {}
            )
        return changed

    def emit(self, profile: Profile, action: str, params: dict[str, object]) -> Record:
        """An event of Synerise's own making: kept, and offered to the outgoing webhooks."""
        spelled = self.options.spelled(action)
        record = self.events.add(profile.client_id, spelled, self.clock(), params, source="synerise")
        if self.hooks.wants(action, spelled):
            self.hooks.offer(profile, action, record, self.agrees(profile))
        return record

    def react(self, client_id: int, action: str, params: dict[str, object]) -> None:
        """Hands an event to the automation that waits for it, if any; it acts after `apply_after`."""
        if (occasion := self.automation.mail_of(action)) is not None:
            self.mail_link(occasion, client_id, params)
            return
        choice = self.automation.choice_of(action)
        if choice is not None:
            self.run_automation(client_id, choice, params)

    def run_automation(self, client_id: int, on: bool, params: dict[str, object]) -> None:
        if not self.automation.start():
            return
        agreement = params.get("agreement")
        custom = self.settings.custom_agreements.get(agreement) if isinstance(agreement, str) else None
        if custom:
            changes = Changes(attributes={custom.attribute: custom.on if on else custom.off})
        elif agreement in {None, "", "newsletter"}:
            changes = self.switch(on)
        else:
            # No workflow of this workspace has a branch for that agreement: the event ends there.
            return
        self.later(lambda: self._update_profile(client_id, changes))

    def mail_link(self, occasion: Occasion, client_id: int, params: dict[str, object]) -> None:
        """The automations behind the lost-link form and the double opt-in; an event without a link ends there."""
        link = link_of(params)
        if self.automation.start() and link is not None:
            self.later(lambda: self._send_link(occasion, client_id, link))

    def confirm_sign_up(self, client_id: int) -> None:
        """The link in the mail was followed, and its button pressed."""
        with self.lock:
            params: dict[str, object] = {"modifiedBy": "automation", "evidence": EVIDENCE}
            self.later(lambda: self._update_profile(client_id, self.switch(on=True), params))

    def _start_sign_up(self, profile: Profile, changes: Changes, changed: list[str]) -> None:
        """When the attribute becomes `enabled`. Whether writing what stands there starts it again is not documented."""
        name = self.settings.sign_up_attribute
        if changes.attributes.get(name) != STARTS or not (name in changed or self.options.echo_unchanged):
            return
        if self.automation.start():
            client_id = profile.client_id
            link = f"{self.address}{PATH}/{self.sign_ups.ask(client_id)}"
            self.later(lambda: self._send_link(MAIL, client_id, link))

    def deliver(self, profile: Profile, mail: Mail, params: dict[str, object]) -> None:
        """Into the mailbox, with the two events that Synerise raises for a mail."""
        self.mails.append(mail)
        for action in ("message.send", "message.sent"):
            self.emit(profile, action, params)

    def _send_link(self, occasion: Occasion, client_id: int, link: str) -> None:
        """The automation's Send Email node: it needs an address, and somebody to have it."""
        profile = self.profiles.by_id(client_id)
        if profile is None or not (address := profile.identifiers.get("email")):
            return
        mail = write_link_mail(occasion, len(self.mails) + 1, client_id, address, link, self.clock())
        self.deliver(profile, mail, {"campaignName": mail.campaign, "variantName": ""})

    def _names_agreement(self, changes: Changes) -> bool:
        if self.settings.emails == "unique":
            return changes.agreements.get("email") is not None
        return changes.attributes.get(self.settings.attribute) is not None

    def _update_profile(
        self, client_id: int, changes: Changes, params: dict[str, object] | None = None
    ) -> None:
        """The automation's Update Profile node; a profile that is gone meanwhile is nobody's fault."""
        if profile := self.profiles.by_id(client_id):
            self.change(profile, changes, params or {"modifiedBy": "automation"})

    def _settle_and_next(self) -> float | None:
        """For the webhook worker: applies what is due; returns the seconds until there is more, or None."""
        with self.lock:
            now = self.settle()
            due = self.due.next_due()
            return None if due is None else due - now

    def _note_webhook(self, client_id: int, url: str, status: int) -> None:
        with self.lock:
            params: dict[str, object] = {"url": url, "status": status}
            self.events.add(client_id, "webhook.response", self.clock(), params, source="synerise")
