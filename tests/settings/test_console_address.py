"""Where the console listens, and the address by which staff reach it: no password travels in clear."""

import pytest


def test_by_default_it_is_for_this_machine_and_wants_a_second_factor(loaded):
    settings = loaded()
    assert settings.console_bind == ("127.0.0.1", 8020)
    assert settings.console_url == "http://127.0.0.1:8020"
    assert settings.console_second_factor == "required"


def test_it_can_be_left_out(loaded):
    settings = loaded(RESIGN_CONSOLE_BIND="off")
    assert settings.console_bind is None
    assert settings.console_url == ""


@pytest.mark.parametrize(
    ("bind", "url"),
    [
        ("127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("localhost:9000", "http://localhost:9000"),
        ("[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_without_an_address_it_is_the_one_that_it_listens_on(loaded, bind, url):
    assert loaded(RESIGN_CONSOLE_BIND=bind).console_url == url


@pytest.mark.parametrize("bind", ["127.0.0.1:8020", "0.0.0.0:8020", "10.0.0.5:8020", "[::]:8020", "off"])
def test_behind_a_proxy_with_tls_it_may_listen_anywhere(loaded, bind):
    settings = loaded(RESIGN_CONSOLE_BIND=bind, RESIGN_CONSOLE_URL="https://console.example.com/")
    assert settings.console_url == "https://console.example.com"


@pytest.mark.parametrize("bind", ["0.0.0.0:8020", "10.0.0.5:8020", "[::]:8020", "console.internal:8020"])
@pytest.mark.parametrize("url", [None, "http://127.0.0.1:8020"])
def test_where_others_reach_it_the_address_begins_with_https(faults, bind, url):
    [fault] = faults(RESIGN_CONSOLE_BIND=bind, RESIGN_CONSOLE_URL=url)
    assert fault.startswith("RESIGN_CONSOLE_URL: ")
    assert bind in fault
    assert "with https://" in fault


@pytest.mark.parametrize("url", ["http://console.example.com", "http://10.0.0.5:8020", "console.example.com"])
def test_an_address_in_clear_is_for_this_machine_alone(faults, url):
    [fault] = faults(RESIGN_CONSOLE_URL=url)
    assert fault.startswith("RESIGN_CONSOLE_URL: write it")


@pytest.mark.parametrize("bind", ["on", "8020", "OFF", ""])
def test_what_cannot_be_listened_on_is_refused(faults, bind):
    [fault] = faults(RESIGN_CONSOLE_BIND=bind)
    assert fault.startswith("RESIGN_CONSOLE_BIND: write it as 127.0.0.1:8000")


def test_a_second_factor_is_required_or_optional(faults):
    [fault] = faults(RESIGN_CONSOLE_SECOND_FACTOR="no")
    assert fault.startswith("RESIGN_CONSOLE_SECOND_FACTOR: give one of: required, optional")
