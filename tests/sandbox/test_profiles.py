"""One profile over the API: reading, updating, creating, deleting, and every refusal on the way."""

import pytest

OFF = {"agreements": {"email": False}}


def test_an_update_is_accepted_at_once_and_applied_a_moment_later(api, anna):
    answer = api.post("/v4/clients/by-email/anna@example.com", OFF)
    assert (answer.status_code, answer.data) == (202, b"")
    api.clock.advance(0.19)
    assert api.by_email("anna@example.com").json["agreements"]["email"] is True
    api.clock.advance(0.02)
    assert api.by_email("anna@example.com").json["agreements"]["email"] is False


def test_writes_are_applied_in_the_order_in_which_they_came(api, anna):
    for on in (False, True, False):
        api.post("/v4/clients/by-email/anna@example.com", {"agreements": {"email": on}})
    api.settled()
    assert api.by_email("anna@example.com").json["agreements"]["email"] is False


@pytest.mark.parametrize(
    "path", ["/v4/clients/by-email/nobody@example.com", "/v4/clients/by-customid/nobody", "/v4/clients/1"]
)
def test_update_and_read_of_nobody_are_404_and_create_nothing(api, path):
    answer = api.post(path, OFF)
    assert answer.status_code == 404
    assert set(answer.json) == {"timestamp", "status", "error", "message", "path", "errors"}
    assert api.get(path).status_code == 404
    api.settled()
    assert api.look("/sandbox/profiles")["counts"]["total"] == 0


@pytest.mark.parametrize("kind", ["email", "phone", "uuid", "customId"])
def test_a_profile_is_read_by_each_identifier(api, kind):
    names = {"email": "a@example.com", "phone": "+48 22 123", "uuid": "u-1", "customId": "C/1"}
    client_id = api.seed(names)[0]
    value = names[kind].replace("/", "%2F").replace("+", "%2B").replace(" ", "%20")
    assert api.get(f"/v4/clients/by-{kind.lower()}/{value}").json["clientId"] == client_id
    assert api.get(f"/v4/clients/{client_id}").json[kind] == names[kind]


@pytest.mark.parametrize("spelling", ["by-customid", "by-customId", "by-custom-id"])
def test_reading_by_custom_id_knows_its_spellings(api, anna, spelling):
    assert api.get(f"/v4/clients/{spelling}/C-1").json["clientId"] == anna


def test_a_profile_has_the_documented_keys(api, anna):
    assert set(api.by_email("anna@example.com").json) == {
        *("address", "avatarUrl", "birthDate", "city", "company", "countryCode", "customId", "displayName"),
        *(
            "email",
            "firstName",
            "lastActivityDate",
            "lastName",
            "phone",
            "province",
            "uuid",
            "zipCode",
            "sex",
        ),
        *("clientId", "anonymous", "agreements", "attributes", "tags", "previousClients"),
    }


@pytest.mark.parametrize(
    ("custom_id", "encoded"),
    [
        ("a/b", "a%2Fb"),
        ("a//b/", "a%2F%2Fb%2F"),
        ("/a", "%2Fa"),
        ("a+b c", "a%2Bb%20c"),
        ("100%?#", "100%25%3F%23"),
        ("żółć", "%C5%BC%C3%B3%C5%82%C4%87"),
    ],
)
def test_any_percent_encoded_identifier_finds_its_profile(api, custom_id, encoded):
    client_id = api.seed({"customId": custom_id})[0]
    assert api.get(f"/v4/clients/by-customid/{encoded}").json["clientId"] == client_id


def test_a_plus_in_an_address_is_a_plus(api):
    api.seed({"email": "anna+news@example.com"})
    assert api.post("/v4/clients/by-email/anna%2Bnews%40example.com", OFF).status_code == 202
    api.settled()
    assert api.by_email("anna+news@example.com").json["agreements"]["email"] is False


def test_the_case_of_an_address_is_folded_unless_the_workspace_is_set_otherwise(api, anna, make):
    assert api.by_email("ANNA@example.com").json["clientId"] == anna
    strict = make(fold_emails=False)
    strict.seed({"email": "anna@example.com"})
    assert strict.by_email("ANNA@example.com").status_code == 404


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
@pytest.mark.parametrize(
    "path", ["/v4/clients", "/v4/clients/by-email/anna@example.com", "/v4/clients/batch"]
)
def test_anything_but_json_is_415(api, anna, path, content_type):
    assert api.post(path, b"{}", content_type=content_type).status_code == 415


def test_json_with_a_charset_is_json(api, anna):
    kind = "application/json; charset=utf-8"
    assert api.post("/v4/clients/by-customid/C-1", OFF, content_type=kind).status_code == 202


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff"])
def test_a_body_that_is_no_object_is_400(api, anna, body):
    assert api.post("/v4/clients/by-customid/C-1", body).status_code == 400


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "anna@@example.com"),
        ("email", "anna"),
        ("email", "a b@example.com"),
        ("email", "anna@example.xn--p1ai"),
        ("email", "anna@münchen.de"),
        ("email", "anna@example.c"),
        ("email", " anna@example.com"),
        ("email", "ann\u00ada@example.com"),
        ("email", 7),
        ("customId", "party\U0001f389"),
        ("customId", "a\nb"),
        ("customId", "a\u2028b"),
        ("customId", "a\ufe0fb"),
        ("customId", "a\x00b"),
        ("customId", ""),
        ("uuid", "u\r"),
        ("phone", "call me"),
        ("phone", "+12"),
        ("sex", "YES"),
        ("birthDate", "1900-01-01"),
        ("birthDate", "2000-02-30"),
        ("birthDate", "20000202"),
        ("firstName", 7),
        ("firstName", "a\x00"),
        ("lastName", "\ufe0f\ufe0e"),
        ("tags", "one"),
        ("tags", [1]),
        ("agreements", "off"),
        ("attributes", []),
    ],
)
def test_a_bad_value_is_400_and_named(api, field, value):
    answer = api.post("/v4/clients", {"customId": "C-9", field: value})
    assert answer.status_code == 400
    [error] = answer.json["errors"]
    assert error["field"] == field
    assert set(error) == {"code", "field", "message", "rejectedValue"}
    api.settled()
    assert api.by_custom_id("C-9").status_code == 404


@pytest.mark.parametrize(
    "email",
    [
        "anna@example.com",
        "jos\u00e9@example.com",
        '"odd one"@example.com',
        "a@[127.0.0.1]",
        "a@xn--mnchen-3ya.de",
    ],
)
def test_an_unusual_but_allowed_address_is_taken(api, email):
    assert api.post("/v4/clients", {"email": email}).status_code == 202
    api.settled()
    assert api.by_email(email).json["email"] == email


@pytest.mark.parametrize("name", ["a\nb", "a\u00adb", "a\ufe0fb"])
def test_an_attribute_name_with_forbidden_characters_is_400(api, anna, name):
    assert api.post("/v4/clients/by-customid/C-1", {"attributes": {name: "x"}}).status_code == 400


@pytest.mark.parametrize(
    "path", ["/v4/clients/by-email/anna", "/v4/clients/by-customid/a%00b", "/v4/clients/x"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_identifier_that_could_not_exist_is_400(api, method, path):
    assert api.call(method, path, OFF if method == "POST" else None).status_code == 400


def test_a_client_id_longer_than_any_number_is_400(api):
    assert api.get("/v4/clients/" + "9" * 5000).status_code == 400


def test_reserved_attributes_are_silently_ignored(api, anna):
    sent = {
        "newsletter_agreement": "disabled",
        "email": "other@example.com",
        "receive_smses": "x",
        "optout": "yes",
    }
    assert api.post("/v4/clients/by-customid/C-1", {"attributes": sent}).status_code == 202
    api.settled()
    profile = api.by_email("anna@example.com").json
    assert profile["attributes"] == {"resign_token": "tok", "optout": "yes"}
    assert profile["agreements"]["email"] is True


@pytest.mark.parametrize("value", [False, 0, "false", "False"])
def test_the_odd_spellings_of_off_are_understood(api, anna, value):
    api.post("/v4/clients/by-customid/C-1", {"agreements": {"email": value}})
    api.settled()
    assert api.by_email("anna@example.com").json["agreements"]["email"] is False


@pytest.mark.parametrize("value", ["FALSE", "0", "off", 2, 0.5, [], {}])
def test_other_spellings_of_off_are_400(api, anna, value):
    assert api.post("/v4/clients/by-customid/C-1", {"agreements": {"email": value}}).status_code == 400


def test_null_deletes_an_attribute_and_resets_a_native_field(api, anna):
    body = {"attributes": {"resign_token": None}, "firstName": None, "agreements": {"email": None}}
    api.post("/v4/clients/by-customid/C-1", body)
    api.settled()
    profile = api.by_email("anna@example.com").json
    assert profile["attributes"] == {}
    assert profile["firstName"] is None
    assert profile["agreements"]["email"] is False


def test_what_is_left_out_stays(api, anna):
    api.post("/v4/clients/by-customid/C-1", {"lastName": "Nowak"})
    api.settled()
    profile = api.by_email("anna@example.com").json
    assert (profile["firstName"], profile["lastName"]) == ("Anna", "Nowak")
    assert profile["attributes"] == {"resign_token": "tok"}


def test_the_create_call_is_an_upsert(api, anna):
    assert api.post("/v4/clients", {"email": "anna@example.com", "lastName": "Nowak"}).status_code == 202
    assert api.post("/v4/clients", {"email": "new@example.com", **OFF}).status_code == 202
    assert api.by_email("new@example.com").status_code == 404
    api.settled()
    assert api.by_email("anna@example.com").json["lastName"] == "Nowak"
    assert api.by_email("new@example.com").json["agreements"]["email"] is False


@pytest.mark.parametrize("body", [{}, OFF, {"email": None}])
def test_creating_nobody_is_400(api, body):
    assert api.post("/v4/clients", body).status_code == 400


def test_instant_answers_the_id_as_a_string_and_is_applied_at_once(api):
    answer = api.post("/v4/clients/instant", {"email": "new@example.com"})
    assert answer.status_code == 200
    assert api.by_email("new@example.com").json["clientId"] == int(answer.json)


def test_a_changed_address_finds_the_profile_and_the_old_one_no_longer(api, anna):
    api.post("/v4/clients/by-customid/C-1", {"email": "anna.new@example.com"})
    api.settled()
    assert api.by_email("anna.new@example.com").json["clientId"] == anna
    assert api.by_email("anna@example.com").status_code == 404


def test_a_former_uuid_still_finds_its_profile(api):
    client_id = api.seed({"customId": "C-1", "uuid": "one"})[0]
    api.post("/v4/clients/by-customid/C-1", {"uuid": "two"})
    api.settled()
    for uuid in ("one", "two"):
        assert api.get(f"/v4/clients/by-uuid/{uuid}").json["clientId"] == client_id


def test_an_identifier_of_somebody_else_stays_with_them(api, anna):
    other = api.seed({"customId": "C-2"})[0]
    api.post("/v4/clients/by-customid/C-2", {"email": "anna@example.com"})
    api.settled()
    assert api.by_email("anna@example.com").json["clientId"] == anna
    assert api.get(f"/v4/clients/{other}").json["email"] is None


def test_a_deleted_profile_is_gone_and_a_waiting_write_does_not_bring_it_back(api, anna):
    assert api.call("DELETE", "/v4/clients/by-customid/C-1").status_code == 202
    assert api.post("/v4/clients/by-email/anna@example.com", OFF).status_code == 202
    api.settled()
    assert api.look("/sandbox/profiles")["counts"]["total"] == 0
    assert api.call("DELETE", "/v4/clients/by-customid/C-1").status_code == 404


def test_an_unknown_path_is_404_and_a_wrong_method_405(api):
    assert api.get("/v4/nothing").status_code == 404
    assert api.call("PUT", "/v4/clients/by-email/anna@example.com", OFF).status_code == 405
    assert api.call("PATCH", "/v4/clients/1", OFF).status_code == 405


@pytest.fixture
def shared(make):
    """A workspace where two people share an address."""
    api = make(emails="non-unique")
    api.seed({"customId": "C-1", "email": "us@example.com"}, {"customId": "C-2", "email": "us@example.com"})
    return api


def test_with_shared_addresses_the_native_agreement_has_no_effect(shared):
    for on in (False, True):
        assert shared.post("/v4/clients/by-customid/C-1", {"agreements": {"email": on}}).status_code == 202
    shared.settled()
    assert shared.by_custom_id("C-1").json["agreements"]["email"] is False
    assert shared.look("/sandbox/profiles")["counts"] == {"total": 2, "enabled": 2, "disabled": 0}


def test_with_shared_addresses_the_attribute_is_the_agreement(shared):
    shared.post("/v4/clients/by-customid/C-1", {"attributes": {"email_marketing_agreement": "disabled"}})
    shared.settled()
    assert shared.look("/sandbox/profiles?q=C-1")["profiles"][0]["agreement"] == "disabled"
    assert shared.look("/sandbox/profiles?q=C-2")["profiles"][0]["agreement"] == "enabled"


def test_with_shared_addresses_an_address_identifies_nobody(shared):
    assert shared.by_email("us@example.com").status_code == 400
    assert shared.post("/v4/clients/by-email/us@example.com", {}).status_code == 400
    assert shared.post("/v4/clients", {"email": "us@example.com"}).status_code == 400
    assert shared.post("/v4/clients/batch", [{"email": "us@example.com"}]).status_code == 207
