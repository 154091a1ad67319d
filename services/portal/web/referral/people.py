"""Own people a referral may be about, and the services of the network it may go to."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from libs.codelists import OrganisationKind, municipality
from libs.messaging import RequestFailed
from services.contacts.person.views import PersonSummary
from services.directory.card.views import Cards, CardView, Services, ServiceView
from services.portal.web.known import latest, of_ids
from services.portal.web.page import Page

OFFERED = 20


async def own_people(page: Page, ids: Iterable[UUID | None]) -> Mapping[UUID, PersonSummary]:
    """Those of them whom this person works with. Empty if they may not ask."""
    try:
        return await of_ids(page, (one for one in ids if one is not None))
    except RequestFailed:
        return {}


async def offered_people(page: Page, chosen: UUID | None) -> Mapping[UUID, PersonSummary]:
    """Whom a referral may be about: who is chosen already, and those something happened to last."""
    try:
        first, recent = await of_ids(page, [chosen] if chosen else []), await latest(page, OFFERED)
    except RequestFailed:
        return {}
    return {**first, **{one.person_id: one for one in recent}}


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
