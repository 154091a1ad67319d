"""How the steps of a plan are decided. Part of `decider.py`, and as pure."""

from typing import assert_never

from libs.eventlog import Rejected
from services.cases.plan.commands import CancelStep, FinishStep, MoveStep, PlanStep, StepCommand
from services.cases.plan.events import StepCancelled, StepDone, StepEvent, StepMoved, StepPlanned
from services.cases.plan.state import Plan, Step
from services.cases.plan.terms import GoalState, StepState


def decide_step(command: StepCommand, plan: Plan) -> tuple[StepEvent, ...]:
    if isinstance(command, PlanStep):
        return _plan_step(command, plan)
    step = plan.step(command.step_id)
    match command:
        case FinishStep():
            plan.steered()
            if step.state is StepState(command.result):
                return ()
            _still_planned(step)
            return (
                StepDone(
                    plan_id=command.plan_id,
                    person_id=plan.person_id,
                    step_id=command.step_id,
                    result=command.result,
                    note=command.note,
                ),
            )
        case MoveStep():
            _still_planned(step)
            if step.due == command.due:
                return ()
            return (
                StepMoved(
                    plan_id=command.plan_id,
                    person_id=plan.person_id,
                    step_id=command.step_id,
                    due=command.due,
                    reason=command.reason,
                ),
            )
        case CancelStep():
            if step.state is StepState.CANCELLED:
                return ()
            _still_planned(step)
            return (
                StepCancelled(
                    plan_id=command.plan_id,
                    person_id=plan.person_id,
                    step_id=command.step_id,
                    reason=command.reason,
                ),
            )
        case _:
            assert_never(command)


def _plan_step(command: PlanStep, plan: Plan) -> tuple[StepEvent, ...]:
    if command.step_id in plan.steps:
        return ()
    if plan.goal(command.goal_id) not in (GoalState.PROPOSED, GoalState.ACTIVE):
        raise Rejected(
            "already_terminal",
            "The goal of this step is over. Nothing was recorded. Choose another goal, or propose a new one.",
        )
    return (
        StepPlanned(
            plan_id=command.plan_id,
            person_id=plan.person_id,
            goal_id=command.goal_id,
            step_id=command.step_id,
            what=command.what,
            doer=command.doer,
            worker=command.worker,
            due=command.due,
        ),
    )


def _still_planned(step: Step) -> None:
    if step.state is not StepState.PLANNED:
        raise Rejected(
            "already_terminal",
            "This step is over. Nothing was recorded. Plan a new step if there is more to do.",
        )
