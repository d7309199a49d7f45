"""One running system for each engine, for all short rounds: starting one takes longer than most of them."""

from collections.abc import Iterator

import pytest

from tests.faults.rig import Rig


@pytest.fixture(scope="package")
def sqlite() -> Iterator[Rig]:
    with Rig("sqlite") as rig:
        yield rig


@pytest.fixture(scope="package")
def postgresql() -> Iterator[Rig]:
    with Rig("postgresql") as rig:
        yield rig
