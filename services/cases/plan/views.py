"""What may be asked about individual plans, and the answers."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from libs.codelists import Need, PlanOutcome
from libs.eventlog import Text
from libs.messaging import Query, View
from libs.privacy import Personal
from services.cases.plan.terms import ClientFactor, Doer, EnvironmentFactor, GoalState, StepState

PlanStage = Literal["draft", "active", "in_review", "closed"]


class Plans(Query):
    """Plans of one person, or all; the next review first, closed ones last."""

    person_id: UUID | None = None
    state: PlanStage | None = None
    limit: int = Field(default=50, ge=1, le=500)


class PlanView(View):
    plan_id: UUID
    person_id: UUID
    agreement_id: UUID | None
    state: PlanStage
    plan_version: int | None
    review_on: date | None
    closed_on: date | None
    outcome: PlanOutcome | None
    client_factors: tuple[ClientFactor, ...]
    environment_factors: tuple[EnvironmentFactor, ...]
    unresolved: Personal[Text] | None
    recommendation: Personal[Text] | None


class PlansDue(Query):
    """Plans of one key worker's clients that are in review, or are to be gone through by a day; the nearest first."""

    key_worker: UUID
    until: date
    limit: int = Field(default=100, ge=1, le=500)


class PlanDue(View):
    plan_id: UUID
    person_id: UUID
    review_on: date | None


class PlanGoals(Query):
    """The goals of one plan, in the order they were proposed."""

    plan_id: UUID
    limit: int = Field(default=100, ge=1, le=500)


class PlanGoalView(View):
    """comment   evidence of an evaluated goal, or why it was dropped"""

    goal_id: UUID
    plan_id: UUID
    wording: Personal[Text]
    need: Need | None
    state: GoalState
    comment: Personal[Text] | None


class PlanSteps(Query):
    """Steps of one plan, or those one worker has to do; the nearest day first, without a day last."""

    plan_id: UUID | None = None
    worker: UUID | None = None
    only_planned: bool = False
    limit: int = Field(default=100, ge=1, le=500)


class PlanStepView(View):
    """comment   note of a finished step, or why it was moved or cancelled; plan_state: of the whole plan"""

    step_id: UUID
    goal_id: UUID
    plan_id: UUID
    person_id: UUID
    what: Personal[Text]
    doer: Doer
    worker: UUID | None
    due: date | None
    state: StepState
    comment: Personal[Text] | None
    plan_state: PlanStage | None
