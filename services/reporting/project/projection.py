"""Read models `project_list` (one row per project) and `project_figure` (target, baseline and actual apart)."""

from datetime import date
from typing import Literal, assert_never
from uuid import UUID

from libs.codelists import OrganisationKind, TargetGroup
from libs.privacy import Personal
from libs.projection import Projection, Row
from services.reporting.project.events import (
    ActualRecorded,
    BaselineRecorded,
    ControlPeriodOver,
    FinalReportSubmitted,
    ProjectAppliedFor,
    ProjectApproved,
    ProjectEnded,
    ProjectEndedEarly,
    ProjectRejected,
    ProjectSettled,
    ProjectStarted,
    Stage,
    TargetGroupAdded,
    TargetSet,
)

Step = (
    ProjectAppliedFor
    | ProjectApproved
    | ProjectRejected
    | ProjectStarted
    | ProjectEnded
    | ProjectEndedEarly
    | FinalReportSubmitted
    | ProjectSettled
    | ControlPeriodOver
)


class ProjectRow(Row):
    """What one event says about a project. None: it says nothing about this column.

    last_on   day of the last step, as the user gave it
    """

    project_id: UUID
    number: str | None = None
    name: str | None = None
    funder: str | None = None
    funder_kind: OrganisationKind | None = None
    programme: str | None = None
    call: str | None = None
    leader: UUID | None = None
    partners: tuple[str, ...] | None = None
    planned_start: date | None = None
    planned_end: date | None = None
    goal: str | None = None
    key_activities: tuple[str, ...] | None = None
    min_support_minutes: int | None = None
    stage: Stage | None = None
    started_on: date | None = None
    actual_end: date | None = None
    reason: Personal[str] | None = None
    last_on: date | None = None


class GroupRow(Row):
    project_id: UUID
    target_group: TargetGroup


class FigureRow(Row):
    project_id: UUID
    indicator: str
    kind: Literal["target", "baseline", "actual"]
    period_from: date
    period_to: date
    value: int
    approximate: bool
    source: str | None = None


def project(event: Step) -> ProjectRow:
    key = event.project_id
    match event:
        case ProjectAppliedFor():
            content = event.content.model_dump(exclude={"target_groups"})
            return ProjectRow(project_id=key, stage=Stage.APPLIED, **content)
        case ProjectApproved():
            return ProjectRow(project_id=key, stage=Stage.APPROVED, last_on=event.approved_on)
        case ProjectRejected():
            return ProjectRow(project_id=key, stage=Stage.REJECTED, last_on=event.rejected_on)
        case ProjectStarted():
            return ProjectRow(
                project_id=key, stage=Stage.RUNNING, started_on=event.started_on, last_on=event.started_on
            )
        case ProjectEnded():
            return ProjectRow(project_id=key, stage=Stage.ENDED, last_on=event.ended_on)
        case ProjectEndedEarly():
            return ProjectRow(
                project_id=key,
                stage=Stage.ENDED_EARLY,
                actual_end=event.actual_end,
                reason=event.reason,
                last_on=event.actual_end,
            )
        case FinalReportSubmitted():
            return ProjectRow(project_id=key, stage=Stage.REPORTED, last_on=event.submitted_on)
        case ProjectSettled():
            return ProjectRow(project_id=key, stage=Stage.SETTLED, last_on=event.settled_on)
        case ControlPeriodOver():
            return ProjectRow(project_id=key, stage=Stage.ARCHIVED, last_on=event.over_on)
        case _:
            assert_never(event)


def project_groups(event: ProjectAppliedFor | TargetGroupAdded) -> tuple[GroupRow, ...]:
    match event:
        case ProjectAppliedFor():
            groups = event.content.target_groups
        case TargetGroupAdded():
            groups = (event.target_group,)
        case _:
            assert_never(event)
    return tuple(GroupRow(project_id=event.project_id, target_group=group) for group in groups)


def project_figure(event: TargetSet | BaselineRecorded | ActualRecorded) -> FigureRow:
    figure = event.figure.model_dump()
    match event:
        case TargetSet():
            return FigureRow(project_id=event.project_id, kind="target", **figure)
        case BaselineRecorded():
            return FigureRow(project_id=event.project_id, kind="baseline", **figure)
        case ActualRecorded():
            return FigureRow(project_id=event.project_id, kind="actual", **figure)
        case _:
            assert_never(event)


PROJECT_LIST = Projection(
    name="project_list_1",
    project=project,
    events=Step,
    row=ProjectRow,
    key="project_id",
    into="upsert_project_list",
    tables=("project_list",),
)
PROJECT_GROUP = Projection(
    name="project_group_1",
    project=project_groups,
    events=ProjectAppliedFor | TargetGroupAdded,
    row=GroupRow,
    key=("project_id", "target_group"),
    into="upsert_project_group",
    tables=("project_group",),
)
PROJECT_FIGURE = Projection(
    name="project_figure_1",
    project=project_figure,
    events=TargetSet | BaselineRecorded | ActualRecorded,
    row=FigureRow,
    key=("project_id", "indicator", "kind", "period_from", "period_to"),
    into="upsert_project_figure",
    tables=("project_figure",),
)
