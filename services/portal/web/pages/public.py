"""For whoever comes, without signing in or cookies: the directory, the guidance, how accessible all this is."""

from uuid import UUID

from fastapi import Response

from services.directory.card.views import CardDetailView, PublicCards, PublicServices, ServiceView
from services.directory.guidance.views import GuidanceDetail, GuidanceFor, GuidanceView
from services.portal.web.directory_entries import SHOWN
from services.portal.web.guide import told
from services.portal.web.guided_search import answer, question, search
from services.portal.web.page import Anybody, Pages

HOME, SEARCH = "/verejne/adresar", "public/search.html"

router = Pages()


@router.get(HOME)
async def directory(page: Anybody) -> Response:
    return await question(page, HOME, SEARCH)


@router.post(HOME)
async def asked(page: Anybody) -> Response:
    return await search(page, HOME, SEARCH)


@router.get("/verejne/adresar/hledani/{handle}")
async def answered(page: Anybody, handle: str) -> Response:
    return await answer(page, HOME, SEARCH, handle)


@router.get("/verejne/adresar/{organisation_id:uuid}")
async def organisation(page: Anybody, organisation_id: UUID) -> Response:
    card = await page.one(PublicCards, CardDetailView, organisation_id=organisation_id)
    offered = await page.ask(PublicServices, ServiceView, organisation_id=organisation_id, limit=500)
    return await page.render("public/card.html", **SHOWN, card=card, services=offered)


@router.get("/verejne/adresar/{organisation_id:uuid}/{service_id:uuid}")
async def service(page: Anybody, organisation_id: UUID, service_id: UUID) -> Response:
    one = await page.one(PublicServices, ServiceView, organisation_id=organisation_id, service_id=service_id)
    cards = await page.ask(PublicCards, CardDetailView, organisation_id=organisation_id)
    return await page.render("public/service.html", **SHOWN, service=one, card=cards[0] if cards else None)


@router.get("/verejne/metodika")
async def guidance(page: Anybody) -> Response:
    entries = await page.ask(GuidanceFor, GuidanceView, limit=500)
    return await page.render("public/guidance.html", **SHOWN, entries=entries)


@router.get("/verejne/metodika/{guidance_id:uuid}")
async def entry(page: Anybody, guidance_id: UUID) -> Response:
    one = await page.one(GuidanceDetail, GuidanceView, guidance_id=guidance_id)
    [shown] = await told(page, [one])
    return await page.render("public/entry.html", **SHOWN, told=shown)


@router.get("/pristupnost")
async def accessibility(page: Anybody) -> Response:
    own = await page.ask(PublicCards, CardDetailView, organisation_id=page.organisation)
    return await page.render("public/accessibility.html", **SHOWN, own=own[0] if own else None)
