"""How the goals of a plan are decided. Part of `decider.py`, and as pure."""

from typing import assert_never

from libs.eventlog import Rejected
from services.cases.plan.commands import AgreeGoal, DropGoal, EvaluateGoal, GoalCommand, ProposeGoal
from services.cases.plan.events import GoalAgreed, GoalDropped, GoalEvaluated, GoalEvent, GoalProposed
from services.cases.plan.state import Plan
from services.cases.plan.terms import GoalState


def decide_goal(command: GoalCommand, plan: Plan) -> tuple[GoalEvent, ...]:
    match command:
        case ProposeGoal():
            if command.goal_id in plan.goals:
                return ()
            return (
                GoalProposed(
                    plan_id=command.plan_id,
                    person_id=plan.person_id,
                    goal_id=command.goal_id,
                    wording=command.wording,
                    need=command.need,
                ),
            )
        case AgreeGoal():
            state = plan.goal(command.goal_id)
            if state is GoalState.ACTIVE:
                return ()
            if state is not GoalState.PROPOSED:
                raise _over(state)
            return (GoalAgreed(plan_id=command.plan_id, person_id=plan.person_id, goal_id=command.goal_id),)
        case DropGoal():
            state = plan.goal(command.goal_id)
            if state is GoalState.DROPPED:
                return ()
            if state not in (GoalState.PROPOSED, GoalState.ACTIVE):
                raise _over(state)
            return (
                GoalDropped(
                    plan_id=command.plan_id,
                    person_id=plan.person_id,
                    goal_id=command.goal_id,
                    reason=command.reason,
                ),
            )
        case EvaluateGoal():
            return _evaluate(command, plan)
        case _:
            assert_never(command)


def _evaluate(command: EvaluateGoal, plan: Plan) -> tuple[GoalEvent, ...]:
    plan.steered()
    state = plan.goal(command.goal_id)
    if state is GoalState(command.result):
        return ()
    if state is GoalState.PROPOSED:
        raise Rejected(
            "not_agreed",
            "The client has not agreed with this goal yet. Nothing was recorded. Agree on it, or drop it.",
        )
    if state is not GoalState.ACTIVE:
        raise _over(state)
    return (
        GoalEvaluated(
            plan_id=command.plan_id,
            person_id=plan.person_id,
            goal_id=command.goal_id,
            result=command.result,
            evidence=command.evidence,
        ),
    )


def _over(state: GoalState) -> Rejected:
    word = "dropped" if state is GoalState.DROPPED else "evaluated"
    return Rejected(
        "already_terminal", f"This goal was {word} already. Nothing was recorded. Propose a new goal instead."
    )
