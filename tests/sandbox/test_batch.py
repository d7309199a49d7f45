"""The batch of profile updates: ceilings, upsert, and the partial refusal that looks like success."""

import json

import pytest

BATCH = "/v4/clients/batch"
OFF = {"agreements": {"email": False}}


def test_a_batch_is_queued_and_then_updates_and_creates(api, anna):
    answer = api.post(BATCH, [{"email": "anna@example.com", **OFF}, {"email": "erased@example.com", **OFF}])
    assert (answer.status_code, answer.data) == (202, b"")
    assert api.by_email("anna@example.com").json["agreements"]["email"] is True
    api.settled()
    assert api.by_email("anna@example.com").json["agreements"]["email"] is False
    # The upsert that brings an erased person back.
    assert api.by_email("erased@example.com").status_code == 200


def test_an_item_with_only_a_client_id_updates_and_never_creates(api, anna):
    assert api.post(BATCH, [{"clientId": anna, **OFF}, {"clientId": 77, **OFF}]).status_code == 202
    api.settled()
    assert api.by_email("anna@example.com").json["agreements"]["email"] is False
    assert api.look("/sandbox/profiles")["counts"]["total"] == 1


def test_bad_items_are_207_and_do_not_hold_up_the_others(api, anna):
    items = [
        {"email": "anna@@example.com"},
        {"email": "anna@example.com", **OFF},
        {"firstName": "Nobody"},
        "x",
    ]
    answer = api.post(BATCH, items)
    assert answer.status_code == 207
    assert [error["field"] for error in answer.json] == ["email", "identifier", "item"]
    assert answer.json[0]["rejectedValue"] == "anna@@example.com"
    api.settled()
    assert api.by_email("anna@example.com").json["agreements"]["email"] is False
    assert api.look("/sandbox/profiles")["counts"]["total"] == 1


def test_the_207_can_have_the_other_shape(make):
    api = make(partial_answer="uauth-errors")
    [error] = api.post(BATCH, [{"email": "anna@@example.com"}]).json
    assert set(error) == {"path", "timestamp", "errorCode", "status", "message", "traceId"}


@pytest.mark.parametrize("client_id", ["7", 7.5, True, -1, 2**63])
def test_a_client_id_that_is_no_number_is_refused(api, client_id):
    assert api.post(BATCH, [{"clientId": client_id}]).status_code == 207


@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b"["])
def test_a_body_that_is_no_list_is_400(api, body):
    assert api.post(BATCH, body).status_code == 400


def test_a_thousand_items_are_taken_and_one_more_is_refused_whole(api):
    items = [{"customId": f"C-{number}"} for number in range(1001)]
    assert api.post(BATCH, items).status_code == 400
    api.settled()
    assert api.look("/sandbox/profiles")["counts"]["total"] == 0
    assert api.post(BATCH, items[:1000]).status_code == 202
    api.settled()
    assert api.look("/sandbox/profiles")["counts"]["total"] == 1000


def test_a_megabyte_is_taken_and_one_byte_more_is_refused(api):
    def sized(size):
        empty = len(json.dumps([{"customId": "C", "firstName": ""}]))
        return json.dumps([{"customId": "C", "firstName": "x" * (size - empty)}]).encode()

    assert len(sized(1_000_000)) == 1_000_000
    assert api.post(BATCH, sized(1_000_000)).status_code == 202
    assert api.post(BATCH, sized(1_000_001)).status_code == 413


def test_items_are_applied_in_order(api, anna):
    api.post(
        BATCH, [{"email": "anna@example.com", "agreements": {"email": on}} for on in (False, True, False)]
    )
    api.settled()
    assert api.by_email("anna@example.com").json["agreements"]["email"] is False
