"""Own people a referral may be about, and the services of the network it may go to."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from libs.codelists import OrganisationKind, municipality
from libs.messaging import RequestFailed
from services.contacts.person.views import PersonCard, PersonDetail, Persons, PersonSummary
from services.directory.card.views import Cards, CardView, Services, ServiceView
from services.portal.web.page import Page


async def own_people(page: Page) -> Mapping[UUID, PersonSummary]:
    """Whom this person works with, without second records of the same human being. Empty if they may not ask."""
    try:
        rows = await page.ask(Persons, PersonSummary, team=page.team, limit=1000)
    except RequestFailed:
        return {}
    return {row.person_id: row for row in rows if row.same_as is None}


async def own_person(page: Page, person_id: UUID) -> PersonCard | None:
    """Somebody this person works with; None: nobody they may open."""
    try:
        rows = await page.ask(PersonDetail, PersonCard, person_id=person_id, team=page.team)
    except RequestFailed:
        return None
    return rows[0] if rows else None


async def offered_services(
    page: Page, need: str | None = None, area: str | None = None, group: str | None = None
) -> Sequence[ServiceView]:
    """Services of other members, those with reported free places first."""
    place = municipality(area) if area else None
    where = {"municipality": place.code, "orp": place.orp, "region": place.region} if place else {}
    rows = await page.ask(Services, ServiceView, need=need or None, target_group=group or None, **where)
    members = await member_ids(page)
    return sorted(
        (row for row in rows if row.organisation_id in members),
        key=lambda row: (not row.free_places, row.organisation or "", row.name),
    )


async def service_by_id(page: Page, service_id: UUID) -> ServiceView | None:
    """One offered service of anybody; None: not offered any more."""
    rows = await page.ask(Services, ServiceView, limit=1000)
    return next((row for row in rows if row.service_id == service_id), None)


async def child_protection(page: Page, area: str | None) -> Sequence[CardView]:
    """OSPODs of the network; the one that protects children living in this municipality comes first (rule D02)."""
    rows = await page.ask(Cards, CardView, kind=OrganisationKind.OSPOD)
    competent = await competent_for(page, area)
    members = await member_ids(page)
    return sorted(
        (row for row in rows if row.organisation_id in members), key=lambda row: row.organisation_id not in competent
    )


async def competent_for(page: Page, area: str | None) -> frozenset[UUID]:
    """The OSPODs whose district this municipality lies in."""
    place = municipality(area) if area else None
    if place is None:
        return frozenset()
    rows = await page.ask(Cards, CardView, kind=OrganisationKind.OSPOD, serves_orp=place.orp)
    return frozenset(row.organisation_id for row in rows)


async def member_ids(page: Page) -> frozenset[UUID]:
    """Other organisations a letter can go to."""
    await page.site.names.ready(page)
    known = page.site.names.organisations()
    return frozenset(one.organisation_id for one in known if one.has_keys and one.organisation_id != page.organisation)
