"""One conference: who comes, when and why; what each will see of it."""

from uuid import UUID

from fastapi import Response

from services.cases.conference.commands import (
    AnswerForPerson,
    AnswerInvitation,
    CancelConference,
    InvitePerson,
    RescheduleConference,
)
from services.portal.web.conference.desk import Desk, load, revealed
from services.portal.web.conference.offers import measure_offers, offers
from services.portal.web.conference.shown import LISTS, PATH, render
from services.portal.web.conference.texts import what_and_sign
from services.portal.web.form import Form, NotHere
from services.portal.web.page import Page, Pages, Signed

router = Pages()


@router.get(PATH)
async def conference(page: Signed, conference_id: UUID) -> Response:
    return await _overview(page, await load(page, conference_id))


@router.get(PATH + "/kdo-uvidi")
async def who_sees(page: Signed, conference_id: UUID) -> Response:
    desk = await load(page, conference_id)
    if not desk.is_ours:
        raise NotHere
    return await render(page, desk, "conferences/who_sees.html")


@router.post(PATH + "/ucast")
async def answer(page: Signed, conference_id: UUID) -> Response:
    form = await page.form()
    fields = form.take("answer", "represented_by")
    if fields.get("answer") != "represented":
        fields.pop("represented_by", None)
    done = await page.do(AnswerInvitation, form, conference_id=conference_id, **fields)
    desk = await load(page, conference_id)
    return page.go(desk.path, notice="sent") if done else await _overview(page, desk, "answer", form)


@router.get(PATH + "/lide")
async def person(page: Signed, conference_id: UUID) -> Response:
    desk = await _before(page, conference_id)
    form = page.blank()
    form.new_id("attendee_id")
    return await page.render("conferences/person.html", path=desk.path, form=form, **LISTS)


@router.post(PATH + "/lide")
async def invite_person(page: Signed, conference_id: UUID) -> Response:
    form = await page.form()
    done = await page.do(
        InvitePerson,
        form,
        conference_id=conference_id,
        attendee_id=form.uuid("attendee_id"),
        **form.take("name", "support", "item", "person_id"),
    )
    path = f"/konference/{conference_id}"
    if done is None:
        return await page.render("conferences/person.html", status=form.status, path=path, form=form, **LISTS)
    return page.go(path, notice="added")


@router.post(PATH + "/lide/{attendee_id}")
async def answer_for_person(page: Signed, conference_id: UUID, attendee_id: UUID) -> Response:
    form = await page.form()
    done = await page.do(
        AnswerForPerson, form, conference_id=conference_id, attendee_id=attendee_id, **form.take("answer")
    )
    desk = await load(page, conference_id)
    return page.go(desk.path, saved=True) if done else await _overview(page, desk, f"person {attendee_id}", form)


@router.get(PATH + "/termin")
async def when(page: Signed, conference_id: UUID) -> Response:
    desk = await _before(page, conference_id)
    now = desk.conference
    place = now.place.reveal() if now.place is not None and now.place.is_clear else None
    form = page.blank(starts=now.starts_at, place_code=now.place_code, place=place)
    return await render(page, desk, "conferences/reschedule.html", form=form)


@router.post(PATH + "/termin")
async def reschedule(page: Signed, conference_id: UUID) -> Response:
    form = await page.form()
    done = await page.do(
        RescheduleConference,
        form,
        conference_id=conference_id,
        starts_at=form.moment("starts"),
        **form.take("place_code", "place"),
    )
    desk = await load(page, conference_id)
    if done is None:
        return await render(page, desk, "conferences/reschedule.html", form=form)
    return page.go(desk.path, notice="sent")


@router.get(PATH + "/zrusit")
async def calling_off(page: Signed, conference_id: UUID) -> Response:
    desk = await _before(page, conference_id)
    return await render(page, desk, "conferences/cancel.html", form=page.blank())


@router.post(PATH + "/zrusit")
async def cancel(page: Signed, conference_id: UUID) -> Response:
    form = await page.form()
    done = await page.do(CancelConference, form, conference_id=conference_id, **form.take("reason"))
    desk = await load(page, conference_id)
    if done is None:
        return await render(page, desk, "conferences/cancel.html", form=form)
    return page.go(desk.path, notice="sent")


async def _before(page: Page, conference_id: UUID) -> Desk:
    """A conference this person may still change. Raises NotHere otherwise."""
    desk = await load(page, conference_id)
    if "RescheduleConference" not in offers(desk):
        raise NotHere
    return desk


async def _overview(page: Page, desk: Desk, acting: str = "", form: Form | None = None) -> Response:
    mine = [(one, measure_offers(desk, one), *what_and_sign(revealed(one.title))) for one in desk.measures]
    return await render(page, desk, "conferences/overview.html", form=form, acting=acting, mine=mine)
