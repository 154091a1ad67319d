"""pages: how long a node takes to answer every page and a search by name, with as many people as a region has.

The story of the demonstration, and then one node's records multiplied (`multiplied.py`). Everything is asked over HTTP,
one request after the other, as the people of that node.
`python -m tests.benchmarks.pages --people 20000 --contacts 200000`
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from deploy.demo.network import Network
from deploy.demo.people import OLGA, ORGANISATIONS, PRISTAV, RADKA, SIMON, VIT
from deploy.demo.play import play
from deploy.demo.settled import settle
from libs.eventlog import Actor
from libs.messaging import Bus, Place, connect
from libs.service import Settings
from services.contacts.person.views import PersonName, PersonNames
from services.portal.web.finder import Finder
from tests.benchmarks import first_view
from tests.benchmarks.first_view import View, first_views
from tests.benchmarks.ground import Ground
from tests.benchmarks.measured import Measured
from tests.benchmarks.multiplied import SEARCHED, multiply
from tests.web.crawl import inside
from tests.web.inventory import examples
from tests.web.more import tell_more
from tests.web.told import OFFICER, Told, Visitor

ROWS = {
    "pages": "How long a node takes to answer the slowest of all its pages, over HTTP, one request after the other, "
    "with 20,000 people and 200,000 contacts (p95): as answers a second, beside the limit.",
    "pages-search": "The search of a portal by part of a name among as many people, without the page around it.",
    "first-view": "Until the slowest page can be used on a phone six times slower than this machine, over 1.6 Mbit/s "
    "with 150 ms each way, and nothing in its cache: as views a second, beside the limit.",
}
SIZES, QUICK_SIZES = (20_000, 200_000, 20), (300, 3_000, 3)
"""People, contacts, rounds."""
GOAL_MS, SEARCH_GOAL_MS = 50.0, 20.0
PATIENCE_S = 3_600.0
MOST_FOUND = 50
VISITORS = tuple(Visitor(PRISTAV, one) for one in (RADKA, SIMON, OLGA, VIT, OFFICER))
SEARCH = "search itself"

Ask = Callable[[], Coroutine[Any, Any, int]]


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

    @property
    def goal(self) -> float:
        return SEARCH_GOAL_MS if self.page == SEARCH else GOAL_MS


def run(
    people: int, contacts: int, rounds: int = 20, say: Callable[[str], None] = print, *, is_alone: bool = False
) -> tuple[list[Timed], list[View]]:
    """Every page that a leader, two workers, the administrator and the officer find, and a search by name.

    is_alone   one node without neighbours and without the story: quick to make, but without referrals and conferences
    """
    with tempfile.TemporaryDirectory(prefix="spojka-pages-") as folder:
        Path(folder).chmod(0o711)
        organisations = (PRISTAV,) if is_alone else ORGANISATIONS
        with Network(Path(folder), organisations).up(say=say) as network:
            told = Told(network)
            asyncio.run(_begin(told, is_alone=is_alone))
            grow(network, people, contacts, say)
            timed = asyncio.run(measure(told, rounds, say))
            return timed, asyncio.run(_views(told, say))


def suite(ground: Ground, *, quick: bool) -> list[Measured]:
    """As `./spojka bench pages` has it."""
    people, contacts, rounds = QUICK_SIZES if quick else SIZES
    if quick:
        ground.say(
            f"pages, quickly: one node with {people} people, without referrals and conferences. "
            f"`./spojka bench pages` measures {SIZES[0]:,} people in the network of the demonstration."
        )
    found, views = run(people, contacts, rounds, say=ground.say, is_alone=quick)
    if not quick:
        ground.say(table(found))
    return [*measured(found), *([first_view.measured(views)] if views else [])]


async def _views(told: Told, say: Callable[[str], None]) -> list[View]:
    try:
        return await first_views(told, Visitor(PRISTAV, OLGA))
    except LookupError as missing:
        say(f"first-view is left out: {missing}")
        return []


async def _begin(told: Told, *, is_alone: bool) -> None:
    await told.network.introduce()
    if not is_alone:
        await play(told.network)
    await told.add(OFFICER)
    if not is_alone:
        await tell_more(told.network)
    await settle(told.network)


def grow(network: Network, people: int, contacts: int, say: Callable[[str], None]) -> None:
    """The node stands still meanwhile."""
    program = network.nodes[PRISTAV.code].program
    network.supervisor.hold(program)
    began = time.monotonic()
    asyncio.run(multiply(_settings(network), people, contacts))
    say(f"{people:,} people and {contacts:,} contacts were recorded in {time.monotonic() - began:.0f} s")
    network.supervisor.release(program)


async def measure(told: Told, rounds: int, say: Callable[[str], None] = print) -> list[Timed]:
    """Once everything that follows has followed."""
    began = time.monotonic()
    await settle(told.network, PATIENCE_S)
    say(f"everybody has read it after {time.monotonic() - began:.0f} s more")
    await told.look_around(VISITORS)
    timed: list[Timed] = []
    for visitor in VISITORS:
        paths = examples(one for one in told.visits if one.who == visitor and one.document)
        async with told.http(visitor) as http:
            for template, path in paths.items():
                timed.append(await _timed(f"GET {template}", visitor.slug, rounds, lambda h=http, p=path: _get(h, p)))
            for form in ("/hledat", "/klienti/hledat"):
                if form.removesuffix("/hledat") in ("", *paths):
                    timed += await _searches(http, visitor, form, rounds)
    async with _searching(_settings(told.network)) as search:
        began = time.perf_counter()
        await search()
        say(f"the first search of a portal takes {(time.perf_counter() - began) * 1000:,.0f} ms")
        timed.append(await _timed(SEARCH, Visitor(PRISTAV, OLGA).slug, 10 * rounds, search))
    return timed


def measured(timed: Sequence[Timed]) -> list[Measured]:
    """The slowest page beside its limit, and the search beside its own; a ratio of 1 is just fast enough."""
    pages = [one for one in timed if one.page != SEARCH]
    slowest = max(pages, key=lambda one: one.p95)
    [search] = [one for one in timed if one.page == SEARCH]
    return [
        _beside(slowest, "pages", f"the limit; slowest of {len(pages)}: {slowest.page}", len(pages)),
        _beside(search, "pages-search", "the limit", 1),
    ]


def table(timed: Sequence[Timed]) -> Table:
    """The slowest first."""
    shown = Table(title="Pages, the slowest first")
    for column, side in (("page", "left"), ("as", "left"), ("p50 ms", "right"), ("p95 ms", "right"), ("KB", "right")):
        shown.add_column(column, justify=side, no_wrap=True)  # pyright: ignore[reportArgumentType]
    for one in sorted(timed, key=lambda one: -one.p95):
        mark = " ✗" if one.p95 > one.goal else ""
        shown.add_row(one.page, one.who, f"{one.p50:,.0f}", f"{one.p95:,.0f}{mark}", f"{one.size / 1000:,.1f}")
    return shown


def _beside(one: Timed, name: str, other: str, many: int) -> Measured:
    """Pages a second that one request after the other gives, so that more is better, as everywhere in the bench."""
    return Measured(
        name=name,
        ours=1000 / one.p95,
        other=1000 / one.goal,
        other_name=f"{other}, p95 {one.p95:.0f} of {one.goal:.0f} ms",
        unit="answers/s",
        n=len(one.taken) * many,
        least=1.0,
    )


async def _timed(page: str, who: str, rounds: int, ask: Ask) -> Timed:
    taken: list[float] = []
    size = 0
    for _ in range(rounds):
        began = time.perf_counter()
        size = await ask()
        taken.append((time.perf_counter() - began) * 1000)
    return Timed(page, who, taken, size)


async def _get(http: httpx.AsyncClient, path: str) -> int:
    return (await http.get(path)).num_bytes_downloaded


async def _searches(http: httpx.AsyncClient, visitor: Visitor, form: str, rounds: int) -> list[Timed]:
    """As a person without scripts: the post, and the page of results it leads to."""
    found: list[str] = []

    async def post() -> int:
        reply = await http.post(form, data={"text": SEARCHED})
        found.append(inside("/", [reply.headers["location"]])[0])
        return reply.num_bytes_downloaded

    posted = await _timed(f"POST {form}", visitor.slug, rounds, post)
    shown = await _timed(f"GET result of {form}", visitor.slug, rounds, lambda: _get(http, found[-1]))
    return [posted, shown]


@dataclass(frozen=True)
class _Leader:
    """Asks as the pages of a team leader do, who may find everybody."""

    bus: Bus
    team: str | None = None

    async def ask(self, question: type[PersonNames], view: type[PersonName], **fields: Any) -> list[PersonName]:
        actor = Actor(user=OLGA.id, organisation=PRISTAV.id, roles=frozenset(OLGA.roles), team=OLGA.team)
        asked = question.model_validate({"actor": actor, **fields})
        return await self.bus.query("contacts", "person_names", asked, view)


@asynccontextmanager
async def _searching(settings: Settings) -> AsyncGenerator[Ask]:
    """The portal's search by name and nothing around it: its question to `contacts`, and the walk over all names."""
    place = Place(url=settings.bus.url, user="portal", password=settings.password("portal"), name="portal")
    connection = await connect(place)
    finder, leader = Finder(), _Leader(Bus(connection))

    async def search() -> int:
        return len(await finder.find(leader, SEARCHED, MOST_FOUND))

    try:
        yield search
    finally:
        await connection.close()


def _settings(network: Network) -> Settings:
    return Settings.from_file(network.nodes[PRISTAV.code].folder / "node.toml")


def main() -> None:
    parser = argparse.ArgumentParser(prog="pages")
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--contacts", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args()
    Console(width=150).print(table(run(asked.people, asked.contacts, asked.rounds)[0]))


if __name__ == "__main__":
    main()
