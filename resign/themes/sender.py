"""Who sends the mails, as a page names them and as a person reaches them."""

import re
from dataclasses import dataclass
from urllib.parse import quote

# Pages put their markers between these while they are rendered; Unicode promises that no text has them.
MARKER_OPENS, MARKER_CLOSES = "\ufdd0", "\ufdd1"
_UNFIT = re.compile(f"[{MARKER_OPENS}{MARKER_CLOSES}\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Sender:
    """A workspace's `sender` and `contact` settings: a name, and an e-mail address or an https page."""

    name: str
    contact: str

    def __post_init__(self) -> None:
        if not self.name or not self.contact or _UNFIT.search(self.name + self.contact):
            raise ValueError("a sender's name or contact is empty, or holds a character that no text has")
        if "@" not in self.contact and not self.contact.startswith("https://"):
            raise ValueError("a sender's contact is an e-mail address, or a page that begins with https://")

    @property
    def href(self) -> str:
        """Where a link to the contact goes."""
        return self.contact if self._is_page else f"mailto:{quote(self.contact, safe='@')}"

    @property
    def shown(self) -> str:
        """The contact as people read it: a page without its scheme."""
        return self.contact.removeprefix("https://").rstrip("/") if self._is_page else self.contact

    @property
    def _is_page(self) -> bool:
        return self.contact.startswith("https://")
