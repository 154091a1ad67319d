"""What has happened to a project (a grant). Published language: a released version never changes.

Private to the node. Target and actual are facts of their own; neither is ever derived from the other (rule
K05). An early end keeps the planned end (rule K07).
"""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from libs.codelists import OrganisationKind, TargetGroup
from libs.eventlog import Event, Frozen, Line, Text, event
from libs.privacy import Personal


class Stage(StrEnum):
    """Where a project stands. The portal has the words for people."""

    APPLIED = "applied"
    APPROVED = "approved"
    REJECTED = "rejected"
    RUNNING = "running"
    ENDED = "ended"
    ENDED_EARLY = "ended_early"
    REPORTED = "reported"
    SETTLED = "settled"
    ARCHIVED = "archived"


class ProjectContent(Frozen):
    """What was applied for.

    number               any non-empty text, kept as it is: the literal X of a call belongs to it (rule K12)
    call                 the threshold below belongs to it, never to a constant (rule K11)
    leader               opaque user id
    planned_start, planned_end   both days included
    key_activities       their names, in the order of the application
    min_support_minutes  from how much support on a participant counts; None: the call sets no threshold
    """

    number: Line
    name: Line
    funder: Line
    funder_kind: OrganisationKind | None = None
    programme: Line | None = None
    call: Line | None = None
    leader: UUID | None = None
    partners: Annotated[tuple[Line, ...], Field(max_length=100)] = ()
    planned_start: date
    planned_end: date
    goal: Text = ""
    target_groups: Annotated[tuple[TargetGroup, ...], Field(max_length=50)] = ()
    key_activities: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    min_support_minutes: int | None = Field(default=None, ge=0, le=10_000_000)


class Figure(Frozen):
    """One number of one indicator for one period, both days included. approximate: as in "about 200"."""

    indicator: Line
    value: int = Field(ge=0, le=1_000_000_000)
    approximate: bool = False
    period_from: date
    period_to: date
    source: Line | None = None


@event("project-applied-for", version=1)
class ProjectAppliedFor(Event):
    project_id: UUID
    content: ProjectContent


@event("project-approved", version=1)
class ProjectApproved(Event):
    project_id: UUID
    approved_on: date


@event("project-rejected", version=1)
class ProjectRejected(Event):
    project_id: UUID
    rejected_on: date


@event("project-started", version=1)
class ProjectStarted(Event):
    project_id: UUID
    started_on: date


@event("project-ended", version=1)
class ProjectEnded(Event):
    project_id: UUID
    ended_on: date


@event("project-ended-early", version=1, subject="project_id")
class ProjectEndedEarly(Event):
    """actual_end   last day that still counts"""

    project_id: UUID
    actual_end: date
    reason: Personal[Text]


@event("project-final-report-submitted", version=1)
class FinalReportSubmitted(Event):
    project_id: UUID
    submitted_on: date


@event("project-settled", version=1)
class ProjectSettled(Event):
    project_id: UUID
    settled_on: date


@event("project-control-period-over", version=1)
class ControlPeriodOver(Event):
    project_id: UUID
    over_on: date


@event("project-target-group-added", version=1)
class TargetGroupAdded(Event):
    project_id: UUID
    target_group: TargetGroup


@event("project-target-set", version=1)
class TargetSet(Event):
    """figure   for the whole planned period"""

    project_id: UUID
    figure: Figure


@event("project-baseline-recorded", version=1)
class BaselineRecorded(Event):
    """figure   of a time before the project: where it starts from, never a result of it"""

    project_id: UUID
    figure: Figure


@event("project-actual-recorded", version=1)
class ActualRecorded(Event):
    project_id: UUID
    figure: Figure


ProjectEvent = (
    ProjectAppliedFor
    | ProjectApproved
    | ProjectRejected
    | ProjectStarted
    | ProjectEnded
    | ProjectEndedEarly
    | FinalReportSubmitted
    | ProjectSettled
    | ControlPeriodOver
    | TargetGroupAdded
    | TargetSet
    | BaselineRecorded
    | ActualRecorded
)
