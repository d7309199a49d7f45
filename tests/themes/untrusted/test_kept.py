"""What the shipped pages tell a person, a theme tells too."""

from collections.abc import Callable

from resign.themes.fault import Fault
from tests.themes.untrusted.test_checks import fragments


def test_how_an_agreement_stands_is_said_where_no_choice_is_marked(checked: Callable[..., tuple[Fault, ...]]):
    own = fragments(
        ("<dd>{{ agreement.now }}</dd>", ""),
        ('id="{{ agreement.name }}-now">{{ agreement.now }}</p>', "></p>"),
    )
    [fault] = checked(own, pages=("preferences", "preferences-saved"))
    assert (fault.page, fault.what) == (
        "preferences-saved",
        "the page does not say how each agreement stands",
    )
