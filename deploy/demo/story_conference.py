"""Chapters 10, 11 and 13: the conference pk-1, its measures, its review. Each organisation writes its own log."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from deploy.demo.people import (
    DITA,
    EVA,
    HANA,
    IVANA,
    JAKUB,
    LENKA,
    MESTO,
    NIT,
    PRISTAV,
    SIMON,
    SKOLA,
    Person,
    known,
)
from deploy.demo.steps import Rows, Step, Wait, at
from deploy.demo.story_directory import SOKOLOV
from deploy.local.folder import Organisation
from libs.codelists import Need, by_statute
from services.cases.conference.commands import (
    AcknowledgeAction,
    AnswerForPerson,
    AnswerInvitation,
    AssignAction,
    CloseConference,
    CommentMinutes,
    ConferenceWish,
    ConfirmMinutes,
    ConfirmMinutesWithObjection,
    ConveneConference,
    DraftMinutes,
    FinishAction,
    HoldConference,
    HoldReview,
    InvitePerson,
    IssueMinutes,
    NoteActionProgress,
    OpenComments,
)
from services.cases.conference.terms import Answer, Attendance, Invitee, MeasureResult, Presence

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


def _wish(
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


def _known(who: Person) -> Wait:
    fields = {"conference_id": CONFERENCE}
    return Wait(who, "cases", "conferences", f"the conference at {who.organisation.code}", bool, fields)


def _held(who: Person) -> Wait:
    what = f"that the conference was held, at {who.organisation.code}"
    fields = {"conference_id": CONFERENCE}
    return Wait(who, "cases", "conferences", what, lambda rows: any(row["started_at"] for row in rows), fields)


def _closed(who: Person) -> Wait:
    what = f"that the conference is closed, at {who.organisation.code}"
    fields = {"conference_id": CONFERENCE}
    return Wait(who, "cases", "conferences", what, lambda rows: any(row["closed_on"] for row in rows), fields)


def _answers() -> Wait:
    def until(rows: Rows) -> bool:
        return len(rows) == len(INVITED) and all(row["answer"] == Answer.ACCEPTED.value for row in rows)

    fields = {"conference_id": CONFERENCE}
    return Wait(LENKA, "cases", "conference_participants", "all answers at the organiser", until, fields)


def _minutes(who: Person, kind: str) -> Wait:
    fields = {"conference_id": CONFERENCE, "kind": kind}
    what = f"minutes ({kind}) at {who.organisation.code}"
    return Wait(who, "cases", "conference_minutes", what, bool, fields)


def _copies() -> Wait:
    def until(rows: Rows) -> bool:
        return sum(row["minutes"] in ("confirmed", "with_objection") for row in rows) == len(FULL)

    fields = {"conference_id": CONFERENCE}
    return Wait(LENKA, "cases", "conference_participants", "what everybody says to the minutes", until, fields)


def _measures(who: Person, what: str, ids: set[UUID], states: set[str] | None = None) -> Wait:
    def until(rows: Rows) -> bool:
        here = {row["action_id"] for row in rows if states is None or row["state"] in states}
        return {str(one) for one in ids} <= here

    what = f"{what} at {who.organisation.code}"
    return Wait(who, "cases", "conference_actions", what, until, {"conference_id": CONFERENCE})


CHAPTER_10: tuple[Step, ...] = (
    _wish(
        "10.01",
        at(4, 21),
        LENKA,
        "Lenka svolává případovou konferenci",
        ConveneConference,
        *(_known(one) for one in INVITED),
        starts_at=at(5, 12, 10),
        place_code=SOKOLOV,
        place="zasedačka ve druhém patře, vchod ze dvora",
        reason="Denisa zameškala 34 neomluvených hodin, doma hlídá čtyřletého Matěje.",
        goal="Aby Denisa mohla chodit do školy a rodina nepřišla o byt.",
        ground=by_statute("359/1999", "10"),
        invitees=(
            Invitee(organisation=SKOLA.id),
            Invitee(organisation=MESTO.id),
            Invitee(organisation=PRISTAV.id),
            Invitee(organisation=NIT.id, item=Need.DEBTS, guest=True),
        ),
        facilitator=HANA.id,
        recorder=DITA.id,
    ),
    _wish(
        "10.02",
        at(4, 21, 9, 10),
        LENKA,
        "Lenka zve matku",
        InvitePerson,
        attendee_id=MOTHER,
        name="Jana K.",
    ),
    _wish(
        "10.03",
        at(4, 21, 9, 12),
        LENKA,
        "Lenka zve Denisu na její část, s babičkou jako oporou",
        InvitePerson,
        attendee_id=CHILD,
        name="Denisa",
        item=Need.ATTENDANCE,
        support="babička Věra",
    ),
    *(
        _wish(
            f"10.{number:02}",
            at(4, 23, 8 + number),
            who,
            f"{who.name.split()[0]} potvrzuje účast: {who.organisation.name}",
            AnswerInvitation,
            answer=Answer.ACCEPTED,
        )
        for number, who in enumerate(INVITED, 4)
    ),
    _wish(
        "10.08",
        at(4, 27),
        LENKA,
        "Matka přijde",
        AnswerForPerson,
        attendee_id=MOTHER,
        answer=Answer.ACCEPTED,
    ),
    _wish(
        "10.09",
        at(4, 27, 9, 5),
        LENKA,
        "Denisa přijde",
        AnswerForPerson,
        _answers(),
        attendee_id=CHILD,
        answer=Answer.ACCEPTED,
    ),
)

_ASSIGNED = tuple(
    _wish(
        f"11.{number:02}",
        at(5, 12, 11, 20 + number),
        DITA,
        f"Opatření {one.name}: {one.worker.organisation.name}",
        AssignAction,
        action_id=one.id,
        responsible=one.worker.organisation.id,
        title=one.title,
        due=one.due,
        watched_by=one.watched_by.id if one.watched_by else None,
    )
    for number, one in enumerate(MEASURES, 2)
)
_TAKEN_ON = tuple(
    _wish(
        f"11.{number:02}",
        at(5, 13, 8, number),
        one.worker,
        f"{one.worker.name.split()[0]} bere opatření {one.name} na sebe",
        AcknowledgeAction,
        action_id=one.id,
    )
    for number, one in enumerate(MEASURES, 8)
)
CHAPTER_11: tuple[Step, ...] = (
    _wish(
        "11.01",
        at(5, 12, 11, 30),
        HANA,
        "Hana zapisuje, že konference proběhla",
        HoldConference,
        *(_held(one) for one in INVITED),
        started_at=at(5, 12, 10),
        ended_at=at(5, 12, 11, 30),
        attendance=tuple(Attendance(organisation=one.organisation.id, presence=Presence.ATTENDED) for one in INVITED),
        people_present=(MOTHER, CHILD),
    ),
    *_ASSIGNED,
    _wish(
        "11.07",
        at(5, 12, 16),
        DITA,
        "Dita píše návrh zápisu",
        DraftMinutes,
        *(_measures(one.worker, "the measure", {one.id}) for one in MEASURES),
        _measures(EVA, "the watched measure", {MEASURES[4].id}),
        text="Sešli jsme se kvůli docházce Denisy. Matka popsala ranní péči o Matěje a dluhy. "
        "Dohodli jsme pět opatření; škola upozornila na přestupek zanedbání docházky.",
    ),
    *_TAKEN_ON,
    _wish(
        "11.13",
        at(5, 14, 9),
        LENKA,
        "Lenka otevírá zápis k připomínkám do 21. května",
        OpenComments,
        *(_minutes(one, "for_comments") for one in FULL),
        until=date(2026, 5, 21),
    ),
    _wish(
        "11.14",
        at(5, 18, 9),
        SIMON,
        "Šimon připomínkuje zápis",
        CommentMinutes,
        _minutes(LENKA, "comment"),
        text="Doplnit prosím, že Denisa chce být u dalšího jednání.",
    ),
    _wish(
        "11.15",
        at(5, 20, 9),
        LENKA,
        "Před koncem připomínek zápis vydat nejde",
        IssueMinutes,
        expect="comments_still_open",
        instead=("already_terminal",),
    ),
    _wish(
        "11.16",
        at(5, 21, 16),
        DITA,
        "Dita připomínku zapracovala",
        DraftMinutes,
        text="Sešli jsme se kvůli docházce Denisy. Matka popsala ranní péči o Matěje a dluhy. Dohodli jsme pět "
        "opatření; škola upozornila na přestupek zanedbání docházky. Denisa chce být u dalšího jednání.",
    ),
    _wish(
        "11.17",
        at(5, 22, 9),
        LENKA,
        "Lenka zápis podepisuje a vydává",
        IssueMinutes,
        *(_minutes(one, "issued") for one in FULL),
    ),
    _wish(
        "11.18",
        at(5, 25, 8),
        IVANA,
        "Ivana potvrzuje s námitkou",
        ConfirmMinutesWithObjection,
        objection="Škola trvá na tom, že oznámí přestupek zanedbání školní docházky.",
    ),
    _wish("11.19", at(5, 25, 9), EVA, "Eva potvrzuje zápis", ConfirmMinutes),
    _wish("11.20", at(5, 25, 10), SIMON, "Šimon potvrzuje zápis", ConfirmMinutes, _copies()),
    _wish(
        "11.21",
        at(5, 25, 11),
        JAKUB,
        "Jakub je host: zápis nedostal a potvrdit ho nemůže",
        ConfirmMinutes,
        expect="not_party",
    ),
)

_DONE = tuple(
    _wish(
        f"13.{number:02}",
        one.finished,
        one.worker,
        f"Opatření {one.name} splněno: {one.worker.organisation.name}",
        FinishAction,
        action_id=one.id,
        result=MeasureResult.DONE,
        evidence=one.evidence,
    )
    for number, one in enumerate(MEASURES, 2)
)
CHAPTER_13: tuple[Step, ...] = (
    _wish(
        "13.01",
        at(6, 2),
        SIMON,
        "Šimon hlásí, jak jde doučování",
        NoteActionProgress,
        action_id=MEASURES[3].id,
        note="Dobrovolnice se s Denisou poznala, začnou v pondělí.",
    ),
    *_DONE,
    _wish(
        "13.07",
        at(6, 23, 9),
        EVA,
        "Přezkum svolává jen OSPOD",
        HoldReview,
        _measures(LENKA, "all measures done", {one.id for one in MEASURES}, {"done"}),
        expect="not_owner",
    ),
    _wish(
        "13.08",
        at(6, 23, 10),
        LENKA,
        "Lenka s ostatními prochází opatření",
        HoldReview,
        note="Od 12. května do 23. června Denisa zameškala 3 neomluvené hodiny.",
    ),
    _wish(
        "13.09",
        at(6, 23, 10, 30),
        LENKA,
        "Všechna opatření jsou splněna, konference se uzavírá",
        CloseConference,
        *(_closed(one) for one in INVITED),
    ),
)
