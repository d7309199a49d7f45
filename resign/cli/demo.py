"""`resign demo`: what `make demo` runs."""

import json
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console

from resign.demo.past import as_profiles, make_examples
from resign.demo.story import NotTold, opt_out, send_mail, wait_for_pages
from resign.demo.system import System, prepare
from resign.settings.surroundings import settings_given
from resign.supervise import Family


@click.command()
@click.option(
    "--check", is_flag=True, help="Drive one opt-out from mail to confirmed profile, print it, and end."
)
def demo(*, check: bool) -> None:
    """The whole system on this machine, with a pretend Synerise; nothing leaves it, nothing is kept."""
    with tempfile.TemporaryDirectory(prefix="resign-demo-") as folder:
        ports, console = ((0, 0), None) if check else ((8000, 8100), 8020)
        system = prepare(Path(folder), settings_given(), ports=ports, console=console)
        examples = [] if check else _examples(system)
        with Family(system.children) as family:
            try:
                wait_for_pages(system)
                mail = send_mail(system, examples)
                if check:
                    _print_timeline(system, mail)
                else:
                    _print_addresses(system, mail)
                    sys.exit(family.watch())
            except NotTold as reason:
                click.echo(json.dumps({"what": "failed", "detail": str(reason)}))
                sys.exit(1)


def _examples(system: System) -> list[dict[str, object]]:
    click.echo("Making a month of examples; this takes some seconds.")
    return as_profiles(system, make_examples(system))


def _print_timeline(system: System, mail: dict[str, object]) -> None:
    for step in opt_out(system, mail):
        click.echo(json.dumps({"at": step.at.isoformat(), "what": step.what, "detail": step.detail}))


def _print_addresses(system: System, mail: dict[str, object]) -> None:
    console = Console(highlight=False)
    sandbox = system.sandbox_url
    console.print("\n[bold]resign is running.[/bold] Open the mail, follow its link, press the button:\n")
    for label, address in (
        ("the mail", f"{sandbox}/sandbox/mailbox/{mail['id']}"),
        ("Synerise's profile", f"{sandbox}/sandbox/profiles/{mail['clientId']}"),
        ("all it pretends", f"{sandbox}/sandbox/"),
        ("the console", system.console.url if system.console else "none"),
        ("is it ready?", f"{system.settings.base_url}/readyz"),
        ("metrics", f"{system.settings.base_url}/metrics"),
    ):
        console.print(f"  {label:<20} {address}", soft_wrap=True)
    if system.console:
        console.print(
            f"\nSign in to the console as [bold]{system.console.name}[/bold]"
            f" with the password [bold]{system.console.password}[/bold]"
        )
    console.print("\nCtrl-C ends it; nothing is kept.\n")
