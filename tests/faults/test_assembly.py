"""A round must break the database that resign uses: on another one every fault would be harmless."""

from pathlib import Path

import pytest

from tests.faults.assembly import AnotherEngine, assemble


def test_a_system_on_another_database_than_asked_for_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnotherEngine):
        assemble(tmp_path, "postgresql", {})
