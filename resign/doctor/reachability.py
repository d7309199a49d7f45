"""What an address tells of itself about who can reach it. No name is looked up and nobody is called."""

from ipaddress import ip_address
from urllib.parse import urlsplit

_LOCAL_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test", ".invalid")


def host_of(origin: str) -> str:
    return (urlsplit(origin).hostname or "").lower()


def is_number(host: str) -> bool:
    """An address of digits: Synerise's outgoing integration refuses those (help.synerise.com, Outgoing webhook)."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_local(host: str) -> bool:
    """Whether only this machine, or only its own network, can mean it."""
    if is_number(host):
        return not ip_address(host).is_global
    return "." not in host or host.endswith(_LOCAL_ENDINGS)
