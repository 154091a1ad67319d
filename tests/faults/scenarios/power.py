"""F2: the plug is pulled. What nobody had asked the disk to keep is gone."""

import asyncio

from deploy.demo.people import NIT
from tests.faults.desks import Desks


async def power_is_cut(desks: Desks) -> None:
    """At the advice centre and at the hub, both at once, in the middle of the work."""
    nit, hub = desks.network.nodes[NIT.code], desks.network.hub
    for _ in range(int(desks.longer(1, 4))):
        work = asyncio.gather(*[desks.whole() for _ in range(6)])
        await asyncio.sleep(desks.dice.uniform(1.5, 4))
        for server in (nit.postgres, nit.nats, hub, nit.program):
            await desks.hold(server, kill=True)
        for disk in desks.ground.disks.values():
            await asyncio.to_thread(disk.power_cut)
        for server in (nit.postgres, nit.nats, hub, nit.program):
            await desks.release(server)
        await work
