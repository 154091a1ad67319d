"""Families: who lives together, as far as it is known, and how many a worker saw. Members are links, never copies."""

import asyncio
from uuid import UUID

from fastapi import Response

from libs.codelists import MUNICIPALITIES, AgeBand, Relation, Sex
from libs.eventlog import derived_id
from services.contacts.household.commands import AddMember, MonitorFamily, RemoveMember
from services.contacts.household.views import HouseholdMember, HouseholdMembers, Households, HouseholdView
from services.contacts.person.views import Persons, PersonSummary
from services.portal.web.form import Form, NotHere
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.pages.client_card import Client, client_of
from services.portal.web.pages.likeness import alike
from services.portal.web.pages.people import lacking

SEARCHED, OFFERED = 200, 6

router = Pages(prefix="/klienti")


@router.get("/domacnosti")
async def households(page: Signed, obec: str = "") -> Response:
    rows = await page.ask(Households, HouseholdView, team=page.team, municipality=obec or None, limit=500)
    return await page.render(
        "clients/households.html",
        households=rows,
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
    """Where this person is known to live, among the families visited last."""
    of, rows = await asyncio.gather(
        client_of(page, person_id), page.ask(Households, HouseholdView, team=page.team, limit=SEARCHED)
    )
    known = [one for one in rows if one.known_members]
    members = await asyncio.gather(*(_members(page, one.household_id) for one in known))
    homes = [
        (one, people)
        for one, people in zip(known, members, strict=True)
        if any(member.person_id == person_id for member in people)
    ]
    return await page.render(
        "clients/household_of.html",
        client=of,
        homes=homes,
        all_searched=len(rows) < SEARCHED,
        any_known=bool(rows),
        AgeBand=AgeBand,
    )


async def _household(page: Page, household_id: UUID, form: Form) -> Response:
    rows = await page.ask(Households, HouseholdView, team=page.team, limit=500)
    home = next((one for one in rows if one.household_id == household_id), None)
    if home is None:
        raise NotHere
    members, people = await asyncio.gather(
        _members(page, household_id), page.ask(Persons, PersonSummary, team=page.team, limit=1000)
    )
    inside = {one.person_id for one in members}
    outside = [one for one in people if one.person_id not in inside and one.same_as is None]
    return await page.render(
        "clients/household.html",
        form.status,
        form=form,
        home=home,
        members=members,
        Sex=Sex,
        AgeBand=AgeBand,
        candidates=alike(form["text"], outside) if form["text"].strip() else outside[:OFFERED],
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
