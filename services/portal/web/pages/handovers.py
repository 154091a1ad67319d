"""Handovers of people between teams of one organisation: offered, taken over, declined, withdrawn."""

from uuid import UUID

from fastapi import Response

from libs.codelists import Role
from services.contacts.handover.commands import AcceptHandover, DeclineHandover, WithdrawHandover
from services.contacts.handover.views import Handovers, HandoverStage, HandoverView
from services.contacts.person.views import PersonCard, PersonDetail
from services.portal.web.form import Form, NotHere
from services.portal.web.page import Page, Pages, Signed

ANSWERS = {"prevzit": AcceptHandover, "odmitnout": DeclineHandover, "stahnout": WithdrawHandover}
NOTICES = {"prevzit": "accepted", "odmitnout": "declined", "stahnout": "withdrawn"}

router = Pages(prefix="/predani")


@router.get("")
async def handovers(page: Signed) -> Response:
    rows = await page.ask(Handovers, HandoverView, team=page.team, limit=500)
    waiting = [one for one in rows if one.stage == "proposed"]
    return await page.render(
        "handovers/list.html",
        for_us=[one for one in waiting if one.from_team != page.actor.team],
        from_us=[one for one in waiting if one.from_team == page.actor.team],
        answered=[one for one in rows if one.stage != "proposed"],
    )


@router.get("/{handover_id}")
async def handover(page: Signed, handover_id: UUID) -> Response:
    return await _shown(page, handover_id, await page.drafted(f"handover answer {handover_id}"))


@router.post("/{handover_id}")
async def answer(page: Signed, handover_id: UUID) -> Response:
    """Take over, decline with a reason, or take the offer back."""
    form = await page.form()
    if form["answer"] not in ANSWERS:
        raise NotHere
    await _one(page, handover_id)
    told = form.take("reason") if form["answer"] == "odmitnout" else {}
    if await page.do(ANSWERS[form["answer"]], form, handover_id=handover_id, **told) is None:
        return await _shown(page, handover_id, form)
    await page.site.kept.drop_draft(page.actor.user, f"handover answer {handover_id}")
    return page.go(f"/predani/{handover_id}", notice=NOTICES[form["answer"]])


async def _one(page: Page, handover_id: UUID) -> HandoverView:
    rows = await page.ask(Handovers, HandoverView, team=page.team, limit=500)
    found = next((one for one in rows if one.handover_id == handover_id), None)
    if found is None:
        raise NotHere
    return found


async def _shown(page: Page, handover_id: UUID, form: Form) -> Response:
    one = await _one(page, handover_id)
    people = await page.ask(PersonDetail, PersonCard, person_id=one.person_id, team=page.team)
    return await page.render(
        "handovers/handover.html",
        form.status,
        form=form,
        handover=one,
        is_ours=bool(people),
        answers=_answers(page, one.stage, one.from_team, one.to_team),
    )


def _answers(page: Page, stage: HandoverStage, from_team: str, to_team: str) -> set[str]:
    """What this person may answer; a leader without a team of their own leads them all."""
    if stage != "proposed":
        return set()
    leads, team = page.has(Role.TEAM_LEADER), page.actor.team
    found: set[str] = set()
    if team == to_team or (leads and team is None):
        found |= {"prevzit", "odmitnout"} if leads else {"prevzit"}
    if team == from_team or (leads and team is None):
        found.add("stahnout")
    return found
