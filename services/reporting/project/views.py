"""What may be asked about projects, and the answers."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from libs.codelists import OrganisationKind, TargetGroup
from libs.messaging import Query, View
from libs.privacy import Personal
from services.reporting.project.events import Stage


class Projects(Query):
    """Every project of this organisation, the newest first."""

    stage: Stage | None = None
    limit: int = Field(default=100, ge=1, le=1000)


class ProjectView(View):
    project_id: UUID
    number: str
    name: str
    funder: str
    stage: Stage
    planned_start: date
    planned_end: date
    actual_end: date | None


class ProjectDetail(Query):
    """One project card. No row: there is no such project."""

    project_id: UUID


class ProjectDetailView(View):
    """planned_days, actual_days: both ends included. actual_end: only if it came early."""

    project_id: UUID
    number: str
    name: str
    funder: str
    funder_kind: OrganisationKind | None
    programme: str | None
    call: str | None
    leader: UUID | None
    partners: tuple[str, ...]
    planned_start: date
    planned_end: date
    goal: str
    target_groups: tuple[TargetGroup, ...]
    key_activities: tuple[str, ...]
    min_support_minutes: int | None
    stage: Stage
    started_on: date | None
    actual_end: date | None
    reason: Personal[str] | None
    last_on: date | None
    planned_days: int
    actual_days: int | None


class ProjectFigures(Query):
    """Target, baselines and actuals of each indicator, each as it was recorded."""

    project_id: UUID
    limit: int = Field(default=500, ge=1, le=5000)


class ProjectFigureView(View):
    """fulfilment: of an actual with a target, in per cent to one decimal; None where either is missing."""

    indicator: str
    kind: Literal["target", "baseline", "actual"]
    period_from: date
    period_to: date
    value: int
    approximate: bool
    source: str | None
    fulfilment: float | None


class ProjectCounts(Query):
    """What was counted from the start to the actual end of a project."""

    project_id: UUID


class ProjectCountsView(View):
    """excluded: contacts and interventions after an early end that the plan still covered (rule K07)."""

    first_day: date
    last_day: date
    contacts: int
    interventions: int
    approaches: int
    unique_persons: int
    excluded: int


class ExcludedContacts(Query):
    """Contacts after an early end, still inside the plan: listed, never counted (rule K07)."""

    project_id: UUID
    limit: int = Field(default=200, ge=1, le=5000)


class ExcludedContactView(View):
    contact_id: UUID
    held_on: date
    counted_as: str
