"""Chapters 12 and 14: a referral carried to its outcome, one declined, one whose withdrawal crosses the acceptance."""

from datetime import date
from uuid import UUID

from deploy.demo.people import EVA, JAKUB, NIT, SIMON, SKOLA, TEREZA, Person, known
from deploy.demo.steps import HubAway, HubBack, Rows, Step, Told, Wait, at
from deploy.demo.story_contacts import DENISA, JANA
from deploy.demo.story_directory import LOKET, SLAVKOV, service_id
from libs.codelists import CompletedOutcome, DeclineReason, Need, WithdrawReason, by_release
from services.cases.referral.commands import (
    AcceptReferral,
    CloseReferral,
    CompleteReferral,
    ConfirmWithdrawal,
    DeclineReferral,
    OpenReferral,
    SendReferral,
    StartReferral,
    WithdrawReferral,
)

REF_1, REF_3, REF_4, RELEASE_2 = known("ref-1"), known("ref-3"), known("ref-4"), known("rel-2")


def thread(who: Person, referral: UUID, *kinds: str) -> Wait:
    """Until one of these entries of either log is known at the node of `who`."""

    def until(rows: Rows) -> bool:
        return any(row["kind"] in kinds for row in rows)

    fields = {"organisation": who.organisation.id, "referral_id": referral}
    what = f"{' or '.join(kinds)} in the referral's thread at {who.organisation.code}"
    return Wait(who, "cases", "referral_thread", what, until, fields)


def _identity(who: Person, referral: UUID) -> Wait:
    fields = {"organisation": who.organisation.id, "referral_id": referral}
    what = f"the client's name at {who.organisation.code}"
    return Wait(who, "cases", "referral_detail", what, lambda rows: bool(rows and rows[0]["client_name"]), fields)


CHAPTER_12: tuple[Told, ...] = (
    Step(
        "12.01",
        at(5, 13, 9),
        EVA,
        "Eva píše odkázání do dluhové poradny",
        OpenReferral,
        {
            "referral_id": REF_1,
            "person_id": JANA,
            "recipient": NIT.id,
            "need": Need.DEBTS,
            "reason": "Dluh na nájmu 27 000 Kč a na školních obědech 3 480 Kč, hrozí výpověď z bytu.",
            "client_name": "Jana K.",
            "contact": "osobně přes terénní pracovnici města",
            "directory_entry": service_id("nit-dluhy"),
        },
    ),
    Step(
        "12.02",
        at(5, 13, 9, 5),
        EVA,
        "Bez právního důvodu odkázání neodejde",
        SendReferral,
        {"referral_id": REF_1, "answer_due": date(2026, 5, 27)},
        expect="ground_required",
        instead=("no_draft",),
    ),
    Step(
        "12.03",
        at(5, 13, 9, 6),
        EVA,
        "Eva odesílá na základě zproštění od Jany",
        SendReferral,
        {
            "referral_id": REF_1,
            "ground": by_release(RELEASE_2),
            "answer_due": date(2026, 5, 27),
            "urgency": "soon",
            "area": SLAVKOV,
        },
        after=(thread(JAKUB, REF_1, "received"), thread(EVA, REF_1, "received")),
    ),
    Step(
        "12.04",
        at(5, 13, 10),
        SIMON,
        "Šimon píše odkázání ke školní psycholožce",
        OpenReferral,
        {
            "referral_id": REF_3,
            "person_id": DENISA,
            "recipient": SKOLA.id,
            "need": Need.FAMILY_RELATIONS,
            "reason": "Denisa si chce s někým promluvit o tom, co se děje doma.",
            "client_name": "Denisa",
            "directory_entry": service_id("skola-psycholozka"),
        },
    ),
    Step(
        "12.05",
        at(5, 13, 10, 5),
        SIMON,
        "Šimon odesílá škole",
        SendReferral,
        {
            "referral_id": REF_3,
            "ground": by_release(RELEASE_2),
            "answer_due": date(2026, 5, 27),
            "area": LOKET,
        },
        after=(thread(TEREZA, REF_3, "received"), thread(SIMON, REF_3, "received")),
    ),
    Step(
        "12.06",
        at(5, 15, 8),
        JAKUB,
        "Jakub odkázání přijímá; teď se dozví jméno",
        AcceptReferral,
        {"referral_id": REF_1, "worker": JAKUB.id, "first_meeting": date(2026, 5, 20)},
        after=(_identity(JAKUB, REF_1),),
    ),
    Step(
        "12.07",
        at(5, 15, 9),
        TEREZA,
        "Tereza odmítá: nemá kapacitu",
        DeclineReferral,
        {"referral_id": REF_3, "code": DeclineReason.NO_CAPACITY, "text": "volno od září, do té doby je plno"},
        after=(thread(SIMON, REF_3, "declined"),),
    ),
    Step(
        "12.08",
        at(5, 20, 11),
        JAKUB,
        "První schůzka v poradně proběhla",
        StartReferral,
        {"referral_id": REF_1, "first_meeting": date(2026, 5, 20)},
        after=(thread(EVA, REF_1, "started"),),
    ),
    Step(
        "12.09",
        at(6, 1, 9),
        EVA,
        "Dokud odpověď není konečná, uzavřít nejde",
        CloseReferral,
        {"referral_id": REF_1, "client_informed_on": date(2026, 6, 1)},
        expect="no_answer_yet",
    ),
    Step(
        "12.10",
        at(6, 19, 15),
        JAKUB,
        "Splátkový kalendář podepsán, pomoc získána",
        CompleteReferral,
        {"referral_id": REF_1, "outcome": CompletedOutcome.HELP_RECEIVED},
        after=(thread(EVA, REF_1, "completed"),),
    ),
    Step(
        "12.11",
        at(6, 22, 9),
        EVA,
        "Eva řekla Janě výsledek a odkázání uzavírá",
        CloseReferral,
        {"referral_id": REF_1, "client_informed_on": date(2026, 6, 22)},
        after=(thread(JAKUB, REF_1, "closed"),),
    ),
)

CHAPTER_14: tuple[Told, ...] = (
    Step(
        "14.1",
        at(6, 24, 9),
        SIMON,
        "Šimon to u psycholožky zkouší znovu",
        OpenReferral,
        {
            "referral_id": REF_4,
            "person_id": DENISA,
            "recipient": SKOLA.id,
            "need": Need.FAMILY_RELATIONS,
            "reason": "Denisa by chtěla začít před prázdninami, stačí jedna schůzka.",
            "client_name": "Denisa",
            "directory_entry": service_id("skola-psycholozka"),
            "supersedes": REF_3,
        },
    ),
    Step(
        "14.2",
        at(6, 24, 9, 5),
        SIMON,
        "Šimon odesílá nové odkázání",
        SendReferral,
        {
            "referral_id": REF_4,
            "ground": by_release(RELEASE_2),
            "answer_due": date(2026, 7, 8),
            "area": LOKET,
        },
        after=(thread(TEREZA, REF_4, "received"), thread(SIMON, REF_4, "received")),
    ),
    HubAway("14.3", "Spojení mezi organizacemi vypadlo"),
    Step(
        "14.4",
        at(6, 30, 9),
        SIMON,
        "9:00 Jana odvolává zproštění pro školu, Šimon odvolává odkázání",
        WithdrawReferral,
        {"referral_id": REF_4, "reason": WithdrawReason.RELEASE_WITHDRAWN},
    ),
    Step(
        "14.5",
        at(6, 30, 9, 5),
        TEREZA,
        "9:05 Tereza o tom neví a přijímá",
        AcceptReferral,
        {"referral_id": REF_4, "worker": TEREZA.id},
        instead=("withdrawal_known", "already_terminal"),
    ),
    HubBack(
        "14.6",
        "Spojení je zpátky, dopisy se minuly",
        after=(thread(TEREZA, REF_4, "withdrawn"), thread(SIMON, REF_4, "accepted", "cancelled")),
    ),
    Step(
        "14.7",
        at(6, 30, 14),
        TEREZA,
        "Schůzku už Tereza zapsat nemůže: odvolání je známé",
        StartReferral,
        {"referral_id": REF_4, "first_meeting": date(2026, 6, 30)},
        expect="withdrawal_known",
        instead=("already_terminal",),
    ),
    Step(
        "14.8",
        at(7, 1, 8),
        TEREZA,
        "Tereza odvolání potvrzuje",
        ConfirmWithdrawal,
        {"referral_id": REF_4},
        after=(thread(SIMON, REF_4, "cancelled"),),
    ),
)
