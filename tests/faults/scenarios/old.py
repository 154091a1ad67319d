"""F11: a log that holds every event of every version ever released."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson

from deploy.commands.rebuild import projections
from deploy.demo.settled import states
from deploy.node import SERVICES, service
from libs.eventlog import Actor, new_id
from libs.eventlog.stored import Stored, write_actor
from libs.service.maintenance import Bench, on_bench, rebuild
from tests.contract.golden_files import GOLDEN
from tests.faults.desks import Desks, until

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


async def old_events_are_read(desks: Desks) -> None:
    """The golden files stand in the logs of the last node; its readers pass them, and every view can be rebuilt."""
    node = list(desks.network.nodes.values())[-1]
    code = node.organisation.code
    await desks.hold(node.program)
    for name in SERVICES:
        async with on_bench(service(name, desks.settings(code))) as bench:
            await _append(desks, bench)
    await desks.release(node.program)
    await until(lambda: _all_read(desks, code), "all readers to have passed the old events", desks.patience_s)
    for name in SERVICES:  # written beside the service, so its own views have not seen them
        declared = service(name, desks.settings(code))
        async with on_bench(declared) as bench:
            for projection in projections(declared):
                await rebuild(bench, projection)
    await desks.whole()


async def _append(desks: Desks, bench: Bench) -> None:
    row = await bench.pool.fetchrow("select position, hash from log")
    assert row is not None
    position, previous = int(row["position"]), bytes(row["hash"])
    actor = write_actor(Actor(user=new_id(), organisation=new_id(), roles=frozenset({"node"})))
    published = bench.service.published
    kinds = {cls.stored_type: aggregate for aggregate, classes in published.events.items() for cls in classes}
    for file in sorted(GOLDEN.glob("*.json")):
        golden: dict[str, Any] = json.loads(file.read_text())
        if golden["type"] == "letter-quarantined":
            desks.ground.quarantined.add(golden["data"]["reason"])
        if golden["type"] not in kinds:
            continue
        position += 1
        content = orjson.dumps(golden["data"], option=orjson.OPT_SORT_KEYS).decode()
        stored = Stored(
            position=position, event_id=new_id(), stream=f"{kinds[golden['type']]}-{new_id()}", version=1,
            type=golden["type"], schema_version=golden["schema_version"], command_id=new_id(), correlation_id=None,
            causation_id=None, actor=actor, audience=(), occurred_at=NOW, recorded_at=NOW, trace=None, data=content,
            hash=b"",
        )  # fmt: skip
        previous = stored.chained(previous)
        await _insert(bench, replace(stored, hash=previous))
    await bench.pool.execute("update log set position = $1, hash = $2", position, previous)


async def _insert(bench: Bench, one: Stored) -> None:
    await bench.pool.execute(
        "insert into event (position, event_id, stream, version, type, schema_version, command_id, actor, audience,"
        " occurred_at, recorded_at, data, hash, of_command)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, '{}', $9, $10, $11, $12, 1)",
        one.position, one.event_id, one.stream, one.version, one.type, one.schema_version, one.command_id, one.actor,
        one.occurred_at, one.recorded_at, one.data, one.hash,
    )  # fmt: skip


async def _all_read(desks: Desks, code: str) -> bool:
    found = await states(desks.settings(code))
    followers = [follower for state in found.values() for follower in state["followers"]]
    stopped = [follower["follower"] for follower in followers if follower["status"] == "error"]
    assert not stopped, f"{', '.join(stopped)} stopped at an old event"
    return all(follower["position"] >= found[follower["source"]]["head"] for follower in followers)
