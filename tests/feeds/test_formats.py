"""What a file says in each format, and whole lists of those who are out: read back by parsers that are not ours."""

import json

import pytest
from defusedxml import ElementTree

from resign.ids import new_id
from resign.ledger.hashed import plain_hash
from resign.ledger.tables import HashedOptOut
from resign.profile import Profile
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY

TRICKY = Profile("email", "o'neil&co<b>@example.com")
SUPPRESSION = "content = 'suppression'\nschedule = '0 3 * * *'\n"


def only_file(crm) -> bytes:
    [name] = crm.files
    return (crm.folder / name).read_bytes()


def test_xml_has_an_element_for_each_row_and_an_empty_one_for_what_there_is_not(feed, decides):
    columns = "[crm.columns]\nemail = 'email'\nmail = 'choice'\ncampaign = 'campaign'\n"
    crm = feed(f"format = 'xml'\n{columns}")
    decides(TRICKY, campaign="spring & <summer>")
    decides(BORIS, "opt-in")
    crm.runs()
    profiles = ElementTree.fromstring(only_file(crm))
    assert profiles.tag == "profiles"
    assert [[(cell.tag, cell.text) for cell in profile] for profile in profiles] == [
        [("email", TRICKY.value), ("mail", "opt-out"), ("campaign", "spring & <summer>")],
        [("email", BORIS.value), ("mail", "opt-in"), ("campaign", None)],
    ]


def test_json_is_one_array_of_objects_in_the_order_of_the_columns(feed, decides, clock):
    crm = feed("format = 'json'\n")
    decides(TRICKY)
    at = f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"
    decides(BORIS, "opt-in", agreement="wine")
    crm.runs()
    found = json.loads(only_file(crm))
    assert found[0] == {"email": TRICKY.value, "agreement": "newsletter", "choice": "opt-out", "at": at}
    assert list(found[1]) == ["email", "agreement", "choice", "at"]
    assert found[1]["choice"] == "opt-in"
    assert len(found) == 2


@pytest.mark.parametrize(("form", "read"), [("json", json.loads), ("xml", ElementTree.fromstring)])
def test_a_list_of_nobody_is_still_a_whole_file(feed, clock, form, read):
    crm = feed(f"format = '{form}'\n{SUPPRESSION}")
    crm.runs()
    clock.advance(days=1)
    crm.runs()
    assert len(read(only_file(crm))) == 0


@pytest.mark.parametrize("kind", ["sha256", "keyed"])
def test_a_suppression_file_holds_who_is_out_and_the_imported_hashes_of_its_kind(
    feed, decides, database, clock, kind
):
    """Boris is in again; of the two imported lists one is of the other kind."""

    def named(address: str, kind: str) -> str:
        return plain_hash(address) if kind == "sha256" else Profile("email", address).digest(DIGEST_KEY)

    crm = feed(f"{SUPPRESSION}address = '{kind}'\n")
    crm.runs()
    decides(ANNA)
    decides(BORIS)
    decides(BORIS, "opt-in")
    with database.writing() as session:
        session.add_all(
            HashedOptOut(
                workspace=workspace, agreement="newsletter", hash=named(f"{each}@example.com", each), kind=each,
                at=clock.now(), batch=new_id(),
            )
            for workspace, each in [("default", "sha256"), ("default", "keyed"), ("another", kind)]
        )  # fmt: skip
        session.commit()
    crm.runs()
    [at_once] = crm.files
    assert crm.rows(at_once) == [[named(ANNA.value, kind)]]
    clock.advance(days=1)
    crm.runs()
    [whole] = [name for name in crm.files if name != at_once]
    assert "suppression" in whole
    assert sorted(crm.rows(whole)) == sorted(
        [[named(ANNA.value, kind)], [named(f"{kind}@example.com", kind)]]
    )
    assert "@" not in (crm.folder / whole).read_text()


@pytest.mark.parametrize("column", ["choice", "opted-in", "campaign", "text:=1+1"])
def test_no_cell_of_csv_is_a_formula_unless_it_says_who_it_is(feed, decides, column):
    crm = feed(
        f"[crm.columns]\nemail = 'email'\nwhat = '{column}'\n[crm.values]\nopt-out = '=1+1'\nfalse = '=1+1'\n"
    )
    decides(Profile("email", "+anna@example.com"), campaign="=1+1")
    crm.runs()
    assert crm.rows(crm.files[0]) == [["+anna@example.com", "'=1+1"]]
