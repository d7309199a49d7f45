"""What stands beside a question is said again years later, on the page as somebody saw it."""

import hashlib

from resign.i18n import Catalogues
from resign.themes.beside import said

SAID_SO_FAR = "bdd278a4758993f2"


def test_what_a_page_said_beside_a_question_is_said_the_same_for_ever(catalogues: Catalogues):
    """C2: an old page holds a place for it, and what stood there is worked out anew.

    Whoever mends one of these sentences, in any language, changes what old pages are shown to have said. The former
    one has to stay known, under a word of its own in `resign.themes.beside`.
    """
    sentences = [
        said(word, tag, catalogues)
        for tag in sorted(catalogues.languages)
        for word in ("~asked", "~2027-02-01")
    ]
    assert hashlib.sha256("\n".join(sentences).encode()).hexdigest()[:16] == SAID_SO_FAR
