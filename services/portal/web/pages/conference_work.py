"""At the table: what is said is written down section by section, measures are agreed, the meeting is recorded."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from fastapi import Response

from services.cases.conference.commands import HoldConference
from services.cases.conference.terms import Answer, Presence, Stage
from services.portal.web.conference import table
from services.portal.web.conference.desk import Desk, load, revealed
from services.portal.web.conference.offers import offers
from services.portal.web.conference.shown import PATH, render, seen
from services.portal.web.conference.texts import mark_of, sections_of, title_with
from services.portal.web.form import PRAGUE, Form, NotHere, Refused
from services.portal.web.live import live_of
from services.portal.web.page import Page, Pages, Signed

LASTS = timedelta(minutes=90)
COMES = (Answer.ACCEPTED, Answer.REPRESENTED)

router = Pages()


@router.get(PATH + "/deni")
async def goings_on(page: Signed, conference_id: UUID) -> Response:
    async def version() -> str:
        return await seen(page, await load(page, conference_id))

    return await live_of(page.request.app).stream(page, "cases", version)


@router.get(PATH + "/jednani")
async def at_table(page: Signed, conference_id: UUID, oddil: int = 0) -> Response:
    desk = await load(page, conference_id)
    if not desk.writes:
        return page.go(desk.path)
    return await _table(page, desk, current=oddil)


@router.post(PATH + "/jednani")
async def write(page: Signed, conference_id: UUID) -> Response:
    form = await page.form()
    desk = await _writing(page, conference_id)
    stored = await table.write(page, desk, form)
    if stored is not None:
        return await _table(page, await load(page, conference_id), acting="section", form=form, stored=stored)
    await page.site.kept.drop_draft(page.actor.user, _draft(desk, _number(form)))
    live_of(page.request.app).wake()
    return page.go(f"{desk.path}/jednani?oddil={_number(form)}#psat", saved=True)


@router.post(PATH + "/jednani/opatreni")
async def agree(page: Signed, conference_id: UUID) -> Response:
    form = await page.form()
    desk = await _writing(page, conference_id)
    action_id = form.uuid("action_id")
    fields: dict[str, Any] = {
        "action_id": action_id,
        "title": title_with(form["what"], form["sign"]) or None,
        **form.take("responsible", "due", "watched_by"),
    }
    if not await table.agree(page, desk, form, fields):
        return await _table(page, desk, acting="measure", form=form)
    live_of(page.request.app).wake()
    return page.go(f"{desk.path}/jednani?oddil={_number(form)}#opatreni", notice="added")


@router.post(PATH + "/jednani/opatreni/{action_id}/odebrat")
async def drop(page: Signed, conference_id: UUID, action_id: UUID) -> Response:
    desk = await _writing(page, conference_id)
    form = await page.form()
    await table.drop(page, desk, action_id)
    live_of(page.request.app).wake()
    return page.go(f"{desk.path}/jednani?oddil={_number(form)}#opatreni", notice="removed")


@router.post(PATH + "/jednani/dopsat")
async def clear(page: Signed, conference_id: UUID) -> Response:
    desk = await _writing(page, conference_id)
    if desk.stage is Stage.CONVENED:
        raise NotHere
    form = await page.form()
    form.refused = await table.clear(page, desk)
    if form.refused is not None:
        return await _table(page, desk, acting="clear", form=form)
    return page.go(f"{desk.path}/jednani", saved=True)


@router.get(PATH + "/prubeh")
async def course(page: Signed, conference_id: UUID) -> Response:
    desk = await load(page, conference_id)
    if "HoldConference" not in offers(desk):
        raise NotHere
    starts = desk.conference.starts_at
    assert starts is not None, "a convened conference has a date"
    form = page.blank(
        held_date=starts.astimezone(PRAGUE).date(),
        held_from=f"{starts.astimezone(PRAGUE):%H:%M}",
        held_to=f"{(starts + LASTS).astimezone(PRAGUE):%H:%M}",
        people=[one.attendee_id for one in desk.people if one.answer in COMES],
        **{f"presence_{one.organisation}": Presence.ATTENDED for one in desk.participants if one.answer in COMES},
        **{
            f"presence_{one.organisation}": Presence.ABSENT
            for one in desk.participants
            if one.answer is Answer.DECLINED
        },
    )
    return await _hold(page, desk, form)


@router.post(PATH + "/prubeh")
async def hold(page: Signed, conference_id: UUID) -> Response:
    form = await page.form()
    desk = await load(page, conference_id)
    attendance = [
        {"organisation": one.organisation, "presence": presence}
        for one in desk.participants
        if (presence := form[f"presence_{one.organisation}"])
    ]
    done = await page.do(
        HoldConference,
        form,
        conference_id=conference_id,
        started_at=_moment(form, "held_from"),
        ended_at=_moment(form, "held_to"),
        attendance=attendance,
        people_present=form.many("people"),
    )
    if done is None:
        return await _hold(page, desk, form)
    held = await load(page, conference_id)
    await table.clear(page, held)
    return page.go(f"{desk.path}/jednani", notice="saved" if done.position else "already")


async def _writing(page: Page, conference_id: UUID) -> Desk:
    """Raises NotHere unless this person may write down what is said, now."""
    desk = await load(page, conference_id)
    if not desk.writes:
        raise NotHere
    return desk


async def _table(
    page: Page, desk: Desk, current: int = 0, acting: str = "", form: Form | None = None, stored: str | None = None
) -> Response:
    """stored: what somebody else wrote in the section meanwhile."""
    if form is not None:
        current = _number(form)
    return await render(
        page,
        desk,
        "conferences/table.html",
        form=form,
        acting=acting,
        lying=await table.lying(page, desk.id),
        sections=sections_of(await table.notes(page, desk)),
        mark_of=mark_of,
        current=current,
        stored=stored,
        typed=await page.drafted(_draft(desk, current)),
        draft_of=lambda number: _draft(desk, number),
    )


async def _hold(page: Page, desk: Desk, form: Form) -> Response:
    if form.refused is not None:
        form.refused = _on_times(form.refused)
    people = [(one.attendee_id, revealed(one.name)) for one in desk.people]
    lying = await table.lying(page, desk.id)
    return await render(page, desk, "conferences/hold.html", form=form, people=people, lying=lying)


def _on_times(refused: Refused) -> Refused:
    """What is wrong with begin and end, beside the fields where they were typed."""
    places = {"started_at": "held_from", "ended_at": "held_to", "": "held_to"}
    return replace(refused, fields={places.get(name, name): text for name, text in refused.fields.items()})


def _moment(form: Form, name: str) -> datetime | str | None:
    """A time on the day of the meeting; as typed if it is none."""
    try:
        return datetime.combine(date.fromisoformat(form["held_date"]), time.fromisoformat(form[name]), PRAGUE)
    except ValueError:
        return form[name] or None


def _draft(desk: Desk, number: int) -> str:
    return f"oddil-{desk.id}-{number}"


def _number(form: Form) -> int:
    """Which section was open."""
    return int(form["oddil"]) if form["oddil"].isdecimal() else 0
