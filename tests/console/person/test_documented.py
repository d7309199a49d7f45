"""A proof's fields are all documented, and each reason why a page cannot be shown has a translation."""

import re
from dataclasses import fields

from resign import paths
from resign.console.person import shown
from resign.evidence import acts, as_shown, proof, told


def test_every_field_of_the_file_is_documented_and_no_other():
    page = (paths.templates().parent / "docs/people.md").read_text()
    documented = set(re.findall(r"^\| `([a-z_.]+)` \|", page, re.MULTILINE))
    classes = {
        "": proof.Proof, "decisions.": proof.Proven, "decisions.who.": proof.Who, "decisions.seen.": proof.PageSeen,
        "decisions.told.": told.Told, "decisions.told.attempts.": told.Tried, "acts.": acts.Act,
    }  # fmt: skip
    inner = {
        "decisions",
        "decisions.who",
        "decisions.seen",
        "decisions.told",
        "decisions.told.attempts",
        "acts",
    }
    found = {f"{before}{field.name}" for before, one in classes.items() for field in fields(one)}
    assert documented == found - inner | {"signature"}


def test_every_reason_is_in_the_catalogue():
    assert as_shown.REASONS == shown.REASONS
