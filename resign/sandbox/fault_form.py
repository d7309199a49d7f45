"""What `POST /sandbox/faults` may ask for, and what is wrong with what it asked."""

from dataclasses import dataclass, field

EFFECTS = (
    "outage",
    "status",
    "slow",
    "lost_answers",
    "expired_as",
    "refuse_login",
    "revoke_permission",
    "ignore_writes",
    "item_refused",
)
CONDITIONS = ("paths", "methods", "times", "probability", "retry_after")
# Not a standing fault but a deed: all tokens issued so far are expired when it is posted.
DEED = "expire_tokens"
ALLOWED = (*EFFECTS, DEED, *CONDITIONS)


@dataclass(slots=True)
class Fault:
    number: int
    effects: dict[str, object]
    paths: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    left: int | None = None
    probability: float = 1.0
    retry_after: float | None = None
    struck: int = 0
    asked: dict[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        return {"id": self.number, **self.asked, "left": self.left, "struck": self.struck}


def read_fault(asked: dict[str, object], number: int) -> Fault:
    if unknown := sorted(set(asked) - set(ALLOWED)):
        raise ValueError(f"unknown keys {unknown}; allowed are {list(ALLOWED)}")
    if not set(asked) & {*EFFECTS, DEED}:
        raise ValueError(f"a fault needs at least one effect of {[*EFFECTS, DEED]}")
    for name, value in asked.items():
        if reason := _FORMS[name](value):
            raise ValueError(f"{name} {reason}")
    if "retry_after" in asked and "status" not in asked and "outage" not in asked:
        raise ValueError("retry_after goes with status or outage")
    return Fault(
        number,
        effects=_effects(asked),
        paths=_texts(asked.get("paths")),
        methods=tuple(method.upper() for method in _texts(asked.get("methods"))),
        left=_whole(asked.get("times")),
        probability=_number(asked.get("probability"), 1.0),
        retry_after=None if asked.get("retry_after") is None else _number(asked["retry_after"], 0.0),
        asked=dict(asked),
    )


def _effects(asked: dict[str, object]) -> dict[str, object]:
    """With `lost_answers`, status and slowness come after the write and not instead of it."""
    effects = {name: asked[name] for name in EFFECTS if name in asked and asked[name] is not False}
    if "lost_answers" in effects:
        effects["late"] = effects.pop("slow", 0)
        effects["lost_status"] = effects.pop("status", 502)
    return effects


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _number(value: object, default: float) -> float:
    return float(value) if isinstance(value, int | float) else default


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _flag(value: object) -> str:
    return "" if isinstance(value, bool) else "must be true or false"


def _flag_or_drop(value: object) -> str:
    return "" if isinstance(value, bool) or value == "drop" else 'must be true, false or "drop"'


def _status(value: object) -> str:
    return "" if _is_whole(value, 400, 599) else "must be a status from 400 to 599"


def _seconds(value: object) -> str:
    return "" if _is_number(value) and _number(value, -1) >= 0 else "must be a number of seconds"


def _expired(value: object) -> str:
    return "" if _is_whole(value, 401, 401) or _is_whole(value, 403, 403) else "must be 401 or 403"


def _name(value: object) -> str:
    return "" if isinstance(value, str) and value else "must be the name of a permission"


def _list(value: object) -> str:
    good = isinstance(value, list) and value and all(isinstance(item, str) and item for item in value)
    return "" if good else "must be an array of texts"


def _text_or_list(value: object) -> str:
    return "" if isinstance(value, str) and value else _list(value) and "must be a text or an array of texts"


def _times(value: object) -> str:
    return "" if value is None or _is_whole(value, 1, 10**9) else "must be a whole number from 1, or null"


def _share(value: object) -> str:
    return "" if _is_number(value) and 0 <= _number(value, -1) <= 1 else "must be a number from 0 to 1"


_FORMS = {
    "outage": _flag_or_drop,
    "status": _status,
    "slow": _seconds,
    "lost_answers": _flag_or_drop,
    "expired_as": _expired,
    "refuse_login": _flag,
    "revoke_permission": _name,
    "ignore_writes": _flag,
    "item_refused": _list,
    "expire_tokens": _flag,
    "paths": _text_or_list,
    "methods": _text_or_list,
    "times": _times,
    "probability": _share,
    "retry_after": _seconds,
}
