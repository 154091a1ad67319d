"""Example plan ip-1 of the story: Denisa's goal "chodit do školy, když hlídám brášku", two steps (steps 5, 16)."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from libs.codelists import Need, PlanOutcome, Role
from libs.eventlog import Actor, Event
from libs.privacy import Personal
from services.cases.plan.commands import (
    ActivatePlan,
    AgreeGoal,
    CancelStep,
    ClosePlan,
    DraftPlan,
    DropGoal,
    EvaluateGoal,
    FinishStep,
    MoveStep,
    NoteReviewDue,
    PlanStep,
    ProposeGoal,
    RevisePlan,
)
from services.cases.plan.events import (
    GoalAgreed,
    GoalDropped,
    GoalEvaluated,
    GoalOutcome,
    GoalProposed,
    PlanActivated,
    PlanClosed,
    PlanDrafted,
    PlanReviewDue,
    PlanRevised,
    StepCancelled,
    StepDone,
    StepMoved,
    StepPlanned,
)
from services.cases.plan.terms import ClientFactor, Doer, EnvironmentFactor, GoalResult, StepResult

PRISTAV = UUID("0198a000-0000-7000-8000-000000000001")
SIMON = UUID("0198b000-0000-7000-8000-000000000012")
DENISA = UUID("0198c000-0000-7000-8000-000000000002")
JANA = UUID("0198c000-0000-7000-8000-000000000001")
AGREEMENT_ID = UUID("0198d100-0000-7000-8000-000000000001")
PLAN_ID = UUID("0198d200-0000-7000-8000-000000000001")
GOAL = UUID("0198d210-0000-7000-8000-000000000001")
OTHER_GOAL = UUID("0198d210-0000-7000-8000-000000000002")
STEP = UUID("0198d220-0000-7000-8000-000000000001")
OTHER_STEP = UUID("0198d220-0000-7000-8000-000000000002")

NOW = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)
REVIEW = date(2026, 6, 10)
DUE = date(2026, 3, 31)
LATER = date(2026, 4, 30)
WORDS: Personal[str] = Personal(token="sealed-words")
TEXT: Personal[str] = Personal(token="sealed-text")

KEY_WORKER = Actor(user=SIMON, organisation=PRISTAV, roles=frozenset({Role.KEY_WORKER}))


def _asked(**over: Any) -> dict[str, Any]:
    return {"actor": KEY_WORKER, "occurred_at": NOW, "plan_id": PLAN_ID, **over}


def draft(**over: Any) -> DraftPlan:
    return DraftPlan(**_asked(**{"person_id": DENISA, "agreement_id": AGREEMENT_ID, **over}))


def propose(**over: Any) -> ProposeGoal:
    return ProposeGoal(**_asked(**{"goal_id": GOAL, "wording": WORDS, "need": Need.ATTENDANCE, **over}))


def agree(**over: Any) -> AgreeGoal:
    return AgreeGoal(**_asked(**{"goal_id": GOAL, **over}))


def drop(**over: Any) -> DropGoal:
    return DropGoal(**_asked(**{"goal_id": GOAL, "reason": TEXT, **over}))


def evaluate(**over: Any) -> EvaluateGoal:
    return EvaluateGoal(**_asked(**{"goal_id": GOAL, "result": GoalResult.ACHIEVED, "evidence": TEXT, **over}))


def plan_step(**over: Any) -> PlanStep:
    filled = {"goal_id": GOAL, "step_id": STEP, "what": WORDS, "doer": Doer.TOGETHER, "worker": SIMON, "due": DUE}
    return PlanStep(**_asked(**{**filled, **over}))


def finish(**over: Any) -> FinishStep:
    return FinishStep(**_asked(**{"step_id": STEP, "result": StepResult.DONE, **over}))


def move(**over: Any) -> MoveStep:
    return MoveStep(**_asked(**{"step_id": STEP, "due": LATER, "reason": TEXT, **over}))


def cancel(**over: Any) -> CancelStep:
    return CancelStep(**_asked(**{"step_id": STEP, "reason": TEXT, **over}))


def activate(**over: Any) -> ActivatePlan:
    return ActivatePlan(**_asked(**{"review_on": REVIEW, **over}))


def note_review_due(**over: Any) -> NoteReviewDue:
    return NoteReviewDue(**_asked(**{"occurred_at": datetime(2026, 6, 10, 5, tzinfo=UTC), **over}))


def revise(**over: Any) -> RevisePlan:
    return RevisePlan(**_asked(**{"change": TEXT, **over}))


def close(**over: Any) -> ClosePlan:
    filled = {
        "occurred_at": datetime(2026, 10, 20, 10, tzinfo=UTC),
        "outcome": PlanOutcome.FULFILLED,
        "goals": (GoalOutcome(goal_id=GOAL, result=GoalResult.ACHIEVED),),
        "client_factors": (ClientFactor.INTEREST, ClientFactor.OWN_ACTIVITY),
        "environment_factors": (EnvironmentFactor.GRANDPARENT, EnvironmentFactor.NURSERY),
        "unresolved": TEXT,
        "recommendation": TEXT,
    }
    return ClosePlan(**_asked(**{**filled, **over}))


def _of(**over: Any) -> dict[str, Any]:
    return {"plan_id": PLAN_ID, "person_id": DENISA, **over}


def drafted(**over: Any) -> PlanDrafted:
    return PlanDrafted(**_of(**{"agreement_id": AGREEMENT_ID, **over}))


def proposed(**over: Any) -> GoalProposed:
    return GoalProposed(**_of(**{"goal_id": GOAL, "wording": WORDS, "need": Need.ATTENDANCE, **over}))


def agreed(**over: Any) -> GoalAgreed:
    return GoalAgreed(**_of(**{"goal_id": GOAL, **over}))


def dropped(**over: Any) -> GoalDropped:
    return GoalDropped(**_of(**{"goal_id": GOAL, "reason": TEXT, **over}))


def evaluated(**over: Any) -> GoalEvaluated:
    return GoalEvaluated(**_of(**{"goal_id": GOAL, "result": GoalResult.ACHIEVED, "evidence": TEXT, **over}))


def step_planned(**over: Any) -> StepPlanned:
    filled = {"goal_id": GOAL, "step_id": STEP, "what": WORDS, "doer": Doer.TOGETHER, "worker": SIMON, "due": DUE}
    return StepPlanned(**_of(**{**filled, **over}))


def step_done(**over: Any) -> StepDone:
    return StepDone(**_of(**{"step_id": STEP, "result": StepResult.DONE, **over}))


def step_moved(**over: Any) -> StepMoved:
    return StepMoved(**_of(**{"step_id": STEP, "due": LATER, "reason": TEXT, **over}))


def step_cancelled(**over: Any) -> StepCancelled:
    return StepCancelled(**_of(**{"step_id": STEP, "reason": TEXT, **over}))


def activated(**over: Any) -> PlanActivated:
    return PlanActivated(**_of(**{"activated_on": TODAY, "review_on": REVIEW, **over}))


def review_due(**over: Any) -> PlanReviewDue:
    return PlanReviewDue(**_of(**over))


def revised(**over: Any) -> PlanRevised:
    return PlanRevised(**_of(**{"plan_version": 2, "change": TEXT, **over}))


def closed(**over: Any) -> PlanClosed:
    filled = {
        "closed_on": date(2026, 10, 20),
        "outcome": PlanOutcome.FULFILLED,
        "goals": (GoalOutcome(goal_id=GOAL, result=GoalResult.ACHIEVED),),
        "client_factors": (ClientFactor.INTEREST, ClientFactor.OWN_ACTIVITY),
        "environment_factors": (EnvironmentFactor.GRANDPARENT, EnvironmentFactor.NURSERY),
        "unresolved": TEXT,
        "recommendation": TEXT,
    }
    return PlanClosed(**_of(**{**filled, **over}))


COMPLETE: tuple[Event, ...] = (
    drafted(),
    proposed(),
    agreed(),
    dropped(),
    evaluated(),
    step_planned(),
    step_done(note=TEXT),
    step_moved(),
    step_cancelled(),
    activated(),
    review_due(),
    revised(review_on=REVIEW),
    closed(),
)
REQUIRED: tuple[Event, ...] = (
    PlanDrafted(**_of()),
    GoalProposed(**_of(goal_id=GOAL, wording=WORDS)),
    agreed(),
    dropped(),
    evaluated(),
    StepPlanned(**_of(goal_id=GOAL, step_id=STEP, what=WORDS, doer=Doer.CLIENT)),
    step_done(),
    step_moved(),
    step_cancelled(),
    PlanActivated(**_of(activated_on=TODAY)),
    review_due(),
    revised(),
    PlanClosed(**_of(closed_on=TODAY, outcome=PlanOutcome.NO_CONTACT)),
)
