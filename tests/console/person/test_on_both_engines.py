"""From the box to the proof, on SQLite and on PostgreSQL."""

import json

from resign.outbox.contract import Accepted
from tests.support.decisions import ANNA, DIGEST_KEY
from tests.support.looked_after import person_path


def test_search_story_page_and_proof(mia, anna, people):
    anna.presses(anna.opens("?c=spring"))
    people.is_told(lambda _: Accepted("request-7"))
    people.decides(choice="opt-in")
    people.decides()
    people.is_told(lambda _: Accepted("request-8"))
    found = mia.opens(
        mia.presses(mia.opens("/console/search"), "/console/search", q="anna@example.com").headers["Location"]
    )
    assert found.text.count(f'href="{person_path()}"') == 3
    story = mia.opens(person_path())
    assert "Synerise confirmed it 1.0 s later." in story.text
    assert "request-8" in story.text
    assert "A newer decision took the place of this one" in story.text
    first = anna.decisions()[0].id
    assert "Byte for byte" in mia.opens(f"{person_path()}/shown/{first}").text
    proof = mia.presses(mia.opens(f"{person_path()}/proof"), f"{person_path()}/proof", **{"as": "file"})
    assert [each["stood_before"] for each in json.loads(proof.text)["decisions"]] == [
        None,
        "opt-out",
        "opt-in",
    ]
    assert {deed.subject for deed in people.deeds()} == {ANNA.digest(DIGEST_KEY)}
    assert [deed.action for deed in people.deeds()] == ["searched", "opened-person", "proved"]
