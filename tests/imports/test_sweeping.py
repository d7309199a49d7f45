"""What imports leave on the disk is thrown away in its time."""

import pytest

from resign.imports.sweeping import ImportSweeper
from tests.imports.conftest import finish


@pytest.fixture
def sweep(database, shelf, clock):
    return ImportSweeper(database, shelf, clock).step


def test_rejects_are_kept_for_thirty_days(imported, shelf, sweep, clock):
    number = imported("email\nnobody\n")
    clock.advance(days=29)
    sweep()
    assert shelf.rejects(number).exists()
    clock.advance(days=2)
    sweep()
    assert not shelf.rejects(number).parent.exists()


def test_a_file_that_nobody_takes_in_is_let_go_after_a_week(begin, importer, shelf, sweep, clock, batch_of):
    number = begin("email\nanna@example.com\n")
    finish(importer)
    clock.advance(days=6)
    sweep()
    assert shelf.file(number) is not None
    clock.advance(days=2)
    sweep()
    assert shelf.file(number) is None
    assert batch_of(number).state == "stopped"
