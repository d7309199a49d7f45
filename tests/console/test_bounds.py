"""What is too long for a row's number, and more fields than any form has: said to be so, and never a fault."""

import pytest

from tests.console.test_guard import ROUTES, filled

LONG = ["9" * 18, "9" * 19, "9" * 4_000, "9" * 5_000]
NUMBERED = sorted((method, path) for method, path in ROUTES if "<int:number>" in path)


def test_a_number_that_no_row_has_is_not_found(mia):
    mark = mia.fields(mia.opens("/console/account"))["mark"]
    for method, path in NUMBERED:
        for number in LONG:
            address = filled(path.replace("<int:number>", number))
            answer = mia.client.request(method, address, data={"mark": mark} if method == "POST" else None)
            assert answer.status_code < 500, (method, path, len(number))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_form_of_more_fields_than_there_are_is_refused_before_it_is_read(mia, nobody):
    typed = {"content": b"a&" * 1_000, "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
    for editor, path in (
        (nobody, "/console/sign-in"),
        (nobody, "/console/account/password"),
        (mia, "/console/search"),
    ):
        answer = editor.client.post(path, **typed)
        assert answer.status_code == 413
        assert "too much" in answer.text


def test_a_role_in_a_workspace_that_no_database_takes_is_not_revoked(mia, hire):
    page = mia.opens(f"/console/staff/{hire('noah', 'support@default')}")
    answer = mia.presses(page, f"{page.url.path}/revoke", role="support", workspace="default\x00garden")
    assert answer.status_code == 303
    assert "support" in mia.opens(page.url.path).text
