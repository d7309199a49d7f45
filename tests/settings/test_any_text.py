"""Whatever text stands in the variables, the answer is the settings or every fault: never another error."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from resign.settings import SETTINGS, BadSettings, load
from tests.support.variables import VARIABLES

# A busy machine is no fault of the code's.
patient = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# As an environment can hold it: no NUL, and bytes that are no UTF-8 as lone surrogates.
_CHARACTERS = st.characters(exclude_categories=()).filter(
    lambda c: c != "\x00" and not "\ud800" <= c <= "\udc7f" and not "\udd00" <= c <= "\udfff"
)
_NEARLY = st.sampled_from(
    [
        "https://",
        "https://[",
        "postgresql://u:p@h:1/",
        "sqlite:///",
        "k1:",
        "127.0.0.1:",
        "a@b.",
        "en-",
        "9" * 5000,
    ]
)
TEXTS = st.one_of(
    st.text(_CHARACTERS, max_size=300), st.tuples(_NEARLY, st.text(_CHARACTERS, max_size=40)).map("".join)
)


# Any text may happen to be an address to which alarms can be posted; then they need their secret.
_BESIDE = {"RESIGN_ALARM_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}


@pytest.mark.parametrize("variable", [row.variable for row in SETTINGS])
@given(text=TEXTS)
@patient
@example(text="")
@example(text="9" * 5000)
@example(text="https://\u2100.example")
@example(text="postgresql://u:p@h:\udcff/db")
def test_a_setting_takes_any_text_or_says_what_is_wrong(variable, text):
    faults = ()
    try:
        load({**VARIABLES, **_BESIDE, variable: text})
    except BadSettings as bad:
        faults = bad.faults
    assert [fault.partition(":")[0] for fault in faults] in ([], [variable])


@given(st.dictionaries(st.sampled_from([row.variable for row in SETTINGS]), TEXTS))
@patient
def test_all_of_them_together_do_too(given_texts):
    with suppress(BadSettings):
        load(given_texts)


@given(name=st.text(_CHARACTERS.filter(lambda c: c != "="), max_size=40), text=TEXTS)
@patient
def test_an_unknown_name_is_always_refused(name, text):
    known = {row.variable for row in SETTINGS}
    variable = f"RESIGN_X_{name}"
    assert variable not in known
    with pytest.raises(BadSettings):
        load({**VARIABLES, **_BESIDE, variable: text})
