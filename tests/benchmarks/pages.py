"""pages: how long a node takes to answer every page and a search by name, with as many people as a region has.

The story of the demonstration, and then one node's records multiplied: people and contacts go into the log of
`contacts` by the service's own machinery (sealed, chained, read models in the same transaction), many at once. Its
reactions to them are left out, for they would only say what is said here already; all other services follow as always.
`python -m tests.benchmarks.pages --people 20000 --contacts 200000`
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from rich.console import Console
from rich.table import Table

from deploy.demo.network import Network
from deploy.demo.people import OLGA, PRISTAV, RADKA, SIMON, Person
from deploy.demo.settled import settle
from deploy.node import service
from libs.codelists import ActivityType, AgeBand, Channel, CountedAs, IdentityLevel, LadderStage, Need, Sex
from libs.eventlog import Actor, Event, new_id
from libs.eventlog.log import Append, NewEvent
from libs.eventlog.postgres import PostgresLog
from libs.privacy import NodeKey, Personal, SubjectKeys, seal_fields
from libs.projection.streamed import inline
from libs.service import Settings
from libs.service.maintenance import Bench, on_bench
from services.contacts.contact.events import ContactRecorded
from services.contacts.person.events import NicknameGiven, PersonContactNoted, PersonDescribed
from tests.web.crawl import inside
from tests.web.inventory import examples
from tests.web.told import Told, Visitor, tell

GOAL_MS = 300.0
AT_ONCE = 500
PATIENCE_S = 3_600.0
SEED = 7
FIRST, LAST = ("Be", "Da", "Ema", "Fi", "Ja", "Ka", "La", "Ma", "Ni", "Pe", "Ro", "Te", "Vi", "Za"), (
    "da", "dka", "han", "jda", "lča", "lek", "mka", "nda", "rek", "ruš", "sta", "tka", "vča", "žka",
)  # fmt: skip
WORKERS = {"LOKET": RADKA, "SLAVKOV": SIMON}
VISITORS = tuple(Visitor(PRISTAV, one) for one in (RADKA, SIMON, OLGA))


Ask = Callable[[], Coroutine[Any, Any, httpx.Response]]


@dataclass(frozen=True)
class Timed:
    """Answers of one page to one person, in milliseconds; `size` is what went over the wire, in bytes."""

    page: str
    who: str
    taken: Sequence[float]
    size: int

    @property
    def p50(self) -> float:
        return statistics.median(self.taken)

    @property
    def p95(self) -> float:
        return sorted(self.taken)[max(0, -(-len(self.taken) * 95 // 100) - 1)]


def run(people: int, contacts: int, rounds: int = 20, say: Callable[[str], None] = print) -> list[Timed]:
    """Every page that a leader and two workers find, and a search by name."""
    with tempfile.TemporaryDirectory(prefix="spojka-pages-") as folder:
        Path(folder).chmod(0o711)
        with Network(Path(folder)).up(say=say) as network:
            told = tell(network)
            program = network.nodes[PRISTAV.code].program
            network.supervisor.hold(program)
            began = time.monotonic()
            asyncio.run(_fill(Settings.from_file(network.nodes[PRISTAV.code].folder / "node.toml"), people, contacts))
            say(f"{people:,} people and {contacts:,} contacts were recorded in {time.monotonic() - began:.0f} s")
            network.supervisor.release(program)
            return asyncio.run(_measure(told, rounds, say))


def table(timed: Sequence[Timed]) -> Table:
    """The slowest first."""
    shown = Table(title="Pages, the slowest first")
    for column, side in (("page", "left"), ("as", "left"), ("p50 ms", "right"), ("p95 ms", "right"), ("KB", "right")):
        shown.add_column(column, justify=side)  # pyright: ignore[reportArgumentType]
    for one in sorted(timed, key=lambda one: -one.p95):
        mark = " ✗" if one.p95 > GOAL_MS else ""
        shown.add_row(one.page, one.who, f"{one.p50:,.0f}", f"{one.p95:,.0f}{mark}", f"{one.size / 1000:,.1f}")
    return shown


async def _measure(told: Told, rounds: int, say: Callable[[str], None]) -> list[Timed]:
    began = time.monotonic()
    await settle(told.network, PATIENCE_S)
    say(f"everybody has read it after {time.monotonic() - began:.0f} s more")
    await told.look_around(VISITORS)
    timed: list[Timed] = []
    for visitor in VISITORS:
        paths = examples(one for one in told.visits if one.who == visitor and one.document)
        async with told.http(visitor) as http:
            for template, path in paths.items():
                timed.append(
                    await _timed(f"GET {template}", visitor, rounds, lambda http=http, path=path: http.get(path))
                )
            timed.append(await _timed("search by name", visitor, rounds, lambda http=http: _search(http)))
    return timed


async def _timed(page: str, visitor: Visitor, rounds: int, ask: Ask) -> Timed:
    taken: list[float] = []
    size = 0
    for _ in range(rounds):
        began = time.perf_counter()
        reply = await ask()
        taken.append((time.perf_counter() - began) * 1000)
        size = reply.num_bytes_downloaded
    return Timed(page, visitor.slug, taken, size)


async def _search(http: httpx.AsyncClient) -> httpx.Response:
    """As a person without scripts: post, redirect, result."""
    reply = await http.post("/klienti/hledat", data={"text": "Karek"})
    return await http.get(inside("/klienti", [reply.headers["location"]])[0])


async def _fill(settings: Settings, people: int, contacts: int) -> None:
    """While the node stands still: nobody else writes."""
    declared = service("contacts", settings)
    async with on_bench(declared) as bench:
        keys = SubjectKeys(bench.pool, NodeKey.from_file(settings.path(settings.keys.folder) / "node.key"))
        url = settings.store.url.replace("{database}", declared.name)
        log = PostgresLog(bench.pool, lambda: asyncpg.connect(url), inline(declared.projections, declared.sql))
        await log.start()
        streams = _streams(people, contacts)
        while some := list(islice(streams, AT_ONCE)):
            await keys.ready(
                {one for _, _, events in some for event in events for one in _subjects(event)}, create=True
            )
            await asyncio.gather(*(_append(log, keys, *one) for one in some))
        await log.close()
        await _skip_reactions(bench)


def _streams(people: int, contacts: int) -> Iterator[tuple[str, Person, tuple[Event, ...]]]:
    """(stream, who wrote it, events): everybody's contacts, then their record, which names them."""
    dice = random.Random(SEED)
    now = datetime.now(UTC)
    for number in range(people):
        team = dice.choice(("LOKET", "SLAVKOV"))
        worker, person = WORKERS[team], new_id()
        nickname = f"{dice.choice(FIRST)}{dice.choice(LAST)}{dice.choice(('', ' ml.', f' {number % 97}'))}"
        many = contacts * (number + 1) // people - contacts * number // people
        made = [new_id() for _ in range(many)]
        for contact in made:
            when = now - timedelta(minutes=dice.randrange(200 * 24 * 60))
            yield f"contact-{contact}", worker, (_contact(dice, contact, person, nickname, worker, team, when),)
        given = NicknameGiven(
            person_id=person,
            nickname=Personal(nickname),
            team=team,
            stage=LadderStage.NICKNAME,
            identity=IdentityLevel.NICKNAME,
            given_at=now - timedelta(days=200),
        )
        described = PersonDescribed(person_id=person, sex=dice.choice(list(Sex)), age_band=dice.choice(list(AgeBand)))
        noted = [PersonContactNoted(person_id=person, contact_id=one) for one in made]
        yield f"person-{person}", worker, (given, described, *noted)


def _contact(
    dice: random.Random, contact: UUID, person: UUID, nickname: str, worker: Person, team: str, when: datetime
) -> Event:
    minutes = dice.choice((5, 10, 20, 35, 60))
    return ContactRecorded(
        contact_id=contact,
        worker=worker.id,
        team=team,
        person_id=person,
        channel=dice.choice(list(Channel)),
        municipality="560537",
        started_at=when,
        minutes=minutes,
        counted_as=CountedAs.INTERVENTION if minutes >= 30 else CountedAs.CONTACT,
        topics=(dice.choice(list(Need)),),
        activities=(ActivityType.CONTACT_WORK,),
        approached=1,
        spoke=1,
        nickname=Personal(nickname),
        note=Personal("Domluvili jsme se, že se příští týden zase uvidíme a dořešíme, co se začalo. " * 3),
    )


async def _append(log: PostgresLog, keys: SubjectKeys, stream: str, worker: Person, events: Sequence[Event]) -> None:
    actor = Actor(user=worker.id, organisation=PRISTAV.id, roles=frozenset(worker.roles), team=worker.team)
    sealed: list[NewEvent] = []
    for event in events:
        event_id = new_id()
        sealed.append(NewEvent(event_id, await seal_fields(keys, event, event.subjects, event_id), ()))
    command = new_id()
    await log.append(Append(stream, 0, command, actor, datetime.now(UTC), tuple(sealed), correlation_id=command))


def _subjects(event: Event) -> Iterator[UUID]:
    return (getattr(event, subject) for subject in set(event.subjects.values()))


async def _skip_reactions(bench: Bench) -> None:
    head = await bench.log.head()
    await bench.pool.execute(
        "update checkpoint set position = $1, event_id = $2 where follower = 'reactions_to_contacts'",
        head.position,
        head.event_id,
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="pages")
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--contacts", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args()
    Console().print(table(run(asked.people, asked.contacts, asked.rounds)))


if __name__ == "__main__":
    main()
