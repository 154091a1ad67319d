"""What is known of an individual plan when the next wish is decided."""

from datetime import date
from typing import Literal
from uuid import UUID

from libs.eventlog import Frozen, Rejected
from services.cases.plan.terms import GoalState, StepState


class Step(Frozen):
    state: StepState
    due: date | None


class NotDrafted(Frozen):
    stage: Literal["not_drafted"] = "not_drafted"


class Plan(Frozen):
    stage: Literal["draft", "active", "in_review", "closed"]
    person_id: UUID
    plan_version: int = 1
    review_on: date | None = None
    goals: dict[UUID, GoalState] = {}
    steps: dict[UUID, Step] = {}

    def steered(self) -> None:
        """Raises Rejected unless the client has agreed with the plan and it is not over."""
        if self.stage == "draft":
            raise Rejected(
                "not_active",
                "The plan is still a draft. Nothing was recorded. Activate it with the client first.",
            )

    def goal(self, goal_id: UUID) -> GoalState:
        if goal_id not in self.goals:
            raise Rejected("no_such_goal", "The plan holds no such goal. Nothing was recorded. Open the plan again.")
        return self.goals[goal_id]

    def step(self, step_id: UUID) -> Step:
        if step_id not in self.steps:
            raise Rejected("no_such_step", "The plan holds no such step. Nothing was recorded. Open the plan again.")
        return self.steps[step_id]


Planning = NotDrafted | Plan
