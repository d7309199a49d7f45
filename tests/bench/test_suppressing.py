"""The figure of suppression checks at its smallest: it asks over HTTP, and every question is answered."""

import json

from click.testing import CliRunner

from resign.cli.bench import bench


def test_checks_are_counted_over_http(tmp_path):
    file = tmp_path / "figures.json"
    asked = ["--only", "suppression", "--engine", "sqlite", "--rounds", "1", "--decisions", "200"]
    ran = CliRunner().invoke(bench, [*asked, "--json", str(file)])
    assert ran.exit_code == 0, ran.output
    figures = {figure["name"]: figure for figure in json.loads(file.read_text())["figures"]}
    assert set(figures) == {"suppression p50", "suppression p99", "suppression of many"}
    assert all(figure["value"] > 0 for figure in figures.values())
