"""Our own services: offered, changed, withdrawn, and how many more could come."""

from uuid import UUID

from fastapi import Response

from libs.codelists import CapacityType, Role
from services.directory.card.commands import ChangeService, OfferService, ReportFreePlaces, WithdrawService
from services.directory.card.events import ServiceContent
from services.directory.card.views import ServiceDetail, ServiceView
from services.portal.web.directory_entries import (
    SHOWN,
    areas,
    built,
    differences,
    is_overtaken,
    mark,
    municipalities,
    seen_by,
    spoken,
    today,
)
from services.portal.web.entry_forms import service_content, service_typed, service_values
from services.portal.web.form import Form
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.pages.own_card import HOME

NEW = "adresar-sluzba"

router = Pages()


@router.get("/adresar/nas/sluzba/nova")
async def new(page: Signed) -> Response:
    page.only(Role.DIRECTORY_EDITOR)
    return await _edit(page, await page.drafted(NEW), NEW, None)


@router.post("/adresar/nas/sluzba/nova")
async def offer(page: Signed) -> Response:
    page.only(Role.DIRECTORY_EDITOR)
    form = await page.form()
    content = built(page, form, ServiceContent, service_typed(form))
    if content is None:
        return await _edit(page, form, NEW, None)
    service_id = form.uuid("service_id")
    told = {"organisation_id": page.organisation, "service_id": service_id, "service": content}
    if await page.do(OfferService, form, **told) is None:
        return await _edit(page, form, NEW, None)
    await page.site.kept.drop_draft(page.actor.user, NEW)
    return page.go(HOME, saved=True)


@router.get("/adresar/nas/sluzba/{service_id:uuid}")
async def edit(page: Signed, service_id: UUID) -> Response:
    page.only(Role.DIRECTORY_EDITOR)
    stored = service_content(await _own(page, service_id))
    form = await page.drafted(_draft(service_id), seen=mark(stored), **service_values(stored))
    return await _edit(page, form, _draft(service_id), stored)


@router.post("/adresar/nas/sluzba/{service_id:uuid}")
async def change(page: Signed, service_id: UUID) -> Response:
    page.only(Role.DIRECTORY_EDITOR)
    form, stored = await page.form(), service_content(await _own(page, service_id))
    content = built(page, form, ServiceContent, service_typed(form))
    if content is None or is_overtaken(page, form, stored):
        return await _edit(page, form, _draft(service_id), stored)
    told = {"organisation_id": page.organisation, "service_id": service_id, "service": content}
    if await page.do(ChangeService, form, **told) is None:
        return await _edit(page, form, _draft(service_id), stored)
    await page.site.kept.drop_draft(page.actor.user, _draft(service_id))
    return page.go(HOME, saved=True)


@router.get("/adresar/nas/sluzba/{service_id:uuid}/mista")
async def places(page: Signed, service_id: UUID) -> Response:
    page.only(Role.DIRECTORY_EDITOR, Role.TEAM_LEADER)
    service = await _own(page, service_id)
    form = page.blank(places=service.free_places, as_of=today())
    return await page.render("directory/free_places.html", **SHOWN, form=form, service=service)


@router.post("/adresar/nas/sluzba/{service_id:uuid}/mista")
async def report_places(page: Signed, service_id: UUID) -> Response:
    page.only(Role.DIRECTORY_EDITOR, Role.TEAM_LEADER)
    form, service = await page.form(), await _own(page, service_id)
    told = {"organisation_id": page.organisation, "service_id": service_id}
    if await page.do(ReportFreePlaces, form, **told, **form.take("places", "as_of")) is None:
        return await page.render("directory/free_places.html", form.status, **SHOWN, form=form, service=service)
    return page.go(HOME, saved=True)


@router.get("/adresar/nas/sluzba/{service_id:uuid}/ukoncit")
async def ending(page: Signed, service_id: UUID) -> Response:
    page.only(Role.DIRECTORY_EDITOR)
    service = await _own(page, service_id)
    return await page.render("directory/withdraw.html", **SHOWN, form=page.blank(), service=service)


@router.post("/adresar/nas/sluzba/{service_id:uuid}/ukoncit")
async def withdraw(page: Signed, service_id: UUID) -> Response:
    page.only(Role.DIRECTORY_EDITOR)
    form, service = await page.form(), await _own(page, service_id)
    told = {"organisation_id": page.organisation, "service_id": service_id}
    if await page.do(WithdrawService, form, **told, **form.take("reason")) is None:
        return await page.render("directory/withdraw.html", form.status, **SHOWN, form=form, service=service)
    return page.go(HOME, notice="removed")


async def _own(page: Page, service_id: UUID) -> ServiceView:
    return await page.one(ServiceDetail, ServiceView, organisation_id=page.organisation, service_id=service_id)


async def _edit(page: Page, form: Form, draft: str, stored: ServiceContent | None) -> Response:
    if stored is None:
        form.new_id("service_id")
    language = page.site.languages[page.language].name
    return await page.render(
        "directory/edit_service.html",
        form.status,
        **SHOWN,
        form=form,
        stored=stored,
        seen=seen_by(form, stored),
        differences=differences(form, service_values(stored)) if stored else [],
        draft=draft,
        CapacityType=CapacityType,
        places=municipalities(form["municipality"]),
        areas=areas(language, form.many("areas")),
        spoken=spoken(language, form.many("languages")),
    )


def _draft(service_id: UUID) -> str:
    return f"{NEW}-{service_id}"
