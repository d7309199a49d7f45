"""Who may ask what: each route of the API with each scope, with no key, with a bad one, and with another workspace's."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select, update

from resign.api.routes import ROUTES
from resign.api_keys.scopes import SCOPES
from resign.api_keys.tables import ApiKey
from resign.ledger.tables import Decision
from tests.api.conftest import ELSEWHERE, OUT

PROTECTED = [route for route in ROUTES if route.scope is not None]
NAMES = [route.endpoint for route in PROTECTED]


def ask(caller, route):
    path = route.path.removeprefix("/api/v1").replace("{decision}", "x").replace("{digest}", "x")
    return caller.asks(route.method, path)


@pytest.mark.parametrize("route", PROTECTED, ids=NAMES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_route_asks_for_its_scope_and_no_other_does(caller, new_key, route):
    others = [scope for scope in SCOPES if scope != route.scope]
    assert ask(caller(new_key(route.scope)), route).status_code not in {401, 403}
    for few in ([each] for each in others):
        refused = ask(caller(new_key(*few)), route)
        assert refused.status_code == 403
        assert refused.json["type"] == "/api/v1/problems#forbidden"
    assert ask(caller(new_key(*others)), route).status_code == 403


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_bad_key_gets_the_same_answer(application, crm, caller, new_key, clock, database):
    expired, revoked = new_key(lasts=timedelta(hours=1)), new_key()
    gone = new_key(workspace="of-last-year")
    with database.writing() as session:
        session.execute(
            update(ApiKey).where(ApiKey.key_id == revoked.split("_")[1]).values(revoked_at=clock.now())
        )
        session.commit()
    clock.advance(hours=1)
    good = crm.key
    wrong = f"{good[:-1]}{'0' if good[-1] != '0' else '1'}"
    swapped = "_".join([*new_key().split("_")[:2], good.split("_")[2]])
    unknown = f"rsk_{'0' * 12}_{good.split('_')[2]}"
    bad = [
        "",
        "x",
        wrong,
        swapped,
        unknown,
        expired,
        revoked,
        gone,
        good.upper(),
        f"{good}x",
        f" {good} x",
        "\xff\xfe",
    ]
    answers = {
        (answer.status_code, answer.data, answer.headers["WWW-Authenticate"])
        for key, route in product(bad, PROTECTED[:2])
        for answer in [ask(caller(key), route)]
    }
    assert len(answers) == 1
    [(status, body, asks)] = answers
    assert (status, asks) == (401, 'Bearer realm="api"')
    assert good.encode() not in body


@pytest.mark.parametrize("scheme", ["Basic", "Token", ""])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_key_is_a_bearers(crm, scheme):
    headers = {"Authorization": f"{scheme} {crm.key}".strip()}
    assert crm.gets("/decisions", headers=headers).status_code == 401


def test_another_workspaces_decision_is_nothing(crm, caller, new_key):
    there = caller(new_key(workspace=ELSEWHERE))
    made = crm.writes()
    number = made.json["id"]
    assert crm.gets(f"/decisions/{number}").status_code == 200
    hidden = there.gets(f"/decisions/{number}")
    assert hidden.status_code == 404
    assert hidden.data == there.gets("/decisions/018f0000-0000-7000-8000-000000000000").data
    assert there.gets("/decisions").json["decisions"] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_bad_keys_are_slowed_down_and_good_ones_never(crm, caller):
    stranger = caller("rsk_nonsense")
    answers = [stranger.gets("/decisions") for _ in range(70)]
    assert [each.status_code for each in answers] == [401] * 60 + [429] * 10
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert all(crm.gets("/decisions").status_code == 200 for _ in range(70))


def test_a_use_is_noted_and_at_most_once_a_minute(crm, clock, database):
    def used():
        with database.reading() as session:
            return session.scalar(select(ApiKey.used_at))

    assert used() is None
    first = clock.now()
    crm.gets("/decisions")
    assert used() == first
    clock.advance(seconds=59)
    crm.gets("/decisions")
    assert used() == first
    clock.advance(seconds=1)
    crm.gets("/decisions")
    assert used() == clock.now()


def test_only_a_digest_of_the_secret_is_kept(crm, database):
    secret = crm.key.split("_")[2]
    with database.reading() as session:
        [row] = session.execute(select(ApiKey.__table__)).all()
    assert secret not in repr(row)
    assert crm.writes().status_code == 201
    with database.reading() as session:
        kept = session.scalars(select(Decision)).one()
    assert (kept.actor, kept.method, kept.origin) == ("nightly", "api", "crm")
    assert OUT["profile"]["email"] == kept.identifier
