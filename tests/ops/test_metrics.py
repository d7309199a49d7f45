"""`/metrics`: names and values after known deeds, and `resign_database_up` where there is nothing else to say."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from resign.outbox.contract import Accepted, Confirmed, Misconfigured, Refused, Unreachable
from resign.outbox.lanes import stop
from tests.support.decisions import ANNA, BORIS, decision, record

TOKEN = "metrics-token-of-the-tests"
SYNERISE = {"workspace": "default", "destination": "synerise"}


class Figures:
    """One look at the metrics; the processes' counters go on from what other tests did, so compare two looks."""

    def __init__(self, client) -> None:
        answer = client.get("/metrics")
        assert answer.status_code == 200
        self.text = answer.text
        self._samples = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    def of(self, metric: str, /, **labels: str) -> float | None:
        return self._samples.get((metric, frozenset(labels.items())))

    def grown(self, before: "Figures", name: str, **labels: str) -> float:
        return (self.of(name, **labels) or 0) - (before.of(name, **labels) or 0)


def test_an_opt_out_by_page_and_one_by_a_mail_client_count_one_each(client, anna):
    before = Figures(client)
    anna.presses()
    anna.clicks_once()
    after = Figures(client)
    for method in ("page", "one-click"):
        labels = {"workspace": "default", "choice": "opt-out", "method": method}
        assert after.grown(before, "resign_decisions_total", **labels) == 1


def test_an_undo_and_a_refusal_are_counted_apart(client, anna):
    before = Figures(client)
    anna.undoes(anna.presses())
    client.get("/u/x")
    after = Figures(client)
    undone = {"workspace": "default", "choice": "opt-in", "method": "page"}
    assert after.grown(before, "resign_decisions_total", **undone) == 1
    assert after.grown(before, "resign_refused_total", cause="bad-link") == 1


def test_what_no_worker_has_taken_is_waiting_and_grows_old(client, anna, clock):
    anna.clicks_once()
    clock.advance(minutes=5)
    anna.clicks_once()
    figures = Figures(client)
    assert figures.of("resign_decisions_waiting") == 2
    assert figures.of("resign_oldest_undelivered_seconds") == 300


def test_what_synerise_does_not_take_is_owed_and_grows_old(client, database, clock, drained):
    record(database, decision(clock))
    drained(tell=lambda _: Unreachable("no answer"))
    clock.advance(hours=1)
    figures = Figures(client)
    assert figures.of("resign_messages", state="owed", **SYNERISE) == 1
    assert figures.of("resign_decisions_waiting") == 0
    assert figures.of("resign_oldest_undelivered_seconds") == 3600


def test_what_synerise_took_is_accepted_and_no_longer_undelivered(client, database, clock, drained):
    before = Figures(client)
    record(database, decision(clock))
    clock.advance(seconds=2)
    drained()
    after = Figures(client)
    assert after.of("resign_messages", state="accepted", **SYNERISE) == 1
    assert after.of("resign_oldest_undelivered_seconds") == 0
    assert after.grown(before, "resign_attempts_total", outcome="accepted", **SYNERISE) == 1
    assert after.grown(before, "resign_accepted_seconds_count", **SYNERISE) == 1
    assert after.grown(before, "resign_accepted_seconds_sum", **SYNERISE) == 2


def test_what_is_confirmed_is_finished(client, database, clock, drained):
    before = Figures(client)
    record(database, decision(clock))
    drained()
    clock.advance(seconds=3)
    drained(look=lambda _: Confirmed())
    after = Figures(client)
    assert after.of("resign_messages", state="accepted", **SYNERISE) is None
    assert after.grown(before, "resign_confirmed_seconds_sum", **SYNERISE) == 3


def test_a_dead_letter_is_shown_until_somebody_looks(client, database, clock, drained):
    record(database, decision(clock), decision(clock, BORIS))
    drained(tell=lambda message: Refused("400") if message.profile == BORIS else Accepted())
    figures = Figures(client)
    assert figures.of("resign_messages", state="dead", **SYNERISE) == 1
    assert figures.of("resign_messages", state="accepted", **SYNERISE) == 1


def test_a_lane_that_is_held_and_one_that_is_paused_are_told_apart(client, database, clock, drained):
    assert "resign_lane_closed{" not in Figures(client).text
    record(database, decision(clock))
    drained(tell=lambda _: Misconfigured("the key is wrong"))
    assert Figures(client).of("resign_lane_closed", phase="tell", held="yes", **SYNERISE) == 1
    for _ in range(3):
        clock.advance(minutes=1)
        drained(tell=lambda _: Unreachable("no answer"))
    figures = Figures(client)
    assert figures.of("resign_lane_closed", phase="tell", held="no", **SYNERISE) == 1
    assert figures.of("resign_lane_closed", phase="tell", held="yes", **SYNERISE) is None


def test_an_alarm_is_a_sample_while_it_is_raised(client, database, clock, drained):
    assert "resign_alarm{" not in Figures(client).text
    record(database, decision(clock))
    drained(tell=lambda _: Unreachable("no answer"))
    clock.advance(hours=1)
    assert Figures(client).of("resign_alarm", name="late", workspace="default", level="warning") == 1


def test_a_lane_paused_by_hand_is_told_apart(client, database, clock):
    with database.writing() as session:
        stop(session, "default", "synerise", "ola", "maintenance", clock.now())
        session.commit()
    figures = Figures(client)
    assert figures.of("resign_lane_closed", phase="tell", held="by-hand", **SYNERISE) == 1


def test_with_nothing_owed_nothing_is_old(client):
    figures = Figures(client)
    assert figures.of("resign_database_up") == 1
    assert figures.of("resign_oldest_undelivered_seconds") == 0
    assert figures.of("resign_decisions_waiting") == 0


def test_without_a_database_it_says_so_and_keeps_its_counters(client_of, url_of_nothing):
    figures = Figures(client_of(url_of_nothing))
    assert figures.of("resign_database_up") == 0
    assert "resign_decisions_waiting" not in figures.text
    assert "# TYPE resign_decisions_total counter" in figures.text


@pytest.mark.parametrize(
    "given",
    [None, "", "Bearer", "Bearer wrong-token-of-the-tests", "Basic {}", "{}", "Bearer {}x", "Bearer \u00e9"],
)
def test_with_a_token_set_nobody_reads_them_without_it(client_of, given):
    headers = {} if given is None else {"Authorization": given.format(TOKEN)}
    answer = client_of(metrics_token=TOKEN).get("/metrics", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "resign_" not in answer.text


def test_with_the_token_they_are_read(client_of):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = client_of(metrics_token=TOKEN).get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert "resign_database_up" in answer.text


def test_neither_view_holds_an_address_a_token_or_a_campaign(
    client, anna, database, clock, drained, settings
):
    anna.client.post(f"{anna.path}?c=canary-campaign", data=b"List-Unsubscribe=One-Click")
    anna.presses()
    client.get("/u/canary-token")
    drained(tell=lambda _: Refused("400"))
    record(database, decision(clock, BORIS))
    drained(tell=lambda _: Misconfigured("the key is wrong"))
    shown = f"{client.get('/metrics').text}{client.get('/readyz').text}".lower()
    digest = ANNA.digest(settings.workspaces["default"].digest_key.encode())
    for canary in ("anna", "boris", "example.com", "canary", digest, *anna.token.lower().split(".")[1:]):
        assert canary not in shown
