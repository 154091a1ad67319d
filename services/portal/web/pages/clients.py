"""People a team works with: the list, the search, a new record, and the first page of one person."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from fastapi import Response

from libs.codelists import MUNICIPALITIES, AgeBand, Channel, Housing, LadderStage, Role, Sex
from libs.eventlog import derived_id
from services.cases.agreement.views import Agreements, AgreementView, Caseload, CaseloadView
from services.cases.plan.views import PlanGoals, PlanGoalView, PlanSteps, PlanStepView
from services.contacts.handover.views import Handovers, HandoverView
from services.contacts.person.commands import DescribePerson, ExpressInterest, GiveNickname
from services.contacts.person.views import (
    PersonContact,
    PersonContacts,
    PersonCount,
    PersonCounts,
    Persons,
    PersonSummary,
    PersonTimeline,
    TimelineEntry,
)
from services.portal.web.form import PRAGUE, Form, NotHere
from services.portal.web.known import alike
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.pages.client_agreement import AGREEMENT_ACTS
from services.portal.web.pages.client_card import Client, client_of, other_teams, possible
from services.portal.web.pages.client_changes import PERSON_ACTS
from services.portal.web.pages.people import KEY_WORKERS, WORKERS, as_person, lacking, teams

SHOWN, FOUND, ENTRIES = 30, 30, 50

CLIENTS = (LadderStage.CLIENT, LadderStage.CLIENT_WITH_PLAN)

router = Pages(prefix="/klienti")


@router.get("")
async def clients(page: Signed, stav: str = "", tym: str = "", moji: bool = False, za: int | None = None) -> Response:
    """stav: how far they have come. moji: those whose key worker asks. za: those after the person at this position."""
    stage = _stage(stav)
    team = tym if tym and page.has(Role.TEAM_LEADER) else page.team
    ids = await _led(page) if moji else None
    people, counted, _ = await asyncio.gather(
        page.ask(Persons, PersonSummary, team=team, stage=stage, ids=ids, before=za, limit=SHOWN + 1),
        page.ask(PersonCounts, PersonCount, team=team, ids=ids),
        page.site.names.ready(page),
    )
    shown, counts = people[:SHOWN], Counter({one.stage.value: one.persons for one in counted})
    return await page.render(
        "clients/list.html",
        people=shown,
        after=shown[-1].position if len(people) > SHOWN else None,
        counts=counts,
        total=sum(counts.values()),
        stage=stage,
        stages=list(LadderStage),
        led_by=await _key_workers(page, shown),
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
    text = str(kept["clients"])
    people = await page.site.finder.alike(page, text, FOUND)
    return await page.render("clients/found.html", form=page.blank(text=text), people=people)


@router.get("/novy")
async def new(page: Signed) -> Response:
    page.only(*WORKERS)
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
    if nickname and form["same"] != "new" and await alike(page, nickname):
        lacking(page, form, "same")
        return await _new(page, form)
    if not await _registered(page, form, person_id, nickname):
        return await _new(page, form)
    return page.go(f"/klienti/{person_id}", saved=True)


@router.get("/{person_id}")
async def client(page: Signed, person_id: UUID, jen: str = "", ke_dni: str = "") -> Response:
    """jen: only contacts or only steps. ke_dni: as it was at the end of that day."""
    day = _day(ke_dni)
    whose: dict[str, Any] = {"person_id": person_id, "team": page.team}
    kind, until = {"kontakty": "contact", "kroky": "step"}.get(jen), _end_of(day)
    of, timeline, ladder, offers, _ = await asyncio.gather(
        client_of(page, person_id),
        page.ask(PersonTimeline, TimelineEntry, **whose, kind=kind, until=until, limit=ENTRIES + 1),
        page.ask(PersonTimeline, TimelineEntry, **whose, kind="step", limit=1000),
        page.ask(Handovers, HandoverView, team=page.team, stage="proposed", limit=500),
        page.site.names.ready(page),
    )
    shown = timeline[:ENTRIES]
    ids = tuple(one.contact_id for one in shown if one.contact_id is not None)
    (goals, steps), contacts = await asyncio.gather(_next(page, of), _contacts(page, ids, whose))
    return await page.render(
        "clients/client.html",
        client=of,
        timeline=shown,
        before=shown[-1].happened_at.astimezone(PRAGUE).date() if len(timeline) > ENTRIES else None,
        contacts={one.contact_id: one for one in contacts},
        reached=_reached(ladder),
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


async def _contacts(page: Page, ids: tuple[UUID, ...], whose: dict[str, Any]) -> list[PersonContact]:
    return await page.ask(PersonContacts, PersonContact, **whose, ids=ids, limit=len(ids)) if ids else []


def _end_of(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.max, PRAGUE)


async def _led(page: Page) -> tuple[UUID, ...]:
    """Whose key worker asks."""
    rows = await page.ask(Caseload, CaseloadView, key_worker=page.actor.user)
    return tuple(one.person_id for one in rows)


async def _key_workers(page: Page, people: Sequence[PersonSummary]) -> dict[UUID, UUID | None]:
    """Person → key worker, while an agreement is in force. Nobody is a client before the ladder says so."""
    ids = tuple(one.person_id for one in people if one.stage in CLIENTS)
    rows = await page.ask(Agreements, AgreementView, person_ids=ids, state="in_force", limit=500) if ids else []
    return {one.person_id: one.key_worker for one in rows}


async def _new(page: Page, form: Form) -> Response:
    return await page.render(
        "clients/new.html",
        form.status,
        form=form,
        candidates=await alike(page, form["nickname"]),
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
