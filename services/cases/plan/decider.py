"""How an individual plan is decided. Pure: no clock, no chance, no I/O.

plan   draft → active ⇄ in review → closed
goal   proposed → active → achieved | partly | not achieved; proposed, active → dropped
step   planned → done | partly | not done | cancelled
"""

from typing import assert_never

from libs.eventlog import Decider, Rejected
from services.cases.days import day_of
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
    PlanCommand,
    PlanStep,
    ProposeGoal,
    RevisePlan,
)
from services.cases.plan.events import (
    PlanActivated,
    PlanClosed,
    PlanDrafted,
    PlanEvent,
    PlanReviewDue,
    PlanRevised,
)
from services.cases.plan.goals import decide_goal
from services.cases.plan.history import evolve
from services.cases.plan.state import NotDrafted, Plan, Planning
from services.cases.plan.steps import decide_step
from services.cases.plan.terms import GoalState


def decide(command: PlanCommand, plan: Planning) -> tuple[PlanEvent, ...]:
    """The events to append. `()`: already so. `Rejected`: cannot be, and what to do instead."""
    if isinstance(command, DraftPlan):
        return _draft(command, plan)
    if isinstance(plan, NotDrafted):
        raise Rejected("no_plan", "There is no such plan. Nothing was recorded. Draft the plan first.")
    if plan.stage == "closed":
        if isinstance(command, ClosePlan):
            return ()
        raise Rejected(
            "already_terminal",
            "The plan is closed. Nothing was recorded, its record stays. Draft a new plan.",
        )
    match command:
        case ProposeGoal() | AgreeGoal() | DropGoal() | EvaluateGoal():
            return decide_goal(command, plan)
        case PlanStep() | FinishStep() | MoveStep() | CancelStep():
            return decide_step(command, plan)
        case ActivatePlan():
            return _activate(command, plan)
        case NoteReviewDue():
            return _review_due(command, plan)
        case RevisePlan():
            return _revise(command, plan)
        case ClosePlan():
            return (_close(command, plan),)
        case _:
            assert_never(command)


def _draft(command: DraftPlan, plan: Planning) -> tuple[PlanEvent, ...]:
    if isinstance(plan, NotDrafted):
        return (PlanDrafted(plan_id=command.plan_id, person_id=command.person_id, agreement_id=command.agreement_id),)
    if plan.person_id != command.person_id:
        raise Rejected(
            "another_person",
            "This plan is about another person. Nothing was recorded. Draft a new plan for this person.",
        )
    return ()


def _activate(command: ActivatePlan, plan: Plan) -> tuple[PlanEvent, ...]:
    if plan.stage != "draft":
        return ()
    if GoalState.ACTIVE not in plan.goals.values():
        raise Rejected(
            "no_agreed_goal",
            "No goal is agreed with the client yet. Nothing was recorded. Agree on at least one goal first.",
        )
    return (
        PlanActivated(
            plan_id=command.plan_id,
            person_id=plan.person_id,
            activated_on=day_of(command.occurred_at),
            review_on=command.review_on,
        ),
    )


def _review_due(command: NoteReviewDue, plan: Plan) -> tuple[PlanEvent, ...]:
    plan.steered()
    if plan.stage == "in_review":
        return ()
    if plan.review_on is not None and day_of(command.occurred_at) < plan.review_on:
        raise Rejected("too_early", "The day of review has not come. Nothing was recorded. Wait, or move the review.")
    return (PlanReviewDue(plan_id=command.plan_id, person_id=plan.person_id),)


def _revise(command: RevisePlan, plan: Plan) -> tuple[PlanEvent, ...]:
    plan.steered()
    if plan.stage != "in_review":
        raise Rejected(
            "not_in_review",
            "The plan is not in review. Nothing was recorded. Start the review first, or open the plan again.",
        )
    return (
        PlanRevised(
            plan_id=command.plan_id,
            person_id=plan.person_id,
            plan_version=plan.plan_version + 1,
            change=command.change,
            review_on=command.review_on,
        ),
    )


def _close(command: ClosePlan, plan: Plan) -> PlanClosed:
    plan.steered()
    told = {outcome.goal_id for outcome in command.goals}
    active = {goal_id for goal_id, state in plan.goals.items() if state is GoalState.ACTIVE}
    if told != active or len(command.goals) != len(told):
        raise Rejected(
            "outcome_per_goal",
            "Each goal still active needs exactly one outcome, and no other goal any. Nothing was recorded. "
            "Go through the active goals with the client.",
        )
    return PlanClosed(
        plan_id=command.plan_id,
        person_id=plan.person_id,
        closed_on=day_of(command.occurred_at),
        outcome=command.outcome,
        goals=command.goals,
        client_factors=command.client_factors,
        environment_factors=command.environment_factors,
        unresolved=command.unresolved,
        recommendation=command.recommendation,
    )


PLAN: Decider[PlanCommand, Planning, PlanEvent] = Decider(
    name="plan",
    key="plan_id",
    initial=NotDrafted(),
    commands=PlanCommand,
    events=PlanEvent,
    decide=decide,
    evolve=evolve,
)
