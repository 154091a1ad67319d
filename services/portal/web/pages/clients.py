"""People a team works with: the list, the search, a new record, and the first page of one person."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from fastapi import Response

from libs.codelists import MUNICIPALITIES, AgeBand, Channel, Housing, LadderStage, Role, Sex
from libs.eventlog import derived_id
from services.cases.agreement.views import Agreements, AgreementView
from services.cases.plan.views import PlanGoals, PlanGoalView, PlanSteps, PlanStepView
from services.contacts.handover.views import Handovers, HandoverView
from services.contacts.person.commands import DescribePerson, ExpressInterest, GiveNickname
from services.contacts.person.views import (
    PersonContact,
    PersonContacts,
    Persons,
    PersonSummary,
    PersonTimeline,
    TimelineEntry,
)
from services.portal.web.form import PRAGUE, Form, NotHere
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.pages.client_agreement import AGREEMENT_ACTS
from services.portal.web.pages.client_card import Client, client_of, other_teams, possible
from services.portal.web.pages.client_changes import PERSON_ACTS
from services.portal.web.pages.likeness import alike
from services.portal.web.pages.people import KEY_WORKERS, as_person, lacking, teams

ASKED, SHOWN = 1000, 200

router = Pages(prefix="/klienti")


@router.get("")
async def clients(page: Signed, stav: str = "", tym: str = "", moji: bool = False) -> Response:
    """stav: how far they have come. moji: those whose key worker asks."""
    stage = _stage(stav)
    team = tym if tym and page.has(Role.TEAM_LEADER) else page.team
    people, agreements = await asyncio.gather(
        page.ask(Persons, PersonSummary, team=team, limit=ASKED),
        page.ask(Agreements, AgreementView, state="in_force", limit=500),
    )
    led_by = {one.person_id: one.key_worker for one in agreements}
    if moji:
        people = [one for one in people if led_by.get(one.person_id) == page.actor.user]
    await page.site.names.ready(page)
    chosen = [one for one in people if stage is None or one.stage is stage]
    return await page.render(
        "clients/list.html",
        people=chosen[:SHOWN],
        more=max(0, len(chosen) - SHOWN),
        counts=Counter(one.stage.value for one in people),
        total=len(people),
        stage=stage,
        stages=list(LadderStage),
        led_by=led_by,
        mine=moji,
        team=tym,
        teams=teams(page) if page.has(Role.TEAM_LEADER) else [],
        leads=page.has(*KEY_WORKERS),
    )


@router.post("/hledat")
async def find(page: Signed) -> Response:
    """What is looked for never stands in an address."""
    form = await page.form()
    words = form["text"].strip()[:200]
    if not words:
        return page.go("/klienti")
    return page.go(f"/klienti/hledani/{await page.site.kept.keep_search(page.actor.user, {'clients': words})}")


@router.get("/hledani/{handle}")
async def found(page: Signed, handle: str) -> Response:
    kept = await page.site.kept.search(page.actor.user, handle)
    if kept is None or "clients" not in kept:
        raise NotHere
    people = await page.ask(Persons, PersonSummary, team=page.team, limit=ASKED)
    text = str(kept["clients"])
    return await page.render(
        "clients/found.html", form=page.blank(text=text), people=alike(text, people, at_most=SHOWN)
    )


@router.get("/novy")
async def new(page: Signed) -> Response:
    form = page.blank()
    form.new_id("person_id")
    return await _new(page, form)


@router.post("/novy")
async def register(page: Signed) -> Response:
    """Under a nickname, or under a code for somebody who wants the service and tells none."""
    form = await page.form()
    person_id, nickname = form.uuid("person_id"), form["nickname"].strip()
    if form["same"].startswith("person:"):
        return page.go(f"/klienti/{as_person(form['same'])}")
    if not nickname and not form.checked("interest"):
        lacking(page, form, "nickname")
        return await _new(page, form)
    if nickname and form["same"] != "new" and alike(nickname, await _people(page)):
        lacking(page, form, "same")
        return await _new(page, form)
    if not await _registered(page, form, person_id, nickname):
        return await _new(page, form)
    return page.go(f"/klienti/{person_id}", saved=True)


@router.get("/{person_id}")
async def client(page: Signed, person_id: UUID, jen: str = "", ke_dni: str = "") -> Response:
    """jen: only contacts or only steps. ke_dni: as it was at the end of that day."""
    day = _day(ke_dni)
    of, timeline, contacts, offers = await asyncio.gather(
        client_of(page, person_id),
        page.ask(PersonTimeline, TimelineEntry, person_id=person_id, team=page.team, limit=1000),
        page.ask(PersonContacts, PersonContact, person_id=person_id, team=page.team, limit=1000),
        page.ask(Handovers, HandoverView, team=page.team, stage="proposed", limit=500),
    )
    goals, steps = await _next(page, of)
    await page.site.names.ready(page)
    return await page.render(
        "clients/client.html",
        client=of,
        timeline=[one for one in timeline if _is_shown(one, jen, day)],
        contacts={one.contact_id: one for one in contacts},
        reached=_reached(timeline),
        stages=list(LadderStage),
        Channel=Channel,
        today=datetime.now(UTC).astimezone(PRAGUE).date(),
        only=jen,
        as_of=day,
        goals=goals,
        steps=steps,
        offer=next((one for one in offers if one.person_id == person_id), None),
        acts=possible(page, of, PERSON_ACTS) | possible(page, of, AGREEMENT_ACTS),
        other_teams=other_teams(page, of),
    )


async def _next(page: Page, of: Client) -> tuple[list[PlanGoalView], list[PlanStepView]]:
    """Goals that hold and steps still to be done; nothing without a plan."""
    if of.plan is None:
        return [], []
    goals, steps = await asyncio.gather(
        page.ask(PlanGoals, PlanGoalView, plan_id=of.plan.plan_id),
        page.ask(PlanSteps, PlanStepView, plan_id=of.plan.plan_id, only_planned=True),
    )
    return [one for one in goals if one.state in ("proposed", "active")], steps


def _reached(timeline: list[TimelineEntry]) -> dict[LadderStage, datetime]:
    """When the person first stood where on the ladder."""
    return {one.stage: one.happened_at for one in timeline if one.stage is not None}


def _is_shown(entry: TimelineEntry, only: str, day: date | None) -> bool:
    wanted = {"kontakty": "contact", "kroky": "step"}.get(only, entry.kind)
    return entry.kind == wanted and (day is None or entry.happened_at.astimezone(PRAGUE).date() <= day)


async def _people(page: Page) -> list[PersonSummary]:
    return await page.ask(Persons, PersonSummary, team=page.team, limit=ASKED)


async def _new(page: Page, form: Form) -> Response:
    return await page.render(
        "clients/new.html",
        form.status,
        form=form,
        candidates=alike(form["nickname"], await _people(page)),
        Sex=Sex,
        AgeBand=AgeBand,
        Housing=Housing,
        municipalities=list(MUNICIPALITIES.values()),
    )


async def _registered(page: Page, form: Form, person_id: UUID, nickname: str) -> bool:
    """Up to three commands, each with an id of its own, so that sending the form again repeats nothing."""
    told = form.take("sex", "age_band", "housing", "residence")
    steps: list[tuple[Any, dict[str, Any]]] = []
    if nickname:
        steps.append((GiveNickname, {"nickname": nickname}))
    if form.checked("interest"):
        steps.append((ExpressInterest, {}))
    if told:
        steps.append((DescribePerson, dict(told)))
    for command, fields in steps:
        id = derived_id(form.id, command.__name__)
        if await page.do(command, form, id=id, person_id=person_id, **fields) is None:
            return False
    return True


def _stage(text: str) -> LadderStage | None:
    try:
        return LadderStage(text) if text else None
    except ValueError:
        raise NotHere from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotHere from None
