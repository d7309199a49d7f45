"""A number in an address: no larger than any column holds, so that what was typed is not found, and never a fault."""

from typing import Any

from werkzeug.routing import IntegerConverter, Map

_MOST = 2**63 - 1


class Number(IntegerConverter):
    def __init__(self, map: Map, **named: Any) -> None:  # noqa: A002, ANN401 - as Werkzeug calls it
        super().__init__(map, **{"max": _MOST, **named})
