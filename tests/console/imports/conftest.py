"""What the worker does with imports, beside the console; and a file as a browser brings it."""

import pytest

from resign.imports.running import Importer
from resign.imports.shelf import Shelf

LIST = "/console/imports"
PEOPLE = (
    "e-mail,status,when,form\n"
    "ann@example.com,unsubscribed,2026-05-01 10:00,\n"
    "bob@example.com,subscribed,2026-05-01 10:00,form 7\n"
    "no address,unsubscribed,2026-05-01 10:00,\n"
    "=cmd()@@,unsubscribed,2026-05-01 10:00,\n"
)


@pytest.fixture
def worker(database, settings, clock):
    """Steps until nothing is left to do."""

    def work() -> None:
        importer = Importer(database, settings.workspaces, Shelf(settings.data_dir), clock)
        while importer.step():
            pass
        importer.close()

    return work


@pytest.fixture
def brings(mia):
    """Sends the form of the list with a file in it."""

    def bring(content=PEOPLE, name="people.csv", workspace="default", by=mia):
        fields = {**by.fields(by.opens(LIST)), "workspace": workspace}
        data = content if isinstance(content, bytes) else content.encode()
        return by.client.post(LIST, data=fields, files={"file": (name, data)})

    return bring
