"""F6: the disk is full, at the advice centre and then at the hub."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from deploy.commands.doctor import examine
from deploy.demo.people import EVA, JAKUB, NIT
from tests.faults.desks import Desks, until
from tests.faults.small_disk import SmallDisk


async def the_disk_is_full(desks: Desks) -> None:
    """Refused in a sentence and said by health and doctor; reading goes on; with room again all goes on by itself."""
    nit, disks = desks.network.nodes[NIT.code], desks.ground.disks
    first = await desks.refer()
    await desks.until_stage(JAKUB, first, "received")
    await desks.keep_draft(JAKUB)
    async with _full(disks[NIT.code]):
        during = asyncio.create_task(desks.refer())  # the town works on
        program, postgres = nit.program.pid, nit.postgres.pid
        await _refused(desks)
        assert first in await desks.seen_by(JAKUB), "what is stored is still shown"

        async def health_says_so() -> bool:
            await desks.try_draft(JAKUB)  # work goes on meanwhile
            async with desks.network.setup_api(NIT.code) as api:
                reasons = await api.not_ready()
            ended = bool(reasons) and nit.postgres.pid != postgres  # then nobody can tell more than that it is away
            return ended or any("no room" in reason for reason in reasons)

        await until(health_says_so, "health to say that there is no room", desks.patience_s)
        said = await examine(desks.settings(NIT.code))
        assert any("disk" in one or "room" in one for one in said), said
        sent = [await during]
    await desks.answer(first)
    assert nit.program.pid == program, "the node's program went on without a restart"
    if nit.postgres.pid != postgres:
        desks.remarks.append("PostgreSQL ended itself (no room for its log) and was started again by the supervisor")
    async with _full(disks["hub"]):
        sent += [await desks.refer() for _ in range(2)]
        assert (await desks.seen_by(EVA))[sent[-1]]["stage"] == "sent"
        await asyncio.sleep(desks.longer(4, 30))
    await asyncio.gather(*[desks.carry_out(one) for one in sent])


@asynccontextmanager
async def _full(disk: SmallDisk) -> AsyncGenerator[None]:
    await asyncio.to_thread(disk.fill)
    try:
        yield
    finally:
        await asyncio.to_thread(disk.free)


async def _refused(desks: Desks) -> None:
    """Tried until the disk has no byte left for it: PostgreSQL has some room in its files still."""
    for _ in range(300):
        refused = await desks.try_draft(JAKUB)
        if refused is not None:
            assert refused.problem.code in ("no_room", "unavailable"), refused
            assert "Nothing was recorded" in refused.problem.sentence or "never recorded twice" in str(refused), refused
            return
    raise AssertionError("a full disk refused nothing")
