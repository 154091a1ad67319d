"""Where a project stands, and how its events move it. Pure."""

from datetime import date
from typing import assert_never

from libs.codelists import TargetGroup
from libs.eventlog import Frozen
from services.reporting.project.events import (
    ActualRecorded,
    BaselineRecorded,
    ControlPeriodOver,
    Figure,
    FinalReportSubmitted,
    ProjectAppliedFor,
    ProjectApproved,
    ProjectContent,
    ProjectEnded,
    ProjectEndedEarly,
    ProjectEvent,
    ProjectRejected,
    ProjectSettled,
    ProjectStarted,
    Stage,
    TargetGroupAdded,
    TargetSet,
)

OPEN = frozenset({Stage.APPLIED, Stage.APPROVED, Stage.RUNNING})
ENDED = frozenset({Stage.ENDED, Stage.ENDED_EARLY})
TERMINAL = frozenset({Stage.REJECTED, Stage.ARCHIVED})


class NotApplied(Frozen):
    """Nothing is known of it."""


class Project(Frozen):
    """targets: by indicator; figures: baselines and actuals, each as recorded."""

    stage: Stage
    content: ProjectContent
    started_on: date | None = None
    actual_end: date | None = None
    target_groups: frozenset[TargetGroup] = frozenset()
    targets: dict[str, Figure] = {}
    figures: tuple[Figure, ...] = ()

    @property
    def first_day(self) -> date:
        return self.started_on or self.content.planned_start

    @property
    def last_day(self) -> date:
        """Last day that counts: the actual end, if it came early (rule K07)."""
        return self.actual_end or self.content.planned_end


State = NotApplied | Project


def evolve(state: State, event: ProjectEvent) -> State:
    """Total: what is told of a project nobody applied for is passed over."""
    if isinstance(event, ProjectAppliedFor):
        groups = frozenset(event.content.target_groups)
        return Project(stage=Stage.APPLIED, content=event.content, target_groups=groups)
    if isinstance(state, NotApplied):
        return state
    match event:
        case ProjectApproved():
            return _with(state, stage=Stage.APPROVED)
        case ProjectRejected():
            return _with(state, stage=Stage.REJECTED)
        case ProjectStarted():
            return _with(state, stage=Stage.RUNNING, started_on=event.started_on)
        case ProjectEnded():
            return _with(state, stage=Stage.ENDED)
        case ProjectEndedEarly():
            return _with(state, stage=Stage.ENDED_EARLY, actual_end=event.actual_end)
        case FinalReportSubmitted():
            return _with(state, stage=Stage.REPORTED)
        case ProjectSettled():
            return _with(state, stage=Stage.SETTLED)
        case ControlPeriodOver():
            return _with(state, stage=Stage.ARCHIVED)
        case TargetGroupAdded():
            return _with(state, target_groups=state.target_groups | {event.target_group})
        case TargetSet():
            return _with(state, targets={**state.targets, event.figure.indicator: event.figure})
        case BaselineRecorded() | ActualRecorded():
            return _with(state, figures=(*state.figures, event.figure))
        case _:
            assert_never(event)


def _with(project: Project, **changes: object) -> Project:
    """The same project with some fields anew, checked as every constructor checks."""
    return Project.model_validate({**dict(project), **changes})
