"""Families: who lives together, as far as it is known, and how many a worker saw. Members are links, never copies."""

import asyncio
from uuid import UUID

from fastapi import Response

from libs.codelists import MUNICIPALITIES, AgeBand, Relation, Sex
from libs.eventlog import derived_id
from services.contacts.household.commands import AddMember, MonitorFamily, RemoveMember
from services.contacts.household.views import HouseholdMember, HouseholdMembers, Households, HouseholdView
from services.portal.web.form import Form, NotHere
from services.portal.web.known import FEW, alike, latest
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.pages.client_card import Client, client_of
from services.portal.web.pages.people import lacking

SHOWN, OFFERED = 50, 6

router = Pages(prefix="/klienti")


@router.get("/domacnosti")
async def households(page: Signed, obec: str = "") -> Response:
    rows = await page.ask(Households, HouseholdView, team=page.team, municipality=obec or None, limit=SHOWN)
    return await page.render(
        "clients/households.html",
        households=rows,
        all_shown=len(rows) < SHOWN,
        form=page.blank(obec=obec),
        municipalities=list(MUNICIPALITIES.values()),
        chosen=obec,
    )


@router.get("/domacnosti/nova")
async def visiting(page: Signed, klient: UUID | None = None) -> Response:
    """klient: who lives there, if the worker comes from their page."""
    about = await client_of(page, klient) if klient else None
    await page.ask(Households, HouseholdView, team=page.team, limit=1)
    form = page.blank(municipality=about.card.residence if about else None)
    form.new_id("household_id")
    return await _visiting(page, form, about)


@router.post("/domacnosti/nova")
async def visit(page: Signed, klient: UUID | None = None) -> Response:
    form = await page.form()
    about = await client_of(page, klient) if klient else None
    household_id = form.uuid("household_id")
    if about is not None and not form["relation"]:
        lacking(page, form, "relation")
        return await _visiting(page, form, about)
    told = form.take("persons", "municipality")
    when = form.moment("occurred")
    if await page.do(MonitorFamily, form, household_id=household_id, occurred_at=when, **told) is None:
        return await _visiting(page, form, about)
    if about is not None:
        member = {"household_id": household_id, "person_id": about.card.person_id, "relation": form["relation"]}
        if await page.do(AddMember, form, id=derived_id(form.id, "member"), **member) is None:
            return await _visiting(page, form, about)
    return page.go(f"/klienti/domacnosti/{household_id}", saved=True)


@router.get("/domacnosti/{household_id}")
async def household(page: Signed, household_id: UUID) -> Response:
    return await _household(page, household_id, page.blank())


@router.post("/domacnosti/{household_id}")
async def change(page: Signed, household_id: UUID) -> Response:
    """One of three: another visit, a member more, a member less."""
    form = await page.form()
    if form["_find"]:
        return await _household(page, household_id, form)
    match form["what"]:
        case "visit":
            told = form.take("persons", "municipality")
            done = await page.do(MonitorFamily, form, household_id=household_id, **told)
        case "add":
            done = await page.do(AddMember, form, household_id=household_id, **form.take("person_id", "relation"))
        case "remove":
            done = await page.do(RemoveMember, form, household_id=household_id, **form.take("person_id"))
        case _:
            raise NotHere
    if done is None:
        return await _household(page, household_id, form)
    return page.go(f"/klienti/domacnosti/{household_id}", saved=True)


@router.get("/{person_id}/domacnost")
async def of_client(page: Signed, person_id: UUID) -> Response:
    """Where this person is known to live."""
    of, rows, some = await asyncio.gather(
        client_of(page, person_id),
        page.ask(Households, HouseholdView, team=page.team, person_id=person_id),
        page.ask(Households, HouseholdView, team=page.team, limit=1),
    )
    members = await asyncio.gather(*(_members(page, one.household_id) for one in rows))
    homes = list(zip(rows, members, strict=True))
    return await page.render(
        "clients/household_of.html",
        client=of,
        homes=homes,
        any_known=bool(some),
        AgeBand=AgeBand,
    )


async def _household(page: Page, household_id: UUID, form: Form) -> Response:
    home = await page.one(Households, HouseholdView, team=page.team, household_id=household_id)
    members = await _members(page, household_id)
    inside = {one.person_id for one in members}
    text, offered = form["text"].strip(), FEW if form["text"].strip() else OFFERED
    more = offered + len(inside)
    people = await alike(page, text, more) if text else await latest(page, more)
    return await page.render(
        "clients/household.html",
        form.status,
        form=form,
        home=home,
        members=members,
        Sex=Sex,
        AgeBand=AgeBand,
        candidates=[one for one in people if one.person_id not in inside][:offered],
        relations=Relation,
        municipalities=list(MUNICIPALITIES.values()),
    )


async def _visiting(page: Page, form: Form, about: Client | None) -> Response:
    return await page.render(
        "clients/visit.html",
        form.status,
        form=form,
        client=about,
        relations=Relation,
        municipalities=list(MUNICIPALITIES.values()),
    )


async def _members(page: Page, household_id: UUID) -> list[HouseholdMember]:
    return await page.ask(HouseholdMembers, HouseholdMember, household_id=household_id, team=page.team, limit=200)
