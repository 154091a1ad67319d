"""Read models of individual plans: `plan_list`, `plan_goal`, `plan_step`; one row each, as it stands now.

Goals, steps and notes lie sealed under the client's own key; states, days and ids are in the clear.
"""

from datetime import date
from typing import Literal, assert_never
from uuid import UUID

from libs.codelists import Need, PlanOutcome
from libs.eventlog import Text
from libs.privacy import Personal
from libs.projection import Projection, Row
from services.cases.plan.events import (
    GoalAgreed,
    GoalDropped,
    GoalEvaluated,
    GoalEvent,
    GoalProposed,
    PlanActivated,
    PlanClosed,
    PlanDrafted,
    PlanReviewDue,
    PlanRevised,
    StepCancelled,
    StepDone,
    StepEvent,
    StepMoved,
    StepPlanned,
)
from services.cases.plan.terms import ClientFactor, Doer, EnvironmentFactor, GoalState, StepState

PlanListEvent = PlanDrafted | PlanActivated | PlanReviewDue | PlanRevised | PlanClosed
PlanGoalEvent = GoalEvent | PlanClosed


class PlanRow(Row):
    """What one event says about a plan. None: it says nothing about this column."""

    plan_id: UUID
    person_id: UUID | None = None
    agreement_id: UUID | None = None
    state: Literal["draft", "active", "in_review", "closed"] | None = None
    plan_version: int | None = None
    review_on: date | None = None
    closed_on: date | None = None
    outcome: PlanOutcome | None = None
    client_factors: tuple[ClientFactor, ...] | None = None
    environment_factors: tuple[EnvironmentFactor, ...] | None = None
    unresolved: Personal[Text] | None = None
    recommendation: Personal[Text] | None = None


def project_plan(event: PlanListEvent) -> PlanRow:
    match event:
        case PlanDrafted():
            return PlanRow(
                plan_id=event.plan_id,
                person_id=event.person_id,
                agreement_id=event.agreement_id,
                state="draft",
            )
        case PlanActivated():
            return PlanRow(plan_id=event.plan_id, state="active", plan_version=1, review_on=event.review_on)
        case PlanReviewDue():
            return PlanRow(plan_id=event.plan_id, state="in_review")
        case PlanRevised():
            return PlanRow(
                plan_id=event.plan_id,
                state="active",
                plan_version=event.plan_version,
                review_on=event.review_on,
            )
        case PlanClosed():
            return PlanRow(
                plan_id=event.plan_id,
                state="closed",
                closed_on=event.closed_on,
                outcome=event.outcome,
                client_factors=event.client_factors,
                environment_factors=event.environment_factors,
                unresolved=event.unresolved,
                recommendation=event.recommendation,
            )
        case _:
            assert_never(event)


class GoalRow(Row):
    """comment   evidence of an evaluated goal, or why it was dropped"""

    goal_id: UUID
    plan_id: UUID | None = None
    wording: Personal[Text] | None = None
    need: Need | None = None
    state: GoalState | None = None
    comment: Personal[Text] | None = None


def project_goal(event: PlanGoalEvent) -> tuple[GoalRow, ...]:
    match event:
        case GoalProposed():
            proposed = GoalRow(
                goal_id=event.goal_id,
                plan_id=event.plan_id,
                wording=event.wording,
                need=event.need,
                state=GoalState.PROPOSED,
            )
            return (proposed,)
        case GoalAgreed():
            return (GoalRow(goal_id=event.goal_id, state=GoalState.ACTIVE),)
        case GoalDropped():
            return (GoalRow(goal_id=event.goal_id, state=GoalState.DROPPED, comment=event.reason),)
        case GoalEvaluated():
            return (GoalRow(goal_id=event.goal_id, state=GoalState(event.result), comment=event.evidence),)
        case PlanClosed():
            return tuple(GoalRow(goal_id=goal.goal_id, state=GoalState(goal.result)) for goal in event.goals)
        case _:
            assert_never(event)


class StepRow(Row):
    """comment   note of a finished step, or why it was moved or cancelled"""

    step_id: UUID
    goal_id: UUID | None = None
    plan_id: UUID | None = None
    person_id: UUID | None = None
    what: Personal[Text] | None = None
    doer: Doer | None = None
    worker: UUID | None = None
    due: date | None = None
    state: StepState | None = None
    comment: Personal[Text] | None = None


def project_step(event: StepEvent) -> StepRow:
    match event:
        case StepPlanned():
            return StepRow(
                step_id=event.step_id,
                goal_id=event.goal_id,
                plan_id=event.plan_id,
                person_id=event.person_id,
                what=event.what,
                doer=event.doer,
                worker=event.worker,
                due=event.due,
                state=StepState.PLANNED,
            )
        case StepDone():
            return StepRow(step_id=event.step_id, state=StepState(event.result), comment=event.note)
        case StepMoved():
            return StepRow(step_id=event.step_id, due=event.due, comment=event.reason)
        case StepCancelled():
            return StepRow(step_id=event.step_id, state=StepState.CANCELLED, comment=event.reason)
        case _:
            assert_never(event)


PLAN_LIST = Projection(
    name="plan_list_1",
    project=project_plan,
    events=PlanListEvent,
    row=PlanRow,
    key="plan_id",
    into="upsert_plan_list",
    tables=("plan_list",),
)
PLAN_GOAL = Projection(
    name="plan_goal_1",
    project=project_goal,
    events=PlanGoalEvent,
    row=GoalRow,
    key="goal_id",
    into="upsert_plan_goal",
    tables=("plan_goal",),
)
PLAN_STEP = Projection(
    name="plan_step_1",
    project=project_step,
    events=StepEvent,
    row=StepRow,
    key="step_id",
    into="upsert_plan_step",
    tables=("plan_step",),
)
