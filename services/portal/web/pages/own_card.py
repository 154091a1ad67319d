"""Our own card: what we say of ourselves to all members, and what we confirm to be right."""

from uuid import UUID

from fastapi import Response

from libs.codelists import Role
from libs.eventlog import derived_id
from services.directory.card.commands import (
    ChangeCard,
    PublishCard,
    VerifyEntry,
)
from services.directory.card.events import CardContent
from services.directory.card.views import (
    CardDetail,
    CardDetailView,
    Services,
    ServiceView,
)
from services.portal.web.directory_entries import (
    SHOWN,
    built,
    differences,
    districts,
    is_overtaken,
    mark,
    municipalities,
    seen_by,
    spoken,
    today,
)
from services.portal.web.entry_forms import card_content, card_typed, card_values
from services.portal.web.form import Form
from services.portal.web.page import Page, Pages, Signed

HOME, DRAFT = "/adresar/nas", "adresar-zaznam"

router = Pages()


@router.get(HOME)
async def own(page: Signed) -> Response:
    page.only(Role.DIRECTORY_EDITOR, Role.TEAM_LEADER)
    return await _own(page, page.blank())


@router.post("/adresar/nas/overeni")
async def verify(page: Signed) -> Response:
    """One entry, or all of them at once."""
    page.only(Role.DIRECTORY_EDITOR)
    form = await page.form()
    entries: list[UUID | None] = [form.chosen("service_id")]
    if form.checked("all"):
        entries += [one.service_id for one in await own_services(page)]
    for service_id in entries:
        one = Form(form.typed, derived_id(form.id, f"verify {service_id}"))
        done = await page.do(
            VerifyEntry, one, organisation_id=page.organisation, verified_on=today(), service_id=service_id
        )
        if done is None:
            return await _own(page, one)
    return page.go(HOME, notice="confirmed")


@router.get("/adresar/nas/zaznam")
async def card(page: Signed) -> Response:
    page.only(Role.DIRECTORY_EDITOR)
    stored = await own_content(page)
    values = card_values(stored) if stored else {"name": page.site.organisation.name}
    return await _card(page, await page.drafted(DRAFT, seen=mark(stored), **values), stored)


@router.post("/adresar/nas/zaznam")
async def write_card(page: Signed) -> Response:
    page.only(Role.DIRECTORY_EDITOR)
    form, stored = await page.form(), await own_content(page)
    content = built(page, form, CardContent, card_typed(form, page.kind))
    if content is None or is_overtaken(page, form, stored):
        return await _card(page, form, stored)
    command = ChangeCard if stored else PublishCard
    if await page.do(command, form, organisation_id=page.organisation, card=content) is None:
        return await _card(page, form, stored)
    await page.site.kept.drop_draft(page.actor.user, DRAFT)
    return page.go(HOME, saved=True)


async def own_card(page: Page) -> CardDetailView | None:
    found = await page.ask(CardDetail, CardDetailView, organisation_id=page.organisation)
    return found[0] if found else None


async def own_content(page: Page) -> CardContent | None:
    """What stands on our card now; None: we have none yet."""
    found = await own_card(page)
    return card_content(found) if found else None


async def own_services(page: Page) -> list[ServiceView]:
    return await page.ask(Services, ServiceView, organisation_id=page.organisation, limit=500)


async def _own(page: Page, form: Form) -> Response:
    return await page.render(
        "directory/own.html",
        form.status,
        **SHOWN,
        form=form,
        card=await own_card(page),
        services=await own_services(page),
        is_editor=page.has(Role.DIRECTORY_EDITOR),
    )


async def _card(page: Page, form: Form, stored: CardContent | None) -> Response:
    language = page.site.languages[page.language].name
    return await page.render(
        "directory/edit_card.html",
        form.status,
        **SHOWN,
        form=form,
        stored=stored,
        seen=seen_by(form, stored),
        differences=differences(form, card_values(stored)) if stored else [],
        draft=DRAFT,
        places=municipalities(form["municipality"]),
        spoken=spoken(language, form.many("languages")),
        districts=districts(),
    )
