"""What may be asked of an individual plan. `services/cases/policy.py` says who may ask."""

from datetime import date
from uuid import UUID

from libs.codelists import Need, PlanOutcome
from libs.eventlog import Command, Text
from libs.privacy import Personal
from services.cases.plan.events import GoalOutcome
from services.cases.plan.terms import ClientFactor, Doer, EnvironmentFactor, GoalResult, StepResult


class DraftPlan(Command):
    """Begin an individual plan. Refused if the plan is there for another person."""

    plan_id: UUID
    person_id: UUID
    agreement_id: UUID | None = None


class ProposeGoal(Command):
    """Write down a goal in the client's words. Refused once the plan is closed."""

    plan_id: UUID
    goal_id: UUID
    wording: Personal[Text]
    need: Need | None = None


class AgreeGoal(Command):
    """The client agrees with the goal. Refused unless it is proposed."""

    plan_id: UUID
    goal_id: UUID


class DropGoal(Command):
    """Give a goal up, with the reason. Refused once it is evaluated."""

    plan_id: UUID
    goal_id: UUID
    reason: Personal[Text]


class EvaluateGoal(Command):
    """Say with the client how far the goal was reached. Refused unless plan and goal are active."""

    plan_id: UUID
    goal_id: UUID
    result: GoalResult
    evidence: Personal[Text]


class PlanStep(Command):
    """Plan who does what by when. Refused unless its goal is proposed or active."""

    plan_id: UUID
    goal_id: UUID
    step_id: UUID
    what: Personal[Text]
    doer: Doer
    worker: UUID | None = None
    due: date | None = None


class FinishStep(Command):
    """The step is done, partly, or not. Refused unless it is planned and the plan is active."""

    plan_id: UUID
    step_id: UUID
    result: StepResult
    note: Personal[Text] | None = None


class MoveStep(Command):
    """Another last day, with the reason. Refused unless the step is planned."""

    plan_id: UUID
    step_id: UUID
    due: date
    reason: Personal[Text]


class CancelStep(Command):
    """The step will not be done, with the reason. Refused unless it is planned."""

    plan_id: UUID
    step_id: UUID
    reason: Personal[Text]


class ActivatePlan(Command):
    """The client agrees with the plan. Refused without an agreed goal."""

    plan_id: UUID
    review_on: date | None = None


class NoteReviewDue(Command):
    """The node notes that the day of review has come. Refused before that day, or unless the plan is active."""

    plan_id: UUID


class RevisePlan(Command):
    """A new version of the plan after its review. Refused unless it is in review."""

    plan_id: UUID
    change: Personal[Text]
    review_on: date | None = None


class ClosePlan(Command):
    """Close with the outcome of every goal still active. Refused if one is missing, or the plan not active."""

    plan_id: UUID
    outcome: PlanOutcome
    goals: tuple[GoalOutcome, ...] = ()
    client_factors: tuple[ClientFactor, ...] = ()
    environment_factors: tuple[EnvironmentFactor, ...] = ()
    unresolved: Personal[Text] | None = None
    recommendation: Personal[Text] | None = None


GoalCommand = ProposeGoal | AgreeGoal | DropGoal | EvaluateGoal
StepCommand = PlanStep | FinishStep | MoveStep | CancelStep
PlanCommand = GoalCommand | StepCommand | DraftPlan | ActivatePlan | NoteReviewDue | RevisePlan | ClosePlan
