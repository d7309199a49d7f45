"""What every answer of ours carries over the wire (A3, A6, F)."""

from tests.live.wire import Answer

_EXACTLY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-robots-tag": "noindex, nofollow",
    "x-frame-options": "DENY",
}
# What the server answers by itself, before anything of ours is asked: a status and nothing else.
SERVERS_OWN = (400, 414, 431)


def checked(answer: Answer) -> Answer:
    """The answer itself, once its headers were looked at."""
    for name, value in _EXACTLY.items():
        assert answer.header(name) == value
    policy = answer.header("content-security-policy")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script" not in policy
    assert answer.header("strict-transport-security").startswith("max-age=31536000")
    assert not answer.has("set-cookie")
    assert not answer.has("location")
    assert answer.status not in range(300, 400)
    assert answer.status != 500
    return answer


def is_the_servers_own(answer: Answer) -> bool:
    return answer.status in SERVERS_OWN and answer.body == b"" and not answer.has("set-cookie")
