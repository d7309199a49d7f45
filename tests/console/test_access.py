"""Every route of the console is in this table with who may; each is asked for by everybody, and answers as it says (E4)."""

import re
from itertools import product

import pytest

from resign.console.access import _DECLARED, declared
from resign.console.app import create_console
from resign.settings import load
from resign.staff.roles import EVERYWHERE, ROLES
from tests.console.conftest import COOKIE
from tests.support.variables import VARIABLES

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ANYBODY, HALF_WAY, SIGNED_IN = "anybody", "password", "signed in"
SUPPORT, MARKETER, OPERATOR, ADMIN = ({role} for role in ROLES)

# Where an address names a workspace, the role must have been granted there.
WHO_MAY = {
    "GET /": ANYBODY,
    "GET /console/": SIGNED_IN,
    "GET /console/static/<filename>": ANYBODY,
    "GET /u/": ANYBODY,
    "GET /u/<path:anything>": ANYBODY,
    "GET /p/<path:anything>": ANYBODY,
    "GET /console/sign-in": ANYBODY,
    "POST /console/sign-in": ANYBODY,
    "POST /console/sign-out": ANYBODY,
    "GET /console/sign-in/oidc": ANYBODY,
    "GET /console/sign-in/oidc/callback": ANYBODY,
    "GET /console/sign-in/code": HALF_WAY,
    "POST /console/sign-in/code": HALF_WAY,
    "POST /console/sign-in/again": SIGNED_IN,
    "GET /console/second-factor": HALF_WAY,
    "POST /console/second-factor": HALF_WAY,
    "GET /console/account": SIGNED_IN,
    "POST /console/account/password": SIGNED_IN,
    "POST /console/account/recovery-codes": SIGNED_IN,
    "POST /console/account/sessions/<int:number>/end": SIGNED_IN,
    "POST /console/account/sessions/end-others": SIGNED_IN,
    "GET /console/set-up/<token>": ANYBODY,
    "POST /console/set-up/<token>": ANYBODY,
    "GET /console/staff": ADMIN,
    "POST /console/staff": ADMIN,
    "GET /console/staff/<int:number>": ADMIN,
    "GET /console/staff/<int:number>/ask/<act>": ADMIN,
    "POST /console/staff/<int:number>/grant": ADMIN,
    "POST /console/staff/<int:number>/revoke": ADMIN,
    "POST /console/staff/<int:number>/disable": ADMIN,
    "POST /console/staff/<int:number>/enable": ADMIN,
    "POST /console/staff/<int:number>/second-factor": ADMIN,
    "POST /console/staff/<int:number>/sessions": ADMIN,
    "POST /console/staff/<int:number>/password": ADMIN,
    "GET /console/deeds": ADMIN,
    "POST /console/deeds": ADMIN,
    "GET /console/search": SUPPORT,
    "POST /console/search": SUPPORT,
    "GET /console/people/<workspace>/<digest>": SUPPORT,
    "POST /console/people/<workspace>/<digest>": SUPPORT,
    "GET /console/people/<workspace>/<digest>/shown/<uuid:decision>": SUPPORT,
    "GET /console/people/<workspace>/<digest>/shown/<uuid:decision>/frame": SUPPORT,
    "GET /console/people/<workspace>/<digest>/proof": SUPPORT,
    "POST /console/people/<workspace>/<digest>/proof": SUPPORT,
    "GET /console/people/<workspace>/new": SUPPORT,
    "POST /console/people/<workspace>/new": SUPPORT,
    "GET /console/people/<workspace>/<digest>/opt-out": SUPPORT,
    "POST /console/people/<workspace>/<digest>/opt-out": SUPPORT,
    "GET /console/people/<workspace>/<digest>/undo": SUPPORT,
    "POST /console/people/<workspace>/<digest>/undo": SUPPORT,
    "GET /console/people/<workspace>/<digest>/tell-again": SUPPORT,
    "POST /console/people/<workspace>/<digest>/tell-again": SUPPORT,
    "GET /console/people/<workspace>/<digest>/check-now": SUPPORT,
    "POST /console/people/<workspace>/<digest>/check-now": SUPPORT,
    "GET /console/people/<workspace>/<digest>/send-link": SUPPORT,
    "POST /console/people/<workspace>/<digest>/send-link": SUPPORT,
    "GET /console/imports": OPERATOR,
    "POST /console/imports": OPERATOR,
    "GET /console/imports/<uuid:number>": OPERATOR,
    "POST /console/imports/<uuid:number>/<any(run, pause, resume, stop):order>": OPERATOR,
    "GET /console/imports/<uuid:number>/reverse": OPERATOR,
    "POST /console/imports/<uuid:number>/reverse": OPERATOR,
    "GET /console/imports/<uuid:number>/rows": OPERATOR,
    "GET /console/imports/<uuid:number>/rejects": OPERATOR,
    "GET /console/imports/<uuid:number>/mapping": OPERATOR,
    "POST /console/imports/<uuid:number>/mapping": OPERATOR,
    "POST /console/exports/search": SUPPORT,
    "POST /console/exports/report": MARKETER | OPERATOR,
    "GET /console/exports": SUPPORT | MARKETER,
    "GET /console/exports/<int:number>": SUPPORT | MARKETER,
    "POST /console/exports/<int:number>/delete": SUPPORT | MARKETER,
    "GET /console/reports": SUPPORT | MARKETER | OPERATOR,
    "GET /console/reports/<workspace>": MARKETER | OPERATOR,
    "GET /console/reports/<workspace>/<report>": MARKETER | OPERATOR,
    "GET /console/reports/<workspace>/<report>/csv": MARKETER | OPERATOR,
    "GET /console/bursts/<workspace>": SUPPORT | MARKETER | OPERATOR,
    "GET /console/bursts/<workspace>/csv": MARKETER | OPERATOR,
    "GET /console/bursts/<workspace>/<int:number>": SUPPORT | MARKETER | OPERATOR,
    "POST /console/bursts/<workspace>/<int:number>/proposal": SUPPORT,
    "POST /console/bursts/<workspace>/<int:number>/answer": SUPPORT,
    "GET /console/deliveries": OPERATOR,
    "POST /console/deliveries/<workspace>/<destination>/pause": OPERATOR,
    "POST /console/deliveries/<workspace>/<destination>/resume": OPERATOR,
    "POST /console/deliveries/<workspace>/<destination>/test": OPERATOR,
    "POST /console/deliveries/<workspace>/<destination>/replay": OPERATOR,
    "POST /console/deliveries/<workspace>/feeds/<feed>/send": OPERATOR,
    "POST /console/deliveries/<workspace>/feeds/<feed>/pause": OPERATOR,
    "POST /console/deliveries/<workspace>/feeds/<feed>/resume": OPERATOR,
    "GET /console/deliveries/dead": OPERATOR,
    "GET /console/deliveries/dead/retry": OPERATOR,
    "POST /console/deliveries/dead/retry": OPERATOR,
    "POST /console/deliveries/<workspace>/dead/<int:number>/retry": OPERATOR,
    "GET /console/settings": OPERATOR,
    "GET /console/api-keys": OPERATOR,
    "POST /console/api-keys": OPERATOR,
    "POST /console/api-keys/<workspace>/<key_id>/rotate": OPERATOR,
    "POST /console/api-keys/<workspace>/<key_id>/revoke": OPERATOR,
    "GET /console/themes": MARKETER,
    "GET /console/themes/<workspace>": MARKETER,
    "POST /console/themes/<workspace>": MARKETER,
    "GET /console/themes/<workspace>/texts": MARKETER,
    "GET /console/themes/<workspace>/texts/<tongue>": MARKETER,
    "POST /console/themes/<workspace>/texts/<tongue>": MARKETER,
    "GET /console/themes/<workspace>/templates": MARKETER,
    "GET /console/themes/<workspace>/templates/<name>": MARKETER,
    "POST /console/themes/<workspace>/templates/<name>": MARKETER,
    "GET /console/themes/<workspace>/style": MARKETER,
    "POST /console/themes/<workspace>/style": MARKETER,
    "GET /console/themes/<workspace>/preview": MARKETER,
    "GET /console/themes/<workspace>/preview/<name>": MARKETER,
    "GET /console/themes/<workspace>/publish": MARKETER,
    "POST /console/themes/<workspace>/publish": MARKETER,
    "POST /console/themes/<workspace>/check": MARKETER,
    "GET /console/themes/<workspace>/status": MARKETER,
    "GET /console/themes/<workspace>/discard": MARKETER,
    "POST /console/themes/<workspace>/discard": MARKETER,
    "GET /console/themes/<workspace>/wear/<int:number>": MARKETER,
    "POST /console/themes/<workspace>/wear/<int:number>": MARKETER,
    "GET /console/reference": MARKETER,
}
HERE, ELSEWHERE = "shop", "garden"
VALUES = {
    "<workspace>": HERE,
    "<int:number>": "1",
    "<path:anything>": "x",
    "<uuid:decision>": "01890a5d-ac96-774b-bcce-b302099a8057",
    "<uuid:number>": "01900000-0000-7000-8000-000000000000",
    "<any(run, pause, resume, stop):order>": "run",
}


@pytest.fixture
def settings(tmp_path):
    """Two workspaces."""
    tables = "\n".join(
        f'[workspaces.{name}]\nkeys = "{name}:secret-of-the-tests-{name}"\ndigest_key = "digest-secret-of-the-tests"\n'
        f'sender = "{name}"\ncontact = "hello@{name}.example"\nsynerise_api_key = "{VARIABLES["RESIGN_SYNERISE_API_KEY"]}"\n'
        for name in (HERE, ELSEWHERE)
    )
    file = tmp_path / "resign.toml"
    file.write_text(tables)
    return load({"RESIGN_CONFIG": str(file), "RESIGN_DATA_DIR": str(tmp_path)})


@pytest.fixture
def gates(console):
    """The console with its gates alone: behind each of them is nothing but "let in"."""

    def nothing(asked):
        def let_in(**_arguments):
            return "let in"

        setattr(let_in, _DECLARED, asked)
        return let_in

    for endpoint, view in console.view_functions.items():
        console.view_functions[endpoint] = nothing(declared(view))
    return console


def routes(console):
    return {
        f"{method} {rule.rule}"
        for rule in console.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def address(route):
    path = route.partition(" ")[2]
    for place, value in VALUES.items():
        path = path.replace(place, value)
    return re.sub(r"<\w+>", "x", path)


@pytest.fixture
def asks(gates, hire, open_session):
    """The statuses that somebody gets for each route."""

    def asked(who, *grants, level="full"):
        client = gates.test_client()
        if who is not None:
            token = open_session(hire(who, *grants), level)
            client.set_cookie(COOKIE, token, domain="127.0.0.1", path="/console")
        found = {}
        for route in WHO_MAY:
            answer = client.open(address(route), method=route.split()[0], headers={"Host": "127.0.0.1"})
            assert (answer.text == "let in") is (answer.status_code == 200)
            found[route] = answer.status_code
        return found

    return asked


def test_every_route_is_in_the_table_and_no_other(console):
    assert routes(console) == set(WHO_MAY)


def test_every_view_declares_who_may(console):
    assert [endpoint for endpoint, view in console.view_functions.items() if declared(view) is None] == []


@pytest.mark.parametrize("place", [HERE, ELSEWHERE, EVERYWHERE])
def test_each_role_opens_what_the_table_says_and_nothing_else(asks, place):
    for role in ROLES:
        expected = {route: status_for(route, role, place) for route in WHO_MAY}
        assert asks(role, f"{role}@{place}") == expected, (role, place)


def status_for(route, role, place):
    may = WHO_MAY[route]
    if isinstance(may, str):
        return 200
    if "<workspace>" in route and place == ELSEWHERE:
        return 404  # whoever has no role there does not learn that there is one
    return 200 if role in may else 403


def test_whoever_is_not_signed_in_is_asked_to(asks):
    assert asks(None) == {route: shut(route, ANYBODY) for route in WHO_MAY}


def test_whoever_has_given_the_password_only_is_asked_for_the_rest(asks):
    every_role = [f"{role}@*" for role in ROLES]
    assert asks("noah", *every_role, level="password") == {
        route: shut(route, ANYBODY, HALF_WAY) for route in WHO_MAY
    }


def shut(route, *open_to):
    if WHO_MAY[route] in open_to:
        return 200
    return 303 if route.startswith("GET") else 401


def test_whoever_has_no_role_opens_their_own_account_alone(asks):
    assert asks("new") == {
        route: 200 if isinstance(may, str) else 404 if "<workspace>" in route else 403
        for route, may in WHO_MAY.items()
    }


def test_a_workspace_that_is_not_there_is_no_other_answer_than_one_that_is_not_theirs(
    gates, hire, open_session
):
    client = gates.test_client()
    token = open_session(hire("noah", f"marketer@{HERE}"))
    client.set_cookie(COOKIE, token, domain="127.0.0.1", path="/console")
    answers = [
        client.get(f"/console/themes/{name}", headers={"Host": "127.0.0.1"})
        for name in (ELSEWHERE, "nowhere")
    ]
    bodies = [
        re.sub(r'value="[^"]*"', "", answer.text).replace(name, "")
        for answer, name in zip(answers, (ELSEWHERE, "nowhere"), strict=True)
    ]
    assert bodies[0] == bodies[1]
    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("role", ROLES)
def test_a_page_that_names_no_workspace_shows_nothing_of_those_that_are_not_theirs(
    console, hire, open_session, role
):
    client = console.test_client()
    token = open_session(hire("noah", f"{role}@{HERE}"))
    client.set_cookie(COOKIE, token, domain="127.0.0.1", path="/console")
    for path in sorted(
        route.partition(" ")[2] for route in WHO_MAY if route.startswith("GET") and "<" not in route
    ):
        assert ELSEWHERE not in client.get(path, headers={"Host": "127.0.0.1"}).text, path


def test_a_view_that_declares_nothing_is_answered_to_nobody(desk, hire, open_session):
    console = create_console(desk)  # the others share their rules
    console.add_url_rule("/console/forgotten", "forgotten", lambda: "let in", methods=["GET", "POST"])
    with pytest.raises(AssertionError):
        assert routes(console) == set(WHO_MAY)
    every_role = [f"{role}@*" for role in ROLES]
    token = open_session(hire("noah", *every_role))
    for cookie, method in product(("", token), ("GET", "POST")):
        client = console.test_client()
        client.set_cookie(COOKIE, cookie, domain="127.0.0.1", path="/console")
        answer = client.open("/console/forgotten", method=method, headers={"Host": "127.0.0.1"})
        assert answer.status_code == 403
        assert "Nobody may see this page." in answer.text
