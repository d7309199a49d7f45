"""`resign console` listens where the settings say, and says in words why not elsewhere."""

import socket
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from resign.console_root import seal_of
from resign.db import Database
from resign.staff.tables import Account


@pytest.mark.parametrize("bind", ["0.0.0.0:8020", "10.0.0.1:8020", "console.example.com:8020"])
def test_where_others_would_reach_it_the_address_must_begin_with_https(run_here, bind):
    for finished in (run_here("console", "--bind", bind), run_here("console", RESIGN_CONSOLE_BIND=bind)):
        assert finished.returncode == 2
        assert "RESIGN_CONSOLE_URL: missing, and needed because" in finished.stderr
        assert "with https://" in finished.stderr


@pytest.mark.parametrize("bind", ["8020", "127.0.0.1:x", "127.0.0.1:0"])
def test_what_is_no_address_is_refused(run_here, bind):
    finished = run_here("console", "--bind", bind)
    assert finished.returncode == 2
    assert "RESIGN_CONSOLE_BIND: write it as 127.0.0.1:8000" in finished.stderr


def test_one_that_is_off_says_so(run_here):
    finished = run_here("console", RESIGN_CONSOLE_BIND="off")
    assert finished.returncode == 2
    assert "RESIGN_CONSOLE_BIND is off; set it or give --bind" in finished.stderr


@pytest.mark.parametrize("command", ["console", "serve"])
def test_a_port_that_is_taken_is_named_with_its_setting(run_here, command):
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        own = f"127.0.0.1:{free.getsockname()[1]}"
        free.close()
        finished = run_here(command, RESIGN_CONSOLE_BIND=bind, RESIGN_BIND=own)
    assert finished.returncode == 2
    assert finished.stderr == (
        f"resign cannot listen on {bind}: the port is taken; end what runs there or set RESIGN_CONSOLE_BIND\n"
    )


@pytest.mark.parametrize("command", ["console", "serve"])
def test_an_identity_provider_needs_its_library(resign, tmp_path, command):
    """An installed resign without the extra: a package that is not there, as Python sees it."""
    (tmp_path / "authlib").mkdir()
    (tmp_path / "authlib" / "__init__.py").write_text("raise ImportError\n")
    refused = resign(
        command,
        PYTHONPATH=str(tmp_path),
        RESIGN_OIDC_ISSUER="https://login.example.com",
        RESIGN_OIDC_CLIENT_ID="resign",
        RESIGN_OIDC_CLIENT_SECRET="from the provider",
        RESIGN_OIDC_GROUPS='heads = ["admin@*"]',
    )
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "RESIGN_OIDC_ISSUER: signing in by an identity provider needs Authlib" in refused.stderr


def test_second_factors_that_were_kept_in_clear_are_sealed_at_the_start(run_here, settings, monkeypatch):
    monkeypatch.setattr("resign.serving.serve", lambda *_, **__: None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{free.getsockname()[1]}"
    assert run_here("console", RESIGN_CONSOLE_BIND=bind).returncode == 0
    database = Database(settings.database_url, connections=1)
    with database.writing() as session:
        session.add(
            Account(
                name="mia", state="active", created_at=datetime.now(UTC), totp_secret="JBSWY3DPEHPK3PXP" * 2
            )
        )
        session.commit()
    for _ in range(2):
        assert run_here("console", RESIGN_CONSOLE_BIND=bind).returncode == 0
        with database.reading() as session:
            mia = session.scalars(select(Account)).one()
        assert seal_of(settings).opened(mia.totp_secret, mia.id) == "JBSWY3DPEHPK3PXP" * 2
        assert mia.totp_secret.startswith("s1.")
    database.close()
