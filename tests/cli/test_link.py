"""`resign link` mints one link; its URL is the last line, and it opens."""

import pytest

from resign.links import Links
from resign.profile import Profile


def opened(settings, finished) -> Profile:
    assert finished.returncode == 0, finished.stderr
    url = finished.stdout.splitlines()[-1]
    assert url.startswith("https://optout.example.com/u/")
    return Links(settings.workspaces.values()).open(url.rpartition("/")[2]).profile


def test_an_address_gets_a_link_that_opens(resign, settings):
    finished = resign("link", "--email", " Anna@example.com ", "--workspace", "default")
    assert opened(settings, finished) == Profile("email", "Anna@example.com")


@pytest.mark.parametrize(
    ("option", "profile"),
    [("--custom-id", Profile("customId", "C-1042")), ("--client-id", Profile("clientId", "1042"))],
)
def test_so_does_each_other_kind_of_identifier(run_here, settings, option, profile):
    assert opened(settings, run_here("link", option, profile.value)) == profile


WRONG = {
    "nobody named": [],
    "two named": ["--email", "anna@example.com", "--custom-id", "C-1"],
    "no address": ["--email", "canary"],
    "no number": ["--client-id", "canary"],
    "a workspace that there is not": ["--custom-id", "C-1", "--workspace", "oak"],
    "an option that there is not": ["--phone", "1"],
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use_ends_with_status_2_and_says_what_is_right(run_here, case):
    finished = run_here("link", *WRONG[case])
    assert finished.returncode == 2
    assert finished.stdout == ""
    assert "Usage: " in finished.stderr
    assert "Error: " in finished.stderr
    assert "canary" not in finished.stderr


def test_where_addresses_are_not_unique_one_names_nobody(resign):
    refused = resign(
        "link",
        "--email",
        "anna@example.com",
        RESIGN_SYNERISE_EMAILS="non-unique",
        RESIGN_SYNERISE_ATTRIBUTE="email_agreement",
    )
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert "name the profile by its customId or clientId" in refused.stderr
    assert "anna" not in refused.stderr


def test_with_several_workspaces_one_must_be_named(run_here, variables, tmp_path):
    table = (
        '[workspaces.{0}]\nkeys = "k1:first-secret-of-the-tests"\ndigest_key = "digest-secret-of-the-tests"\n'
        'sender = "{0}"\ncontact = "hello@{0}.example"\nsynerise_api_key = "x"\n'
    )
    config = tmp_path / "resign.toml"
    config.write_text(table.format("fern") + table.format("oak"))
    for name in [name for name in variables if name.startswith("RESIGN_")]:
        del variables[name]
    variables["RESIGN_CONFIG"] = str(config)
    refused = run_here("link", "--custom-id", "C-1")
    assert refused.returncode == 2
    assert "Name the workspace with --workspace: fern, oak." in refused.stderr
    assert run_here("link", "--custom-id", "C-1", "--workspace", "oak").returncode == 0
    unknown = run_here("link", "--custom-id", "C-1", "--workspace", "oka")
    assert unknown.returncode == 2
    assert "there is no workspace oka; there are: fern, oak" in unknown.stderr
    pushed = run_here("links", "push", str(config), "--workspace", "oka")
    assert pushed.returncode == 2
    assert "there is no workspace oka; there are: fern, oak" in pushed.stderr
