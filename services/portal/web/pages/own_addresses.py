"""The secret places of our own: where they are stays on this node."""

from uuid import UUID

from fastapi import Response

from libs.codelists import Role
from services.directory.card.commands import RecordConfidentialAddress, RemoveConfidentialAddress
from services.directory.card.views import ConfidentialAddresses, ConfidentialAddressView
from services.portal.web.directory_entries import SHOWN
from services.portal.web.form import Form
from services.portal.web.page import NotHere, Page, Pages, Signed
from services.portal.web.pages.own_card import own_services

SEAT = "seat"

router = Pages()


@router.get("/adresar/nas/adresy")
async def addresses(page: Signed) -> Response:
    page.only(Role.DIRECTORY_EDITOR)
    return await _addresses(page, page.blank(place=SEAT))


@router.post("/adresar/nas/adresy")
async def keep_address(page: Signed) -> Response:
    page.only(Role.DIRECTORY_EDITOR)
    form = await page.form()
    done = await page.do(
        RecordConfidentialAddress,
        form,
        organisation_id=page.organisation,
        place_id=form.uuid("place_id"),
        service_id=None if form["place"] == SEAT else form.chosen("place"),
        **form.take("address"),
    )
    return await _addresses(page, form) if done is None else page.go("/adresar/nas/adresy", saved=True)


@router.get("/adresar/nas/adresy/{place_id:uuid}/odebrat")
async def no_longer_secret(page: Signed, place_id: UUID) -> Response:
    page.only(Role.DIRECTORY_EDITOR)
    return await page.render(
        "directory/remove_address.html", **SHOWN, form=page.blank(), place=await _place(page, place_id)
    )


@router.post("/adresar/nas/adresy/{place_id:uuid}/odebrat")
async def remove_address(page: Signed, place_id: UUID) -> Response:
    page.only(Role.DIRECTORY_EDITOR)
    form, place = await page.form(), await _place(page, place_id)
    done = await page.do(RemoveConfidentialAddress, form, organisation_id=page.organisation, place_id=place_id)
    if done is None:
        return await page.render("directory/remove_address.html", form.status, **SHOWN, form=form, place=place)
    return page.go("/adresar/nas/adresy", notice="removed")


async def _addresses(page: Page, form: Form) -> Response:
    form.new_id("place_id")
    services = await own_services(page)
    return await page.render(
        "directory/addresses.html",
        form.status,
        **SHOWN,
        form=form,
        kept=await page.ask(ConfidentialAddresses, ConfidentialAddressView, limit=200),
        services=services,
        service_names={one.service_id: one.name for one in services},
    )


async def _place(page: Page, place_id: UUID) -> ConfidentialAddressView:
    for one in await page.ask(ConfidentialAddresses, ConfidentialAddressView, limit=200):
        if one.place_id == place_id:
            return one
    raise NotHere
