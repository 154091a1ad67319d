"""One node's records multiplied, straight into its logs by the services' own machinery: sealed, chained, read models
in the same transaction, many at once.

Reactions to them are left out, for they would only say what is said here already; read models of other services are
filled by their own projections. One person in fifty has a long history, one in twenty is a client with a plan.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain, islice
from uuid import UUID

import asyncpg

from deploy.demo.people import OLGA, PRISTAV, RADKA, SIMON, Person, known
from deploy.node import SERVICES, service
from libs.codelists import (
    ActivityType,
    AgeBand,
    Channel,
    CountedAs,
    Housing,
    IdentityLevel,
    LadderStage,
    Need,
    Relation,
    Sex,
)
from libs.eventlog import Actor, Event, new_id
from libs.eventlog.log import Append, NewEvent
from libs.eventlog.postgres import PostgresLog
from libs.eventlog.stored import Checkpoint
from libs.privacy import NodeKey, Personal, SubjectKeys, seal_fields
from libs.projection.streamed import inline
from libs.service import Settings
from libs.service.maintenance import on_bench
from services.cases.agreement.events import AgreementConcluded, AgreementForm
from services.cases.plan.events import GoalAgreed, GoalProposed, PlanActivated, PlanDrafted, StepPlanned
from services.cases.plan.terms import Doer
from services.contacts.contact.events import ContactRecorded
from services.contacts.household.events import FamilyMonitored, MemberJoined
from services.contacts.person.events import (
    InterestExpressed,
    NicknameGiven,
    PersonBecameClient,
    PersonDescribed,
)

AT_ONCE = 500
SEED = 7
DAYS = 400
"""How far back contacts go: a year-to-date is not everything."""
LONG_HISTORY, CLIENT, FAMILY = 50, 20, 100
FIRST, LAST = ("Be", "Da", "Ema", "Fi", "Ja", "Ka", "La", "Ma", "Ni", "Pe", "Ro", "Te", "Vi", "Za"), (
    "da", "dka", "han", "jda", "lča", "lek", "mka", "nda", "rek", "ruš", "sta", "tka", "vča", "žka",
)  # fmt: skip
SEARCHED = "Karek"
WORKERS = {"LOKET": (RADKA,), "SLAVKOV": (SIMON, OLGA)}
CASELOAD = 30
"""Clients of one key worker: the others have colleagues of whom nobody signs in here."""
PLACES = ("560537", "560367", "560286")
LOCALITIES = (None, None, "Sídliště", "Nádraží")
NOTE = "Domluvili jsme se, že se příští týden zase uvidíme a dořešíme, co se začalo. " * 3

Stream = tuple[str, Person, tuple[Event, ...]]
Told = Sequence[tuple[Event, int]]
"""Events with their positions."""


async def multiply(settings: Settings, people: int, contacts: int) -> None:
    """While the node stands still: nobody else writes."""
    told = list(_everybody(people, contacts))
    await _write(settings, "contacts", (one for person in told for one in person[0]))
    await _write(settings, "cases", (one for person in told for one in person[1]))


async def _write(settings: Settings, name: str, streams: Iterator[Stream]) -> None:
    """Into the log of one service, and into all read models that follow it."""
    declared = service(name, settings)
    async with on_bench(declared) as bench, _followers(settings, name) as followers:
        keys = SubjectKeys(bench.pool, NodeKey.from_file(settings.path(settings.keys.folder) / "node.key"))
        url = settings.store.url.replace("{database}", name)
        log = PostgresLog(bench.pool, lambda: asyncpg.connect(url), inline(declared.projections, declared.sql))
        await log.start()
        while some := list(islice(streams, AT_ONCE)):
            scopes = {one for _, _, events in some for event in events for one in _subjects(event)}
            await keys.ready(scopes, create=True)
            written = await asyncio.gather(*(_append(log, keys, *one) for one in some))
            told = sorted(chain.from_iterable(written), key=lambda each: each[1])
            await asyncio.gather(*(one(told) for one in followers))
        head = await log.head()
        await log.close()
    await _catch_up(settings, name, head)


@asynccontextmanager
async def _followers(settings: Settings, source: str) -> AsyncGenerator[list[Callable[[Told], Awaitable[None]]]]:
    """One per service that has read models of this one's log; reading it event by event would take an hour."""
    async with AsyncExitStack() as stack:
        found: list[Callable[[Told], Awaitable[None]]] = []
        for name in SERVICES:
            declared = service(name, settings)
            projections = declared.follows.get(source, ())
            if projections:
                db = await asyncpg.connect(settings.store.url.replace("{database}", name))
                stack.push_async_callback(db.close)
                found.append(partial(inline(projections, declared.sql), db))
        yield found


async def _catch_up(settings: Settings, source: str, head: Checkpoint) -> None:
    """Whoever follows this log has read it to its end."""
    for name in SERVICES:
        db = await asyncpg.connect(settings.store.url.replace("{database}", name))
        try:
            await db.execute(
                "update checkpoint set position = $1, event_id = $2 where source = $3",
                head.position,
                head.event_id,
                source,
            )
            await db.execute("analyze")
        finally:
            await db.close()


def _everybody(people: int, contacts: int) -> Iterator[tuple[list[Stream], list[Stream]]]:
    """What `contacts` and what `cases` know of each."""
    dice = random.Random(SEED)
    now = datetime.now(UTC)
    many = _shared_out(people, contacts)
    for number in range(people):
        team = dice.choice(tuple(WORKERS))
        worker, person = dice.choice(WORKERS[team]), new_id()
        since = now - timedelta(days=DAYS)
        nickname = f"{dice.choice(FIRST)}{dice.choice(LAST)}{dice.choice(('', ' ml.', f' {number % 97}'))}"
        heard: list[Stream] = []
        made = [new_id() for _ in range(many[number])]
        for contact in made:
            when = now - timedelta(minutes=dice.randrange(DAYS * 24 * 60))
            heard.append(
                (f"contact-{contact}", worker, (_contact(dice, contact, person, nickname, worker, team, when),))
            )
        is_client = number % CLIENT == 0
        agreement = new_id()
        told: list[Event] = [
            NicknameGiven(
                person_id=person,
                nickname=Personal(nickname),
                team=team,
                stage=LadderStage.NICKNAME,
                identity=IdentityLevel.NICKNAME,
                given_at=since,
            ),
            PersonDescribed(
                person_id=person,
                sex=dice.choice(list(Sex)),
                age_band=dice.choice(list(AgeBand)),
                housing=dice.choice(list(Housing)),
                residence=dice.choice(PLACES),
            ),
        ]
        if number % 3 == 0:
            told.append(InterestExpressed(person_id=person, stage=LadderStage.INTERESTED, expressed_at=since))
        if is_client:
            told.append(
                PersonBecameClient(
                    person_id=person, agreement_id=agreement, stage=LadderStage.CLIENT, concluded_at=since
                )
            )
        heard.append((f"person-{person}", worker, tuple(told)))
        if number % FAMILY == 0:
            heard.append(_family(dice, person, worker, team, now))
        yield heard, _case(dice, person, agreement, worker, _key_worker(number, worker), now) if is_client else []


def _shared_out(people: int, contacts: int) -> list[int]:
    """How many contacts each has: half of them evenly, the other half with those of a long history."""
    long = [number for number in range(people) if number % LONG_HISTORY == 0]
    even = contacts // 2
    many = [even * (number + 1) // people - even * number // people for number in range(people)]
    rest = contacts - even
    for place, number in enumerate(long):
        many[number] += rest * (place + 1) // len(long) - rest * place // len(long)
    return many


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
        municipality=dice.choice(PLACES),
        locality=dice.choice(LOCALITIES),
        started_at=when,
        minutes=minutes,
        counted_as=CountedAs.INTERVENTION
        if minutes >= 30
        else CountedAs.CONTACT
        if minutes >= 10
        else CountedAs.NEITHER,
        topics=(dice.choice(list(Need)),),
        activities=(ActivityType.CONTACT_WORK,),
        approached=1,
        spoke=1,
        nickname=Personal(nickname),
        note=Personal(NOTE),
    )


def _family(dice: random.Random, person: UUID, worker: Person, team: str, now: datetime) -> Stream:
    household = new_id()
    seen = FamilyMonitored(
        household_id=household,
        worker=worker.id,
        team=team,
        persons=dice.randrange(2, 7),
        municipality=dice.choice(PLACES),
        monitored_at=now - timedelta(days=dice.randrange(DAYS)),
    )
    joined = MemberJoined(household_id=household, person_id=person, relation=Relation.CHILD)
    return f"household-{household}", worker, (seen, joined)


def _key_worker(number: int, worker: Person) -> UUID:
    place = number // CLIENT // (CASELOAD * 3)
    return worker.id if place == 0 else known(f"colleague {place} of {worker.team} {worker.name}")


def _case(
    dice: random.Random, person: UUID, agreement: UUID, worker: Person, key_worker: UUID, now: datetime
) -> list[Stream]:
    plan, goal = new_id(), new_id()
    about = {"plan_id": plan, "person_id": person}
    today = now.date()
    concluded = AgreementConcluded(
        agreement_id=agreement,
        person_id=person,
        form=AgreementForm.ORAL,
        concluded_on=today - timedelta(days=dice.randrange(DAYS)),
        key_worker=key_worker,
        client_order=Personal("Najít bydlení"),
    )
    planned = (
        PlanDrafted(**about, agreement_id=agreement),
        GoalProposed(**about, goal_id=goal, wording=Personal("Bydlet ve svém"), need=Need.HOUSING),
        GoalAgreed(**about, goal_id=goal),
        StepPlanned(
            **about,
            goal_id=goal,
            step_id=new_id(),
            what=Personal("Podat žádost o byt"),
            doer=Doer.TOGETHER,
            worker=key_worker,
            due=today + timedelta(days=dice.randrange(-10, 90)),
        ),
        PlanActivated(
            **about,
            activated_on=today - timedelta(days=100),
            review_on=today + timedelta(days=dice.randrange(0, 180)),
        ),
    )
    return [(f"agreement-{agreement}", worker, (concluded,)), (f"plan-{plan}", worker, planned)]


async def _append(log: PostgresLog, keys: SubjectKeys, stream: str, worker: Person, events: Sequence[Event]) -> Told:
    actor = Actor(user=worker.id, organisation=PRISTAV.id, roles=frozenset(worker.roles), team=worker.team)
    ids = [new_id() for _ in events]
    sealed = [await seal_fields(keys, event, event.subjects, id) for event, id in zip(events, ids, strict=True)]
    new = tuple(NewEvent(id, event, ()) for id, event in zip(ids, sealed, strict=True))
    command = new_id()
    done = await log.append(Append(stream, 0, command, actor, datetime.now(UTC), new, correlation_id=command))
    return [(event, done.position - len(sealed) + place) for place, event in enumerate(sealed, start=1)]


def _subjects(event: Event) -> Iterator[UUID]:
    return (getattr(event, subject) for subject in set(event.subjects.values()))
