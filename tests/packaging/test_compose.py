"""compose.yaml, read as data: Docker Compose itself looks at it in `make lint`, where it is there."""

import re

import pytest

from resign.settings import SETTINGS
from tests.packaging.dockerfile import ROOT

yaml = pytest.importorskip("yaml", reason="PyYAML is not in the lock")

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if name != "database"}
RUNNING = {name: service for name, service in OURS.items() if name != "migrate"}


def test_there_are_two_of_everything_that_runs():
    assert [name for name, service in RUNNING.items() if service["command"] == ["web"]] == ["web-1", "web-2"]
    assert SERVICES["worker"]["deploy"]["replicas"] == 2


def test_nothing_starts_before_the_schema_is_current():
    for service in RUNNING.values():
        assert service["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert SERVICES["migrate"]["command"] == ["db", "upgrade"]
    assert SERVICES["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_can_do_no_more_than_it_must(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_may_finish_its_work_and_comes_back(name):
    assert SERVICES[name]["stop_grace_period"] == "45s"
    assert SERVICES[name]["restart"] == ("no" if name == "migrate" else "unless-stopped")


@pytest.mark.parametrize("name", OURS)
def test_secrets_come_from_files_and_settings_exist(name):
    known = {row.variable: row for row in SETTINGS}
    for variable in OURS[name]["environment"]:
        row = known.get(variable.removesuffix("_FILE"))
        assert row or not variable.startswith("RESIGN_"), variable
        assert row is None or not row.secret or variable.endswith("_FILE")


@pytest.mark.parametrize("name", SERVICES)
def test_every_secret_that_is_used_is_declared(name):
    service = SERVICES[name]
    read = {
        re.fullmatch("/run/secrets/(.*)", path)[1]
        for key, path in service["environment"].items()
        if key.endswith("_FILE")
    }
    assert read == set(service["secrets"])
    assert read <= COMPOSE["secrets"].keys()


def test_postgresql_keeps_what_it_has_acknowledged():
    database = SERVICES["database"]
    assert database["image"].startswith("postgres:17")
    assert {"fsync=on", "synchronous_commit=on"} <= set(database["command"])
    assert "pg_isready" in database["healthcheck"]["test"]


def test_nothing_listens_beyond_this_machine():
    assert all(
        port.startswith("127.0.0.1:") for service in SERVICES.values() for port in service.get("ports", ())
    )
