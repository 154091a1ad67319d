"""A configuration mistake stops the start with the setting's name and an example."""

from pathlib import Path

import pytest

from libs.service import Settings, SettingsMistake

GOOD = """
[organisation]
id = "0198c0de-0000-7000-8000-000000000001"
code = "pristav"
name = "Přístav, z. s."
kind = "ngo_service"
[store]
url = "postgresql://spojka@localhost/{database}"
[bus]
url = "nats://127.0.0.1:4222"
[keys]
folder = "keys"
"""


def read(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "node.toml"
    file.write_text(text, encoding="utf-8")
    return Settings.from_file(file)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    settings = read(tmp_path, GOOD)
    assert settings.organisation.code == "pristav"
    assert settings.path(settings.keys.folder) == tmp_path / "keys"


@pytest.mark.parametrize(
    ("wrong", "right", "named"),
    [
        ('url = "nats://127.0.0.1:4222"', "", 'bus.url: field required\n    for example, under [bus]:  url = "nats://'),
        ("{database}", "cases", "store.url"),
        ('code = "pristav"', 'code = "Přístav!"', "organisation.code"),
        ('folder = "keys"', 'folder = "keys"\ncolour = "red"', "keys.colour: is not a setting"),
        ("0198c0de-0000", "nonsense", "organisation.id"),
        ("[keys]", "[keyz]", "keyz: is not a setting"),
    ],
)
def test_a_mistake_names_its_setting(tmp_path: Path, wrong: str, right: str, named: str) -> None:
    with pytest.raises(SettingsMistake) as mistake:
        read(tmp_path, GOOD.replace(wrong, right))
    assert named in str(mistake.value)


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsMistake) as mistake:
        read(tmp_path, "")
    for setting in ("organisation", "store", "bus", "keys"):
        assert setting in str(mistake.value)


def test_a_missing_or_broken_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsMistake, match="There is no file"):
        Settings.from_file(tmp_path / "none.toml")
    with pytest.raises(SettingsMistake, match="cannot be read as TOML"):
        read(tmp_path, "[organisation")


def test_a_missing_password_names_file_and_user(tmp_path: Path) -> None:
    settings = read(tmp_path, GOOD.replace('4222"', '4222"\nusers = "users.toml"'))
    with pytest.raises(SettingsMistake, match=r"bus\.users: .*users\.toml has no password for `cases`"):
        settings.password("cases")
