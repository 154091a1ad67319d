"""Agreement and individual plan on one page, and what is done with the whole plan: begun, agreed, reviewed, closed."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from fastapi import Response

from libs.codelists import Need, PlanOutcome
from libs.eventlog import Command, derived_id
from services.cases.plan.commands import (
    ActivatePlan,
    AgreeGoal,
    ClosePlan,
    DraftPlan,
    NoteReviewDue,
    ProposeGoal,
    RevisePlan,
)
from services.cases.plan.events import GoalOutcome
from services.cases.plan.terms import ClientFactor, EnvironmentFactor, GoalResult
from services.portal.web.form import PRAGUE, Form, NotHere
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.pages.client_agreement import AGREEMENT_ACTS
from services.portal.web.pages.client_card import Client, client_of, possible
from services.portal.web.pages.people import KEY_WORKERS, lacking
from services.portal.web.pages.plan_record import Opened, opened

Told = Callable[[Form], Mapping[str, Any]]
PLAN_ACTS: Mapping[str, tuple[type[Command], Told]] = {
    "aktivovat": (ActivatePlan, lambda form: form.take("review_on")),
    "prehodnotit": (NoteReviewDue, lambda form: {}),
    "nova-verze": (RevisePlan, lambda form: form.take("change", "review_on")),
    "uzavrit": (ClosePlan, lambda form: _closing(form)),
}
"""By the last part of the address."""

router = Pages(prefix="/klienti/{person_id}/plan")


@router.get("")
async def plans(page: Signed, person_id: UUID) -> Response:
    """The plan that is worked with; those closed before stand under it."""
    of = await client_of(page, person_id)
    current = await opened(page, of, of.plan.plan_id) if of.plan else None
    past = [await opened(page, of, one.plan_id) for one in of.plans if one.state == "closed"]
    await page.site.names.ready(page)
    leads = page.has(*KEY_WORKERS)
    return await page.render(
        "clients/plan.html",
        client=of,
        opened=current,
        past=past,
        today=_today(),
        leads=leads,
        plan_acts=current.acts(_today()) if current and leads else set[str](),
        acts=possible(page, of, AGREEMENT_ACTS),
        form=page.blank(),
    )


@router.post("")
async def draft(page: Signed, person_id: UUID) -> Response:
    """Begin a plan, and go on to its first goal."""
    form, of = await page.form(), await client_of(page, person_id)
    if of.plan is not None:
        return page.go(f"{of.path}/plan", notice="already")
    plan_id = derived_id(form.id, "plan")
    agreement_id = of.in_force.agreement_id if of.in_force else None
    if await page.do(DraftPlan, form, plan_id=plan_id, person_id=person_id, agreement_id=agreement_id) is None:
        raise NotHere
    return page.go(f"{of.path}/plan/{plan_id}/cil", saved=True)


@router.get("/{plan_id}/cil")
async def proposing(page: Signed, person_id: UUID, plan_id: UUID) -> Response:
    of = await client_of(page, person_id)
    form = await page.drafted(f"goal {plan_id}")
    form.new_id("goal_id")
    return await _shown(page, of, await opened(page, of, plan_id), "cil", form)


@router.post("/{plan_id}/cil")
async def propose(page: Signed, person_id: UUID, plan_id: UUID) -> Response:
    """A goal in the client's words; agreed at once if the client says so."""
    form, of = await page.form(), await client_of(page, person_id)
    within = await opened(page, of, plan_id)
    ids = {"plan_id": plan_id, "goal_id": form.uuid("goal_id")}
    if await page.do(ProposeGoal, form, **ids, **form.take("wording", "need")) is None:
        return await _shown(page, of, within, "cil", form)
    await page.site.kept.drop_draft(page.actor.user, f"goal {plan_id}")
    if form.checked("agreed") and await page.do(AgreeGoal, form, id=derived_id(form.id, "agreed"), **ids) is None:
        return await _shown(page, of, within, "cil", form)
    return page.go(f"{of.path}/plan", saved=True)


@router.get("/{plan_id}/{act}")
async def steering(page: Signed, person_id: UUID, plan_id: UUID, act: str) -> Response:
    of = await client_of(page, person_id)
    form = await page.drafted(f"plan {act} {plan_id}")
    return await _shown(page, of, await opened(page, of, plan_id), act, form)


@router.post("/{plan_id}/{act}")
async def steer(page: Signed, person_id: UUID, plan_id: UUID, act: str) -> Response:
    form, of = await page.form(), await client_of(page, person_id)
    within = await opened(page, of, plan_id)
    if act not in PLAN_ACTS:
        raise NotHere
    command, told = PLAN_ACTS[act]
    if act == "uzavrit" and (open_ends := _unanswered(form, within)):
        lacking(page, form, *open_ends)
        return await _shown(page, of, within, act, form)
    if await page.do(command, form, plan_id=plan_id, **told(form)) is None:
        return await _shown(page, of, within, act, form)
    await page.site.kept.drop_draft(page.actor.user, f"plan {act} {plan_id}")
    return page.go(f"{of.path}/plan", saved=True)


def _closing(form: Form) -> dict[str, Any]:
    """Every goal still active has a field of its own, `goal-<id>`."""
    goals = tuple(
        GoalOutcome(goal_id=UUID(name.removeprefix("goal-")), result=GoalResult(form[name]))
        for name in form.typed
        if name.startswith("goal-") and form[name]
    )
    factors = {name: tuple(form.many(name)) for name in ("client_factors", "environment_factors")}
    return {"goals": goals, **factors, **form.take("outcome", "unresolved", "recommendation")}


def _unanswered(form: Form, within: Opened) -> list[str]:
    return [name for one in within.active if not form[name := f"goal-{one.goal_id}"]]


async def _shown(page: Page, of: Client, within: Opened, act: str, form: Form) -> Response:
    """Raises NotHere for what cannot be done now, or not by this person; after a refusal the form stays."""
    if not page.has(*KEY_WORKERS) or (act not in within.acts(_today()) and form.refused is None):
        raise NotHere
    return await page.render(
        "clients/plan_form.html",
        form.status,
        form=form,
        client=of,
        opened=within,
        act=act,
        needs=Need,
        outcomes=PlanOutcome,
        results=GoalResult,
        client_factors=ClientFactor,
        environment_factors=EnvironmentFactor,
    )


def _today() -> date:
    return datetime.now(UTC).astimezone(PRAGUE).date()
