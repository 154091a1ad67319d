"""What an operator sees: verify finds every edit, doctor speaks in sentences, rebuild mends, a bad start is refused."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from deploy.commands.doctor import examine
from deploy.commands.rebuild import rebuild_node
from deploy.commands.verify import verify_node
from deploy.demo.network import Network
from deploy.demo.people import EVA, MESTO
from deploy.local.folder import ROOT, NodeFolder
from deploy.node import service
from libs.service import Settings
from libs.service.maintenance import differences, on_bench
from tests.faults.desks import until

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    folder = tmp_path_factory.mktemp("operator")
    folder.chmod(0o711)
    made = Network(folder, (MESTO,))
    with made.up(say=lambda sentence: None):
        asyncio.run(made.introduce())
        yield made


@pytest.fixture
def node(network: Network) -> NodeFolder:
    return network.nodes[MESTO.code]


@pytest.fixture
def settings(node: NodeFolder) -> Settings:
    return Settings.from_file(node.folder / "node.toml")


async def test_a_node_that_is_well_has_nothing_wrong(settings: Settings) -> None:
    await until(lambda: _well(settings), "the node to be well")


async def _well(settings: Settings) -> bool:
    return await examine(settings) == []


async def test_doctor_says_what_is_away_and_that_nothing_is_lost(
    network: Network, node: NodeFolder, settings: Settings
) -> None:
    for server, says in ((node.nats, "NATS does not answer"), (node.postgres, "PostgreSQL does not answer")):
        await asyncio.to_thread(network.supervisor.hold, server)
        found = await examine(settings)
        await asyncio.to_thread(network.supervisor.release, server)
        assert any(says in sentence for sentence in found)
        assert all("Nothing is lost" in sentence or "is safe" in sentence for sentence in found)
    await until(lambda: _well(settings), "the node to be well again, without a restart of its services")


EDITS = {
    "changed": """update event set data = jsonb_set(data, '{code}', '"jine"') where position = 1""",
    "removed": "delete from event where position = 1",
    "reordered": "update event set position = case position when 1 then 2 else 1 end + 1000 where position in (1, 2);"
    " update event set position = position - 1000 where position > 1000",
    "cut off": "delete from event where position = (select max(position) from event)",
    "re-attributed": "update event set actor = replace(actor, 'node_administrator', 'team_leader') where position = 1",
}


@pytest.mark.parametrize("edit", EDITS)
async def test_verify_finds_what_a_superuser_did_to_the_log(node: NodeFolder, settings: Settings, edit: str) -> None:
    db = await asyncpg.connect(node.postgres.admin_url("identity"))
    await db.execute("create table kept as select * from event")
    try:
        assert not [trouble for _, _, trouble in await verify_node(settings) if trouble]
        await db.execute(EDITS[edit])
        troubled = {name for name, _, trouble in await verify_node(settings) if trouble}
        assert troubled == {"identity"}
    finally:
        await db.execute("delete from event; insert into event select * from kept; drop table kept")
        await db.close()


async def test_a_damaged_read_model_is_built_anew_while_the_node_runs(
    network: Network, node: NodeFolder, settings: Settings
) -> None:
    db = await asyncpg.connect(node.postgres.admin_url("identity"))
    await db.execute("update user_list set roles = '[]'")
    await db.close()
    async with on_bench(service("identity", settings)) as bench:
        assert await differences(bench, "user_list") > 0
    await rebuild_node(settings, "identity", "user_list")
    async with on_bench(service("identity", settings)) as bench:
        assert await differences(bench, "user_list") == 0
    async with network.api(EVA) as api:  # the running node reads the new table
        assert await api.query("identity", "users", limit=10)


def start(file: Path, *services: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.node", str(file), *services]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_a_store_that_may_lose_what_it_acknowledged_is_refused(node: NodeFolder) -> None:
    async def set_to(value: str) -> None:
        db = await asyncpg.connect(node.postgres.admin_url("reporting"))
        await db.execute(f"alter database reporting set synchronous_commit = {value}")
        await db.close()

    asyncio.run(set_to("off"))
    refused = start(node.folder / "node.toml", "reporting")
    asyncio.run(set_to("on"))
    assert refused.returncode == 1
    assert "synchronous_commit = off" in refused.stderr
    assert "Nothing was started" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_mistake_in_the_settings_stops_the_start_with_its_name(node: NodeFolder, tmp_path: Path) -> None:
    text = (node.folder / "node.toml").read_text()
    wrong = tmp_path / "node.toml"
    wrong.write_text(text.replace('kind = "municipality"', 'kinds = "municipality"'))
    refused = start(wrong)
    assert refused.returncode == 1
    assert "organisation.kind: field required" in refused.stderr
    assert 'kind = "ngo_service"' in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "There is no service kontakty" in start(node.folder / "node.toml", "kontakty").stderr


def test_a_second_network_in_the_same_folder_is_refused(network: Network) -> None:
    from libs.servers import AlreadyRunning

    with pytest.raises(AlreadyRunning), Network(network.folder, (MESTO,)).up():
        pass
