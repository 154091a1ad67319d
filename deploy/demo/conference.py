"""The conference pk-1: who takes part, its measures, and what a step about it waits for."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from deploy.demo.people import EVA, IVANA, JAKUB, LENKA, MESTO, SIMON, Person, known
from deploy.demo.steps import Rows, Step, Wait, at
from deploy.local.folder import Organisation
from services.cases.conference.commands import ConferenceWish
from services.cases.conference.terms import Answer

CONFERENCE = known("pk-1")
MOTHER, CHILD = known("pk-1 Jana"), known("pk-1 Denisa")
INVITED = (IVANA, EVA, SIMON, JAKUB)
"""Who answers for each invited organisation."""
FULL = (IVANA, EVA, SIMON)
"""Those of them who are there for the whole conference; Jakub is a guest for one item."""


@dataclass(frozen=True)
class Measure:
    """One measure: who does it, what, by when, and how it ended."""

    name: str
    worker: Person
    title: str
    due: date
    finished: datetime
    evidence: str
    watched_by: Organisation | None = None

    @property
    def id(self) -> UUID:
        return known(f"pk-1 {self.name}")


MEASURES = (
    Measure(
        "M1",
        JAKUB,
        "Podepsat s Janou splátkový kalendář",
        date(2026, 6, 19),
        at(6, 19, 15, 5),
        "Kalendář podepsán všemi věřiteli.",
    ),
    Measure(
        "M2",
        EVA,
        "Zajistit rozhodnutí o místě ve školce pro Matěje",
        date(2026, 6, 15),
        at(6, 12, 10),
        "Matěj nastoupí do školky od září.",
    ),
    Measure(
        "M3",
        IVANA,
        "Uzavřít s Denisou dohodu o docházce",
        date(2026, 5, 22),
        at(5, 22, 14),
        "Dohodu podepsala Denisa i její matka.",
    ),
    Measure(
        "M4",
        SIMON,
        "Domluvit doučování s dobrovolníkem",
        date(2026, 6, 23),
        at(6, 18, 16),
        "Dobrovolnice s Denisou začala v červnu.",
    ),
    Measure(
        "M5",
        LENKA,
        "Babička Věra hlídá Matěje v úterý a ve čtvrtek",
        date(2026, 6, 23),
        at(6, 22, 9),
        "Věra hlídá pravidelně, potvrdila to i matka.",
        watched_by=MESTO,
    ),
)
"""M5 is a relative's; OSPOD, which invited her, answers for it, and the town keeps an eye on it."""


def wish(
    number: str,
    on: datetime,
    who: Person,
    title: str,
    command: type[ConferenceWish],
    /,
    *after: Wait,
    expect: str | None = None,
    instead: tuple[str, ...] = (),
    **fields: object,
) -> Step:
    own = {"conference_id": CONFERENCE, **fields}
    return Step(number, on, who, title, command, own, after, expect, instead)


def invited(who: Person) -> Wait:
    fields = {"conference_id": CONFERENCE}
    return Wait(who, "cases", "conferences", f"the conference at {who.organisation.code}", bool, fields)


def held_at(who: Person) -> Wait:
    what = f"that the conference was held, at {who.organisation.code}"
    fields = {"conference_id": CONFERENCE}
    return Wait(who, "cases", "conferences", what, lambda rows: any(row["started_at"] for row in rows), fields)


def closed_at(who: Person) -> Wait:
    what = f"that the conference is closed, at {who.organisation.code}"
    fields = {"conference_id": CONFERENCE}
    return Wait(who, "cases", "conferences", what, lambda rows: any(row["closed_on"] for row in rows), fields)


def all_answers() -> Wait:
    def until(rows: Rows) -> bool:
        return len(rows) == len(INVITED) and all(row["answer"] == Answer.ACCEPTED.value for row in rows)

    fields = {"conference_id": CONFERENCE}
    return Wait(LENKA, "cases", "conference_participants", "all answers at the organiser", until, fields)


def minutes_at(who: Person, kind: str) -> Wait:
    fields = {"conference_id": CONFERENCE, "kind": kind}
    what = f"minutes ({kind}) at {who.organisation.code}"
    return Wait(who, "cases", "conference_minutes", what, bool, fields)


def all_copies() -> Wait:
    def until(rows: Rows) -> bool:
        return sum(row["minutes"] in ("confirmed", "with_objection") for row in rows) == len(FULL)

    fields = {"conference_id": CONFERENCE}
    return Wait(LENKA, "cases", "conference_participants", "what everybody says to the minutes", until, fields)


def measures_at(who: Person, what: str, ids: set[UUID], states: set[str] | None = None) -> Wait:
    def until(rows: Rows) -> bool:
        here = {row["action_id"] for row in rows if states is None or row["state"] in states}
        return {str(one) for one in ids} <= here

    what = f"{what} at {who.organisation.code}"
    return Wait(who, "cases", "conference_actions", what, until, {"conference_id": CONFERENCE})
