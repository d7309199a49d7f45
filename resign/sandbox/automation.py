"""The pretend marketer's automations: a Profile Event trigger, then an Update Profile or a Send Email node."""

from resign.sandbox.link_mail import CONFIRM, LOST, Occasion
from resign.sandbox.settings import SandboxSettings


class Automation:
    """Whether it runs, and what it was asked.

    While it is stopped, events are still accepted with 202 and nothing is switched: only a read-back tells.
    Events that came meanwhile are not caught up with after a restart.
    """

    def __init__(self, settings: SandboxSettings) -> None:
        self.running = settings.automation_running
        self.started = 0
        self.missed = 0
        self._mails = {settings.link_event_action: LOST, settings.confirm_event_action: CONFIRM}
        self._choices = {settings.event_action: False, settings.undo_event_action: True}

    def choice_of(self, action: str) -> bool | None:
        """True for on, False for off, None where no workflow waits for this action."""
        return self._choices.get(action)

    def mail_of(self, action: str) -> Occasion | None:
        """The mail that this action has sent, if any."""
        return self._mails.get(action)

    def start(self) -> bool:
        if self.running:
            self.started += 1
        else:
            self.missed += 1
        return self.running

    def as_json(self) -> dict[str, object]:
        triggers = {action: "enabled" if on else "disabled" for action, on in self._choices.items()}
        triggers |= dict.fromkeys(self._mails, "mail")
        return {
            "running": self.running,
            "started": self.started,
            "missed": self.missed,
            "triggers": triggers,
        }
