"""A page is light as each process holds it, not only as it is sent; the logo has a bound of its own."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from resign.themes.fault import Fault
from tests.support.picture import address, drawn
from tests.themes.untrusted.test_checks import OPTOUT, PRESS, REST


@pytest.mark.parametrize(
    "heavy",
    [
        "<p>{% for each in range(70) %}" + "abcdefghij" * 100 + "{% endfor %}</p>",
        f'<p><img src="{address(drawn(side=150, compress_level=0))}" alt=""></p>',
    ],
    ids=["the same again and again", "a picture of its own"],
)
def test_what_compresses_well_is_heavy_all_the_same(checked: Callable[..., tuple[Fault, ...]], heavy: str):
    """Each process holds every page as it is sent before it is compressed."""
    [fault] = checked({"templates/optout.html": OPTOUT.format(f"{PRESS}{heavy}{REST}")})
    assert "before it is compressed" in fault.what
    assert "60 kB" in fault.remedy


def test_the_logo_weighs_nothing_wherever_it_stands(checked: Callable[..., tuple[Fault, ...]]):
    noise = Image.effect_noise((150, 100), 90)
    made = io.BytesIO()
    noise.save(made, "PNG")
    shown = '{{ super() }}<p><img src="{{ logo }}" alt="Fern"><img src="{{ logo }}" alt="Fern"></p>'
    own = {
        "theme.toml": 'logo = "l.png"',
        "l.png": made.getvalue(),
        "templates/optout.html": OPTOUT.replace("{}", shown).replace("{{%", "{%").replace("%}}", "%}"),
    }
    assert len(made.getvalue()) > 14_000
    assert checked(own) == ()
