"""`resign link`: mints one link, for a test mail or for somebody on the telephone."""

import click

from resign.links import Links
from resign.profile import BadProfile, Kind, Profile
from resign.settings import Settings, Workspace, load_from_environment


@click.command()
@click.option("--email", help="The profile's e-mail address.")
@click.option("--custom-id", help="Its customId.")
@click.option("--client-id", help="Its clientId.")
@click.option("--workspace", help="The workspace's name, where there are several.")
def link(email: str | None, custom_id: str | None, client_id: str | None, workspace: str | None) -> None:
    """Mints one link; its URL is the last line printed."""
    asked: dict[Kind, str | None] = {"email": email, "customId": custom_id, "clientId": client_id}
    given = [(kind, value) for kind, value in asked.items() if value is not None]
    if len(given) != 1:
        raise click.UsageError("Name the profile by one of --email, --custom-id, --client-id.")
    settings = load_from_environment()
    name = workspace_named(settings, workspace).name
    try:
        profile = Profile.of(*given[0])
    except BadProfile as fault:
        raise click.UsageError(f"{fault}.".capitalize()) from None
    if profile.kind == "email" and settings.workspaces[name].synerise_emails == "non-unique":
        raise click.UsageError(
            "E-mails are not unique in this workspace: name the profile by its customId or clientId."
        )
    token = Links(settings.workspaces.values()).mint(name, profile)
    click.echo(f"{settings.url_of(name)}/u/{token}")


def workspace_named(settings: Settings, asked: str | None) -> Workspace:
    """The one that `--workspace` asks for; without the option, the only one there is."""
    names = ", ".join(settings.workspaces)
    if asked is None and len(settings.workspaces) > 1:
        raise click.UsageError(f"Name the workspace with --workspace: {names}.")
    name = next(iter(settings.workspaces)) if asked is None else asked
    if name not in settings.workspaces:
        are = "are" if len(settings.workspaces) > 1 else "is"
        raise click.UsageError(f"there is no workspace {name}; there {are}: {names}")
    return settings.workspaces[name]
