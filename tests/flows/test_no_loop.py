"""Both systems wired to each other, as a marketer would: what comes back is heard, and never told again (D7)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from resign.demo.story import outgoing_integration
from tests.support.running import Running, running

PRESSES = 1_000
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The sandbox raises an event for every write, also for one that changes nothing: a naive build would loop."""
    with running(tmp_path_factory.mktemp("wired"), "sandbox", "web", "worker") as system:
        system.ask_sandbox("POST", "/sandbox/webhooks", outgoing_integration(system.system))
        system.ask_sandbox("POST", "/sandbox/options", {"echo_unchanged": True})
        yield system


def writes(system: Running) -> int:
    counts = system.ask_sandbox("GET", "/sandbox/requests?limit=1")["counts"]
    return sum(
        sum(by_status.values()) for call, by_status in counts.items() if call.startswith("POST /v4/clients")
    )


def weighed(system: Running) -> dict[str, int]:
    return dict(
        tuple(row)
        for row in system.rows("SELECT coalesce(verdict, 'waiting'), count(*) FROM notices GROUP BY 1")
    )


def at_rest(system: Running) -> bool:
    [[live]] = system.rows("SELECT count(*) FROM messages WHERE state IN ('owed', 'accepted')")
    [[owed]] = system.rows("SELECT count(*) FROM decisions WHERE owed")
    # What is known already is looked at once more after a while; nothing is told of it either way.
    [[links]] = system.rows("SELECT count(*) FROM notices WHERE verdict IS NULL AND action LIKE 'profile.%'")
    return not live and not owed and not links


def test_a_thousand_opt_outs_cause_a_thousand_writes_and_come_back_as_something_known(wired: Running):
    people = [{"email": f"loop{n}@example.com", "agreements": {"email": True}} for n in range(PRESSES)]
    for person in people:
        person["attributes"] = {"resign_token": wired.somebody(person["email"]).token}
    wired.ask_sandbox("POST", "/sandbox/profiles", people)
    before = writes(wired)
    with (
        httpx.Client(base_url=wired.url, trust_env=False, timeout=60) as mail_app,
        ThreadPoolExecutor(8) as pool,
    ):
        paths = [f"/u/{person['attributes']['resign_token']}" for person in people]
        answers = list(pool.map(lambda path: mail_app.post(path, data=ONE_CLICK).status_code, paths))
    assert answers == [200] * PRESSES
    wired.until(lambda: sum(weighed(wired).values()) >= PRESSES and at_rest(wired), "all was told and heard")
    wired.until(lambda: weighed(wired).get("known", 0) >= PRESSES, "each was looked at for the last time")
    assert writes(wired) - before == PRESSES
    assert wired.rows("SELECT DISTINCT method FROM decisions") == [("one-click",)]


def test_an_opt_out_by_synerises_own_link_is_heard_and_not_told_back(wired: Running):
    somebody = wired.somebody().is_planted()
    before = writes(wired)
    number = wired.ask_sandbox("GET", f"/sandbox/profiles?q={somebody.email}")["profiles"][0]["clientId"]
    wired.ask_sandbox(
        "POST", f"/sandbox/profiles/{number}/agreement",
        {"choice": "opt-out", "method": "ONECLICK_LINK", "campaign": "Spring"},
    )  # fmt: skip
    wired.until(somebody.decisions, "the opt-out was heard")
    wired.until(lambda: at_rest(wired), "all was weighed")
    assert [tuple(row)[:2] for row in somebody.decisions()] == [("opt-out", "synerise")]
    assert wired.rows("SELECT campaign, way FROM notices WHERE verdict = 'decided' AND campaign = 'Spring'")
    assert writes(wired) == before
    page = httpx.get(wired.url + somebody.path, trust_env=False)
    assert "already" in page.text


def test_a_new_profile_gets_a_link_that_works_and_the_write_causes_no_other(wired: Running):
    somebody = wired.somebody()
    with httpx.Client(base_url=wired.system.sandbox_url, trust_env=False) as shop:
        key = {"apiKey": wired.system.sandbox.api_key}
        token = shop.post("/uauth/v2/auth/login/profile", json=key).json()["token"]
        signed = {"Authorization": f"Bearer {token}", "Api-Version": "4.4"}
        assert shop.post("/v4/clients", json={"email": somebody.email}, headers=signed).status_code == 202
    before = writes(wired)

    def link() -> str | None:
        found = wired.ask_sandbox("GET", f"/sandbox/profiles?q={somebody.email}")["profiles"]
        return found[0]["attributes"].get("resign_token") if found else None

    wired.until(link, "the profile has its link")
    assert link() == somebody.token
    wired.until(lambda: at_rest(wired), "all was weighed")
    assert writes(wired) - before == 1


def test_a_mail_after_the_confirmed_opt_out_is_flagged(wired: Running):
    somebody = wired.somebody().is_planted()
    httpx.post(wired.url + somebody.path, data=ONE_CLICK, trust_env=False).raise_for_status()
    wired.until(lambda: somebody.states() == ["confirmed"], "the opt-out is confirmed")
    wired.ask_sandbox(
        "POST", "/sandbox/mailbox", {"email": somebody.email, "campaign": "Insistent", "override": True}
    )
    found = "SELECT campaign, delay_seconds FROM notices WHERE verdict = 'mailed-after'"
    wired.until(lambda: wired.rows(found), "the mail was flagged")
    assert wired.rows(found)[0][0] == "Insistent"
