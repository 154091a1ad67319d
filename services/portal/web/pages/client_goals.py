"""Goals and steps of a plan: agreed, evaluated, given up; planned, done, moved, cancelled."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from fastapi import Response

from libs.eventlog import Command
from services.cases.plan.commands import AgreeGoal, CancelStep, DropGoal, EvaluateGoal, FinishStep, MoveStep, PlanStep
from services.cases.plan.terms import Doer, GoalResult, StepResult
from services.cases.plan.views import PlanGoalView, PlanStepView
from services.portal.web.form import Form, NotHere
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.pages.client_card import Client, client_of
from services.portal.web.pages.people import KEY_WORKERS, WORKERS
from services.portal.web.pages.plan_record import opened

Told = Callable[[Form], Mapping[str, Any]]
GOAL_ACTS: Mapping[str, tuple[type[Command], Told]] = {
    "dohodnout": (AgreeGoal, lambda form: {}),
    "vyhodnotit": (EvaluateGoal, lambda form: form.take("result", "evidence")),
    "upustit": (DropGoal, lambda form: form.take("reason")),
    "krok": (PlanStep, lambda form: {"step_id": form.uuid("step_id"), **form.take("what", "doer", "worker", "due")}),
}
STEP_ACTS: Mapping[str, tuple[type[Command], Told]] = {
    "hotovo": (FinishStep, lambda form: form.take("result", "note")),
    "presunout": (MoveStep, lambda form: form.take("due", "reason")),
    "zrusit": (CancelStep, lambda form: form.take("reason")),
}
"""By the last part of the address."""

router = Pages(prefix="/klienti/{person_id}/plan/{plan_id}")


@router.get("/cil/{goal_id}/{act}")
async def goal(page: Signed, person_id: UUID, plan_id: UUID, goal_id: UUID, act: str) -> Response:
    of = await client_of(page, person_id)
    within = await opened(page, of, plan_id)
    about = within.goal(goal_id)
    if act not in within.goal_acts(about) or not page.has(*KEY_WORKERS):
        raise NotHere
    form = await page.drafted(f"goal {act} {goal_id}", worker=page.actor.user)
    form.new_id("step_id")
    return await _shown(page, of, about, None, act, form)


@router.post("/cil/{goal_id}/{act}")
async def change_goal(page: Signed, person_id: UUID, plan_id: UUID, goal_id: UUID, act: str) -> Response:
    form, of = await page.form(), await client_of(page, person_id)
    about = (await opened(page, of, plan_id)).goal(goal_id)
    if act not in GOAL_ACTS:
        raise NotHere
    command, told = GOAL_ACTS[act]
    if await page.do(command, form, plan_id=plan_id, goal_id=goal_id, **told(form)) is None:
        return await _shown(page, of, about, None, act, form)
    await page.site.kept.drop_draft(page.actor.user, f"goal {act} {goal_id}")
    return page.go(f"{of.path}/plan", saved=True)


@router.get("/krok/{step_id}/{act}")
async def step(page: Signed, person_id: UUID, plan_id: UUID, step_id: UUID, act: str) -> Response:
    of = await client_of(page, person_id)
    within = await opened(page, of, plan_id)
    about = within.step(step_id)
    may = page.has(*(WORKERS if act == "hotovo" else KEY_WORKERS))
    if act not in within.step_acts(about) or not may:
        raise NotHere
    form = await page.drafted(f"step {act} {step_id}", due=about.due)
    return await _shown(page, of, within.goal(about.goal_id), about, act, form)


@router.post("/krok/{step_id}/{act}")
async def change_step(page: Signed, person_id: UUID, plan_id: UUID, step_id: UUID, act: str) -> Response:
    form, of = await page.form(), await client_of(page, person_id)
    within = await opened(page, of, plan_id)
    about = within.step(step_id)
    if act not in STEP_ACTS:
        raise NotHere
    command, told = STEP_ACTS[act]
    if await page.do(command, form, plan_id=plan_id, step_id=step_id, **told(form)) is None:
        return await _shown(page, of, within.goal(about.goal_id), about, act, form)
    await page.site.kept.drop_draft(page.actor.user, f"step {act} {step_id}")
    return page.go(f"{of.path}/plan", saved=True)


async def _shown(
    page: Page, of: Client, goal: PlanGoalView, step: PlanStepView | None, act: str, form: Form
) -> Response:
    await page.site.names.ready(page)
    return await page.render(
        "clients/goal_form.html",
        form.status,
        form=form,
        client=of,
        goal=goal,
        step=step,
        act=act,
        doers=Doer,
        goal_results=GoalResult,
        step_results=StepResult,
        workers=[one for one in page.site.names.users() if set(one.roles) & set(WORKERS)],
    )
