"""One individual plan with all that is in it, and what may be done with it now."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from services.cases.plan.terms import GoalState, StepState
from services.cases.plan.views import PlanGoals, PlanGoalView, PlanSteps, PlanStepView, PlanView
from services.portal.web.form import NotHere
from services.portal.web.page import Page
from services.portal.web.pages.client_card import Client

STEERED = ("active", "in_review")
T = TypeVar("T")


@dataclass(frozen=True)
class Opened:
    """goals: in the order they were proposed. steps: the nearest day first."""

    plan: PlanView
    goals: list[PlanGoalView]
    steps: list[PlanStepView]

    @property
    def active(self) -> list[PlanGoalView]:
        return [one for one in self.goals if one.state is GoalState.ACTIVE]

    def steps_of(self, goal: PlanGoalView) -> list[PlanStepView]:
        return [one for one in self.steps if one.goal_id == goal.goal_id]

    def goal(self, goal_id: UUID) -> PlanGoalView:
        """Raises NotHere for a goal of another plan."""
        return _only(one for one in self.goals if one.goal_id == goal_id)

    def step(self, step_id: UUID) -> PlanStepView:
        """Raises NotHere for a step of another plan."""
        return _only(one for one in self.steps if one.step_id == step_id)

    def acts(self, today: date) -> set[str]:
        """What makes sense with the whole plan; names as in the addresses."""
        match self.plan.state:
            case "draft":
                return {"cil", "aktivovat"} if self.active else {"cil"}
            case "active":
                due = self.plan.review_on is None or self.plan.review_on <= today
                return {"cil", "uzavrit", "prehodnotit"} if due else {"cil", "uzavrit"}
            case "in_review":
                return {"cil", "uzavrit", "nova-verze"}
            case "closed":
                return set()

    def goal_acts(self, goal: PlanGoalView) -> set[str]:
        if self.plan.state == "closed":
            return set()
        match goal.state:
            case GoalState.PROPOSED:
                return {"dohodnout", "krok", "upustit"}
            case GoalState.ACTIVE if self.plan.state in STEERED:
                return {"vyhodnotit", "krok", "upustit"}
            case GoalState.ACTIVE:
                return {"krok", "upustit"}
            case _:
                return set()

    def step_acts(self, step: PlanStepView) -> set[str]:
        if self.plan.state == "closed" or step.state is not StepState.PLANNED:
            return set()
        return {"hotovo", "presunout", "zrusit"} if self.plan.state in STEERED else {"presunout", "zrusit"}


async def opened(page: Page, client: Client, plan_id: UUID) -> Opened:
    """Raises NotHere for a plan of another person."""
    plan = _only(one for one in client.plans if one.plan_id == plan_id)
    goals, steps = await asyncio.gather(
        page.ask(PlanGoals, PlanGoalView, plan_id=plan_id, limit=500),
        page.ask(PlanSteps, PlanStepView, plan_id=plan_id, limit=500),
    )
    return Opened(plan, goals, steps)


def _only(found: Iterable[T]) -> T:
    one = next(iter(found), None)
    if one is None:
        raise NotHere
    return one
