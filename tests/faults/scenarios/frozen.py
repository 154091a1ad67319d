"""F8: whoever should read stands still (SIGSTOP, and later SIGCONT), or is too slow for what comes."""

import asyncio
import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime

from deploy.commands.doctor import examine
from deploy.demo.people import EVA, JAKUB, MESTO, NIT
from deploy.node import service
from libs.codelists import Channel
from libs.eventlog import new_id
from libs.servers.child import strays
from libs.service.maintenance import on_bench
from libs.testing.api import Api
from services.contacts.contact.commands import RecordContact
from services.reporting.figures.contacts import CONTACT_FACT
from tests.faults.desks import Desks, until

HUNDREDS = 11
"""Of contacts: a reader is far behind at a thousand events."""


async def readers_stand_still(desks: Desks) -> None:
    """The advice centre's PostgreSQL, its program, its NATS, the hub; and a reader of the town is slow, alone."""
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

    told = (
        (nit.program, NIT, "service does not answer"),
        (nit.nats, NIT, "NATS does not"),
        (hub, MESTO, "hub does not"),
    )
    for standing, where, sentence in told:
        assert standing.pid is not None
        _send([standing.pid], signal.SIGSTOP)
        try:
            sent += [await desks.refer() for _ in range(2)]
            began = time.monotonic()
            await desks.until_doctor_says(where.code, sentence)
            await asyncio.sleep(max(0.0, desks.longer(6, 60) - (time.monotonic() - began)))
        finally:
            _send([standing.pid], signal.SIGCONT)
    await asyncio.gather(desks.finish(known), *[desks.carry_out(one) for one in sent])
    await _one_reader_is_slow(desks)


async def _one_reader_is_slow(desks: Desks) -> None:
    """The town's figures cannot be written while contacts come by the hundred: everything else goes on, doctor and
    health name the reader, and it catches up by itself."""
    async with on_bench(service("reporting", desks.settings(MESTO.code))) as bench, desks.api(EVA) as api:
        async with bench.pool.acquire() as db, db.transaction():
            await db.execute("select from checkpoint where follower = $1 for update", CONTACT_FACT.name)
            for _ in range(HUNDREDS):
                await asyncio.gather(*[_contact(api) for _ in range(100)])
            await desks.until_doctor_says(MESTO.code, f"{CONTACT_FACT.name} is 1")
            assert any("events behind contacts" in one for one in await api.not_ready())
            await desks.whole()

        async def caught_up() -> bool:
            return not await api.not_ready()

        await until(caught_up, "the slow reader to catch up", desks.patience_s)


async def _contact(api: Api) -> None:
    await api.command(
        "contacts", "contact", RecordContact,
        contact_id=new_id(), channel=Channel.STREET, started_at=datetime.now(UTC), minutes=5, approached=1,
    )  # fmt: skip


def _send(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):  # a connection of PostgreSQL that has ended meanwhile
            os.kill(pid, number)
