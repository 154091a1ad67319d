"""Guidance: what to do about a problem, step by step. Read by all, written by each organisation for all."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Response

from libs.codelists import Role
from services.directory.card.views import Cards, CardView, Services, ServiceView
from services.directory.guidance.commands import ChangeGuidance, PublishGuidance, VerifyGuidance, WithdrawGuidance
from services.directory.guidance.events import GuidanceContent
from services.directory.guidance.views import GuidanceDetail, GuidanceFor, GuidanceView
from services.portal.web.directory_entries import (
    SHOWN,
    areas,
    built,
    differences,
    is_overtaken,
    mark,
    seen_by,
    today,
)
from services.portal.web.entry_forms import TURN_TO, guidance_content, guidance_typed, guidance_values
from services.portal.web.form import Form
from services.portal.web.guide import told
from services.portal.web.guided_search import may_refer
from services.portal.web.page import NotHere, Page, Pages, Signed

HOME, NEW = "/metodika", "metodika-novy"
PLACES = 4
"""Fields to begin with for whom to turn to; with each saving two more, up to the most."""

router = Pages()


@router.get(HOME)
async def guidance(page: Signed) -> Response:
    entries = await page.ask(GuidanceFor, GuidanceView, limit=500)
    return await page.render("guidance/list.html", **SHOWN, entries=entries, is_editor=page.has(Role.DIRECTORY_EDITOR))


@router.get("/metodika/novy")
async def new(page: Signed) -> Response:
    page.only(Role.DIRECTORY_EDITOR)
    return await _edit(page, await page.drafted(NEW), NEW, None)


@router.post("/metodika/novy")
async def publish(page: Signed) -> Response:
    page.only(Role.DIRECTORY_EDITOR)
    form = await page.form()
    content = built(page, form, GuidanceContent, guidance_typed(form))
    if content is None:
        return await _edit(page, form, NEW, None)
    guidance_id = form.uuid("guidance_id")
    if await page.do(PublishGuidance, form, guidance_id=guidance_id, guidance=content) is None:
        return await _edit(page, form, NEW, None)
    await page.site.kept.drop_draft(page.actor.user, NEW)
    return page.go(f"/metodika/{guidance_id}", saved=True)


@router.get("/metodika/{guidance_id:uuid}")
async def entry(page: Signed, guidance_id: UUID) -> Response:
    return await _shown(page, page.blank(), guidance_id)


@router.get("/metodika/{guidance_id:uuid}/upravit")
async def edit(page: Signed, guidance_id: UUID) -> Response:
    stored = guidance_content(await _own(page, guidance_id))
    form = await page.drafted(_draft(guidance_id), seen=mark(stored), **guidance_values(stored))
    return await _edit(page, form, _draft(guidance_id), stored)


@router.post("/metodika/{guidance_id:uuid}/upravit")
async def change(page: Signed, guidance_id: UUID) -> Response:
    form, stored = await page.form(), guidance_content(await _own(page, guidance_id))
    content = built(page, form, GuidanceContent, guidance_typed(form))
    if content is None or is_overtaken(page, form, stored):
        return await _edit(page, form, _draft(guidance_id), stored)
    if await page.do(ChangeGuidance, form, guidance_id=guidance_id, guidance=content) is None:
        return await _edit(page, form, _draft(guidance_id), stored)
    await page.site.kept.drop_draft(page.actor.user, _draft(guidance_id))
    return page.go(f"/metodika/{guidance_id}", saved=True)


@router.post("/metodika/{guidance_id:uuid}/overeni")
async def verify(page: Signed, guidance_id: UUID) -> Response:
    await _own(page, guidance_id)
    form = await page.form()
    if await page.do(VerifyGuidance, form, guidance_id=guidance_id, verified_on=today()) is None:
        return await _shown(page, form, guidance_id)
    return page.go(f"/metodika/{guidance_id}", notice="confirmed")


@router.get("/metodika/{guidance_id:uuid}/odstranit")
async def ending(page: Signed, guidance_id: UUID) -> Response:
    one = await _own(page, guidance_id)
    return await page.render("guidance/withdraw.html", **SHOWN, form=page.blank(), entry=one)


@router.post("/metodika/{guidance_id:uuid}/odstranit")
async def withdraw(page: Signed, guidance_id: UUID) -> Response:
    form, one = await page.form(), await _own(page, guidance_id)
    if await page.do(WithdrawGuidance, form, guidance_id=guidance_id) is None:
        return await page.render("guidance/withdraw.html", form.status, **SHOWN, form=form, entry=one)
    return page.go(HOME, notice="removed")


async def _own(page: Page, guidance_id: UUID) -> GuidanceView:
    """An entry of ours; others' are theirs to change."""
    page.only(Role.DIRECTORY_EDITOR)
    found = await page.one(GuidanceDetail, GuidanceView, guidance_id=guidance_id)
    if found.owner != page.organisation:
        raise NotHere
    return found


async def _shown(page: Page, form: Form, guidance_id: UUID) -> Response:
    one = await page.one(GuidanceDetail, GuidanceView, guidance_id=guidance_id)
    [shown] = await told(page, [one])
    is_ours = one.owner == page.organisation and page.has(Role.DIRECTORY_EDITOR)
    return await page.render(
        "guidance/entry.html", form.status, **SHOWN, form=form, told=shown, is_ours=is_ours, may_refer=may_refer(page)
    )


async def _edit(page: Page, form: Form, draft: str, stored: GuidanceContent | None) -> Response:
    if stored is None:
        form.new_id("guidance_id")
    chosen = [one for name in TURN_TO if (one := form[name])]
    return await page.render(
        "guidance/edit.html",
        form.status,
        **SHOWN,
        form=form,
        stored=stored,
        seen=seen_by(form, stored),
        differences=differences(form, guidance_values(stored)) if stored else [],
        draft=draft,
        whom=await _whom(page, chosen),
        turn_to=TURN_TO[: max(PLACES, len(chosen) + 2, len(stored.turn_to) if stored else 0)],
        areas=areas(page.site.languages[page.language].name, form.many("areas")),
    )


async def _whom(page: Page, chosen: Sequence[str]) -> list[tuple[str, str]]:
    """Everybody one can be sent to: organisations, and each of their services; what was chosen stays to be chosen."""
    services = await page.ask(Services, ServiceView, limit=500)
    options: list[tuple[str, str]] = []
    for card in await page.ask(Cards, CardView, limit=1000):
        offered = [one for one in services if one.organisation_id == card.organisation_id]
        options.append((str(card.organisation_id), card.name))
        options += [(f"{card.organisation_id} {one.service_id}", f"{card.name}: {one.name}") for one in offered]
    known = {value for value, _ in options}
    return options + [(one, page.site.names.organisation(one[:36]) or one) for one in chosen if one not in known]


def _draft(guidance_id: UUID) -> str:
    return f"metodika-{guidance_id}"
