"""Files in a folder: seen by others only when they are whole, and every refusal in words."""

import errno
import os

import pytest

from resign.feeds.sinks.contract import NotTaken
from resign.feeds.sinks.folder import FolderSink
from tests.feeds.sinks.conftest import alive


def test_a_file_appears_whole_under_its_name(tmp_path, given):
    folder = tmp_path / "in"
    folder.mkdir()
    seen = []
    FolderSink(folder).put(given(b"x" * 3_000_000), lambda: seen.append([f.name for f in folder.iterdir()]))
    assert seen == [[".crm-00000001.csv.part"]] * 3
    assert [file.name for file in folder.iterdir()] == ["crm-00000001.csv"]


def test_a_folder_that_is_not_there_is_not_made(tmp_path, given):
    """It may be a share that is not mounted: what is written there would be seen by nobody."""
    for ask in (lambda sink: sink.put(given(), alive), lambda sink: sink.probe()):
        with pytest.raises(NotTaken, match="the folder is not there"):
            ask(FolderSink(tmp_path / "nowhere"))


def test_a_full_disk_leaves_nothing_half(tmp_path, given, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotTaken, match="disk is full"):
        FolderSink(tmp_path).put(given(name="a.csv"), alive)
    assert [file.name for file in tmp_path.iterdir()] == ["spooled"]


def test_a_check_leaves_nothing_behind(tmp_path):
    FolderSink(tmp_path).probe()
    assert not list(tmp_path.iterdir())
