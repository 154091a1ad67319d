"""What the page of a referral offers is what the deciders take, in every state two organisations can bring it to."""

from collections.abc import Iterator
from typing import Any

import pytest

from libs.eventlog import Rejected
from services.cases.referral.commands import ReferralCommand
from services.cases.referral.common_state import common_state
from services.cases.referral.decider import REFERRAL
from services.cases.referral.events import ReferralAccepted, ReferralStarted
from services.cases.referral.state import Referral
from services.cases.referral.views import ReferralInDetail, ReferralTurn
from services.portal.web.form import Form
from services.portal.web.referral.acts import ACTS, Act
from services.portal.web.referral.course import Course
from services.portal.web.referral.ground import ground_of, release_id
from tests.examples.cases_referral import (
    JANA,
    REFERRAL_ID,
    TOWN,
    accept,
    acknowledge,
    amend,
    cancel,
    close,
    complete,
    confirm_withdrawal,
    correct_outcome,
    decline,
    enter_in_error,
    expire,
    fail,
    open_referral,
    put_waiting,
    reroute,
    resume,
    send,
    start,
    withdraw,
)

WISHES: dict[str, ReferralCommand] = {
    "potvrdit": confirm_withdrawal(),
    "prijmout": accept(),
    "schuzka": start(),
    "dokoncit": complete(),
    "pokracovat": resume(),
    "pockat": put_waiting(),
    "vratit": reroute(),
    "odmitnout": decline(),
    "nezdarilo": fail(),
    "zrusit": cancel(),
    "opravit": correct_outcome(),
    "odeslat": send(),
    "uzavrit": close(),
    "doplnit": amend(),
    "odvolat": withdraw(),
    "omyl": enter_in_error(),
}
STEPS: tuple[ReferralCommand, ...] = (*WISHES.values(), acknowledge(), expire())
DEEPEST = 7
SILENT = {"opravit": {"outcome_corrected", "entered_in_error"}, "doplnit": {"amended"}}
"""After these the same wish again tells nothing: it is so already, or there is no reason to wish it."""


def state_after(history: tuple[ReferralCommand, ...]) -> Referral:
    referral = REFERRAL.initial
    for command in history:
        for event in REFERRAL.decide(command, referral):
            referral = REFERRAL.evolve(referral, event)
    return referral


def reachable() -> Iterator[Referral]:
    """Every state within a few steps, once for each course of kinds."""
    edge, known = [state_after((open_referral(),))], set[Any]()
    for _ in range(DEEPEST):
        following: list[Referral] = []
        for referral in edge:
            kinds = (kinds_of(referral, "request"), kinds_of(referral, "progress"))
            if kinds in known:
                continue
            known.add(kinds)
            yield referral
            following += [moved for step in STEPS if (moved := after(referral, step)) is not None]
        edge = following


def after(referral: Referral, step: ReferralCommand) -> Referral | None:
    try:
        events = REFERRAL.decide(step, referral)
    except Rejected:
        return None
    for event in events:
        referral = REFERRAL.evolve(referral, event)
    return referral if events else None


def kinds_of(referral: Referral, log: str) -> tuple[str, ...]:
    half = referral.request if log == "request" else referral.progress
    return tuple(entry.stored_type for entry in half.entries)


def course_of(referral: Referral, direction: str) -> Course:
    """What the queries would say of this state."""
    assert referral.draft is not None
    common = common_state(referral.request.entries, referral.progress.entries)
    accepted, started = referral.find(ReferralAccepted), referral.find(ReferralStarted)
    told = ReferralInDetail(
        referral_id=REFERRAL_ID,
        direction="sent" if direction == "sent" else "received",
        sender=referral.draft.sender,
        recipient=referral.draft.recipient,
        hosted=False,
        person_id=JANA,
        directory_entry=None,
        supersedes=None,
        need=referral.draft.need,
        urgency=referral.terms.urgency,
        area=None,
        answer_due=referral.terms.answer_due,
        stage=common.stage,
        outcome=common.outcome,
        code=common.code,
        crossed=common.crossed,
        worker=accepted.worker if accepted else None,
        first_meeting=started.first_meeting if started else None,
        waiting_until=None,
        client_continues=None,
        client_name=None,
        contact=None,
        reason=None,
    )
    turns = [
        ReferralTurn(
            author=entry.author,
            number=entry.number,
            kind=entry.stored_type.removeprefix("referral-").replace("-", "_"),
            occurred_at=entry.occurred_at,
            hosted=False,
            code=getattr(entry, "code", None) or getattr(entry, "outcome", None),
            text=None,
        )
        for entry in (*referral.request.entries, *referral.progress.entries)
    ]
    return Course(told, tuple(turns), ())


def takes(act: Act, referral: Referral) -> bool:
    try:
        return bool(REFERRAL.decide(WISHES[act.name], referral))
    except Rejected:
        return False


def test_every_act_has_a_wish_to_try():
    assert set(WISHES) == set(ACTS)


def test_what_is_offered_is_taken_and_nothing_else_would_change_anything():
    seen: set[str] = set()
    for referral in reachable():
        for act in ACTS.values():
            course = course_of(referral, "sent" if act.is_sender else "received")
            is_offered = act.offered(course)
            kinds = [turn.kind for turn in course.turns]
            if act.name in SILENT and not SILENT[act.name].isdisjoint(kinds):
                continue
            assert is_offered == takes(act, referral), (act.name, kinds)
            seen |= {act.name} if is_offered else set()
    assert seen == set(ACTS)


def test_every_course_can_be_drawn():
    for referral in reachable():
        for direction in ("sent", "received"):
            knots = course_of(referral, direction).knots()
            assert [knot.state for knot in knots].count("now") <= 1
            assert not referral.request.entries or knots[0].kind == "sent"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"basis": "release", "release": " Zpr.  7 ", "release_holds": "1"}, release_id(JANA, "zpr. 7")),
        ({"basis": "release", "release": "7"}, None),
        ({"basis": "release", "release": " ", "release_holds": "1"}, None),
        ({"basis": "statute", "statute": "359-10"}, ("359/1999", "10")),
        ({"basis": "statute", "statute": "other", "act": "40/2009", "paragraph": "367"}, ("40/2009", "367")),
        ({"basis": "statute", "statute": "other", "act": "40/2009"}, None),
        ({}, None),
    ],
)
def test_a_ground_is_whole_or_none(typed: dict[str, str], told: Any):
    found = ground_of(Form(typed={name: [value] for name, value in typed.items()}), JANA)
    if found is None or told is None:
        assert found is told
    else:
        assert found.get("release_id") == told or (found.get("act"), found.get("paragraph")) == told


def test_a_release_of_somebody_else_is_another_release():
    assert release_id(JANA, "7") != release_id(TOWN, "7")
