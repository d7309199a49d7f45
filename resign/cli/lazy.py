"""A group of commands that loads one only when it is called: the other ones' imports would cost each start a second."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import click


@dataclass(frozen=True, slots=True)
class Row:
    """How a command is loaded, and the first line of its help, so that the list of them needs no loading."""

    load: Callable[[], click.Command]
    help: str


class LazyGroup(click.Group):
    """`commands` holds a stand-in with name and help for each row; `get_command` gives the command itself."""

    def __init__(self, *, rows: Mapping[str, Row], **more: Any) -> None:  # noqa: ANN401 - click's own
        stand_ins = {name: click.Command(name, help=row.help) for name, row in rows.items()}
        super().__init__(commands=stand_ins, **more)
        self.rows = rows

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's own
        row = self.rows.get(cmd_name)
        return row.load() if row is not None else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        names = self.list_commands(ctx)
        room = formatter.width - 6 - max(map(len, names))
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.commands[name].get_short_help_str(room)) for name in names])
