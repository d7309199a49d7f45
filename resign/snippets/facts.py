"""What a snippet may say about a workspace: names and addresses, and never a secret."""

from dataclasses import dataclass

from resign.settings import Settings, Workspace

# Synerise's own name for its agreement, in an Update Profile node (over the API it would be ignored).
_NATIVE = "newsletter_agreement"


@dataclass(frozen=True, slots=True)
class Facts:
    """One field for each name in the templates. A key or a token is not among them, only where it is set."""

    workspace: str
    base_url: str
    hook_url: str
    # Whether the hook has a token; if not, it answers 404.
    hook_open: bool
    token_setting: str
    attribute: str
    agreement: str
    emails: str
    tell: str
    event: str
    undo_event: str
    link_event: str
    confirm_event: str
    template_keys: bool
    # By what a form of the JS SDK names the person, and the agreement.
    identifier: str
    form_field: str


def facts_of(settings: Settings, workspace: Workspace) -> Facts:
    unique = workspace.synerise_emails == "unique"
    agreement = _NATIVE if unique else workspace.synerise_attribute or _NATIVE
    alone = len(settings.workspaces) == 1
    return Facts(
        workspace=workspace.name,
        base_url=settings.base_url,
        hook_url=f"{settings.base_url}/hooks/synerise/{workspace.name}",
        hook_open=workspace.synerise_webhook_token is not None,
        token_setting="RESIGN_SYNERISE_WEBHOOK_TOKEN"
        if alone
        else f"workspaces.{workspace.name}.synerise_webhook_token",
        attribute=workspace.link_attribute,
        agreement=agreement,
        emails=workspace.synerise_emails,
        tell=workspace.synerise_tell,
        event=workspace.synerise_event,
        undo_event=workspace.synerise_undo_event,
        link_event=workspace.synerise_link_event,
        confirm_event=workspace.synerise_confirm_event,
        template_keys=workspace.template_keys is not None,
        identifier="email" if unique else "custom_identify",
        form_field="newsletterAgreement" if unique else agreement,
    )
