"""`spojka node new`: a folder that a node can start from, made whole or not at all."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from deploy.commands.node import databases, new
from deploy.local.bus import USERS
from deploy.node import PORTAL, SERVICES, names_of
from libs.privacy import NodeKey
from libs.sealing import OrganisationKeys
from libs.service import Settings, SettingsMistake


def make(folder: Path, *, containers: bool = False, code: str = "skola", kind: str = "school") -> Path:
    new(folder, code=code, name='ZŠ "U Potoka", Loket', kind=kind, containers=containers)
    return folder


def test_its_settings_load_and_all_services_would_run(tmp_path: Path):
    settings = Settings.from_file(make(tmp_path / "node") / "node.toml")
    assert settings.organisation.code == "skola" and settings.organisation.name == 'ZŠ "U Potoka", Loket'
    assert names_of((), settings) == (*SERVICES, PORTAL)
    assert settings.hub is None
    assert "127.0.0.1" in settings.store.url and "127.0.0.1" in settings.bus.url
    assert {settings.password(user) for user in USERS} != {""}


def test_its_keys_are_the_organisations_own(tmp_path: Path):
    folder = make(tmp_path / "node")
    settings = Settings.from_file(folder / "node.toml")
    keys = OrganisationKeys.load(settings.path(settings.keys.folder))
    assert keys.keys.org == settings.organisation.id
    assert len(NodeKey.from_file(folder / "keys/node.key").secret) == 32


def test_the_hub_in_it_is_only_to_be_uncommented(tmp_path: Path):
    file = make(tmp_path / "node") / "node.toml"
    file.write_text(re.sub(r"^# (\[hub\]|url|credentials|account)", r"\1", file.read_text(), flags=re.MULTILINE))
    settings = Settings.from_file(file)
    assert settings.hub is not None and settings.path(settings.hub.credentials).exists()


def test_the_first_token_is_shown_once_and_stored_nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder = make(tmp_path / "node")
    token = next(line.split()[2] for line in capsys.readouterr().out.splitlines() if line.startswith("first token"))
    known = tomllib.loads((folder / "portal.toml").read_text())["tokens"]
    assert known[hashlib.sha256(token.encode()).hexdigest()]["roles"] == ["node_administrator"]
    assert not any(token in file.read_text() for file in folder.rglob("*") if file.is_file())


def test_nobody_else_may_read_it(tmp_path: Path):
    folder = make(tmp_path / "node", containers=True)
    assert [path.name for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077] == []


def test_for_containers_the_parts_find_each_other_by_name(tmp_path: Path):
    folder = make(tmp_path / "node", containers=True)
    settings = Settings.from_file(folder / "node.toml")
    assert "@postgres:" in settings.store.url and settings.bus.url == "nats://nats:4222"
    assert f"SPOJKA_FOLDER={folder}\n" in (folder / "compose.env").read_text()


def test_two_nodes_share_no_secret(tmp_path: Path):
    one, other = ({*re.findall(r"[\w-]{32,}", (make(tmp_path / name) / "node.toml").read_text())} for name in "ab")
    assert one and not one & other


def test_what_is_there_is_never_overwritten(tmp_path: Path):
    folder = make(tmp_path / "node")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(SettingsMistake, match="Nothing was touched"):
        make(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_an_empty_folder_may_be_used(tmp_path: Path):
    (tmp_path / "node").mkdir()
    assert (make(tmp_path / "node") / "node.toml").exists()


@pytest.mark.parametrize(("code", "kind"), [("Škola!", "school"), ("skola", "castle")])
def test_a_mistake_leaves_nothing_behind(tmp_path: Path, code: str, kind: str):
    with pytest.raises(SettingsMistake):
        make(tmp_path / "node", code=code, kind=kind)
    assert list(tmp_path.iterdir()) == []


def test_databases_need_a_superuser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SPOJKA_POSTGRES_ADMIN_URL", raising=False)
    with pytest.raises(SettingsMistake, match="SPOJKA_POSTGRES_ADMIN_URL"):
        databases(make(tmp_path / "node") / "node.toml")
