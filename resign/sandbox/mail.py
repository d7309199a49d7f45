"""One mail of the pretend mailbox, and its raw form."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

# Headers are not folded: a folder would break a long List-Unsubscribe address with an encoded word.
_UNFOLDED = SMTP.clone(max_line_length=None)
SENDER = "Fjord & Fern <hello@fjordandfern.example>"


@dataclass(slots=True)
class Mail:
    number: int
    client_id: int
    to: str
    subject: str
    campaign: str
    html: str
    text: str
    one_click_url: str
    sent: float
    one_click_answers: list[tuple[int, str]] = field(default_factory=list)

    def headers(self) -> dict[str, str]:
        """In the order that they are written; no List-Unsubscribe where there is no address to put into it."""
        listed = {
            "From": SENDER,
            "To": self.to,
            "Subject": self.subject,
            "Date": format_datetime(datetime.fromtimestamp(self.sent, UTC)),
            "Message-ID": f"<{self.number}.{self.client_id}@sandbox.localhost>",
        }
        if self.one_click_url:
            listed["List-Unsubscribe"] = f"<{self.one_click_url}>"
            listed["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return listed

    def raw(self) -> bytes:
        """The mail as it would travel: a plain part and an HTML part. ValueError where a header is impossible."""
        message = EmailMessage(policy=SMTP)
        for name, value in self.headers().items():
            message[name] = value
        message.set_content(self.text)
        message.add_alternative(self.html, subtype="html")
        return message.as_bytes(policy=_UNFOLDED)

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.number,
            "clientId": self.client_id,
            "campaign": self.campaign,
            "to": self.to,
            "subject": self.subject,
            "headers": self.headers(),
            "one_click_url": self.one_click_url,
            "one_click_answers": [
                {"status": status, "text": text} for status, text in self.one_click_answers
            ],
            "html": self.html,
            "text": self.text,
        }
