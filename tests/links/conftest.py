from dataclasses import replace

import pytest

from resign.links import Links
from resign.settings import Workspace

OLD, NEW = "first-secret-of-the-tests", "second-secret-of-the-tests"


@pytest.fixture
def ring(workspace: Workspace):
    """The links of one workspace with these keys, `id=secret`, oldest to newest."""

    def of(name: str = "default", **keys: str) -> Links:
        return Links([replace(workspace, name=name, keys=tuple(keys.items()))])

    return of


@pytest.fixture
def links(ring) -> Links:
    return ring(k1=OLD, k2=NEW)
