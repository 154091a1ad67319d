"""F13: yesterday's backup. What the organisation wrote since is gone from it; what others wrote comes again."""

import asyncio
import shutil
import subprocess

from deploy.demo.people import EVA, JAKUB, NIT
from tests.faults.checks import both_agree
from tests.faults.desks import Desks


async def yesterdays_backup_comes_back(desks: Desks) -> None:
    """The advice centre's PostgreSQL as it was before three referrals came and before anybody there answered them."""
    nit = desks.network.nodes[NIT.code]
    before = [await desks.refer() for _ in range(2)]
    for one in before:
        await desks.until_stage(JAKUB, one, "received")
    await _at_rest(desks)
    kept = set(desks.acknowledged[NIT.code])
    await desks.hold(nit.program)
    await desks.hold(nit.postgres)
    backup = desks.ground.folder / "yesterday"
    await asyncio.to_thread(_copy, nit.postgres.folder, backup)
    await desks.release(nit.postgres)
    await desks.release(nit.program)

    since = [await desks.refer() for _ in range(3)]
    await desks.answer(before[0])
    await desks.answer(since[0])
    await desks.until_stage(EVA, since[0], "accepted")
    await _at_rest(desks)  # every letter has its receipt: nobody sends one again by himself, which would show the gap

    await desks.hold(nit.program, kill=True)
    await desks.hold(nit.postgres, kill=True)
    await asyncio.to_thread(shutil.rmtree, nit.postgres.folder)
    await asyncio.to_thread(_copy, backup, nit.postgres.folder)
    await desks.release(nit.postgres)
    await desks.release(nit.program)
    await asyncio.to_thread(shutil.rmtree, backup)

    # What its own people wrote since is lost here, and known to the town; they do it again. The runbook says so.
    lost = desks.acknowledged[NIT.code] - kept
    desks.acknowledged[NIT.code] = kept
    desks.remarks.append(f"{len(lost)} commands acknowledged after the backup were lost, as the runbook says")
    desks.ground.disputed = True
    await asyncio.gather(*[desks.carry_out(one) for one in (*before, *since)])


async def _at_rest(desks: Desks) -> None:
    """Nothing is on its way: the evening of a day."""
    await both_agree(desks)


def _copy(source: object, target: object) -> None:
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)
