"""Texts that no page says are named, and what was meant is looked for in bounded time, however many there are."""

from resign.themes import texts
from resign.themes.spoken import shipped_messages

KNOWN = shipped_messages()[0]


def test_what_was_meant_is_looked_for_a_few_times_and_not_more_are_named_than_anybody_reads(monkeypatch):
    asked = []
    whole = texts.meant

    def counted(word, known):
        asked.append(word)
        return whole(word, known)

    monkeypatch.setattr(texts, "meant", counted)
    said = {
        language: {f"Stop these emails {number}": "x" for number in range(500)} for language in ("en", "pl")
    }
    files = {
        f"texts/{language}.toml": "".join(f'"{source}" = "x"\n' for source in own).encode()
        for language, own in said.items()
    }
    found = texts.strangers(said, files, KNOWN, ["en", "pl"])
    assert len(asked) == 20
    assert found[0].remedy == "Did you mean `Stop these emails`?"
    assert [fault.line for fault in found[:100]] == list(range(1, 101))
    assert len(found) == 101
    assert (found[-1].where, found[-1].what) == ("texts/pl.toml", "900 more texts are said by no page")


def test_a_theme_of_thousands_of_own_texts_is_refused(build_of):
    """Each is told to the process that renders in each language."""
    own = "".join("{% trans %}" + f"a{number}" + "{% endtrans %}" for number in range(1001))
    built = build_of({"templates/optout.html": '{% extends "~/public/optout.html" %}' + own})
    assert "it says more than 1000 texts of its own" in {fault.what for fault in built.faults}
    assert len(built.untranslated) == 0
