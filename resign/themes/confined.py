"""The environment that a theme's templates are rendered in: what they may say is a short list, the rest is refused."""

import functools
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any

from jinja2 import BaseLoader, TemplateNotFound, TemplateSyntaxError, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.runtime import (
    BlockReference,
    Context,
    LoopContext,
    Macro,
    TemplateReference,
    Undefined,
    markup_join,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from resign.i18n import Catalogues
from resign.themes.templates import rules

SHIPPED = "~/public/"
MOST_TEXT = 256 * 1024
_MOST_RANGE = 1000
_MOST_ITEMS = 10_000
_MOST_NUMBER = 10**12
FILTERS = frozenset(
    "capitalize count d default e escape first int join last length list lower replace reverse round string title "
    "trim truncate unique upper wordcount".split()
)
TESTS = frozenset(
    "boolean defined divisibleby eq equalto even false ge gt in iterable le lower lt mapping ne none number odd "
    "sequence string true undefined upper == != < <= > >=".split()
)
GLOBALS = frozenset("range gettext ngettext _".split())
_OF_TEXT = FILTERS & frozenset("capitalize e escape lower string title trim truncate upper wordcount".split())
_METHODS: Mapping[type, frozenset[str]] = {
    str: frozenset("capitalize endswith lower lstrip removeprefix removesuffix rstrip split startswith strip title upper".split()),
    dict: frozenset("get items keys values".split()),
    LoopContext: frozenset(
        "index index0 revindex revindex0 first last length depth depth0 previtem nextitem cycle changed".split()
    ),
    BlockReference: frozenset({"super"}),
}  # fmt: skip
_NUMBERS = (int, float)


class Refused(SecurityError):
    """Something that no template may do; the message says what to do instead."""


class Confined(ImmutableSandboxedEnvironment):
    """Plain data only: no object's insides, no number or text that grows without end."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - a template's value
        if isinstance(obj, TemplateModule | TemplateReference):
            return (
                self._of_module(obj, attribute)
                if isinstance(obj, TemplateModule)
                else self._of_template(obj, attribute)
            )
        if isinstance(obj, Undefined):
            # Says what is unknown, and raises.
            return str(obj)
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if any(isinstance(obj, kind) and attribute in names for kind, names in _METHODS.items()):
            return getattr(obj, attribute)
        if isinstance(obj, dict):
            return self.undefined(
                f"there is no `{attribute}`; there are: {', '.join(map(str, obj))}", name=attribute
            )
        return self.undefined(f"`.{attribute}` is not for templates", name=attribute, exc=Refused)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 - a template's values
        if isinstance(obj, str | list | tuple | range) and isinstance(argument, int | slice):
            try:
                return obj[argument]
            except (LookupError, ValueError):
                return self.undefined(f"there is no item {argument}")
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        return self.undefined("this cannot be looked into", exc=Refused)

    def call(
        __self,  # noqa: N805 - as in Jinja: a template's own arguments may be named anything
        __context: Context,  # noqa: PYI063 - the same
        __obj: Any,  # noqa: ANN401 - a template's value
        *arguments: Any,  # noqa: ANN401
        **named: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        if isinstance(__obj, Undefined):
            return __obj()
        if not (isinstance(__obj, Macro | BlockReference | LoopContext) or __self._is_ours(__obj)):
            raise Refused("this cannot be called")
        return __context.call(__obj, *arguments, **named)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401 - values
        if isinstance(left, Undefined) or isinstance(right, Undefined):
            return super().call_binop(context, operator, left, right)
        if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
            found = super().call_binop(context, operator, left, right)
            if abs(found) > _MOST_NUMBER:
                raise Refused("this number is too large")
            return found
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return self.joined((left, right))
        if operator == "+" and isinstance(left, list) and isinstance(right, list):
            if len(left) + len(right) > _MOST_ITEMS:
                raise Refused("this list is too long")
            return left + right
        raise Refused(f"`{operator}` is for numbers" + (", and `+` for texts" if operator == "+" else ""))

    def joined(self, parts: Iterable[Any]) -> str:
        """What `~` does, within bounds."""
        texts = [part if isinstance(part, str) else str(_written(part)) for part in parts]
        if sum(map(len, texts)) > MOST_TEXT:
            raise Refused("this text is too long")
        return markup_join(texts)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Said before anything runs, so that it is said of what never runs, too."""
        tree = super()._parse(source, name, filename)
        for node in tree.find_all((nodes.Pow, nodes.EvalContextModifier, nodes.ScopedEvalContextModifier)):
            what = "`**` is not for templates" if isinstance(node, nodes.Pow) else "`autoescape` is always on"
            raise TemplateSyntaxError(what, node.lineno, name, filename)
        return tree

    def _of_template(self, blocks: TemplateReference, name: str) -> Any:  # noqa: ANN401 - a template's value
        try:
            return blocks[name]
        except KeyError:
            return self.undefined(f"there is no block `{name}`", name=name)

    def _of_module(self, module: TemplateModule, name: str) -> Any:  # noqa: ANN401 - a template's value
        """What it defined at its top; its own methods are internals."""
        exported = {each: value for each, value in vars(module).items() if not each.startswith("_")}
        if name in exported:
            return exported[name]
        return self.undefined(f"`{module.__name__}` has no macro `{name}`", name=name)

    def _is_ours(self, obj: Any) -> bool:  # noqa: ANN401 - a template's value
        if any(obj is each for each in self.globals.values()):
            return True
        owner = getattr(obj, "__self__", None)
        return any(
            isinstance(owner, kind) and getattr(obj, "__name__", "") in names
            for kind, names in _METHODS.items()
        )


class _Code(CodeGenerator):
    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:  # noqa: ANN401 - Jinja's own
        """Nothing is worked out while compiling: there `~` and the others are Jinja's own."""
        if not isinstance(node, nodes.TemplateData | nodes.Const):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - as the visitor names it
        self.write("environment.joined((")
        for each in node.nodes:
            self.visit(each, frame)
            self.write(", ")
        self.write("))")


class Files(BaseLoader):
    """A plain name is the theme's own template, or else the shipped one; `~/public/NAME` is always the shipped one."""

    def __init__(self, own: Mapping[str, str], shipped: Mapping[str, str]) -> None:
        self._own, self._shipped = own, shipped

    def get_source(self, environment: Any, template: str) -> tuple[str, str, Callable[[], bool]]:  # noqa: ANN401, ARG002
        if template in self._own:
            return self._own[template], f"own:{template}", lambda: True
        name = template.removeprefix(SHIPPED)
        if name not in self._shipped:
            raise TemplateNotFound(template)
        return self._shipped[name], f"shipped:{name}", lambda: True


def confined(loader: BaseLoader, catalogues: Catalogues) -> Confined:
    """The pages' own rules, in an environment of which little is left."""
    environment = rules(Confined, loader, catalogues)
    assert isinstance(environment, Confined)  # noqa: S101 - `rules` makes the kind that it is given
    environment.code_generator_class = _Code
    environment.globals = {name: value for name, value in environment.globals.items() if name in GLOBALS}
    environment.globals["range"] = _range
    environment.filters = {name: value for name, value in environment.filters.items() if name in FILTERS}
    environment.filters |= {name: _of_text(environment.filters[name]) for name in _OF_TEXT}
    environment.filters |= {"replace": _replace, "join": _join}
    said: dict[str, Any] = {name: environment.globals[name] for name in ("gettext", "ngettext")}
    environment.globals |= {name: _said(each) for name, each in said.items()}
    environment.finalize = _written
    environment.optimized = False
    environment.tests = {name: value for name, value in environment.tests.items() if name in TESTS}
    return environment


def _written(value: Any) -> Any:  # noqa: ANN401 - a template's value
    """What else has a text says where it lies in memory: the page would be another one at each building."""
    if value is None or isinstance(value, str | int | float | Undefined):
        return value
    raise Refused("only text and numbers can be written")


def _of_text(made: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that makes a text of whatever it is given, and is given no more than can be written."""
    at = 1 if hasattr(made, "jinja_pass_arg") else 0

    @functools.wraps(made)
    def held(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - a template's values
        _written(given[at])
        return made(*given, **named)

    return held


def _said(made: Callable[..., Any]) -> Callable[..., Any]:
    @pass_context
    def held(__context: Context, *given: Any, **named: Any) -> Any:  # noqa: ANN401, PYI063 - as in Jinja: a text's places may be named anything
        for value in (*given, *named.values()):
            _written(value)
        return made(__context, *given, **named)

    return held


def _range(*bounds: int) -> range:
    if not all(isinstance(bound, int) for bound in bounds):
        raise Refused("`range` counts whole numbers")
    counted = range(*bounds)
    # `len` itself fails for the longest ones.
    if any(abs(bound) > _MOST_NUMBER for bound in bounds) or len(counted) > _MOST_RANGE:
        raise Refused(f"`range` counts to {_MOST_RANGE} at most")
    return counted


def _replace(text: Any, old: str, new: str) -> str:  # noqa: ANN401 - a template's value
    whole = text if isinstance(text, str) else str(_written(text))
    if len(whole) + whole.count(old) * max(0, len(new) - len(old)) > MOST_TEXT:
        raise Refused("this text is too long")
    return whole.replace(old, new)


def _join(parts: Iterable[Any], between: str = "") -> str:
    texts = [part if isinstance(part, str) else str(_written(part)) for part in (*parts, between)]
    between = texts.pop()
    length = sum(map(len, texts)) + max(0, len(texts) - 1) * len(between)
    if length > MOST_TEXT:
        raise Refused("this text is too long")
    return markup_join(list(chain(*((text, between) for text in texts)))[:-1])
