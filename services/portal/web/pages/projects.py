"""Projects: what a funder was promised beside what was reached, and the steps from application to archive."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Response
from pydantic import ValidationError

from libs.codelists import OrganisationKind, Role, TargetGroup
from libs.eventlog import Command
from services.portal.web import charts
from services.portal.web.form import PRAGUE, Form, NotHere
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.pages.reports import filled, tabs
from services.portal.web.project_goals import Goal, goals_of
from services.portal.web.refusals import refused_fields
from services.portal.web.sheets import workbook
from services.reporting.project.commands import (
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
from services.reporting.project.events import Figure, ProjectContent, Stage
from services.reporting.project.views import (
    ExcludedContacts,
    ExcludedContactView,
    ProjectCounts,
    ProjectCountsView,
    ProjectDetail,
    ProjectDetailView,
    ProjectFigures,
    ProjectFigureView,
    Projects,
    ProjectView,
)

FUNDERS = (OrganisationKind.FUNDER_CITY, OrganisationKind.FUNDER_GOVERNMENT, OrganisationKind.FUNDER_ESF)
OPEN = (Stage.APPLIED, Stage.APPROVED, Stage.RUNNING)
COUNTED = (Stage.RUNNING, Stage.ENDED, Stage.ENDED_EARLY, Stage.REPORTED)
STEPS: Mapping[str, tuple[type[Command], str]] = {
    "approve": (ApproveProject, "approved_on"),
    "reject": (RejectProject, "rejected_on"),
    "start": (StartProject, "started_on"),
    "end": (EndProject, "ended_on"),
    "end_early": (EndProjectEarly, "actual_end"),
    "report": (SubmitFinalReport, "submitted_on"),
    "settle": (SettleProject, "settled_on"),
    "archive": (CloseControlPeriod, "over_on"),
}
"""Step → command and the name of its day."""
ASKED_AS = {"min_support_minutes": "min_support_hours"}
"""Fields that a form asks for in other units."""
NEXT: Mapping[Stage, tuple[str, ...]] = {
    Stage.APPLIED: ("approve", "reject"),
    Stage.APPROVED: ("start",),
    Stage.RUNNING: ("end", "end_early"),
    Stage.ENDED: ("report",),
    Stage.ENDED_EARLY: ("report",),
    Stage.REPORTED: ("settle",),
    Stage.SETTLED: ("archive",),
}

router = Pages()


@router.get("/vykazy/projekty")
async def projects(page: Signed) -> Response:
    rows = await page.ask(Projects, ProjectView, limit=1000)
    return await page.render("reports/projects.html", projects=rows, tab="projects", tabs=tabs(page))


@router.get("/vykazy/projekty/novy")
async def new(page: Signed) -> Response:
    """Managers alone write; leaders read."""
    _manages(page)
    form = await page.drafted("project")
    form.new_id("project_id")
    return await _asked(page, form)


@router.post("/vykazy/projekty/novy")
async def apply(page: Signed) -> Response:
    form = await page.form()
    project_id = form.uuid("project_id")
    content = _content(page, form)
    if content is None or await page.do(ApplyForProject, form, project_id=project_id, content=content) is None:
        return await _asked(page, form)
    await page.site.kept.drop_draft(page.actor.user, "project")
    return page.go(f"/vykazy/projekty/{project_id}", saved=True)


@router.get("/vykazy/projekty/{project_id}")
async def project(page: Signed, project_id: UUID) -> Response:
    return await _card(page, project_id)


@router.get("/vykazy/projekty/{project_id}/tabulky")
async def project_workbook(page: Signed, project_id: UUID) -> Response:
    detail = await page.one(ProjectDetail, ProjectDetailView, project_id=project_id)
    book = filled(page, "reports/project_tables.html", **await _figures(page, detail))
    return await workbook(book.all(), book.head, f"spojka-projekt-{detail.planned_start}-{detail.planned_end}")


@router.get("/vykazy/projekty/{project_id}/cislo")
async def figure(page: Signed, project_id: UUID) -> Response:
    _manages(page)
    return await _figure_asked(page, project_id, page.blank(kind="actual"))


@router.post("/vykazy/projekty/{project_id}/cislo")
async def record(page: Signed, project_id: UUID) -> Response:
    """A target, a result or a baseline: three facts that are never made of each other (rule K05)."""
    form = await page.form()
    done = None
    if form["kind"] == "target":
        told = {**form.take("indicator", "value"), "approximate": form.checked("approximate")}
        done = await page.do(SetTarget, form, project_id=project_id, **told)
    elif (told := _figure(page, form)) is not None:
        command = RecordBaseline if form["kind"] == "baseline" else RecordActual
        done = await page.do(command, form, project_id=project_id, figure=told)
    if done is None:
        return await _figure_asked(page, project_id, form)
    return page.go(f"/vykazy/projekty/{project_id}", saved=True)


@router.post("/vykazy/projekty/{project_id}/krok")
async def step(page: Signed, project_id: UUID) -> Response:
    """The next step, with its day."""
    form = await page.form()
    if form["step"] not in STEPS:
        raise NotHere
    command, day = STEPS[form["step"]]
    told: dict[str, Any] = {day: form["day"], **form.take("reason")}
    if await page.do(command, form, project_id=project_id, **told) is None:
        return await _card(page, project_id, form)
    return page.go(f"/vykazy/projekty/{project_id}", saved=True)


async def _card(page: Page, project_id: UUID, form: Form | None = None) -> Response:
    detail = await page.one(ProjectDetail, ProjectDetailView, project_id=project_id)
    content = await _figures(page, detail)
    book = filled(page, "reports/project_tables.html", **content)
    manages = page.has(Role.PROJECT_MANAGER)
    return await page.render(
        "reports/project.html",
        status=form.status if form else 200,
        form=form or page.blank(day=_today()),
        steps=NEXT.get(detail.stage, ()) if manages else (),
        can_write=manages and detail.stage in {*OPEN, *COUNTED},
        book=book,
        drawing=charts.bars(book["goals"], 1, 0),
        **content,
    )


async def _figures(page: Page, detail: ProjectDetailView) -> dict[str, Any]:
    """Everything about a project, counted and told."""
    counted = detail.started_on is not None
    which = {"project_id": detail.project_id}
    figures, counts, excluded = await asyncio.gather(
        page.ask(ProjectFigures, ProjectFigureView, **which),
        page.ask(ProjectCounts, ProjectCountsView, **which) if counted else _nothing(),
        page.ask(ExcludedContacts, ExcludedContactView, **which, limit=5000) if counted else _nothing(),
    )
    goals: list[Goal] = goals_of(figures)
    baselines = [one for one in figures if one.kind == "baseline"]
    return {
        "project": detail,
        "goals": goals,
        "baselines": baselines,
        "counts": counts[0] if counts else None,
        "excluded": excluded,
    }


async def _nothing() -> list[Any]:
    return []


async def _asked(page: Page, form: Form) -> Response:
    await page.site.names.ready(page)
    return await page.render(
        "reports/new_project.html",
        status=form.status,
        form=form,
        funders=FUNDERS,
        OrganisationKind=OrganisationKind,
        TargetGroup=TargetGroup,
        leaders=[(str(one.user_id), one.name) for one in page.site.names.users()],
    )


async def _figure_asked(page: Page, project_id: UUID, form: Form) -> Response:
    detail = await page.one(ProjectDetail, ProjectDetailView, project_id=project_id)
    figures = await page.ask(ProjectFigures, ProjectFigureView, project_id=project_id)
    return await page.render(
        "reports/figure.html",
        status=form.status,
        form=form,
        project=detail,
        known=list(dict.fromkeys(one.indicator for one in figures)),
    )


def _content(page: Page, form: Form) -> ProjectContent | None:
    """None: it does not fit, and the form says where."""
    told: dict[str, Any] = {
        **form.take(
            "number", "name", "funder", "funder_kind", "programme", "call", "leader", "planned_start", "planned_end",
            "goal",
        ),
        "partners": _lines(form["partners"]),
        "key_activities": _lines(form["key_activities"]),
        "target_groups": form.many("target_groups"),
    }  # fmt: skip
    hours = form["min_support_hours"].strip()
    if hours:
        told["min_support_minutes"] = int(hours) * 60 if hours.isdecimal() else hours
    try:
        return ProjectContent.model_validate(told)
    except ValidationError as error:
        refused = refused_fields(error, page.site.languages[page.language])
        fields = {ASKED_AS.get(name, name): text for name, text in refused.fields.items()}
        form.refused = replace(refused, fields=fields)
        return None


def _figure(page: Page, form: Form) -> Figure | None:
    """None: it does not fit, and the form says where."""
    told = form.take("indicator", "value", "period_from", "period_to", "source")
    try:
        return Figure.model_validate({**told, "approximate": form.checked("approximate")})
    except ValidationError as error:
        form.refused = refused_fields(error, page.site.languages[page.language])
        return None


def _lines(text: str) -> list[str]:
    """One a line, without the empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _manages(page: Page) -> None:
    page.only(Role.PROJECT_MANAGER)


def _today() -> Any:
    return datetime.now(PRAGUE).date()
