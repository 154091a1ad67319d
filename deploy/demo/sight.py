"""What each organisation should see after the story, compared with what its node answers."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from deploy.demo.conference import CONFERENCE, MEASURES
from deploy.demo.network import Network
from deploy.demo.people import EVA, JAKUB, LENKA, MESTO, NIT, OLGA, OSPOD, PRISTAV, SKOLA, TEREZA, VIT, Person, known
from deploy.demo.sentence import Sentence, told
from deploy.demo.story_contacts import DENISA, JANA
from deploy.demo.story_referrals import REF_1, REF_3, REF_4
from deploy.local.folder import Organisation

M1, M2, M3, M4, M5 = (measure.id for measure in MEASURES)
YEAR = {"first_day": date(2026, 1, 1), "last_day": date(2026, 12, 31)}
FIRST_QUARTER = {"first_day": date(2026, 1, 1), "last_day": date(2026, 3, 31)}


@dataclass(frozen=True)
class Sees:
    """Everything one organisation may know, seen by its `reader`.

    minutes    kinds of texts of the minutes
    attendees  invited natural persons; only the organiser knows them
    """

    reader: Person
    persons: frozenset[UUID] = frozenset()
    referrals: frozenset[UUID] = frozenset()
    actions: frozenset[UUID] = frozenset()
    minutes: frozenset[str] = frozenset()
    attendees: int = 0
    participants: int = 4
    reason: bool = True


SHOWN = frozenset({"for_comments", "issued"})
SEES: dict[Organisation, Sees] = {
    PRISTAV: Sees(
        OLGA,
        persons=frozenset({DENISA}),
        referrals=frozenset({REF_3, REF_4}),
        actions=frozenset({M4}),
        minutes=SHOWN | {"comment"},
    ),
    SKOLA: Sees(
        TEREZA,
        referrals=frozenset({REF_3, REF_4}),
        actions=frozenset({M3}),
        minutes=SHOWN | {"objection"},
    ),
    MESTO: Sees(
        EVA,
        persons=frozenset({JANA}),
        referrals=frozenset({REF_1}),
        actions=frozenset({M2, M5}),
        minutes=SHOWN,
    ),
    OSPOD: Sees(
        LENKA,
        actions=frozenset({M1, M2, M3, M4, M5}),
        minutes=SHOWN | {"draft", "comment", "objection"},
        attendees=2,
    ),
    NIT: Sees(JAKUB, referrals=frozenset({REF_1}), actions=frozenset({M1}), participants=1, reason=False),
}


@dataclass
class Ask:
    """Questions as one person, with rows' ids at hand."""

    who: Person
    api: Any
    wrong: list[str] = field(default_factory=list[str])

    async def rows(self, service: str, query: str, **fields: Any) -> list[dict[str, Any]]:
        return await self.api.query(service, query, **fields)

    def same(self, what: str, found: object, expected: object) -> None:
        """Note a difference; the values are ids, codes and numbers."""
        if found != expected:
            self.wrong.append(f"{self.who.organisation.code}: {what} {_plain(found)}, expected {_plain(expected)}")


@asynccontextmanager
async def _asking(network: Network, who: Person) -> AsyncGenerator[Ask, None]:
    async with network.api(who) as api:
        yield Ask(who, api)


async def everybody_sees_their_part(network: Network) -> Sentence:
    """Every node is asked for everything it has of people, referrals, conferences, measures and minutes."""
    wrong: list[str] = []
    for organisation, sees in SEES.items():
        async with _asking(network, sees.reader) as ask:
            await _compare(ask, organisation, sees)
            wrong += ask.wrong
    return told(wrong)


async def _compare(ask: Ask, organisation: Organisation, sees: Sees) -> None:
    persons = await ask.rows("contacts", "persons")
    ask.same("people", _ids(persons, "person_id"), sees.persons)
    referrals = await ask.rows("cases", "referrals", organisation=organisation.id)
    ask.same("referrals", _ids(referrals, "referral_id"), sees.referrals)
    conferences = await ask.rows("cases", "conferences")
    ask.same("conferences", _ids(conferences, "conference_id"), {CONFERENCE})
    ask.same("the conference's reason is shown:", [bool(one["reason"]) for one in conferences], [sees.reason])
    of_it = {"conference_id": CONFERENCE}
    actions = await ask.rows("cases", "conference_actions", **of_it)
    ask.same("measures", _ids(actions, "action_id"), sees.actions)
    ask.same("measures not done:", [one for one in actions if one["state"] != "done"], [])
    minutes = await ask.rows("cases", "conference_minutes", **of_it)
    ask.same("minutes", {one["kind"] for one in minutes}, sees.minutes)
    people = await ask.rows("cases", "conference_people", **of_it)
    ask.same("invited people", len(people), sees.attendees)
    participants = await ask.rows("cases", "conference_participants", **of_it)
    ask.same("invited organisations", len(participants), sees.participants)
    ask.same("organisations in the directory", len(await ask.rows("directory", "cards")), len(SEES))


PAIRS: tuple[tuple[UUID, Person, Person, tuple[str, str | None]], ...] = (
    (REF_1, EVA, JAKUB, ("closed", "completed")),
    (REF_3, OLGA, TEREZA, ("declined", None)),
    (REF_4, OLGA, TEREZA, ("withdrawn", None)),
)
"""Referral, somebody of the sender, somebody of the recipient, the common state and its outcome."""
COMMON = ("stage", "outcome", "code", "crossed", "answer_due", "worker", "first_meeting")
"""Not what was asked for: a recipient that never accepted is not shown it after a withdrawal."""


async def both_sides_agree(network: Network) -> Sentence:
    """The common state and what belongs to it, asked on both nodes."""
    wrong: list[str] = []
    for referral, sender, recipient, expected in PAIRS:
        sent, received = [await _referral(network, who, referral) for who in (sender, recipient)]
        for name in COMMON:
            if sent[name] != received[name]:
                wrong.append(f"{name} is {sent[name]} at {sender.organisation.code}, {received[name]} at the recipient")
        if (sent["stage"], sent["outcome"]) != expected:
            wrong.append(f"a referral is {sent['stage']} ({sent['outcome']}), expected {expected}")
    return told(wrong)


async def names_follow_acceptance(network: Network) -> Sentence:
    """Rule L24. The acceptance that crossed a withdrawal brought no name either."""
    wrong: list[str] = []
    for referral, _, recipient, _ in PAIRS:
        detail = await _referral(network, recipient, referral)
        named = bool(detail["client_name"] or detail["contact"] or detail["reason"])
        if named != (referral == REF_1):
            wrong.append(f"{recipient.organisation.code} {'knows' if named else 'does not know'} who it is about")
    return told(wrong)


async def _referral(network: Network, who: Person, referral: UUID) -> dict[str, Any]:
    async with network.api(who) as api:
        rows = await api.query("cases", "referral_detail", organisation=who.organisation.id, referral_id=referral)
    return rows[0]


async def conference_on_record(network: Network) -> Sentence:
    """Who came and what they say to the minutes; the guest is not asked."""
    async with _asking(network, LENKA) as ask:
        rows = await ask.rows("cases", "conference_participants", conference_id=CONFERENCE)
        copies = {UUID(row["organisation"]): row["minutes"] for row in rows}
        said = {SKOLA.id: "with_objection", MESTO.id: "confirmed", PRISTAV.id: "confirmed", NIT.id: None}
        ask.same("minutes are", copies, said)
        ask.same("presence", {row["presence"] for row in rows}, {"attended"})
        [conference] = await ask.rows("cases", "conferences")
        ask.same("the conference is", conference["stage"], "closed")
        return told(ask.wrong)


async def a_decline_is_a_task(network: Network) -> Sentence:
    """Rules X05, X19: whoever sent it must tell the client."""
    async with _asking(network, OLGA) as ask:
        rows = await ask.rows("cases", "referral_tasks", organisation=PRISTAV.id)
        open_tasks = {(UUID(row["referral_id"]), row["kind"]) for row in rows}
        ask.same("tasks", open_tasks, {(REF_3, "declined"), (REF_4, "cancelled")})
        return told(ask.wrong)


async def figures(network: Network) -> Sentence:
    """Domain reference §7, step 17: counted from events, families and persons apart."""
    async with _asking(network, VIT) as pristav, _asking(network, EVA) as mesto:
        await _counted(pristav, FIRST_QUARTER, contacts=1, interventions=2, approaches=6, unique_persons=1)
        await _counted(pristav, YEAR, contacts=1, interventions=2, families=0, family_persons=0)
        await _counted(mesto, YEAR, contacts=0, interventions=0, families=1, family_persons=4)
        [clients] = await pristav.rows("reporting", "unique_clients", **YEAR)
        pristav.same("clients", clients["clients"], 1)
        [paths] = await mesto.rows("reporting", "wandering", **YEAR)
        mesto.same("days to the first meeting", (paths["sent"], paths["median_days"]), (1, 7.0))
        [bounced] = await pristav.rows("reporting", "wandering", **YEAR)
        pristav.same("referrals sent and bounced", (bounced["sent"], bounced["bounced"]), (2, 1))
        for ask, expected in ((pristav, {"declined": 1, "withdrawn": 1}), (mesto, {"closed": 1})):
            rows = await ask.rows("reporting", "referral_counts", **YEAR)
            ask.same("referrals by state", {row["stage"]: row["referrals"] for row in rows}, expected)
        return told(pristav.wrong + mesto.wrong)


async def _counted(ask: Ask, period: dict[str, date], **expected: int) -> None:
    [row] = await ask.rows("reporting", "period_counts", **period)
    ask.same("counts", {name: row[name] for name in expected}, expected)


def _ids(rows: list[dict[str, Any]], name: str) -> set[UUID]:
    return {UUID(row[name]) for row in rows}


def _plain(value: object) -> str:
    """Ids by their place in the story where they have one: an id alone says nothing to a reader."""
    if isinstance(value, set | frozenset):
        return "{" + ", ".join(sorted(_plain(one) for one in value)) + "}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_plain(key)}: {_plain(one)}" for key, one in value.items()) + "}"
    return NAMES.get(value, str(value)) if isinstance(value, UUID) else str(value)


NAMES: dict[UUID, str] = {
    **{known(name): name for name in ("ref-1", "ref-3", "ref-4", "pk-1")},
    **{measure.id: measure.name for measure in MEASURES},
    **{organisation.id: organisation.code for organisation in SEES},
}
