"""How a project is decided. Pure: no clock, no chance, no I/O.

    applied → approved → running → ended / ended early → reported → settled → archived ■
            ↘ rejected ■

Figures stand beside the stages: target, baseline and actual are recorded apart and never fill each other in.
"""

from typing import assert_never

from libs.eventlog import Decider, Rejected
from services.reporting.project.commands import (
    AddTargetGroup,
    ApplyForProject,
    ApproveProject,
    CloseControlPeriod,
    EndProject,
    EndProjectEarly,
    ProjectCommand,
    RecordActual,
    RecordBaseline,
    RejectProject,
    SetTarget,
    SettleProject,
    StartProject,
    SubmitFinalReport,
)
from services.reporting.project.events import (
    ActualRecorded,
    BaselineRecorded,
    ControlPeriodOver,
    Figure,
    FinalReportSubmitted,
    ProjectAppliedFor,
    ProjectApproved,
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
from services.reporting.project.state import (
    ENDED,
    OPEN,
    TERMINAL,
    NotApplied,
    Project,
    State,
    evolve,
)


def decide(command: ProjectCommand, project: State) -> tuple[ProjectEvent, ...]:
    """The events to append. `()`: already so. `Rejected`: cannot be, and what to do instead."""
    if isinstance(command, ApplyForProject):
        return _apply(command, project)
    if isinstance(project, NotApplied):
        raise Rejected(
            "unknown_project",
            "There is no such project. Nothing was recorded. Record the application first.",
        )
    key = command.project_id
    match command:
        case ApproveProject():
            approved = ProjectApproved(project_id=key, approved_on=command.approved_on)
            return _step(project, {Stage.APPLIED}, Stage.APPROVED, approved)
        case RejectProject():
            rejected = ProjectRejected(project_id=key, rejected_on=command.rejected_on)
            return _step(project, {Stage.APPLIED}, Stage.REJECTED, rejected)
        case StartProject():
            started = ProjectStarted(project_id=key, started_on=command.started_on)
            return _step(project, {Stage.APPROVED}, Stage.RUNNING, started)
        case EndProject() | EndProjectEarly():
            return _end(command, project)
        case SubmitFinalReport():
            submitted = FinalReportSubmitted(project_id=key, submitted_on=command.submitted_on)
            return _step(project, ENDED, Stage.REPORTED, submitted)
        case SettleProject():
            settled = ProjectSettled(project_id=key, settled_on=command.settled_on)
            return _step(project, {Stage.REPORTED}, Stage.SETTLED, settled)
        case CloseControlPeriod():
            over = ControlPeriodOver(project_id=key, over_on=command.over_on)
            return _step(project, {Stage.SETTLED}, Stage.ARCHIVED, over)
        case AddTargetGroup():
            if command.target_group in project.target_groups:
                return ()
            _only_in(project, OPEN)
            return (TargetGroupAdded(project_id=key, target_group=command.target_group),)
        case SetTarget():
            return _set_target(command, project)
        case RecordBaseline():
            return _record_baseline(command, project)
        case RecordActual():
            return _record_actual(command, project)
        case _:
            assert_never(command)


def _apply(command: ApplyForProject, project: State) -> tuple[ProjectEvent, ...]:
    if isinstance(project, Project):
        if project.content == command.content:
            return ()
        raise Rejected(
            "project_exists",
            "This project is already recorded with other content. Nothing was recorded. "
            "Record the other one as a project of its own.",
        )
    if command.content.planned_end < command.content.planned_start:
        raise Rejected(
            "end_before_start", "The project would end before it starts. Nothing was recorded. Check the days."
        )
    return (ProjectAppliedFor(project_id=command.project_id, content=command.content),)


def _end(command: EndProject | EndProjectEarly, project: Project) -> tuple[ProjectEvent, ...]:
    planned_end = project.content.planned_end
    if isinstance(command, EndProject):
        if command.ended_on < planned_end:
            raise Rejected(
                "early_end",
                "That day is before the planned end. Nothing was recorded. End the project early, with the reason.",
            )
        ended = ProjectEnded(project_id=command.project_id, ended_on=command.ended_on)
        return _step(project, {Stage.RUNNING}, Stage.ENDED, ended)
    if not project.first_day <= command.actual_end < planned_end:
        raise Rejected(
            "not_early",
            "An early end lies between the start and the planned end. Nothing was recorded. Check the day.",
        )
    ended_early = ProjectEndedEarly(project_id=command.project_id, actual_end=command.actual_end, reason=command.reason)
    return _step(project, {Stage.RUNNING}, Stage.ENDED_EARLY, ended_early)


def _set_target(command: SetTarget, project: Project) -> tuple[ProjectEvent, ...]:
    figure = Figure(
        indicator=command.indicator,
        value=command.value,
        approximate=command.approximate,
        period_from=project.content.planned_start,
        period_to=project.content.planned_end,
    )
    if project.targets.get(command.indicator) == figure:
        return ()
    _only_in(project, OPEN)
    return (TargetSet(project_id=command.project_id, figure=figure),)


def _record_baseline(command: RecordBaseline, project: Project) -> tuple[ProjectEvent, ...]:
    if command.figure in project.figures:
        return ()
    _ordered(command.figure)
    if command.figure.period_to >= project.content.planned_start:
        raise Rejected(
            "outside_period",
            "A baseline is of a time before the project. Nothing was recorded. Record it as an actual instead.",
        )
    _only_in(project, OPEN)
    return (BaselineRecorded(project_id=command.project_id, figure=command.figure),)


def _record_actual(command: RecordActual, project: Project) -> tuple[ProjectEvent, ...]:
    if command.figure in project.figures:
        return ()
    _ordered(command.figure)
    if command.figure.period_from < project.first_day or command.figure.period_to > project.last_day:
        raise Rejected(
            "outside_period",
            "The period reaches outside the project, which counts from its start to its actual end. "
            "Nothing was recorded. Shorten the period.",
        )
    _only_in(project, {Stage.RUNNING, *ENDED, Stage.REPORTED})
    return (ActualRecorded(project_id=command.project_id, figure=command.figure),)


def _ordered(figure: Figure) -> None:
    if figure.period_to < figure.period_from:
        raise Rejected(
            "end_before_start", "The period would end before it starts. Nothing was recorded. Check the days."
        )


def _step(
    project: Project, before: set[Stage] | frozenset[Stage], after: Stage, event: ProjectEvent
) -> tuple[ProjectEvent, ...]:
    if project.stage is after:
        return ()
    _only_in(project, before)
    return (event,)


def _only_in(project: Project, stages: set[Stage] | frozenset[Stage]) -> None:
    if project.stage in stages:
        return
    if project.stage in TERMINAL:
        raise Rejected(
            "already_terminal",
            "The project is rejected or archived, and that is final. Nothing was recorded. "
            "Record a new project if there is one.",
        )
    raise Rejected(
        "wrong_stage",
        "It is not the turn of this step. Nothing was recorded. Open the project and see where it stands.",
    )


PROJECT: Decider[ProjectCommand, State, ProjectEvent] = Decider(
    name="project",
    key="project_id",
    initial=NotApplied(),
    commands=ProjectCommand,
    events=ProjectEvent,
    decide=decide,
    evolve=evolve,
)
