"""The story of the domain reference §7 on five nodes and a hub, and what must hold after it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from deploy.demo import sight, soundness
from deploy.demo.checks import CHECKS, Check
from deploy.demo.network import Network
from deploy.demo.people import NIT, PRISTAV, SIMON
from deploy.demo.play import play
from deploy.demo.settled import settle, states
from deploy.demo.story import STORY
from deploy.demo.story_referrals import REF_4
from deploy.demo.tables import tables
from deploy.local.folder import Organisation
from libs.service import Settings

pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
async def test_after_the_story(network_after_the_story: Network, check: Check):
    assert await check.run(network_after_the_story) is None


async def test_withdrawal_and_acceptance_really_crossed(network_after_the_story: Network):
    async with network_after_the_story.api(SIMON) as api:
        turns = await api.query("cases", "referral_thread", organisation=PRISTAV.id, referral_id=REF_4)
    kinds = [turn["kind"] for turn in turns]
    assert sorted(kinds) == ["accepted", "cancelled", "opened", "received", "sent", "withdrawn"]


async def test_a_story_told_again_repeats_nothing(network_after_the_story: Network):
    network = network_after_the_story
    before = await heads(network)
    (network.folder / "story.json").unlink()
    assert await play(network) == len(STORY)
    await settle(network)
    after = await heads(network)
    assert {name: after[name] for name in before if "courier" not in name} == {
        name: before[name] for name in before if "courier" not in name
    }


async def test_everybody_gets_a_table(network_after_the_story: Network):
    shown = await tables(network_after_the_story)
    assert [table.title.split(" – ")[0] for table in shown if isinstance(table.title, str)] == [
        node.organisation.name for node in network_after_the_story.nodes.values()
    ]
    assert all(table.row_count > 5 for table in shown)


# A check that cannot fail proves nothing: each of the strong ones is shown something wrong.


async def test_an_edited_read_model_is_noticed(network_after_the_story: Network):
    async with database(network_after_the_story, NIT, "cases") as db:
        await db.execute("update referral_list set stage = 'declined'")
        try:
            wrong = await soundness.projections_equal_their_rebuilds(network_after_the_story)
            disagreeing = await sight.both_sides_agree(network_after_the_story)
        finally:
            await db.execute("update referral_list set stage = 'closed'")
    assert wrong == "nit cases referral_list_1: 2 row(s) differ"
    assert disagreeing is not None and "stage is closed at mesto-hs, declined at the recipient" in disagreeing


async def test_an_edited_log_is_noticed(network_after_the_story: Network):
    change = "update event set recorded_at = recorded_at {} interval '1 minute' where position = 1"
    async with database(network_after_the_story, NIT, "identity") as db:
        await db.execute(change.format("+"))
        try:
            wrong = await soundness.chains_hold(network_after_the_story)
        finally:
            await db.execute(change.format("-"))
    assert wrong is not None and wrong.startswith("nit identity: ")


async def test_a_name_on_the_disk_is_noticed(network_after_the_story: Network):
    file = network_after_the_story.nodes["nit"].folder / "logs" / "careless.log"
    file.write_text('{"level": "info", "person": "Denisa"}\n')
    try:
        wrong = await soundness.nobody_is_named_on_disk(network_after_the_story)
    finally:
        file.unlink()
    assert wrong == "'Denisa' in nit/logs/careless.log"


async def test_knowing_too_much_is_noticed(network_after_the_story: Network, monkeypatch: pytest.MonkeyPatch):
    less = {organisation: sight.Sees(sees.reader) for organisation, sees in sight.SEES.items()}
    monkeypatch.setattr(sight, "SEES", less)
    wrong = await sight.everybody_sees_their_part(network_after_the_story)
    assert wrong is not None
    assert {"nit: referrals {ref-1}, expected {}", "nit: measures {M1}, expected {}"} <= set(wrong.split("; "))


async def heads(network: Network) -> dict[str, int]:
    """The last position of every log."""
    found: dict[str, int] = {}
    for code, node in network.nodes.items():
        told = await states(Settings.from_file(node.folder / "node.toml"))
        found |= {f"{code} {name}": state["head"] for name, state in told.items()}
    return found


@asynccontextmanager
async def database(network: Network, organisation: Organisation, service: str) -> AsyncGenerator[Any, None]:
    """A service's database, with the rights of somebody who should not have them."""
    db = await asyncpg.connect(network.nodes[organisation.code].postgres.admin_url(service))
    try:
        yield db
    finally:
        await db.close()
