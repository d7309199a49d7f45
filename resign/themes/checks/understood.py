"""What a style declares and the browser does not understand: it would do nothing, and nobody would say so."""

from collections.abc import Iterator
from typing import Any

from resign.themes import css
from resign.themes.fault import Fault
from resign.themes.nearest import meant

_MOST = 20
_MOST_NAMED = 60
# Every known property may be inherited. Where one is not known, the names are wanted of all that are.
_ASKED = """(declared) => {
  const names = [];
  for (const name in document.documentElement.style) names.push(name);
  const dashed = names.map((name) => name.replace(/[A-Z]/g, (each) => "-" + each.toLowerCase()));
  return [
    declared.map(([name, value]) => CSS.supports(name, value) ? "" : CSS.supports(name, "inherit") ? "value" : "name"),
    dashed.filter((name) => CSS.supports(name, "inherit")),
  ];
}"""


def faults(tab: Any, style: str) -> Iterator[Fault]:  # noqa: ANN401 - playwright is not always there
    """Each with its line. `tab` is one of a browser; nothing is loaded in it."""
    declared = css.declared(style)
    if not declared:
        return
    answers, names = tab.evaluate(_ASKED, [[name, value] for name, value, _ in declared])
    wrong = [(what, *each) for what, each in zip(answers, declared, strict=True) if what]
    for what, name, value, line in wrong[:_MOST]:
        if what == "name":
            near = meant(name, names)
            said = f"the browser knows no property `{name[:_MOST_NAMED]}`"
            remedy = near if near.startswith("Did") else "Take it out."
        else:
            said = f"the browser does not understand `{f'{name}: {value}'[:_MOST_NAMED]}`"
            remedy = "Look up how the value is written, or take it out."
        yield Fault(where=css.FILE, what=said, remedy=remedy, line=line)
