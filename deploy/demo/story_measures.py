"""Chapters 11 and 13: the meeting, its minutes, the measures agreed there, and their review."""

from datetime import date

from deploy.demo.conference import (
    CHILD,
    FULL,
    INVITED,
    MEASURES,
    MOTHER,
    all_copies,
    closed_at,
    held_at,
    measures_at,
    minutes_at,
    wish,
)
from deploy.demo.people import DITA, EVA, HANA, IVANA, JAKUB, LENKA, SIMON
from deploy.demo.steps import Step, at
from services.cases.conference.commands import (
    AcknowledgeAction,
    AssignAction,
    CloseConference,
    CommentMinutes,
    ConfirmMinutes,
    ConfirmMinutesWithObjection,
    DraftMinutes,
    FinishAction,
    HoldConference,
    HoldReview,
    IssueMinutes,
    NoteActionProgress,
    OpenComments,
)
from services.cases.conference.terms import Attendance, MeasureResult, Presence

_ASSIGNED = tuple(
    wish(
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
    wish(
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
    wish(
        "11.01",
        at(5, 12, 11, 30),
        HANA,
        "Hana zapisuje, že konference proběhla",
        HoldConference,
        *(held_at(one) for one in INVITED),
        started_at=at(5, 12, 10),
        ended_at=at(5, 12, 11, 30),
        attendance=tuple(Attendance(organisation=one.organisation.id, presence=Presence.ATTENDED) for one in INVITED),
        people_present=(MOTHER, CHILD),
    ),
    *_ASSIGNED,
    wish(
        "11.07",
        at(5, 12, 16),
        DITA,
        "Dita píše návrh zápisu",
        DraftMinutes,
        *(measures_at(one.worker, "the measure", {one.id}) for one in MEASURES),
        measures_at(EVA, "the watched measure", {MEASURES[4].id}),
        text="Sešli jsme se kvůli docházce Denisy. Matka popsala ranní péči o Matěje a dluhy. "
        "Dohodli jsme pět opatření; škola upozornila na přestupek zanedbání docházky.",
    ),
    *_TAKEN_ON,
    wish(
        "11.13",
        at(5, 14, 9),
        LENKA,
        "Lenka otevírá zápis k připomínkám do 21. května",
        OpenComments,
        *(minutes_at(one, "for_comments") for one in FULL),
        until=date(2026, 5, 21),
    ),
    wish(
        "11.14",
        at(5, 18, 9),
        SIMON,
        "Šimon připomínkuje zápis",
        CommentMinutes,
        minutes_at(LENKA, "comment"),
        text="Doplnit prosím, že Denisa chce být u dalšího jednání.",
    ),
    wish(
        "11.15",
        at(5, 20, 9),
        LENKA,
        "Před koncem připomínek zápis vydat nejde",
        IssueMinutes,
        expect="comments_still_open",
        instead=("already_terminal",),
    ),
    wish(
        "11.16",
        at(5, 21, 16),
        DITA,
        "Dita připomínku zapracovala",
        DraftMinutes,
        text="Sešli jsme se kvůli docházce Denisy. Matka popsala ranní péči o Matěje a dluhy. Dohodli jsme pět "
        "opatření; škola upozornila na přestupek zanedbání docházky. Denisa chce být u dalšího jednání.",
    ),
    wish(
        "11.17",
        at(5, 22, 9),
        LENKA,
        "Lenka zápis podepisuje a vydává",
        IssueMinutes,
        *(minutes_at(one, "issued") for one in FULL),
    ),
    wish(
        "11.18",
        at(5, 25, 8),
        IVANA,
        "Ivana potvrzuje s námitkou",
        ConfirmMinutesWithObjection,
        objection="Škola trvá na tom, že oznámí přestupek zanedbání školní docházky.",
    ),
    wish("11.19", at(5, 25, 9), EVA, "Eva potvrzuje zápis", ConfirmMinutes),
    wish("11.20", at(5, 25, 10), SIMON, "Šimon potvrzuje zápis", ConfirmMinutes, all_copies()),
    wish(
        "11.21",
        at(5, 25, 11),
        JAKUB,
        "Jakub je host: zápis nedostal a potvrdit ho nemůže",
        ConfirmMinutes,
        expect="not_party",
    ),
)

_DONE = tuple(
    wish(
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
    wish(
        "13.01",
        at(6, 2),
        SIMON,
        "Šimon hlásí, jak jde doučování",
        NoteActionProgress,
        action_id=MEASURES[3].id,
        note="Dobrovolnice se s Denisou poznala, začnou v pondělí.",
    ),
    *_DONE,
    wish(
        "13.07",
        at(6, 23, 9),
        EVA,
        "Přezkum svolává jen OSPOD",
        HoldReview,
        measures_at(LENKA, "all measures done", {one.id for one in MEASURES}, {"done"}),
        expect="not_owner",
    ),
    wish(
        "13.08",
        at(6, 23, 10),
        LENKA,
        "Lenka s ostatními prochází opatření",
        HoldReview,
        note="Od 12. května do 23. června Denisa zameškala 3 neomluvené hodiny.",
    ),
    wish(
        "13.09",
        at(6, 23, 10, 30),
        LENKA,
        "Všechna opatření jsou splněna, konference se uzavírá",
        CloseConference,
        *(closed_at(one) for one in INVITED),
    ),
)
