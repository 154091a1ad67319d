"""What may be asked of a project. Out of turn: `wrong_stage`; after the last stage: `already_terminal`."""

from datetime import date
from uuid import UUID

from pydantic import Field

from libs.codelists import TargetGroup
from libs.eventlog import Command, Line, Text
from libs.privacy import Personal
from services.reporting.project.events import Figure, ProjectContent


class ApplyForProject(Command):
    """Record an application. Refused if its end comes before its start, or the id is taken."""

    project_id: UUID
    content: ProjectContent


class ApproveProject(Command):
    """The funder said yes. Refused unless applied for."""

    project_id: UUID
    approved_on: date


class RejectProject(Command):
    """The funder said no; final. Refused unless applied for."""

    project_id: UUID
    rejected_on: date


class StartProject(Command):
    """Work has begun. Refused unless approved."""

    project_id: UUID
    started_on: date


class EndProject(Command):
    """It ran to its planned end. Refused for a day before that: end it early, with the reason."""

    project_id: UUID
    ended_on: date


class EndProjectEarly(Command):
    """Cut the period at the actual end; later work no longer counts (rule K07). Refused if it is not early."""

    project_id: UUID
    actual_end: date
    reason: Personal[Text]


class SubmitFinalReport(Command):
    """Refused unless ended."""

    project_id: UUID
    submitted_on: date


class SettleProject(Command):
    """The funder accepted the report and the accounts. Refused unless reported."""

    project_id: UUID
    settled_on: date


class CloseControlPeriod(Command):
    """Nobody will ask any more; final. Refused unless settled."""

    project_id: UUID
    over_on: date


class AddTargetGroup(Command):
    """Add a target group while the project is applied for, approved or running."""

    project_id: UUID
    target_group: TargetGroup


class SetTarget(Command):
    """Set the target of an indicator for the planned period. The actual stays as it is (rule K05)."""

    project_id: UUID
    indicator: Line
    value: int = Field(ge=0, le=1_000_000_000)
    approximate: bool = False


class RecordBaseline(Command):
    """Say where it starts from. Refused unless the period lies before the project."""

    project_id: UUID
    figure: Figure


class RecordActual(Command):
    """Say what was reached. Refused for a period outside the project, also after an early end (rule K07)."""

    project_id: UUID
    figure: Figure


ProjectCommand = (
    ApplyForProject
    | ApproveProject
    | RejectProject
    | StartProject
    | EndProject
    | EndProjectEarly
    | SubmitFinalReport
    | SettleProject
    | CloseControlPeriod
    | AddTargetGroup
    | SetTarget
    | RecordBaseline
    | RecordActual
)
