"""What this person, and whom they lead, have promised: measures of conferences, steps of plans, answers to pass on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from fastapi import Response

from libs.codelists import Role
from libs.messaging import Query, RequestFailed, View
from services.cases.conference.views import ConferenceActionView, OpenActions
from services.cases.plan.commands import FinishStep
from services.cases.plan.terms import StepResult
from services.cases.plan.views import PlanSteps, PlanStepView
from services.cases.referral.views import ReferralTask, ReferralTasks
from services.portal.web.conference.desk import revealed, today
from services.portal.web.conference.texts import what_and_sign
from services.portal.web.form import Form
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.today import names_of

V = TypeVar("V", bound=View)
router = Pages()


@dataclass(frozen=True)
class Task:
    """One thing to do. `of` is its row; about: the client, if there is one and the reader may see them."""

    kind: str
    due: date | None
    what: str
    sign: str
    of: ConferenceActionView | PlanStepView | ReferralTask
    about: str = ""
    can_finish: bool = False

    def state(self, day: date) -> str:
        if isinstance(self.of, ReferralTask):
            return "today"
        if self.due is None or self.due > day:
            return "later"
        return "today" if self.due == day else "overdue"


@router.get("/ukoly")
async def tasks(page: Signed, koho: str = "") -> Response:
    return await _tasks(page, koho)


@router.post("/ukoly/krok")
async def finish_step(page: Signed) -> Response:
    form = await page.form()
    done = await page.do(
        FinishStep,
        form,
        plan_id=form.uuid("plan_id"),
        step_id=form.uuid("step_id"),
        **form.take("result", "note"),
    )
    whose = "tym" if form["koho"] == "tym" else ""
    if done is None:
        return await _tasks(page, whose, form)
    return page.go(f"/ukoly?koho={whose}" if whose else "/ukoly", notice="done")


async def _tasks(page: Page, whose: str, form: Form | None = None) -> Response:
    leads = page.has(Role.TEAM_LEADER)
    team = leads and whose == "tym"
    measures, steps, referrals = await asyncio.gather(
        _may_ask(page, OpenActions, ConferenceActionView, organisation=page.organisation, limit=200),
        _may_ask(page, PlanSteps, PlanStepView, worker=None if team else page.actor.user, only_planned=True, limit=200),
        _may_ask(page, ReferralTasks, ReferralTask, organisation=page.organisation, limit=200),
    )
    names = await names_of(page, [one.person_id for one in steps])
    found = [
        *(Task("measure", one.due, *what_and_sign(revealed(one.title)), of=one) for one in measures),
        *(
            Task("step", one.due, revealed(one.what), "", one, names.get(one.person_id, ""), one.plan_state == "active")
            for one in steps
        ),
        *(Task("referral", None, "", "", one) for one in referrals),
    ]
    return await page.render(
        "tasks/list.html",
        status=form.status if form else 200,
        groups=_grouped(found, today()),
        today=today(),
        leads=leads,
        whose="tym" if team else "",
        form=form,
        StepResult=StepResult,
    )


def _grouped(found: Sequence[Task], day: date) -> list[tuple[str, list[Task]]]:
    """Overdue first, then today, then the others; the nearest day first."""
    found = sorted(found, key=lambda one: one.due or date.max)
    groups = [(state, [one for one in found if one.state(day) == state]) for state in ("overdue", "today", "later")]
    return [(state, rows) for state, rows in groups if rows]


async def _may_ask(page: Page, question: type[Query], view: type[V], **fields: object) -> list[V]:
    """Nothing for a role that may not ask."""
    try:
        return await page.ask(question, view, **fields)
    except RequestFailed as failed:
        if failed.problem.kind == "forbidden":
            return []
        raise
