"""The directory: a question, its guided answer, cards of organisations and their services."""

from uuid import UUID

from fastapi import Response

from services.directory.card.views import (
    CardDetail,
    CardDetailView,
    Cards,
    CardView,
    ServiceDetail,
    Services,
    ServiceView,
)
from services.directory.guidance.views import GuidanceFor, GuidanceView
from services.portal.web.directory_entries import SHOWN
from services.portal.web.guided_search import answer, may_refer, question, search
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.pages import own_addresses, own_card, own_service

HOME, SEARCH = "/adresar", "directory/search.html"
router = Pages()
router.include_router(own_card.router)
router.include_router(own_service.router)
router.include_router(own_addresses.router)


@router.get(HOME)
async def directory(page: Signed) -> Response:
    cards = await page.ask(Cards, CardView, limit=1000)
    return await question(page, HOME, SEARCH, cards=cards)


@router.post(HOME)
async def asked(page: Signed) -> Response:
    return await search(page, HOME, SEARCH)


@router.get("/adresar/hledani/{handle}")
async def answered(page: Signed, handle: str) -> Response:
    return await answer(page, HOME, SEARCH, handle, may_refer=may_refer(page))


@router.get("/adresar/{organisation_id:uuid}")
async def organisation(page: Signed, organisation_id: UUID) -> Response:
    card = await page.one(CardDetail, CardDetailView, organisation_id=organisation_id)
    offered = await page.ask(Services, ServiceView, organisation_id=organisation_id, limit=500)
    guidance = await page.ask(GuidanceFor, GuidanceView, limit=500)
    return await page.render(
        "directory/card.html",
        **SHOWN,
        card=card,
        services=offered,
        guidance=[one for one in guidance if organisation_id in one.organisations],
        is_member=_is_member(page, organisation_id),
    )


@router.get("/adresar/{organisation_id:uuid}/{service_id:uuid}")
async def service(page: Signed, organisation_id: UUID, service_id: UUID) -> Response:
    one = await page.one(ServiceDetail, ServiceView, organisation_id=organisation_id, service_id=service_id)
    cards = await page.ask(CardDetail, CardDetailView, organisation_id=organisation_id)
    is_member = _is_member(page, organisation_id)
    return await page.render(
        "directory/service.html",
        **SHOWN,
        service=one,
        card=cards[0] if cards else None,
        is_member=is_member,
        may_refer=is_member and organisation_id != page.organisation and may_refer(page),
    )


def _is_member(page: Page, organisation_id: UUID) -> bool:
    """Whether its owner still belongs to the network; said only when we know who does."""
    members = {one.organisation_id for one in page.site.names.organisations()}
    return not members or organisation_id in {*members, page.organisation}
