"""F8: whoever should read stands still: SIGSTOP, and later SIGCONT."""

import asyncio
import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress

from deploy.commands.doctor import examine
from deploy.demo.people import JAKUB, NIT
from libs.servers.child import strays
from tests.faults.desks import Desks


async def readers_stand_still(desks: Desks) -> None:
    """The advice centre's PostgreSQL, its program, its NATS, and the hub: longer than anybody waits for an answer."""
    nit, hub = desks.network.nodes[NIT.code], desks.network.hub
    known = await desks.refer()
    await desks.until_stage(JAKUB, known, "received")
    seconds = desks.longer(34, 60)

    stopped = strays("postgres", nit.postgres.stored)
    sent = [await desks.refer()]
    _send(stopped, signal.SIGSTOP)
    try:
        sent += [await desks.refer() for _ in range(3)]
        answering = asyncio.create_task(desks.answer(known))
        began = time.monotonic()
        refused = await desks.try_draft(JAKUB)
        assert refused is not None, "nothing can be recorded while the store stands still"
        assert refused.status == 503, refused
        assert time.monotonic() - began < 30, "an answer comes, whatever the store does"
        said = await examine(desks.settings(NIT.code))
        assert any("PostgreSQL does not answer" in one for one in said), said
        await asyncio.sleep(max(0.0, seconds - (time.monotonic() - began)))
    finally:
        _send(stopped, signal.SIGCONT)
    await answering

    for standing in (nit.program, nit.nats, hub):
        assert standing.pid is not None
        _send([standing.pid], signal.SIGSTOP)
        try:
            sent += [await desks.refer() for _ in range(2)]
            await asyncio.sleep(desks.longer(6, 60))
        finally:
            _send([standing.pid], signal.SIGCONT)
    await asyncio.gather(desks.finish(known), *[desks.carry_out(one) for one in sent])


def _send(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):  # a connection of PostgreSQL that has ended meanwhile
            os.kill(pid, number)
