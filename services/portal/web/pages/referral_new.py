"""A new referral, step by step; nothing leaves before the last one.

Steps: who and what for, to whom, on what ground, what is shared, and the letter as its reader will see it. A duty to
tell the OSPOD by law takes the same steps with another ground, and shows identity at once (rule L24).
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fastapi import Response

from libs.codelists import MUNICIPALITIES, Need, TargetGroup
from libs.eventlog import derived_id
from services.cases.referral.commands import OpenReferral, SendReferral
from services.cases.referral.views import ReferralDetail, ReferralInDetail
from services.directory.card.views import ServiceView
from services.portal.web.form import Form, NotHere
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.referral import writing
from services.portal.web.referral.acts import ANSWER_WITHIN, SENDERS
from services.portal.web.referral.codes import CODE_LISTS
from services.portal.web.referral.course import today_of
from services.portal.web.referral.people import (
    child_protection,
    competent_for,
    offered_people,
    offered_services,
    own_people,
    service_by_id,
)

router = Pages("/nove")


@router.get("")
async def begin(
    page: Signed,
    osoba: UUID | None = None,
    sluzba: UUID | None = None,
    misto: UUID | None = None,
    cesta: str = "",
) -> Response:
    """osoba: about whom; sluzba: to which service; misto: instead of which earlier referral; cesta: `zakon`."""
    _may_refer(page)
    key = f"referral new {osoba or misto or ''} {cesta}".strip()
    form = await page.drafted(key, **await _beginning(page, osoba, sluzba, misto, by_law=cesta == "zakon"))
    form.new_id("referral_id")
    return await _need(page, form, key, unfinished=await writing.unfinished(page))


@router.post("")
async def keep_beginning(page: Signed) -> Response:
    _may_refer(page)
    form = await page.form()
    referral_id = form.uuid("referral_id")
    await writing.keep(page, referral_id, form, "potreba", *writing.BEGINNING)
    if form.checked("later"):
        return page.go("/odkazani/nove", "draft")
    return page.go(f"/odkazani/nove/{referral_id}/{'zaklad' if form['recipient'] else 'komu'}")


@router.get("/{referral_id}/potreba")
async def need(page: Signed, referral_id: UUID) -> Response:
    form = await _kept(page, referral_id)
    form.ids["referral_id"] = referral_id
    return await _need(page, form, f"referral need {referral_id}")


@router.post("/{referral_id}/potreba")
async def keep_need(page: Signed, referral_id: UUID) -> Response:
    return await _next(page, referral_id, "potreba", "komu")


@router.get("/{referral_id}/komu")
async def recipient(page: Signed, referral_id: UUID) -> Response:
    """Services for the need and the place, unless somebody looked for others."""
    form = await _kept(page, referral_id)
    need, area = (form[f"find_{name}"] if f"find_{name}" in form.typed else form[name] for name in ("need", "area"))
    group = form["find_group"]
    found: dict[str, Any] = {"services": [], "offices": [], "competent": frozenset[UUID]()}
    if form.checked("law"):
        found["offices"] = await child_protection(page, form["area"])
        found["competent"] = await competent_for(page, form["area"])
    else:
        found["services"] = await offered_services(
            page, need if need in set(Need) else None, area, group if group in set(TargetGroup) else None
        )
    return await _render(
        page,
        "referrals/to_whom.html",
        form=form,
        referral_id=referral_id,
        need=need,
        area=area,
        places=_places(),
        **found,
    )


@router.post("/{referral_id}/hledat")
async def look(page: Signed, referral_id: UUID) -> Response:
    return await _next(page, referral_id, "hledat", "komu")


@router.post("/{referral_id}/komu")
async def keep_recipient(page: Signed, referral_id: UUID) -> Response:
    """A service stands for its organisation; an organisation may be chosen without one."""
    form = await page.form()
    service = await _service(page, form)
    form.typed["recipient"] = [str(service.organisation_id)] if service else [form["organisation"]]
    return await _next(page, referral_id, "komu", "zaklad", form)


@router.get("/{referral_id}/zaklad")
async def ground(page: Signed, referral_id: UUID) -> Response:
    form = await _kept(page, referral_id)
    return await _render(page, "referrals/ground.html", form=form, referral_id=referral_id)


@router.post("/{referral_id}/zaklad")
async def keep_ground(page: Signed, referral_id: UUID) -> Response:
    return await _next(page, referral_id, "zaklad", "co")


@router.get("/{referral_id}/co")
async def shared(page: Signed, referral_id: UUID) -> Response:
    form = await _kept(page, referral_id)
    person = await writing.person_of(page, form)
    return await _render(page, "referrals/what.html", form=form, referral_id=referral_id, person=person)


@router.post("/{referral_id}/co")
async def keep_shared(page: Signed, referral_id: UUID) -> Response:
    return await _next(page, referral_id, "co", "nahled")


@router.get("/{referral_id}/nahled")
async def letter(page: Signed, referral_id: UUID) -> Response:
    form = await _kept(page, referral_id)
    return await _letter(page, referral_id, form, await writing.told(page, form))


@router.post("/{referral_id}/nahled")
async def send(page: Signed, referral_id: UUID) -> Response:
    """Draft it, and send it unless it is only to be drafted. Without a ground the page says what is missing."""
    form, sent = await _kept(page, referral_id), await page.form()
    form.id = sent.id
    told = await writing.told(page, form)
    only_draft = sent.checked("only_draft")
    if told is None or writing.missing(form) or (told["ground"] is None and not only_draft):
        return await _letter(page, referral_id, form, told, is_asked=True)
    opened = await page.do(
        OpenReferral,
        form,
        id=derived_id(sent.id, "open"),
        referral_id=referral_id,
        person_id=form.chosen("person_id"),
        recipient=form["recipient"],
        directory_entry=form.chosen("service"),
        supersedes=form.chosen("supersedes"),
        need=form["need"],
        **{name: told[name] for name in ("reason", "client_name", "contact")},
    )
    if opened is None:
        return await _letter(page, referral_id, form, told)
    if not only_draft:
        terms = {"ground": told["ground"], "area": told["area"], "identity_now": form.checked("law")}
        terms |= form.take("answer_due", "urgency")
        if await page.do(SendReferral, form, referral_id=referral_id, **terms) is None:
            return await _letter(page, referral_id, form, told)
    else:
        await writing.keep_terms(page, referral_id, form)
    await writing.drop(page, referral_id)
    return page.go(f"/odkazani/{referral_id}", "draft" if only_draft else "sent")


@router.post("/{referral_id}/zahodit")
async def discard(page: Signed, referral_id: UUID) -> Response:
    await _kept(page, referral_id)
    await writing.drop(page, referral_id)
    return page.go("/odkazani/odeslana", "removed")


def _may_refer(page: Page) -> None:
    page.only(*SENDERS)


async def _kept(page: Page, referral_id: UUID) -> Form:
    _may_refer(page)
    return await writing.kept(page, referral_id)


async def _next(page: Page, referral_id: UUID, step: str, following: str, form: Form | None = None) -> Response:
    """Keep a step and go on; with the button `later`, back to where a referral begins."""
    await _kept(page, referral_id)
    form = form or await page.form()
    await writing.keep(page, referral_id, form, step)
    if form.checked("later"):
        return page.go("/odkazani/nove", "draft")
    return page.go(f"/odkazani/nove/{referral_id}/{following}")


async def _beginning(
    page: Page, osoba: UUID | None, sluzba: UUID | None, misto: UUID | None, *, by_law: bool
) -> dict[str, Any]:
    """What is known before anything was written."""
    begun: dict[str, Any] = {"law": by_law, "answer_due": today_of(datetime.now(UTC)) + ANSWER_WITHIN}
    if misto is not None:
        earlier = await page.one(ReferralDetail, ReferralInDetail, organisation=page.organisation, referral_id=misto)
        if earlier.direction != "sent":
            raise NotHere
        begun |= {"supersedes": misto, "person_id": earlier.person_id, "need": earlier.need, "area": earlier.area}
        begun |= {"urgency": earlier.urgency, "reason": writing.clear(earlier.reason)}
        begun |= {"contact": writing.clear(earlier.contact), "name_other": writing.clear(earlier.client_name)}
    if osoba is not None and (person := await writing.card(page, osoba)) is not None:
        begun |= {"person_id": osoba, "area": person.residence}
    if sluzba is not None and (service := await service_by_id(page, sluzba)) is not None:
        begun |= {"service": service.service_id, "recipient": service.organisation_id}
        if len(service.needs) == 1:
            begun.setdefault("need", service.needs[0])
    return begun


async def _need(page: Page, form: Form, key: str, unfinished: list[tuple[str, Form]] | None = None) -> Response:
    return await _render(
        page,
        "referrals/need.html",
        form=form,
        referral_id=form.ids["referral_id"],
        key=key,
        people=await offered_people(page, form.chosen("person_id")),
        begun_about=await own_people(page, (one.chosen("person_id") for _, one in unfinished or ())),
        places=_places(),
        service=await _service(page, form),
        unfinished=unfinished,
    )


async def _letter(
    page: Page, referral_id: UUID, form: Form, told: dict[str, Any] | None, *, is_asked: bool = False
) -> Response:
    """is_asked: it was to be sent, and something is missing."""
    return await _render(
        page,
        "referrals/letter.html",
        422 if is_asked else form.status,
        form=form,
        referral_id=referral_id,
        told=told,
        service=await _service(page, form),
        missing=writing.missing(form),
        is_asked=is_asked,
    )


async def _render(page: Page, template: str, status: int = 200, **content: Any) -> Response:
    return await page.render(template, status, code_lists=CODE_LISTS, **content)


async def _service(page: Page, form: Form) -> ServiceView | None:
    service_id = form.chosen("service")
    return await service_by_id(page, service_id) if service_id else None


def _places() -> list[tuple[str, str]]:
    return sorted(((place.code, place.name) for place in MUNICIPALITIES.values()), key=lambda place: place[1])
