"""A database that is closed leaves no file open behind it, and can be used again."""

from pathlib import Path

import pytest
from sqlalchemy import text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_file_stays_open_and_the_next_writer_opens_its_own(database):
    def writes() -> None:
        with database.writing() as session:
            session.execute(text("DELETE FROM decisions"))
            session.commit()

    for _ in range(2):
        writes()
        assert opened(database)
        database.close()
        assert not opened(database)


def opened(database) -> list[str]:
    files = (str(each.readlink()) for each in Path("/proc/self/fd").iterdir() if each.is_symlink())
    return [file for file in files if file.startswith(str(database.url.database))]
