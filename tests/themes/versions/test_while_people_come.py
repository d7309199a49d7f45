"""Publishing and going back while requests run: each answer is one version's whole page, and each press is recorded."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

from werkzeug.test import Client

from resign.app import web_application
from resign.profile import Profile
from resign.themes.keeper import Keeper
from resign.themes.publishing import SHIPPED, prepare_again
from tests.support.person import Person
from tests.themes.versions.conftest import theme


def test_nobody_meets_an_error_or_a_mixture(database, settings, clock, brand, two, pushed, put_on):
    application = web_application(settings, clock, database)
    keeper = Keeper(database, application._site.pages, {"default": brand}, two)
    looks = [
        SHIPPED,
        *(prepare_again(theme(said), pushed(theme(said)), brand, two) for said in ("One", "Two")),
    ]
    over = threading.Event()

    def come(number: int) -> int:
        visits = 0
        while not over.is_set() or not visits:
            profile = Profile("email", f"person-{number}-{visits}@example.com")
            person = Person(Client(application, use_cookies=False), settings, clock, database, profile)
            opened = person.opens()
            assert opened.status_code == 200
            shown = re.search(r'name="page" value="(\w+)"', opened.text)[1]
            assert application._site.pages.shown(shown).csp == opened.headers["Content-Security-Policy"]
            assert len(set(re.findall(r'class="brand">(\w+)<', opened.text))) <= 1
            assert person.presses(opened).status_code == 200
            visits += 1
        return visits

    with ThreadPoolExecutor(4) as people:
        coming = [people.submit(come, number) for number in range(4)]
        for turn in range(12):
            put_on(looks[turn % len(looks)])
            keeper.look()
        over.set()
        visits = sum(each.result(timeout=60) for each in coming)
    decisions = Person(Client(application), settings, clock, database).decisions()
    assert len(decisions) == visits
    by_theme = {decision.page.partition("/")[0].partition("@")[0] for decision in decisions}
    assert by_theme <= {"default", "shipped"}
    for decision in decisions:
        page = application._site.pages.shown(decision.shown)
        assert decision.page == f"{page.theme}/optout"
