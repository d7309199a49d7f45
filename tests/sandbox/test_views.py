"""What a person and a program see of the sandbox, and the strings they can pull."""

import re

import pytest

PAGES = ["/sandbox/", "/sandbox/profiles", "/sandbox/events", "/sandbox/requests", "/sandbox/mailbox"]


@pytest.fixture
def lively(api, anna):
    """A sandbox in which something of everything has happened."""
    api.control("POST", "/sandbox/mailbox", {"email": "anna@example.com"})
    api.fault(slow=0)
    api.post("/v4/clients/by-email/anna@example.com", {"attributes": {"name": "<script>"}})
    api.settled()
    return api


@pytest.mark.parametrize("path", [*PAGES, "/sandbox/profiles/400000001", "/sandbox/mailbox/1"])
def test_every_page_is_a_page_for_people_and_json_for_programs(lively, path):
    page = lively.http.get(path)
    assert page.mimetype == "text/html"
    [heading] = re.findall(r"<h1>(.*?)</h1>", page.text)
    assert re.search(r"<title>(.*?)</title>", page.text)[1].startswith(heading)
    assert "<script" not in page.text
    assert "script" not in page.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in page.headers
    by_query = lively.http.get(path + "?format=json")
    by_accept = lively.http.get(path, headers={"Accept": "application/json"})
    assert by_query.mimetype == by_accept.mimetype == "application/json"
    assert by_query.json == by_accept.json


def test_every_link_of_the_index_leads_somewhere(lively):
    page = lively.http.get("/sandbox/").text
    links = set(re.findall(r'href="([^"]+)"', page))
    assert set(PAGES) <= links
    for link in links:
        assert lively.http.get(link).status_code == 200, link


def test_the_page_of_a_profile_looks_again_by_itself_and_shows_the_switch(api, anna):
    path = f"/sandbox/profiles/{anna}"
    assert '<meta http-equiv="refresh"' in api.http.get(path).text
    assert "E-mail agreement: enabled" in api.http.get(path).text
    api.post("/v4/clients/by-email/anna@example.com", {"agreements": {"email": False}})
    assert "E-mail agreement: enabled" in api.http.get(path).text
    api.settled()
    assert "E-mail agreement: disabled" in api.http.get(path).text
    assert [event["action"] for event in api.look(path)["events"]] == [
        "marketingAgreement.turnOff",
        "profile.updated",
    ]


def test_a_profile_nobody_has_is_404(api):
    assert api.http.get("/sandbox/profiles/1").status_code == 404


def test_profiles_are_counted_searched_and_paged(api):
    api.seed(*({"email": f"p{number:03}@example.com"} for number in range(150)))
    listed = api.look("/sandbox/profiles")
    assert listed["counts"] == {"total": 150, "enabled": 150, "disabled": 0}
    assert len(listed["profiles"]) == 100
    assert len(api.look("/sandbox/profiles?offset=100")["profiles"]) == 50
    assert [row["email"] for row in api.look("/sandbox/profiles?q=P042")["profiles"]] == ["p042@example.com"]
    assert len(api.look("/sandbox/profiles?limit=nonsense&offset=-1")["profiles"]) == 100


def test_requests_are_listed_newest_first_and_counted_by_route(api, anna):
    api.http.delete("/sandbox/requests")
    api.post("/v4/clients/by-email/anna@example.com", {"firstName": "A"})
    api.get("/v4/clients/by-email/nobody@example.com")
    api.http.post("/v4/nothing")
    seen = api.look("/sandbox/requests")
    assert seen["total"] == 3
    assert [(row["method"], row["status"]) for row in seen["requests"]] == [
        ("POST", 404),
        ("GET", 404),
        ("POST", 202),
    ]
    assert seen["requests"][2]["path"] == "/v4/clients/by-email/anna@example.com"
    assert seen["requests"][2]["body"] == '{"firstName": "A"}'
    assert seen["counts"] == {
        "POST /v4/clients/by-email/{value}": {"202": 1},
        "GET /v4/clients/by-email/{value}": {"404": 1},
        "POST (unknown)": {"404": 1},
    }


def test_the_list_of_requests_is_bounded_and_the_counts_are_not(api):
    for _ in range(2010):
        api.get("/v4/clients/1")
    seen = api.look("/sandbox/requests?limit=5000")
    assert len(seen["requests"]) == 2000
    assert seen["counts"]["GET /v4/clients/{clientId}"] == {"404": 2010}


def test_only_the_beginning_of_a_body_is_kept(api):
    api.post("/v4/clients", {"email": "anna@example.com", "firstName": "x" * 1000})
    assert len(api.look("/sandbox/requests")["requests"][0]["body"]) == 500


def test_a_struck_request_names_its_fault(api, anna):
    number = api.fault(status=500, times=1)
    api.get("/v4/clients/1")
    assert api.look("/sandbox/requests")["requests"][0]["fault"] == str(number)


def test_no_key_token_or_password_is_in_the_list_of_requests(api, anna):
    api.login()
    listed = str(api.look("/sandbox/requests"))
    assert api.settings.api_key not in listed
    assert api.token not in listed


def test_a_seed_is_there_at_once_agrees_by_default_and_updates_on_repeat(api):
    api.seed({"email": "anna@example.com"}, {"email": "bo@example.com", "agreements": {"email": False}})
    assert api.by_email("anna@example.com").json["agreements"]["email"] is True
    assert api.by_email("bo@example.com").json["agreements"]["email"] is False
    api.seed({"email": "anna@example.com", "firstName": "Anna"})
    assert api.look("/sandbox/profiles")["counts"]["total"] == 2
    assert api.look("/sandbox/events")["events"] == []


def test_a_seed_may_choose_its_client_id(api):
    assert api.seed({"clientId": 7, "email": "anna@example.com"}) == [7]
    assert api.get("/v4/clients/7").json["email"] == "anna@example.com"


@pytest.mark.parametrize(
    "body", [{}, [{}], ["x"], [{"email": "anna"}], "x", [{"email": "a@example.com"}, {"email": 7}]]
)
def test_a_bad_seed_plants_nothing(api, body):
    assert api.control("POST", "/sandbox/profiles", body).status_code == 400
    assert api.look("/sandbox/profiles")["counts"]["total"] == 0


def test_a_fresh_start_forgets_everything_but_the_tokens(lively):
    lively.control("POST", "/sandbox/automation", {"running": False})
    lively.post("/v4/clients", {"email": "waiting@example.com"})
    assert lively.http.delete("/sandbox/profiles").status_code == 200
    lively.settled()
    facts = lively.look("/sandbox/")
    assert [facts[name] for name in ("profiles", "mails", "events", "requests", "waiting")] == [0] * 5
    assert facts["faults"] == []
    assert facts["automation"]["running"] is True
    assert lively.get("/v4/clients/1").status_code == 404


@pytest.mark.parametrize("body", [{}, {"running": "no"}, {"running": True, "x": 1}])
def test_the_automation_s_switch_takes_true_and_false_only(api, body):
    assert api.control("POST", "/sandbox/automation", body).status_code == 400


def test_two_sandboxes_share_nothing(make):
    one, other = make(), make()
    one.seed({"email": "anna@example.com"})
    assert other.look("/sandbox/profiles")["counts"]["total"] == 0
