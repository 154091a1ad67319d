"""What has happened to an individual plan. Published language: a released version never changes.

Private to the node. `contacts` reads PlanActivated and PlanClosed for the knowledge ladder; `reporting` reads
outcomes and factors. The client's words, evidence and notes are sealed under the client's own key.
"""

from datetime import date
from uuid import UUID

from libs.codelists import Need, PlanOutcome
from libs.eventlog import Event, Frozen, Text, event
from libs.privacy import Personal
from services.cases.plan.terms import ClientFactor, Doer, EnvironmentFactor, GoalResult, StepResult


class GoalOutcome(Frozen):
    """What became of one goal when the plan was closed."""

    goal_id: UUID
    result: GoalResult


@event("plan-drafted", version=1)
class PlanDrafted(Event):
    plan_id: UUID
    person_id: UUID
    agreement_id: UUID | None = None


@event("goal-proposed", version=1, subject="person_id")
class GoalProposed(Event):
    """wording   in the client's own words"""

    plan_id: UUID
    person_id: UUID
    goal_id: UUID
    wording: Personal[Text]
    need: Need | None = None


@event("goal-agreed", version=1)
class GoalAgreed(Event):
    plan_id: UUID
    person_id: UUID
    goal_id: UUID


@event("goal-dropped", version=1, subject="person_id")
class GoalDropped(Event):
    plan_id: UUID
    person_id: UUID
    goal_id: UUID
    reason: Personal[Text]


@event("goal-evaluated", version=1, subject="person_id")
class GoalEvaluated(Event):
    plan_id: UUID
    person_id: UUID
    goal_id: UUID
    result: GoalResult
    evidence: Personal[Text]


@event("step-planned", version=1, subject="person_id")
class StepPlanned(Event):
    """worker   the user who does it or watches over it; due: last day, Europe/Prague"""

    plan_id: UUID
    person_id: UUID
    goal_id: UUID
    step_id: UUID
    what: Personal[Text]
    doer: Doer
    worker: UUID | None = None
    due: date | None = None


@event("step-done", version=1, subject="person_id")
class StepDone(Event):
    """The step is over; `result` says how far it came."""

    plan_id: UUID
    person_id: UUID
    step_id: UUID
    result: StepResult
    note: Personal[Text] | None = None


@event("step-moved", version=1, subject="person_id")
class StepMoved(Event):
    plan_id: UUID
    person_id: UUID
    step_id: UUID
    due: date
    reason: Personal[Text]


@event("step-cancelled", version=1, subject="person_id")
class StepCancelled(Event):
    plan_id: UUID
    person_id: UUID
    step_id: UUID
    reason: Personal[Text]


@event("plan-activated", version=1)
class PlanActivated(Event):
    """The plan is agreed as a whole, as version 1."""

    plan_id: UUID
    person_id: UUID
    activated_on: date
    review_on: date | None = None


@event("plan-review-due", version=1)
class PlanReviewDue(Event):
    plan_id: UUID
    person_id: UUID


@event("plan-revised", version=1, subject="person_id")
class PlanRevised(Event):
    """plan_version   2, 3 …"""

    plan_id: UUID
    person_id: UUID
    plan_version: int
    change: Personal[Text]
    review_on: date | None = None


@event("plan-closed", version=1, subject="person_id")
class PlanClosed(Event):
    """What helped, what stood in the way, what is left for whoever comes next."""

    plan_id: UUID
    person_id: UUID
    closed_on: date
    outcome: PlanOutcome
    goals: tuple[GoalOutcome, ...] = ()
    client_factors: tuple[ClientFactor, ...] = ()
    environment_factors: tuple[EnvironmentFactor, ...] = ()
    unresolved: Personal[Text] | None = None
    recommendation: Personal[Text] | None = None


GoalEvent = GoalProposed | GoalAgreed | GoalDropped | GoalEvaluated
StepEvent = StepPlanned | StepDone | StepMoved | StepCancelled
PlanEvent = GoalEvent | StepEvent | PlanDrafted | PlanActivated | PlanReviewDue | PlanRevised | PlanClosed
