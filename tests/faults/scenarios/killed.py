"""F1: kill -9 of any process, at moments drawn by chance, while referrals are carried out."""

import asyncio

from tests.faults.desks import Desks

LONGEST_PAUSE_S = 1.8


async def any_process_is_killed(desks: Desks) -> None:
    """kill -9 of PostgreSQL, NATS, node programs and the hub; the supervisor starts them again."""
    times = int(desks.longer(12, 40))
    desks.patience_s += times * LONGEST_PAUSE_S  # nothing can have healed before the last one
    killing = asyncio.create_task(_kill(desks, times))
    await asyncio.gather(*[desks.whole() for _ in range(int(desks.longer(10, 30)))])
    killed = await killing
    assert len(killed) >= times // 2, killed


async def _kill(desks: Desks, times: int) -> list[str]:
    killed: list[str] = []
    for _ in range(times):
        await asyncio.sleep(desks.dice.uniform(0.5, LONGEST_PAUSE_S))
        victim = desks.dice.choice(desks.processes())
        if victim.alive:
            await asyncio.to_thread(victim.kill)
            killed.append(victim.name)
    return killed
