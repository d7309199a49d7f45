"""The whole way in and out, on both engines: password, second factor, recovery codes, out, and in again."""

from sqlalchemy import select

from resign.staff.tables import Deed
from tests.console.door.conftest import SIGN_IN

THEMES = "/console/themes"


def deeds(database):
    with database.reading() as session:
        return [(deed.name, deed.action) for deed in session.scalars(select(Deed).order_by(Deed.id))]


def test_from_the_first_sign_in_to_the_next_one_and_out_again(noah, database):
    first = noah.opens(THEMES)
    assert (first.status_code, first.headers["location"]) == (303, f"{SIGN_IN}?to={THEMES}")
    shown = noah.enrols()
    assert len(set(noah.codes)) == 10
    assert "shown this once" in shown.text
    assert noah.opens(THEMES).status_code == 200
    left = noah.presses(noah.opens(THEMES), "/console/sign-out")
    assert left.headers["location"] == f"{SIGN_IN}?left=1"
    assert left.headers["clear-site-data"] == '"cache"'
    assert noah.opens(THEMES).status_code == 303
    assert noah.signs_in(page=noah.opens(f"{SIGN_IN}?to={THEMES}")).headers["location"] == THEMES
    assert deeds(database) == [
        ("noah", "enrolled-second-factor"),
        ("noah", "signed-in"),
        ("noah", "signed-out"),
        ("noah", "signed-in"),
    ]
