"""One node's records multiplied, straight into its logs by the services' own machinery: sealed, chained, read models
in the same transaction, many at once.

Its own reactions to them are left out, for they would only say what is said here already; all that other services
count and list follows as always. One person in fifty has a long history, one in twenty is a client with a plan.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

import asyncpg

from deploy.demo.people import OLGA, PRISTAV, RADKA, SIMON, Person
from deploy.node import service
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
    PersonContactNoted,
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
PLACES = ("560537", "560367", "560286")
LOCALITIES = (None, None, "Sídliště", "Nádraží")
NOTE = "Domluvili jsme se, že se příští týden zase uvidíme a dořešíme, co se začalo. " * 3

Stream = tuple[str, Person, tuple[Event, ...]]


async def multiply(settings: Settings, people: int, contacts: int) -> None:
    """While the node stands still: nobody else writes."""
    told = list(_everybody(people, contacts))
    await _write(settings, "contacts", (one for person in told for one in person[0]))
    await _write(settings, "cases", (one for person in told for one in person[1]))


async def _write(settings: Settings, name: str, streams: Iterator[Stream]) -> None:
    declared = service(name, settings)
    async with on_bench(declared) as bench:
        keys = SubjectKeys(bench.pool, NodeKey.from_file(settings.path(settings.keys.folder) / "node.key"))
        url = settings.store.url.replace("{database}", name)
        log = PostgresLog(bench.pool, lambda: asyncpg.connect(url), inline(declared.projections, declared.sql))
        await log.start()
        while some := list(islice(streams, AT_ONCE)):
            await keys.ready(
                {one for _, _, events in some for event in events for one in _subjects(event)}, create=True
            )
            await asyncio.gather(*(_append(log, keys, *one) for one in some))
        head = await bench.log.head()
        await log.close()
    await _skip_reactions(settings, name, head)


async def _skip_reactions(settings: Settings, source: str, head: Checkpoint) -> None:
    for name in ("contacts", "cases"):
        db = await asyncpg.connect(settings.store.url.replace("{database}", name))
        try:
            await db.execute(
                "update checkpoint set position = $1, event_id = $2 where follower = $3",
                head.position,
                head.event_id,
                f"reactions_to_{source}",
            )
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
        known: list[Stream] = []
        made = [new_id() for _ in range(many[number])]
        for contact in made:
            when = now - timedelta(minutes=dice.randrange(DAYS * 24 * 60))
            known.append(
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
        told += [PersonContactNoted(person_id=person, contact_id=one) for one in made]
        known.append((f"person-{person}", worker, tuple(told)))
        if number % FAMILY == 0:
            known.append(_family(dice, person, worker, team, now))
        yield known, _case(dice, person, agreement, worker, now) if is_client else []


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


def _case(dice: random.Random, person: UUID, agreement: UUID, worker: Person, now: datetime) -> list[Stream]:
    plan, goal = new_id(), new_id()
    about = {"plan_id": plan, "person_id": person}
    today = now.date()
    concluded = AgreementConcluded(
        agreement_id=agreement,
        person_id=person,
        form=AgreementForm.ORAL,
        concluded_on=today - timedelta(days=dice.randrange(DAYS)),
        key_worker=worker.id,
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
            worker=worker.id,
            due=today + timedelta(days=dice.randrange(-10, 90)),
        ),
        PlanActivated(
            **about,
            activated_on=today - timedelta(days=100),
            review_on=today + timedelta(days=dice.randrange(0, 180)),
        ),
    )
    return [(f"agreement-{agreement}", worker, (concluded,)), (f"plan-{plan}", worker, planned)]


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
