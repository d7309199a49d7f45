"""`resign console` listens on this machine only, and says in words why not elsewhere."""

import pytest


@pytest.mark.parametrize(
    "bind", ["0.0.0.0:8020", "10.0.0.1:8020", "example.com:8020", "8020", "127.0.0.1:x", "127.0.0.1:0"]
)
def test_an_address_that_others_reach_is_refused(resign, bind):
    finished = resign("console", "--bind", bind)
    assert finished.returncode == 2
    assert "this machine only" in finished.stderr
    assert "Traceback" not in finished.stderr
