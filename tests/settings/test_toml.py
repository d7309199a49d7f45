"""Several workspaces stand in a TOML file; what is wrong in it is named by file, table and key."""

import pytest

from resign.settings import BadSettings, load

FERN = """
[workspaces.fern]
keys = "k1:first-secret-of-the-tests"
digest_key = "digest-secret-of-the-tests"
sender = "Fjord & Fern"
contact = "hello@fjordandfern.example"
synerise_api_key = "5a3d5b0e"
"""
OAK = FERN.replace("fern]", "oak]").replace("Fjord & Fern", "Oak & Sons")


def faults_of(config: str, **variables: str) -> tuple[str, ...]:
    with pytest.raises(BadSettings) as bad:
        load({"RESIGN_CONFIG": config, **variables})
    return bad.value.faults


def test_each_table_is_a_workspace_of_its_own(toml):
    config = toml('base_url = "https://optout.example.com"\nproxies = 1\n' + FERN + OAK + 'language = "pl"\n')
    settings = load({"RESIGN_CONFIG": config})
    assert (settings.base_url, settings.proxies) == ("https://optout.example.com", 1)
    assert {name: (w.name, w.sender, w.language) for name, w in settings.workspaces.items()} == {
        "fern": ("fern", "Fjord & Fern", "en"),
        "oak": ("oak", "Oak & Sons", "pl"),
    }


def test_a_secret_of_a_workspace_may_lie_in_a_file(toml, tmp_path):
    (tmp_path / "keys").write_text("k7:seventh-secret-of-the-tests\n")
    table = FERN.replace('keys = "k1:first-secret-of-the-tests"', f'keys_file = "{tmp_path / "keys"}"')
    assert load({"RESIGN_CONFIG": toml(table)}).workspaces["fern"].keys == (
        ("k7", "seventh-secret-of-the-tests"),
    )


def test_for_the_installation_the_environment_wins(toml):
    config = toml('bind = "127.0.0.1:8001"\nweb_workers = 3\n' + FERN)
    settings = load({"RESIGN_CONFIG": config, "RESIGN_BIND": "127.0.0.1:8002"})
    assert (settings.bind[1], settings.web_workers) == (8002, 3)


@pytest.mark.parametrize("variable", ["RESIGN_KEYS", "RESIGN_SENDER_FILE", "RESIGN_WORKSPACE"])
def test_a_workspace_stands_in_its_table_only(toml, variable):
    assert faults_of(toml(FERN), **{variable: "x"}) == (
        f"{variable}: with RESIGN_CONFIG a workspace's settings stand in its table only; take this one out",
    )


def test_the_faults_of_all_tables_and_of_the_environment_come_together(toml):
    config = toml('bind = "x"\nproxy = 1\n' + FERN.replace("k1:", "k1;") + OAK.replace("sender", "from"))
    found = faults_of(config, RESIGN_PROXIES="x", RESIGN_KEYSS="x")
    assert [fault.partition(": ")[0] for fault in found] == [
        "RESIGN_KEYSS",
        f"{config} [workspaces.fern] keys",
        f"{config} [workspaces.oak] sender",
        f"{config} [workspaces.oak] from",
        f"{config} bind",
        "RESIGN_PROXIES",
        f"{config} proxy",
    ]


def test_an_unknown_key_is_a_fault_and_the_nearest_is_suggested(toml):
    config = toml(FERN + 'lang = "pl"\n')
    assert faults_of(config) == (
        f"{config} [workspaces.fern] lang: there is no such setting; did you mean language?",
    )


PAIR = "one-secret-of-sixteen:two-secret-of-sixteen"
OTHER_PAIR = "six-secret-of-sixteen:ten-secret-of-sixteen"


def test_two_workspaces_cannot_have_the_same_pair_of_template_keys(toml):
    """A template-signed link names no workspace: the second one's links would all open as the first one's."""
    config = toml(FERN + f'template_keys = "{PAIR}"\n' + OAK + f'template_keys = "{OTHER_PAIR},{PAIR}"\n')
    [fault] = faults_of(config)
    assert fault.startswith(f"{config} [workspaces.oak] template_keys: workspaces fern and oak have the same")
    assert not [secret for secret in f"{PAIR}:{OTHER_PAIR}".split(":") if secret in fault]


def test_a_shared_pair_is_said_together_with_every_other_fault(toml):
    tables = (
        FERN.replace("sender", "from") + f'template_keys = "{PAIR}"\n' + OAK + f'template_keys = "{PAIR}"\n'
    )
    assert any("workspaces fern and oak" in fault for fault in faults_of(toml(tables)))


def test_workspaces_with_pairs_of_their_own_and_one_with_a_pair_twice_are_taken(toml):
    tables = FERN + f'template_keys = "{PAIR},{PAIR}"\n' + OAK + f'template_keys = "{OTHER_PAIR}"\n'
    assert len(load({"RESIGN_CONFIG": toml(tables)}).workspaces) == 2


def test_a_setting_of_the_installation_in_a_workspace_is_unknown_there(toml):
    [fault] = faults_of(toml(FERN + 'bind = "127.0.0.1:8001"\n'))
    assert "[workspaces.fern] bind: there is no such setting" in fault


@pytest.mark.parametrize("value", ["true", "1.5", '["pl"]', '{ a = "pl" }', "2026-05-04", "10:11:12"])
def test_a_value_that_is_neither_text_nor_a_whole_number_is_refused(toml, value):
    config = toml(FERN.replace('"Fjord & Fern"', value))
    assert faults_of(config) == (f"{config} [workspaces.fern] sender: write it as text in quotes",)


def test_both_given_is_a_fault(toml):
    [fault] = faults_of(toml(FERN + 'keys_file = "/run/secrets/keys"\n'))
    assert "given twice" in fault


@pytest.mark.parametrize("path", ["/nowhere", "\\u0000"])
def test_a_file_that_cannot_be_read_is_a_fault(toml, path):
    [fault] = faults_of(toml(FERN.replace('keys = "k1:first-secret-of-the-tests"', f'keys_file = "{path}"')))
    assert "cannot be read" in fault


def test_a_wrong_name_of_a_workspace_is_a_fault(toml):
    [fault] = faults_of(toml(FERN.replace("workspaces.fern", 'workspaces."Fjord & Fern"')))
    assert "a name has up to 31 small letters" in fault


def test_what_is_not_toml_is_one_fault_and_quotes_no_line(toml):
    config = toml(FERN.replace('"digest-secret-of-the-tests"', "digest-secret-of-the-tests"))
    [fault] = faults_of(config)
    assert fault.startswith(f"RESIGN_CONFIG: {config} is not TOML: ")
    assert "secret" not in fault


@pytest.mark.parametrize("path", ["/nowhere/resign.toml", "/", ""])
def test_a_config_that_cannot_be_read_is_one_fault(path):
    [fault] = faults_of(path)
    assert fault.startswith(f"RESIGN_CONFIG: the file {path!r} cannot be read")


@pytest.mark.parametrize("text", ["", "workspaces = 1", "[workspaces]", 'workspaces.fern = "x"'])
def test_a_config_without_a_workspace_says_how_to_begin_one(toml, text):
    config = toml(text)
    assert faults_of(config) == (f"{config}: it names no workspace; begin one with [workspaces.NAME]",)


def test_that_no_workspace_is_named_is_said_beside_everything_else(toml):
    found = faults_of(toml('bind = "x"'), RESIGN_KEYSS="x")
    assert any("it names no workspace" in fault for fault in found)
    assert len(found) == 3


def test_the_secrets_of_a_table_are_quoted_by_no_fault(toml):
    canary = "canary-0123456789abcdef"
    found = faults_of(toml(FERN.replace("k1:first-secret-of-the-tests", canary) + 'synerise_tell = "x"\n'))
    assert len(found) == 2
    assert canary not in "\n".join(found)
