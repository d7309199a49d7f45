"""What can be set about the pretend Synerise before it starts, as one frozen dataclass."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# The names are Synerise's own where they are known: from the Magento plugin (`Model/Workspace.php`) and, for
# the incoming integration, from Synerise's docs of the Incoming Integration node.
CREATE = "API_CLIENT_CREATE"
BATCH = "API_BATCH_CLIENT_CREATE"
EVENT = "API_CUSTOM_EVENTS_CREATE"
INCOMING = "INCOMING_WEBHOOK_EXECUTE"

# No public source names the permissions of these four. They begin with SANDBOX_ so that nobody asks a real
# workspace for a name that was made up here.
UPDATE = "SANDBOX_CLIENT_UPDATE"
READ = "SANDBOX_CLIENT_READ"
DELETE = "SANDBOX_CLIENT_DELETE"
EVENT_BATCH = "SANDBOX_EVENTS_BATCH_CREATE"

ALL_PERMISSIONS = frozenset({CREATE, BATCH, EVENT, INCOMING, UPDATE, READ, DELETE, EVENT_BATCH})


@dataclass(frozen=True, slots=True)
class CustomAgreement:
    """An agreement kept in an ordinary attribute, and a branch of the automation that switches it."""

    attribute: str
    on: str | bool | int = "enabled"
    off: str | bool | int = "disabled"


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """One pretend workspace. Seconds are real seconds; the sandbox keeps no simulated time of its own."""

    api_key: str = "5a3d5b0e-0000-4000-8000-5a4db0c5a4d0"
    workspace_guid: str = "5a4db0c5-0000-4000-8000-000000000001"
    workspace_name: str = "Fjord & Fern (sandbox)"
    permissions: frozenset[str] = ALL_PERMISSIONS
    basic_enabled: bool = True
    event_allowlist: frozenset[str] | None = None
    event_denylist: frozenset[str] = frozenset()

    emails: Literal["unique", "non-unique"] = "unique"
    attribute: str = "email_marketing_agreement"
    # Whether Synerise folds the case of an e-mail is not documented: True makes Anna@ and anna@ one profile.
    fold_emails: bool = True

    # From a 202 until the write can be read back, and from an event until the automation has acted.
    apply_after: float = 0.2
    # Added to every API call, while its thread waits.
    answer_after: float = 0.0
    # One hour is what most copies of Synerise's docs say; others say one week.
    token_lifetime: float = 3600.0
    # How a 207 lists the refused items: the Magento plugin and the WooCommerce plugin type it differently.
    partial_answer: Literal["error-items", "uauth-errors"] = "error-items"

    event_action: str = "newsletter.optout"
    undo_event_action: str = "newsletter.optout.undone"
    # The automation behind the lost-link form: an event with a parameter `link` becomes a mail.
    link_event_action: str = "resign.linkRequested"
    # The same behind a double opt-in.
    confirm_event_action: str = "resign.confirmRequested"
    # Becomes `enabled`: the sign-up workflow's trigger (hub.synerise.com, "Newsletter sign-up").
    sign_up_attribute: str = "newsletter_agreement_enabled"
    automation_running: bool = True
    custom_agreements: Mapping[str, CustomAgreement] = field(default_factory=dict)
    # The real address is generated in Synerise's interface and its form is not documented.
    incoming_path: str = "/automation/incoming/3f8e2f0a-sandbox"

    # Where Synerise's docs are silent or of two minds; each can be changed while it runs (`Options`).
    echo_unchanged: bool = False
    misspelled: bool = False
    legacy_updates: bool = False

    # Where resign is: printed into the links of the mails.
    base_url: str = "http://127.0.0.1:8000"
