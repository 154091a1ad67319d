"""The service `courier`: letters to and from other nodes. Reads every log that may name an audience."""

import asyncio
import logging
from pathlib import Path
from typing import Any

from libs.messaging import Bus
from libs.projection.follower import Follower
from libs.sealing import OrganisationKeys
from libs.service import Running, Service, Settings, named_queries, run
from libs.service.ending import end
from services.courier.correspondence.decider import CORRESPONDENCE
from services.courier.correspondence.projection import LETTER_COUNTER, LETTER_IN, LETTER_OUT, QUARANTINE
from services.courier.hub_link import HubLink
from services.courier.incoming import Receiver
from services.courier.office import Office
from services.courier.outgoing import Posting, Sender
from services.courier.partner.projection import PARTNER
from services.courier.policy import may
from services.courier.published import PUBLISHED

HERE = Path(__file__).parent
SOURCES = ("cases", "directory")
"""Services whose events may name an audience."""
GREETING_S = 600.0
log = logging.getLogger("spojka.courier")


def build(settings: Settings) -> Service:
    return Service(
        name="courier",
        settings=settings,
        published=PUBLISHED,
        deciders=(CORRESPONDENCE,),
        policy=may,
        sql=named_queries(HERE / "queries.sql", HERE / "correspondence/queries.sql", HERE / "partner/queries.sql"),
        migrations=HERE / "migrations",
        projections=(LETTER_OUT, LETTER_IN, QUARANTINE, LETTER_COUNTER),
        follows={"identity": (PARTNER,)},
        extra=(deliver,),
    )


async def deliver(running: Running) -> None:
    """The courier's loops, on the replica that leads: post, send, take, apply, greet. Without a hub: post only."""
    settings = running.service.settings
    keys = OrganisationKeys.load(settings.path(settings.keys.folder))
    hub = settings.hub
    link = HubLink(
        hub.url if hub else "", settings.path(hub.credentials) if hub else Path(), hub.account if hub else ""
    )
    office = Office(running, keys, link, Bus(running.nc))
    sender = Sender(office)
    receiver = Receiver(office, sender.again, sender.greets)
    work: list[Any] = [_posting(office, source).run() for source in SOURCES]
    if hub is not None:
        await link.start()
        running.notes.append(office.notes)
        work += [sender.run(), receiver.take_letters(), receiver.apply_letters(), greet(office)]
    tasks = [asyncio.create_task(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        await end(tasks)
        running.notes.clear()
        await link.close()


def _posting(office: Office, source: str) -> Follower:
    posting = Posting(office, source)
    running = office.running
    if posting.name not in running.watched:
        running.watched.append(posting.name)
    return Follower(posting.name, source, running.pool, running.nc, posting, posting.start_over, linger_s=0)


async def greet(office: Office) -> None:
    """At every connection and every ten minutes: how far we are. A lost tail or a wiped hub shows at once."""
    while True:
        while not office.link.connected:
            await asyncio.sleep(0.2)
        await greet_partners(office)
        waited = 0.0
        while waited < GREETING_S and office.link.connected:
            await asyncio.sleep(0.5)
            waited += 0.5


async def greet_partners(office: Office) -> None:
    """Once to everybody whose keys are known."""
    for partner in (await office.partners()).by_id.values():
        if partner.pinned.keys is not None:
            await office.greet(partner)


if __name__ == "__main__":
    run(build)
