"""The pretend Synerise, filled with people: made anew before each measurement, so that each meets the same."""

import httpx

from resign.bench.fault import BenchFault
from resign.bench.system import person

_AT_ONCE = 5_000


def plant(address: str, first: int, count: int) -> None:
    """Forgets everybody, then plants so many people whose agreement is on."""
    with httpx.Client(base_url=address, trust_env=False, timeout=120) as sandbox:
        _checked(sandbox.delete("/sandbox/profiles"))
        for start in range(first, first + count, _AT_ONCE):
            several = range(start, min(start + _AT_ONCE, first + count))
            _checked(
                sandbox.post("/sandbox/profiles", json=[{"email": person(number)} for number in several])
            )


def log_in(address: str, api_key: str) -> str:
    with httpx.Client(base_url=address, trust_env=False) as sandbox:
        answer = _checked(sandbox.post("/uauth/v2/auth/login/profile", json={"apiKey": api_key}))
    return str(answer.json()["token"])


def requests_seen(address: str) -> int:
    with httpx.Client(base_url=address, trust_env=False) as sandbox:
        answer = _checked(sandbox.get("/sandbox/requests", params={"format": "json", "limit": 1}))
    return int(answer.json()["total"])


def _checked(answer: httpx.Response) -> httpx.Response:
    if not answer.is_success:
        raise BenchFault(f"the sandbox answered {answer.status_code}")
    return answer
