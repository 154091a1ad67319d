"""What each event makes of a plan: `evolve` of `decider.py`. Total: every event has an answer everywhere."""

from datetime import date
from typing import Literal, assert_never
from uuid import UUID

from services.cases.plan.events import (
    GoalAgreed,
    GoalDropped,
    GoalEvaluated,
    GoalProposed,
    PlanActivated,
    PlanClosed,
    PlanDrafted,
    PlanEvent,
    PlanReviewDue,
    PlanRevised,
    StepCancelled,
    StepDone,
    StepMoved,
    StepPlanned,
)
from services.cases.plan.state import NotDrafted, Plan, Planning, Step
from services.cases.plan.terms import GoalState, StepState


def evolve(plan: Planning, event: PlanEvent) -> Planning:
    if isinstance(event, PlanDrafted):
        return Plan(stage="draft", person_id=event.person_id)
    if isinstance(plan, NotDrafted):
        return plan
    match event:
        case GoalProposed():
            return _goals(plan, {event.goal_id: GoalState.PROPOSED})
        case GoalAgreed():
            return _goals(plan, {event.goal_id: GoalState.ACTIVE})
        case GoalDropped():
            return _goals(plan, {event.goal_id: GoalState.DROPPED})
        case GoalEvaluated():
            return _goals(plan, {event.goal_id: GoalState(event.result)})
        case StepPlanned():
            return _step(plan, event.step_id, StepState.PLANNED, event.due)
        case StepDone():
            return _step(plan, event.step_id, StepState(event.result))
        case StepMoved():
            return _step(plan, event.step_id, StepState.PLANNED, event.due)
        case StepCancelled():
            return _step(plan, event.step_id, StepState.CANCELLED)
        case PlanActivated():
            return _at(plan, "active", plan.plan_version, event.review_on)
        case PlanReviewDue():
            return _at(plan, "in_review", plan.plan_version, plan.review_on)
        case PlanRevised():
            return _at(plan, "active", event.plan_version, event.review_on)
        case PlanClosed():
            closed = _at(plan, "closed", plan.plan_version, None)
            return _goals(closed, {outcome.goal_id: GoalState(outcome.result) for outcome in event.goals})
        case _:
            assert_never(event)


def _at(plan: Plan, stage: Literal["active", "in_review", "closed"], plan_version: int, review_on: date | None) -> Plan:
    return Plan(
        stage=stage,
        person_id=plan.person_id,
        plan_version=plan_version,
        review_on=review_on,
        goals=plan.goals,
        steps=plan.steps,
    )


def _goals(plan: Plan, states: dict[UUID, GoalState]) -> Plan:
    return Plan(
        stage=plan.stage,
        person_id=plan.person_id,
        plan_version=plan.plan_version,
        review_on=plan.review_on,
        goals=plan.goals | states,
        steps=plan.steps,
    )


def _step(plan: Plan, step_id: UUID, state: StepState, due: date | None = None) -> Plan:
    return Plan(
        stage=plan.stage,
        person_id=plan.person_id,
        plan_version=plan.plan_version,
        review_on=plan.review_on,
        goals=plan.goals,
        steps=plan.steps | {step_id: Step(state=state, due=due)},
    )
