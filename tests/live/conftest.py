"""One running system for all that does not stop or break it; each test brings a person of its own."""

from collections.abc import Callable, Iterator

import pytest

from tests.live.headers import checked
from tests.live.wire import Answer, exchange
from tests.support.running import Running, Somebody, running


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("live"), "sandbox", "web", "worker") as system:
        yield system


@pytest.fixture
def anna(live: Running) -> Somebody:
    return live.somebody()


@pytest.fixture
def ask(live: Running) -> Callable[..., Answer]:
    """Sends the bytes of one request, and looks at the headers of what comes back."""

    def send(request: bytes, **how: object) -> Answer:
        return checked(exchange(live.address, request, **how))

    return send
