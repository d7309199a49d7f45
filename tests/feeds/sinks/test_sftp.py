"""Files over SFTP to a real server: who it is, whether it lets us in, and every way of breaking off."""

import hashlib
import random
import time
from dataclasses import replace

import asyncssh
import pytest

from resign.feeds.sinks.contract import NotTaken
from resign.feeds.sinks.sftp import SftpSink
from resign.settings.destinations.place import SftpPlace
from tests.feeds.sinks.conftest import LOOPBACK, alive

LARGE = random.Random(7).randbytes(1 << 20)


@pytest.fixture
def place(sftp_server) -> SftpPlace:
    return SftpPlace(
        host="127.0.0.1", port=sftp_server.port, user="resign", password="right", private_key=None,
        host_key=sftp_server.host_key, path="in",
    )  # fmt: skip


def sink(place: SftpPlace, seconds: float = 30) -> SftpSink:
    return SftpSink(place, LOOPBACK, seconds)


def test_a_file_is_there_whole_and_under_its_name_only(place, sftp_server, given):
    sink(place).put(given(LARGE), alive)
    assert sftp_server.files == ["crm-00000001.csv"]
    assert (sftp_server.root / "in" / "crm-00000001.csv").read_bytes() == LARGE


def test_putting_it_again_takes_the_place_of_the_first(place, sftp_server, given):
    sink(place).put(given(b"first, and longer"), alive)
    sink(place).put(given(b"second"), alive)
    assert sftp_server.files == ["crm-00000001.csv"]
    assert (sftp_server.root / "in" / "crm-00000001.csv").read_bytes() == b"second"


def test_a_private_key_lets_us_in(place, sftp_server, given, client_key):
    key = client_key.export_private_key("openssh").decode()
    sink(replace(place, password=None, private_key=key)).put(given(), alive)
    assert sftp_server.files == ["crm-00000001.csv"]
    with pytest.raises(NotTaken, match="private_key cannot be read"):
        sink(replace(place, password=None, private_key="-----BEGIN")).put(given(), alive)


def test_a_fingerprint_will_do_for_the_host_key(place, sftp_server, given):
    sink(replace(place, host_key=sftp_server.key.get_fingerprint())).put(given(), alive)
    assert sftp_server.files == ["crm-00000001.csv"]


@pytest.mark.parametrize("as_fingerprint", [False, True])
def test_another_host_key_gets_neither_the_file_nor_the_password(place, sftp_server, given, as_fingerprint):
    other = asyncssh.generate_private_key("ssh-ed25519")
    pinned = other.get_fingerprint() if as_fingerprint else other.export_public_key().decode().strip()
    with pytest.raises(NotTaken, match="host key is not the one of the settings") as reason:
        sink(replace(place, host_key=pinned)).put(given(), alive)
    assert sftp_server.key.get_fingerprint() in str(reason.value)
    assert sftp_server.faults.connections == 0


def test_a_wrong_password_is_said_in_words(place, sftp_server, given):
    with pytest.raises(NotTaken, match="does not let us in"):
        sink(replace(place, password="wrong")).put(given(), alive)


def test_a_connection_that_is_cut_goes_on_where_it_was(place, sftp_server, given):
    sftp_server.faults.cut_after, sftp_server.faults.cuts = 200_000, 2
    sink(place).put(given(LARGE), alive)
    assert (sftp_server.root / "in" / "crm-00000001.csv").read_bytes() == LARGE
    assert sftp_server.files == ["crm-00000001.csv"]
    assert sftp_server.faults.begins == [0, 1 << 18, 2 << 18]


def test_what_another_try_has_left_is_gone_on_with_only_where_it_agrees(place, sftp_server, given):
    file = given(LARGE)
    aside = sftp_server.root / "in" / f".{file.name}.{hashlib.sha256(LARGE).hexdigest()[:16]}.part"
    for left, begins in ((LARGE[:300_000], 300_000), (b"x" * 300_000, 0), (LARGE + b"more", 0)):
        sftp_server.faults.begins.clear()
        aside.write_bytes(left)
        sink(place).put(file, alive)
        assert (sftp_server.root / "in" / file.name).read_bytes() == LARGE
        assert sftp_server.faults.begins == [begins]


def test_one_that_is_always_cut_is_given_up_for_now(place, sftp_server, given, monkeypatch):
    monkeypatch.setattr("resign.feeds.sinks.sftp._MOST_BREAKS", 1)
    sftp_server.faults.cut_after, sftp_server.faults.cuts = 0, 99
    with pytest.raises(NotTaken, match="broke off several times"):
        sink(place).put(given(LARGE), alive)


def test_a_full_disk_is_said_without_what_the_server_says(place, sftp_server, given):
    sftp_server.faults.full = True
    with pytest.raises(NotTaken, match="most often its disk is full") as reason:
        sink(place).put(given(), alive)
    assert "anna" not in str(reason.value)


def test_a_slow_server_has_its_time_and_no_more(place, sftp_server, given):
    sftp_server.faults.slow = 5
    began = time.monotonic()
    with pytest.raises(NotTaken, match="took too long"):
        sink(place, seconds=2).put(given(LARGE), alive)
    assert time.monotonic() - began < 5


def test_a_folder_that_is_not_there_is_said(place, given):
    with pytest.raises(NotTaken, match="folder of path is not there"):
        sink(replace(place, path="out")).put(given(), alive)
    with pytest.raises(NotTaken, match="folder of path is not there"):
        sink(replace(place, path="out")).probe()


def test_a_check_leaves_nothing_behind(place, sftp_server):
    sink(place).probe()
    assert sftp_server.files == []


def test_nobody_there_and_the_own_network_are_said(place, given):
    with pytest.raises(NotTaken, match="cannot be reached"):
        sink(replace(place, port=1)).put(given(), alive)
    with pytest.raises(NotTaken, match="give the network under networks"):
        SftpSink(place, (), 30).put(given(), alive)
