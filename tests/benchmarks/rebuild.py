"""rebuild: the list of clients built anew from the log of `contacts`, in a process of its own."""

import io
import time
from collections.abc import Sequence
from typing import Any

import asyncpg
import uvloop

from libs.privacy import NodeKey, SubjectKeys
from libs.service.maintenance import on_bench
from libs.service.migrate import migrate
from libs.service.run import LIBRARY_MIGRATIONS
from libs.testing.places import settings_for
from services.contacts.app import build
from tests.benchmarks.beside import Beside
from tests.benchmarks.ground import Ground
from tests.benchmarks.measured import Measured
from tests.benchmarks.records import EVENTS_OF_A_PERSON, records

ROWS = {
    "rebuild": "`person_list` of `contacts`, nicknames sealed, built beside the one in use from every event of the log "
    "and switched, as `./spojka rebuild` does it. Beside it COPY of the finished table into one with the same indexes.",
    "rebuild-million": "What that takes for a million events, beside 60 s.",
    "rebuild-memory": "The most memory the rebuilding process ever had (VmHWM), for so many events, beside 300 MB.",
}
LIMIT_S, LIMIT_MB, MILLION = 60.0, 300.0, 1_000_000
CHUNK = 5_000


def run(ground: Ground, sizes: Sequence[int]) -> list[Measured]:
    """One log that grows to each size; speed at the largest, memory at all. The sizes are multiples of ten."""
    found: list[Measured] = []
    settings = settings_for(ground.folder / "contacts", ground.database(), ground.nats.url)
    task = {"folder": str(settings.folder), "url": settings.store.url, "nats": ground.nats.url}
    told, copied, there = {"seconds": 0.0, "megabytes": 0.0}, 0.0, 0
    for size in sizes:
        uvloop.run(_fill(ground, settings, there, size))
        there = size
        ground.step(f"{size:,} events are read")
        rebuilding = Beside(ground.folder, "tests.benchmarks.rebuilding", task)
        try:
            told = rebuilding.answer()
        finally:
            rebuilding.stop()
        assert told["position"] == size
        other = f"{LIMIT_MB:g} MB"
        found.append(Measured(f"rebuild-memory-{size}", told["megabytes"], LIMIT_MB, other, "MB", size, most=1.0))
        copied = uvloop.run(_copied(settings.store.url))
    million = told["seconds"] / there * MILLION
    return [
        Measured("rebuild", there / told["seconds"], there / copied, "COPY of the result", "events/s", there),
        Measured("rebuild-million", million, LIMIT_S, f"{LIMIT_S:g} s", "s", there, most=1.0),
        *found,
    ]


async def _fill(ground: Ground, settings: Any, there: int, size: int) -> None:
    """The log from `there` to `size` events, and the keys that seal their nicknames."""
    async with on_bench(build(settings)) as bench:
        async with bench.pool.acquire() as db:
            await migrate(db, (*LIBRARY_MIGRATIONS, bench.service.migrations))
        keys = SubjectKeys(bench.pool, NodeKey.from_file(settings.path(settings.keys.folder) / "node.key"))
        for position in range(there, size, CHUNK):
            ground.step(f"{position:,} of {size:,} events into a log")
            people = min(CHUNK, size - position) // EVENTS_OF_A_PERSON
            head = await bench.pool.fetchrow("select position, hash from log")
            assert head is not None
            columns, rows, last = await records(keys, settings.organisation.id, people, position, bytes(head["hash"]))
            await bench.pool.copy_records_to_table("event", records=rows, columns=columns)
            await bench.pool.execute("update log set position = $1, hash = $2", position + len(rows), last)
        await bench.pool.execute("analyze")


async def _copied(url: str) -> float:
    """Seconds for the whole table, ready made in memory."""
    db = await asyncpg.connect(url)
    try:
        content = io.BytesIO()
        await db.copy_from_table("person_list", output=content, format="binary")
        content.seek(0)
        await db.execute("create table copied (like person_list including all)")
        started = time.perf_counter()
        await db.copy_to_table("copied", source=content, format="binary")
        taken = time.perf_counter() - started
        await db.execute("drop table copied")
        return taken
    finally:
        await db.close()
