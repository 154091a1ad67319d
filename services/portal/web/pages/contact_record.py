"""One contact: what it says, how it is corrected, whose it was. Nothing is ever overwritten in silence."""

from uuid import UUID

from fastapi import Response
from pydantic import ValidationError

from libs.codelists import MUNICIPALITIES, ActivityType, AgeBand, Channel, Need, Role, Sex
from libs.eventlog import derived_id
from services.contacts.contact.commands import (
    CorrectContact,
    LinkContact,
    ResolveConflict,
    UnlinkContact,
    VoidContact,
)
from services.contacts.contact.events import Facts
from services.contacts.contact.views import ContactCard, ContactDetail
from services.contacts.person.commands import GiveNickname
from services.contacts.person.views import PersonCard, PersonDetail
from services.portal.web.form import Form, NotHere
from services.portal.web.known import alike, latest
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.pages.contact_form import differences, new_note, shown
from services.portal.web.pages.people import lacking
from services.portal.web.refusals import refused_fields

PEOPLE_OFFERED = 6

router = Pages(prefix="/kontakty/{contact_id}")


@router.get("")
async def contact(page: Signed, contact_id: UUID) -> Response:
    card = await _card(page, contact_id)
    person = await _person(page, card)
    return await page.render("contacts/contact.html", contact=card, person=person, may_change=_may_change(page, card))


@router.get("/opravit")
async def correction(page: Signed, contact_id: UUID) -> Response:
    card = await _changeable(page, contact_id)
    if card.in_conflict:
        return page.go(f"/kontakty/{contact_id}/stret")
    return await _correction(page, card, await page.drafted(f"contact {contact_id}", **shown(card)))


@router.post("/opravit")
async def correct(page: Signed, contact_id: UUID) -> Response:
    """What nobody else touched meanwhile is corrected; the rest becomes a conflict, and both values stay."""
    form = await page.form()
    changes, note = differences(form), new_note(form)
    if not changes and note is None:
        return page.go(f"/kontakty/{contact_id}", notice="already")
    try:
        facts = Facts.model_validate(changes)
    except ValidationError as error:
        form.refused = refused_fields(error, page.site.languages[page.language])
        return await _correction(page, await _changeable(page, contact_id), form)
    told = form.take("reason", "base_revision")
    if await page.do(CorrectContact, form, contact_id=contact_id, changes=facts, note=note, **told) is None:
        return await _correction(page, await _changeable(page, contact_id), form)
    await page.site.kept.drop_draft(page.actor.user, f"contact {contact_id}")
    if (await _card(page, contact_id)).in_conflict:
        return page.go(f"/kontakty/{contact_id}/stret")
    return page.go(f"/kontakty/{contact_id}", notice="corrected")


@router.get("/stret")
async def conflict(page: Signed, contact_id: UUID) -> Response:
    card = await _card(page, contact_id)
    if not card.in_conflict:
        return page.go(f"/kontakty/{contact_id}")
    return await _conflict(page, card, page.blank())


@router.post("/stret")
async def resolve(page: Signed, contact_id: UUID) -> Response:
    form = await page.form()
    if not form["chosen"]:
        lacking(page, form, "chosen")
    elif await page.do(ResolveConflict, form, contact_id=contact_id, **form.take("chosen", "reason")):
        return page.go(f"/kontakty/{contact_id}", saved=True)
    return await _conflict(page, await _card(page, contact_id), form)


@router.get("/zneplatnit")
async def voiding(page: Signed, contact_id: UUID) -> Response:
    card = await _changeable(page, contact_id)
    return await page.render("contacts/void.html", form=page.blank(), contact=card)


@router.post("/zneplatnit")
async def void(page: Signed, contact_id: UUID) -> Response:
    form = await page.form()
    if await page.do(VoidContact, form, contact_id=contact_id, **form.take("reason")):
        return page.go(f"/kontakty/{contact_id}", notice="voided")
    card = await _changeable(page, contact_id)
    return await page.render("contacts/void.html", form.status, form=form, contact=card)


@router.get("/priradit")
async def linking(page: Signed, contact_id: UUID) -> Response:
    card = await _card(page, contact_id)
    nickname = card.nickname.reveal() if card.nickname is not None and card.nickname.is_clear else ""
    form = page.blank(nickname=nickname)
    form.new_id("person_id")
    return await _linking(page, card, form)


@router.post("/priradit")
async def link(page: Signed, contact_id: UUID) -> Response:
    """To somebody known, or to a record begun here under a nickname."""
    form = await page.form()
    person_id = form.uuid("person_id")
    if form["_find"]:
        return await _linking(page, await _card(page, contact_id), form)
    if not form["same"]:
        lacking(page, form, "same")
        return await _linking(page, await _card(page, contact_id), form)
    if form["same"] == "new":
        nickname, id = form["nickname"].strip(), derived_id(form.id, "nickname")
        if await page.do(GiveNickname, form, id=id, person_id=person_id, nickname=nickname or None) is None:
            return await _linking(page, await _card(page, contact_id), form)
    else:
        chosen = form.chosen("same")
        person_id = (await page.one(PersonDetail, PersonCard, person_id=chosen, team=page.team)).person_id
    if await page.do(LinkContact, form, contact_id=contact_id, person_id=person_id) is None:
        return await _linking(page, await _card(page, contact_id), form)
    return page.go(f"/kontakty/{contact_id}", saved=True)


@router.get("/odpojit")
async def unlinking(page: Signed, contact_id: UUID) -> Response:
    card = await _card(page, contact_id)
    return await page.render("contacts/unlink.html", form=page.blank(), contact=card)


@router.post("/odpojit")
async def unlink(page: Signed, contact_id: UUID) -> Response:
    form = await page.form()
    if await page.do(UnlinkContact, form, contact_id=contact_id, **form.take("reason")):
        return page.go("/kontakty", saved=True)
    card = await _card(page, contact_id)
    return await page.render("contacts/unlink.html", form.status, form=form, contact=card)


async def _card(page: Page, contact_id: UUID) -> ContactCard:
    return await page.one(ContactDetail, ContactCard, contact_id=contact_id, team=page.team)


async def _changeable(page: Page, contact_id: UUID) -> ContactCard:
    """Raises NotHere for a contact that is not this worker's to change."""
    card = await _card(page, contact_id)
    if card.voided or not _may_change(page, card):
        raise NotHere
    return card


def _may_change(page: Page, card: ContactCard) -> bool:
    return card.worker == page.actor.user or page.has(Role.TEAM_LEADER)


async def _person(page: Page, card: ContactCard) -> PersonCard | None:
    """Whose it was; None: nobody's, or forgotten."""
    if card.person_id is None:
        return None
    rows = await page.ask(PersonDetail, PersonCard, person_id=card.person_id, team=page.team)
    return rows[0] if rows else None


async def _correction(page: Page, card: ContactCard, form: Form) -> Response:
    return await page.render(
        "contacts/correct.html",
        form.status,
        form=form,
        contact=card,
        channels=list(Channel),
        Need=Need,
        ActivityType=ActivityType,
        Sex=Sex,
        AgeBand=AgeBand,
        municipalities=list(MUNICIPALITIES.values()),
    )


async def _conflict(page: Page, card: ContactCard, form: Form) -> Response:
    proposed = card.proposed or Facts()
    fields = [name for name in Facts.model_fields if getattr(proposed, name) is not None]
    return await page.render(
        "contacts/conflict.html",
        form.status,
        form=form,
        contact=card,
        fields=fields,
        proposed=proposed,
        may_change=_may_change(page, card),
    )


async def _linking(page: Page, card: ContactCard, form: Form) -> Response:
    nickname = form["nickname"].strip()
    return await page.render(
        "contacts/link.html",
        form.status,
        form=form,
        contact=card,
        candidates=await alike(page, nickname) if nickname else await latest(page, PEOPLE_OFFERED),
    )
