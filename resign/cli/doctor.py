"""`resign doctor`: looks at everything that must be right before the first mail, or takes one link apart."""

import click


@click.command()
def doctor() -> None:
    """x."""
