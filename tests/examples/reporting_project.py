"""Example project TP160044: field work that was planned to 21 December 2016 and ended on 30 August."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from libs.codelists import OrganisationKind, Role, TargetGroup
from libs.eventlog import Actor, Event
from libs.privacy import Personal
from services.reporting.project.commands import (
    AddTargetGroup,
    ApplyForProject,
    ApproveProject,
    CloseControlPeriod,
    EndProject,
    EndProjectEarly,
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
    ProjectContent,
    ProjectEnded,
    ProjectEndedEarly,
    ProjectRejected,
    ProjectSettled,
    ProjectStarted,
    TargetGroupAdded,
    TargetSet,
)

TOWN = UUID("0198a000-0000-7000-8000-000000000003")
VIT = UUID("0198b000-0000-7000-8000-000000000004")
PROJECT_ID = UUID("0198e000-0000-7000-8000-000000000001")
NOW = datetime(2016, 9, 5, 8, 0, tzinfo=UTC)
START, PLANNED_END, ACTUAL_END = date(2016, 1, 1), date(2016, 12, 21), date(2016, 8, 30)
REASON: Personal[str] = Personal("Terénní pracovnice odešla.")
SEALED: Personal[str] = Personal(token="sealed-reason")

MANAGER = Actor(user=VIT, organisation=TOWN, roles=frozenset({Role.PROJECT_MANAGER}))


def content(**over: Any) -> ProjectContent:
    filled = {
        "number": "TP160044",
        "name": "Terénní práce 2016",
        "funder": "Úřad vlády",
        "funder_kind": OrganisationKind.FUNDER_GOVERNMENT,
        "programme": "Podpora terénní práce",
        "call": "2016",
        "leader": VIT,
        "partners": ("OSPOD Liberec",),
        "planned_start": START,
        "planned_end": PLANNED_END,
        "goal": "Docházka, práce, bydlení.",
        "target_groups": (TargetGroup.EXCLUDED_COMMUNITIES, TargetGroup.FAMILIES),
        "key_activities": ("Terénní práce", "Spolupráce se školami"),
        "min_support_minutes": 2400,
    }
    return ProjectContent.model_validate({**filled, **over})


def figure(**over: Any) -> Figure:
    filled = {
        "indicator": "supported_persons",
        "value": 101,
        "approximate": False,
        "period_from": START,
        "period_to": ACTUAL_END,
        "source": "evidence projektu",
    }
    return Figure.model_validate({**filled, **over})


def baseline_figure(**over: Any) -> Figure:
    year = {"period_from": date(2015, 1, 1), "period_to": date(2015, 12, 31)}
    return figure(**{"indicator": "attendance_stabilised", "value": 5, **year, **over})


def target_figure(**over: Any) -> Figure:
    whole = {"period_from": START, "period_to": PLANNED_END, "source": None}
    return figure(**{"value": 200, "approximate": True, **whole, **over})


def _command(**over: Any) -> dict[str, Any]:
    return {"actor": MANAGER, "occurred_at": NOW, "project_id": PROJECT_ID, **over}


def apply_for(**over: Any) -> ApplyForProject:
    return ApplyForProject(**_command(**{"content": content(), **over}))


def approve(**over: Any) -> ApproveProject:
    return ApproveProject(**_command(**{"approved_on": date(2015, 12, 1), **over}))


def reject(**over: Any) -> RejectProject:
    return RejectProject(**_command(**{"rejected_on": date(2015, 12, 1), **over}))


def start(**over: Any) -> StartProject:
    return StartProject(**_command(**{"started_on": START, **over}))


def end(**over: Any) -> EndProject:
    return EndProject(**_command(**{"ended_on": PLANNED_END, **over}))


def end_early(**over: Any) -> EndProjectEarly:
    return EndProjectEarly(**_command(**{"actual_end": ACTUAL_END, "reason": REASON, **over}))


def submit_final_report(**over: Any) -> SubmitFinalReport:
    return SubmitFinalReport(**_command(**{"submitted_on": date(2016, 10, 1), **over}))


def settle(**over: Any) -> SettleProject:
    return SettleProject(**_command(**{"settled_on": date(2017, 2, 1), **over}))


def close_control_period(**over: Any) -> CloseControlPeriod:
    return CloseControlPeriod(**_command(**{"over_on": date(2027, 1, 1), **over}))


def add_target_group(**over: Any) -> AddTargetGroup:
    return AddTargetGroup(**_command(**{"target_group": TargetGroup.SENIORS, **over}))


def set_target(**over: Any) -> SetTarget:
    filled = {"indicator": "supported_persons", "value": 200, "approximate": True}
    return SetTarget(**_command(**{**filled, **over}))


def record_baseline(**over: Any) -> RecordBaseline:
    return RecordBaseline(**_command(**{"figure": baseline_figure(), **over}))


def record_actual(**over: Any) -> RecordActual:
    return RecordActual(**_command(**{"figure": figure(), **over}))


def applied_for(**over: Any) -> ProjectAppliedFor:
    return ProjectAppliedFor.model_validate({"project_id": PROJECT_ID, "content": content(), **over})


def approved() -> ProjectApproved:
    return ProjectApproved(project_id=PROJECT_ID, approved_on=date(2015, 12, 1))


def rejected() -> ProjectRejected:
    return ProjectRejected(project_id=PROJECT_ID, rejected_on=date(2015, 12, 1))


def started() -> ProjectStarted:
    return ProjectStarted(project_id=PROJECT_ID, started_on=START)


def ended() -> ProjectEnded:
    return ProjectEnded(project_id=PROJECT_ID, ended_on=PLANNED_END)


def ended_early(**over: Any) -> ProjectEndedEarly:
    filled = {"project_id": PROJECT_ID, "actual_end": ACTUAL_END, "reason": REASON}
    return ProjectEndedEarly.model_validate({**filled, **over})


def final_report_submitted() -> FinalReportSubmitted:
    return FinalReportSubmitted(project_id=PROJECT_ID, submitted_on=date(2016, 10, 1))


def settled() -> ProjectSettled:
    return ProjectSettled(project_id=PROJECT_ID, settled_on=date(2017, 2, 1))


def control_period_over() -> ControlPeriodOver:
    return ControlPeriodOver(project_id=PROJECT_ID, over_on=date(2027, 1, 1))


def target_group_added() -> TargetGroupAdded:
    return TargetGroupAdded(project_id=PROJECT_ID, target_group=TargetGroup.SENIORS)


def target_set(**over: Any) -> TargetSet:
    return TargetSet.model_validate({"project_id": PROJECT_ID, "figure": target_figure(), **over})


def baseline_recorded(**over: Any) -> BaselineRecorded:
    return BaselineRecorded.model_validate({"project_id": PROJECT_ID, "figure": baseline_figure(), **over})


def actual_recorded(**over: Any) -> ActualRecorded:
    return ActualRecorded.model_validate({"project_id": PROJECT_ID, "figure": figure(), **over})


_STEPS: tuple[Event, ...] = (
    approved(),
    rejected(),
    started(),
    ended(),
    ended_early(reason=SEALED),
    final_report_submitted(),
    settled(),
    control_period_over(),
    target_group_added(),
)
COMPLETE: tuple[Event, ...] = (
    applied_for(),
    *_STEPS,
    target_set(figure=target_figure(source="výzva")),
    baseline_recorded(),
    actual_recorded(),
)
_BARE_FIGURE = Figure(indicator="supported_persons", value=1, period_from=START, period_to=ACTUAL_END)
REQUIRED: tuple[Event, ...] = (
    applied_for(
        content=ProjectContent(
            number="TP160044",
            name="Terénní práce 2016",
            funder="Úřad vlády",
            planned_start=START,
            planned_end=PLANNED_END,
        )
    ),
    *_STEPS,
    target_set(figure=_BARE_FIGURE),
    baseline_recorded(figure=_BARE_FIGURE),
    actual_recorded(figure=_BARE_FIGURE),
)
