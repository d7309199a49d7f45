"""The attribute that starts a sign-up is nothing else's: what was only asked for would be a consent at once."""

import pytest

from resign.settings import load
from tests.support.variables import VARIABLES


def test_it_has_a_name_of_synerises_own_guide():
    assert load(VARIABLES).workspaces["default"].synerise_sign_up_attribute == "newsletter_agreement_enabled"


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        (
            {
                "RESIGN_SYNERISE_EMAILS": "non-unique",
                "RESIGN_SYNERISE_ATTRIBUTE": "newsletter_agreement_enabled",
            },
            "synerise_attribute is the same attribute",
        ),
        ({"RESIGN_LINK_ATTRIBUTE": "newsletter_agreement_enabled"}, "link_attribute is the same attribute"),
        (
            {
                "RESIGN_AGREEMENTS": '[wine]\nattribute = "newsletter_agreement_enabled"\ntitle = { en = "Wine" }'
            },
            "has the attribute of synerise_sign_up_attribute",
        ),
    ],
)
def test_nothing_else_is_kept_there(faults, variables, says):
    [fault] = faults(**variables)
    assert says in fault
