"""The walk-through for one machine hangs together: its settings are read, and its proxy forwards to where it listens."""

import re
import subprocess
from pathlib import Path

import pytest

from resign.settings import Settings, load

PAGE = (Path(__file__).parents[2] / "docs" / "run.md").read_text(encoding="utf-8")


def block(beginning: str) -> str:
    """The fenced block with this text in it, as it is without its indentation."""
    [found] = [text for text in re.findall(r"```\w+\n(.*?)```", PAGE, re.DOTALL) if beginning in text]
    return re.sub(r"^ {3}", "", found, flags=re.MULTILINE)


@pytest.fixture
def as_written(tmp_path) -> Settings:
    """What systemd makes of the environment file that the walk-through writes: quotes around a value are taken off."""
    file = tmp_path / "resign.env"
    script = block("install --mode=600").replace("/etc/resign.env", str(file))
    subprocess.run(["bash", "-euc", script], check=True)
    assert oct(file.stat().st_mode)[-3:] == "600"
    rows = (line.partition("=") for line in file.read_text().splitlines())
    return load({name: value.strip('"') for name, _, value in rows})


def test_the_environment_file_is_one_that_resign_reads(as_written):
    [workspace] = as_written.workspaces.values()
    assert workspace.sender == "Fjord & Fern Ltd"
    assert [key_id for key_id, _ in workspace.keys] == ["k1"]
    assert as_written.proxies == 1


def test_the_proxy_forwards_to_where_resign_listens_under_the_name_of_its_links(as_written):
    nginx = block("upstream resign")
    host, port = as_written.bind
    assert re.findall(r"^ *server ([\d.:]+);", nginx, re.MULTILINE) == [f"{host}:{port}"]
    [name] = re.findall(r"server_name (\S+);", nginx)
    assert as_written.base_url == f"https://{name}"
    assert all(f"/{name}/" in path for path in re.findall(r"ssl_certificate(?:_key)? (\S+);", nginx))


def test_the_proxy_writes_no_token_down():
    nginx = block("upstream resign")
    assert "access_log off;" in nginx
    assert re.search(r"error_log \S+ crit;", nginx)


def test_the_service_may_write_where_its_database_lies(as_written):
    unit = block("[Service]")
    [folder] = re.findall(r"^StateDirectory=(\S+)$", unit, re.MULTILINE)
    assert as_written.data_dir == Path("/var/lib") / folder
    assert "EnvironmentFile=/etc/resign.env\n" in unit
