"""What Jinja compiled is kept for the whole run: every application of a test would compile the same templates again.

Code is a constant, and which one a source becomes depends on nothing but the source, its names and the environment's
rules. All of them are in the key. What strangers' templates become is none of this: it is made in processes of its own.
"""

from types import CodeType

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

_RULES = (
    "block_start_string block_end_string variable_start_string variable_end_string comment_start_string"
    " comment_end_string line_statement_prefix line_comment_prefix trim_blocks lstrip_blocks newline_sequence"
    " keep_trailing_newline optimized finalize is_async newstyle_gettext"
).split()
_made: dict[tuple[object, ...], CodeType] = {}


class Kept(BytecodeCache):
    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = _made.get(_key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        _made[_key(bucket)] = bucket.code

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return f"{name}\0{filename}"


def keep() -> None:
    """From now on, for every environment that has no place of its own for what it compiles."""
    cache = Kept()
    Environment.bytecode_cache = property(lambda _: cache, _only_ours)


def _only_ours(environment: Environment, wished: BytecodeCache | None) -> None:
    assert wished is None, "the tests keep what is compiled themselves"


def _key(bucket: Bucket) -> tuple[object, ...]:
    environment = bucket.environment
    escapes = environment.autoescape
    name = bucket.key.partition("\0")[0]
    return (
        type(environment), bucket.key, bucket.checksum, escapes(name) if callable(escapes) else escapes,
        *(getattr(environment, rule, None) for rule in _RULES),
        frozenset(environment.extensions), frozenset(environment.filters), frozenset(environment.tests),
        repr(sorted(environment.policies.items(), key=lambda each: each[0])),
    )  # fmt: skip
