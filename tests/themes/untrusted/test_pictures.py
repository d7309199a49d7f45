"""Pictures in templates and styles are small ones that stand still, whatever they call themselves."""

import struct
import zlib
from collections.abc import Callable

import pytest

from resign.themes.build import Built
from tests.support.picture import address, drawn

OPTOUT = '{% extends "~/public/optout.html" %}\n{% block sign %}\n'
MOVES, MANY, BROKEN = (
    "a picture moves",
    "a page's pictures have too many pixels",
    "a picture is no PNG, JPEG or WebP",
)


def bomb(side: int) -> bytes:
    """A PNG that says it has so many pixels squared, and holds the first few."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def doubly_animated() -> bytes:
    """Of an animation that is announced twice Pillow shows the first frame, and Chromium all."""
    data = drawn("png", frames=3)
    at = data.index(b"acTL") - 4
    return data[:at] + data[at : at + 20] * 2 + data[at + 20 :]


WRONG = {
    "an animation that is announced twice": (address(doubly_animated()), MOVES),
    "an animated PNG": (address(drawn("png", frames=3)), MOVES),
    "an animated WebP": (address(drawn("webp", frames=3), "webp"), MOVES),
    "an animated WebP under another name": (address(drawn("webp", frames=3), "jpeg"), MOVES),
    "a GIF under another name": (address(drawn("gif", frames=3)), BROKEN),
    "nine million pixels": (address(bomb(3000)), MANY),
    "a hundred billion": (address(bomb(300_000)), MANY),
    "nothing of the kind": (address(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), BROKEN),
    "the beginning of one": (address(drawn("png")[:20]), BROKEN),
    "half of one": (address(drawn("png", side=50, compress_level=0)[:4000]), BROKEN),
    "no base64": ("data:image/png;base64,=====", BROKEN),
}


@pytest.mark.parametrize(("picture", "what"), WRONG.values(), ids=WRONG)
def test_in_a_template_it_is_named_with_its_line(build_of: Callable[..., Built], picture: str, what: str):
    own = f'{OPTOUT}<img alt="" src="{picture}">{{% endblock %}}'
    [fault] = build_of({"templates/optout.html": own}, languages=("en", "pl")).faults
    assert (fault.where, fault.line, fault.more) == ("templates/optout.html", 3, 1)
    assert fault.what.startswith(what)


@pytest.mark.parametrize(("picture", "what"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("quote", ["", '"'])
def test_in_the_style_too(build_of: Callable[..., Built], picture: str, what: str, quote: str):
    own = f"h1 {{\n  background: url({quote}{picture}{quote});\n}}"
    assert [(fault.line, fault.what) for fault in build_of({"style.css": own}).faults if what in fault.what]


def test_put_together_by_a_template_it_is_found_as_well(build_of: Callable[..., Built]):
    picture = WRONG["an animated PNG"][0]
    own = f'{OPTOUT}<img alt="" src="{{{{ "{picture[:30]}" ~ "{picture[30:]}" }}}}">{{% endblock %}}'
    assert [fault.what for fault in build_of({"templates/optout.html": own}).faults] == [MOVES]


def test_many_count_together_with_those_of_the_style(build_of: Callable[..., Built]):
    """Each is small enough, and some hundred bytes of file."""
    pictures = [address(drawn("png", frames=1, side=side)) for side in range(1000, 1005)]
    own = OPTOUT + "\n".join(f'<img alt="" src="{each}">' for each in pictures[:3]) + "{% endblock %}"
    style = f"h1 {{ background: url({pictures[3]}) }}"
    assert build_of({"templates/optout.html": own}).faults == ()
    [fault] = build_of({"templates/optout.html": own, "style.css": style}).faults
    assert (fault.where, fault.line, fault.what) == ("style.css", 1, MANY)
    more = own.replace("{% endblock %}", f'\n<img alt="" src="{pictures[4]}">{{% endblock %}}')
    [fault] = build_of({"templates/optout.html": more}).faults
    assert (fault.where, fault.line, fault.what) == ("templates/optout.html", 6, MANY)


def test_of_a_photograph_with_a_second_one_behind_it_the_first_is_shown(build_of: Callable[..., Built]):
    picture = address(drawn("mpo", frames=2), "jpeg")
    own = f'{OPTOUT}<img alt="" src="{picture}">{{% endblock %}}'
    assert build_of({"templates/optout.html": own}).faults == ()


def test_an_address_that_is_only_told_of_is_no_picture(build_of: Callable[..., Built]):
    own = f"{OPTOUT}<p>data:image/png;base64,AAAA</p>{{% endblock %}}"
    assert build_of({"templates/optout.html": own}).faults == ()


def test_two_that_move_are_two_faults(build_of: Callable[..., Built]):
    others = [address(drawn("png", frames=frames)) for frames in (2, 3)]
    own = OPTOUT + "\n".join(f'<img alt="" src="{each}">' for each in others) + "{% endblock %}"
    assert [fault.line for fault in build_of({"templates/optout.html": own}).faults] == [3, 4]


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_one_that_stands_still_is_fine(build_of: Callable[..., Built], kind: str):
    picture = address(drawn(kind), kind)
    own = f'{OPTOUT}<img alt="" src="{picture}">{{% endblock %}}'
    style = f"h1 {{ background: url({picture}) }}"
    assert build_of({"templates/optout.html": own, "style.css": style}).faults == ()
