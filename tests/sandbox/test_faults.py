"""Scripted trouble: each fault does what it says, for as long as it says, and to nothing else."""

import pytest

PATH = "/v4/clients/by-email/anna@example.com"
OFF = {"agreements": {"email": False}}


def agreed(api):
    api.settled()
    return api.look("/sandbox/profiles")["profiles"][0]["agreements"]["email"]


def statuses(api, number, path=PATH):
    return [api.post(path, OFF).status_code for _ in range(number)]


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_a_status_is_answered_and_nothing_is_written(api, anna, status):
    api.fault(status=status)
    answer = api.post(PATH, OFF)
    assert (answer.status_code, answer.json["status"]) == (status, status)
    assert "Retry-After" not in answer.headers
    assert agreed(api) is True


def test_a_status_may_name_when_to_come_again(api, anna):
    api.fault(status=429, retry_after=7)
    assert api.post(PATH, OFF).headers["Retry-After"] == "7"


def test_an_outage_answers_like_a_gateway_and_writes_nothing(api, anna):
    api.fault(outage=True, retry_after=1.5)
    answer = api.post(PATH, OFF)
    assert (answer.status_code, answer.data, answer.headers["Retry-After"]) == (503, b"", "1.5")
    assert api.login().status_code == 503
    assert agreed(api) is True


def test_a_lost_answer_is_a_write_that_was_applied(api, anna):
    api.fault(lost_answers=True)
    assert api.post(PATH, OFF).status_code == 502
    assert agreed(api) is False


def test_a_lost_answer_may_look_like_another_gateway_s(api, anna):
    api.fault(lost_answers=True, status=504)
    assert api.post(PATH, OFF).status_code == 504
    assert agreed(api) is False


def test_a_slow_fault_makes_the_call_wait(api, anna, monkeypatch):
    waited = []
    monkeypatch.setattr("resign.sandbox.front.time.sleep", waited.append)
    api.fault(slow=2.5)
    assert api.post(PATH, OFF).status_code == 202
    assert waited == [2.5]


def test_answer_after_makes_every_call_wait(make, monkeypatch):
    waited = []
    monkeypatch.setattr("resign.sandbox.front.time.sleep", waited.append)
    make(answer_after=0.05).get("/v4/clients/1")
    assert waited == [0.05, 0.05]


def test_times_counts_the_calls_that_were_struck(api, anna):
    number = api.fault(status=503, times=2)
    assert statuses(api, 3) == [503, 503, 202]
    [standing] = api.look("/sandbox/faults")["faults"]
    assert (standing["id"], standing["left"], standing["struck"]) == (number, 0, 2)


def test_several_effects_of_one_fault_use_it_up_once(api, anna, monkeypatch):
    waited = []
    monkeypatch.setattr("resign.sandbox.front.time.sleep", waited.append)
    api.fault(slow=1, status=503, times=2)
    assert statuses(api, 3) == [503, 503, 202]
    assert waited == [1, 1]


def test_without_times_a_fault_stands_until_it_is_cleared(api, anna):
    api.fault(status=500, times=None)
    assert statuses(api, 5) == [500] * 5
    assert api.control("DELETE", "/sandbox/faults").json == {"removed": 1}
    assert statuses(api, 1) == [202]


def test_one_fault_is_cleared_without_the_others(api, anna):
    first = api.fault(status=500)
    api.fault(status=503)
    assert statuses(api, 1) == [500]
    assert api.control("DELETE", f"/sandbox/faults/{first}").status_code == 200
    assert statuses(api, 1) == [503]
    assert api.control("DELETE", f"/sandbox/faults/{first}").status_code == 404


@pytest.mark.parametrize("paths", ["/v4/events", ["/uauth/", "/v4/events"]])
def test_paths_and_methods_limit_a_fault(api, anna, paths):
    api.fault(status=500, paths=paths)
    assert api.post("/v4/events/custom", {}).status_code == 500
    assert statuses(api, 1) == [202]
    api.control("DELETE", "/sandbox/faults")
    api.fault(status=500, methods=["post"])
    assert statuses(api, 1) == [500]
    assert api.get(PATH).status_code == 200


def test_probability_is_a_share_of_the_calls(api, anna):
    api.app.extensions["sandbox"].faults.dice.seed(1)
    api.fault(status=500, probability=0.3)
    struck = statuses(api, 400).count(500)
    assert 80 < struck < 160
    api.control("DELETE", "/sandbox/faults")
    api.fault(status=500, probability=0)
    assert statuses(api, 20) == [202] * 20


def test_the_sandbox_s_own_pages_are_never_struck(api):
    api.fault(outage=True)
    assert api.http.get("/sandbox/").status_code == 200


def test_all_issued_tokens_can_be_expired_at_once(api, anna):
    api.fault(expire_tokens=True)
    answer = api.get(PATH)
    assert (answer.status_code, answer.json["error"]) == (401, "Token expired.")
    assert api.look("/sandbox/faults")["faults"] == []
    api.token = api.login().json["token"]
    assert api.get(PATH).status_code == 200


@pytest.mark.parametrize("status", [401, 403])
def test_an_expired_token_is_401_or_403_as_scripted(api, anna, status):
    api.fault(expired_as=status, expire_tokens=True)
    assert api.get(PATH).status_code == status


def test_log_in_can_be_refused_while_issued_tokens_still_work(api, anna):
    api.fault(refuse_login=True, times=1)
    assert api.login().status_code == 401
    assert api.login().status_code == 200
    assert api.get(PATH).status_code == 200


def test_a_permission_can_be_revoked_and_the_check_says_so(api, anna):
    api.fault(revoke_permission="API_BATCH_CLIENT_CREATE")
    assert api.post("/v4/clients/batch", [{"email": "a@example.com"}]).status_code == 403
    assert api.post("/v4/clients", {"email": "a@example.com"}).status_code == 202
    checked = api.post("/uauth/api-key/permission-check", ["API_BATCH_CLIENT_CREATE", "API_CLIENT_CREATE"])
    assert checked.json["permissions"] == {"API_BATCH_CLIENT_CREATE": False, "API_CLIENT_CREATE": True}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (PATH, OFF),
        ("/v4/clients/by-customid/C-1", OFF),
        ("/v4/clients/400000001", OFF),
        ("/v4/clients", {"email": "anna@example.com", **OFF}),
        ("/v4/clients/batch", [{"email": "anna@example.com", **OFF}]),
        ("/v4/events/custom", {"action": "newsletter.optout", "label": "x", "client": {"customId": "C-1"}}),
        ("/automation/incoming/3f8e2f0a-sandbox", {"customId": "C-1", "choice": "opt-out"}),
    ],
)
def test_ignored_writes_are_accepted_and_never_applied(api, anna, path, body):
    number = api.fault(ignore_writes=True)
    assert api.post(path, body).status_code == 202
    assert agreed(api) is True
    api.control("DELETE", f"/sandbox/faults/{number}")
    assert api.post(path, body).status_code == 202
    assert agreed(api) is False


def test_one_address_can_be_refused_in_a_batch_and_alone(api, anna):
    api.fault(item_refused=["anna@example.com"])
    items = [{"email": "anna@example.com", **OFF}, {"email": "bo@example.com", **OFF}]
    answer = api.post("/v4/clients/batch", items)
    assert answer.status_code == 207
    assert [error["rejectedValue"] for error in answer.json] == ["anna@example.com"]
    assert api.post(PATH, OFF).status_code == 400
    assert api.post("/v4/clients", items[0]).status_code == 400
    assert agreed(api) is True
    assert api.by_email("bo@example.com").json["agreements"]["email"] is False


def test_a_refused_address_is_not_used_up_by_others(api, anna):
    api.seed({"email": "bo@example.com"})
    api.fault(item_refused=["anna@example.com"], times=1)
    assert statuses(api, 2, "/v4/clients/by-email/bo@example.com") == [202, 202]
    assert statuses(api, 2) == [400, 202]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"outtage": True}, "outage"),
        ({}, "at least one effect"),
        ({"times": 3}, "at least one effect"),
        ({"status": 200}, "status"),
        ({"status": "500"}, "status"),
        ({"outage": "yes"}, "outage"),
        ({"slow": -1}, "slow"),
        ({"slow": True}, "slow"),
        ({"lost_answers": 1}, "lost_answers"),
        ({"expired_as": 500}, "expired_as"),
        ({"refuse_login": "x"}, "refuse_login"),
        ({"revoke_permission": ""}, "revoke_permission"),
        ({"ignore_writes": None}, "ignore_writes"),
        ({"item_refused": "anna@example.com"}, "item_refused"),
        ({"expire_tokens": 1}, "expire_tokens"),
        ({"status": 500, "paths": []}, "paths"),
        ({"status": 500, "methods": [1]}, "methods"),
        ({"status": 500, "times": 0}, "times"),
        ({"status": 500, "probability": 1.1}, "probability"),
        ({"status": 500, "retry_after": "soon"}, "retry_after"),
        ({"slow": 1, "retry_after": 1}, "retry_after"),
    ],
)
def test_a_fault_that_is_not_understood_is_400_and_says_what_would_be(api, asked, named):
    answer = api.control("POST", "/sandbox/faults", asked)
    assert answer.status_code == 400
    assert named in answer.json["error"]
    assert api.look("/sandbox/faults")["faults"] == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{"])
def test_a_fault_that_is_no_object_is_400(api, body):
    assert api.http.post("/sandbox/faults", data=body).status_code == 400
