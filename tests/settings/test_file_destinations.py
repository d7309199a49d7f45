"""Places that get files, as the settings name them."""

import re

import pytest

from resign.settings.destinations import FileTo, destinations
from resign.settings.destinations.columns import Column

HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHhQ0000000000000000000000000000000000000000"
FOLDER = "[crm]\nkind = 'folder'\npath = '/srv/files'\n"
SFTP = f"[crm]\nkind='sftp'\nhost='sftp.example.com'\nuser='resign'\npassword='the password'\nhost_key='{HOST_KEY}'\n"
HTTP = "[crm]\nkind='http-file'\nurl='https://crm.example/in/{file}'\n"


def read(text: str) -> FileTo:
    found = destinations(text)["crm"]
    assert isinstance(found, FileTo)
    return found


def test_a_folder_gets_changes_at_once_as_csv_that_synerise_imports():
    crm = read(FOLDER)
    assert (crm.format, crm.content, crm.schedule) == ("csv", "changes", None)
    assert [column.name for column in crm.columns] == ["email", "agreement", "choice", "at"]


def test_columns_keep_their_order_and_say_what_stands_in_them():
    crm = read(
        FOLDER
        + "[crm.columns]\nemail='email'\nnewsletter='choice'\nsource='text:resign'\n[crm.values]\nopt-out='disabled'"
    )
    assert crm.columns == (
        Column("email", "email"), Column("newsletter", "choice"), Column("source", "text:resign"),
    )  # fmt: skip
    assert crm.values == {"opt-out": "disabled", "opt-in": "opt-in", "true": "true", "false": "false"}


def test_a_suppression_list_of_hashes_holds_nothing_else():
    crm = read(FOLDER + "content='suppression'\naddress='sha256'\nschedule='0 3 * * *'")
    assert crm.columns == (Column("hash", "hash"),)


def test_neither_secrets_nor_addresses_are_in_what_is_printed():
    assert "the password" not in repr(read(SFTP))
    assert "crm.example" not in repr(read(HTTP + "token='the token'"))
    assert "the token" not in repr(read(HTTP + "token='the token'"))


@pytest.mark.parametrize(
    "line", [HOST_KEY, f"sftp.example.com {HOST_KEY}", f"[sftp.example.com]:22 {HOST_KEY}"]
)
def test_a_host_key_may_be_the_line_that_ssh_keyscan_prints(line):
    assert read(SFTP.replace(HOST_KEY, line)).place.host_key == HOST_KEY


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (FOLDER.replace("/srv/files", "files"), "give path as a whole one"),
        (FOLDER + "content='all'", "schedule is missing"),
        (FOLDER + "content='all'\nschedule='at-once'", "'at-once' is for content = 'changes'"),
        (FOLDER + "schedule='every day'", "schedule is 'at-once' or a cron expression"),
        (FOLDER + "schedule='0 0 31 2 *'", "schedule is 'at-once' or a cron expression"),
        (FOLDER + "address='keyed'", "address is for content = 'suppression'"),
        (FOLDER + "[crm.columns]\nwho='campaign'", "must say who it is"),
        (FOLDER + "[crm.columns]\n'the mail'='email'", "a name has up to 64 letters"),
        (FOLDER + "[crm.columns]\nemail='mail'", "columns: email is one of"),
        (FOLDER + "[crm.columns]\nhash='hash'", "hash is for content"),
        (FOLDER + "content='suppression'\naddress='keyed'\nschedule='0 3 * * *'\n[crm.columns]\nmail='email'", "in clear"),
        (FOLDER + "[crm.values]\nout='x'", "values: there are"),
        (FOLDER + "format='yaml'", "format is one of"),
        (FOLDER + "most_seconds=1", "most_seconds is a whole number"),
        (SFTP.replace(f"host_key='{HOST_KEY}'", ""), "host_key is missing"),
        (SFTP.replace(HOST_KEY, "AAAA"), "host_key is written"),
        (SFTP + "private_key='-----BEGIN'", "either a password or a private_key"),
        (SFTP.replace("password='the password'", ""), "either a password or a private_key"),
        (SFTP.replace("sftp.example.com", "sftp example"), "host is a name"),
        (HTTP.replace("https:", "http:"), "destination crm: url"),
        (HTTP.replace("crm.example", "{file}.example"), "stands in its path"),
        (HTTP + "method='GET'", "method is one of: PUT, POST"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_without_the_secret(given, says):
    with pytest.raises(ValueError, match=re.escape(says)) as fault:
        destinations(given)
    assert "the password" not in str(fault.value)
