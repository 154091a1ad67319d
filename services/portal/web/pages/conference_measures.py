"""Measures agreed at a conference: who works on them, how it goes, and the review."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from fastapi import Response

from services.cases.conference.commands import (
    AcknowledgeAction,
    CancelAction,
    CloseConference,
    ConferenceWish,
    DisputeAction,
    FinishAction,
    HoldReview,
    MoveActionDue,
    NoteActionProgress,
    ReassignAction,
    SetNextReview,
)
from services.cases.conference.views import ConferenceActionHistory, ConferenceActionTurn
from services.portal.web.conference.desk import Desk, load, revealed
from services.portal.web.conference.offers import measure_offers
from services.portal.web.conference.shown import PATH, render
from services.portal.web.conference.texts import what_and_sign
from services.portal.web.form import Form, NotHere, Refused
from services.portal.web.page import Page, Pages, Signed

router = Pages()


@dataclass(frozen=True)
class Act:
    """Something to do, by its name in the address.

    takes   field of the command → field of the form; several forms stand on one page, each with names of its own
    """

    command: type[ConferenceWish]
    takes: Mapping[str, str] = field(default_factory=dict[str, str])
    notice: str = "saved"

    def fields(self, form: Form) -> dict[str, str | None]:
        return {name: form[typed].strip() or None for name, typed in self.takes.items()}

    def marked(self, refused: Refused) -> Refused:
        """What is wrong, beside the fields where it was typed."""
        return replace(refused, fields={self.takes.get(name, name): text for name, text in refused.fields.items()})


MEASURE_ACTS: Mapping[str, Act] = {
    "prevzit": Act(AcknowledgeAction, notice="accepted"),
    "rozporovat": Act(DisputeAction, {"reason": "why_not"}, notice="sent"),
    "postup": Act(NoteActionProgress, {"note": "note"}),
    "posunout": Act(MoveActionDue, {"due": "new_due", "reason": "why_moved"}),
    "vysledek": Act(FinishAction, {"result": "result", "evidence": "evidence"}, notice="done"),
    "predat": Act(
        ReassignAction, {"responsible": "responsible", "due": "next_due", "watched_by": "watched_by"}, notice="sent"
    ),
    "zrusit": Act(CancelAction, {"reason": "why_cancelled"}, notice="sent"),
}
REVIEW_ACTS: Mapping[str, Act] = {
    "prezkum": Act(HoldReview, {"note": "note"}),
    "dalsi-prezkum": Act(SetNextReview, {"review_on": "review_on"}),
    "uzavrit": Act(CloseConference, notice="closed"),
}


@router.get(PATH + "/opatreni")
async def measures(page: Signed, conference_id: UUID) -> Response:
    return await _measures(page, await load(page, conference_id))


@router.post(PATH + "/opatreni")
async def review(page: Signed, conference_id: UUID) -> Response:
    form = await page.form()
    if (act := REVIEW_ACTS.get(form["act"])) is None:
        raise NotHere
    await page.do(act.command, form, conference_id=conference_id, **act.fields(form))
    desk = await load(page, conference_id)
    if form.refused is not None:
        form.refused = act.marked(form.refused)
        return await _measures(page, desk, form["act"], form)
    return page.go(f"{desk.path}/opatreni", notice=act.notice)


@router.get(PATH + "/opatreni/{action_id}")
async def measure(page: Signed, conference_id: UUID, action_id: UUID) -> Response:
    return await _measure(page, await load(page, conference_id), action_id)


@router.post(PATH + "/opatreni/{action_id}/{name}")
async def work(page: Signed, conference_id: UUID, action_id: UUID, name: str) -> Response:
    form = await page.form()
    if (act := MEASURE_ACTS.get(name)) is None:
        raise NotHere
    await page.do(act.command, form, conference_id=conference_id, action_id=action_id, **act.fields(form))
    desk = await load(page, conference_id)
    if form.refused is not None:
        form.refused = act.marked(form.refused)
        return await _measure(page, desk, action_id, name, form)
    return page.go(f"{desk.path}/opatreni/{action_id}", notice=act.notice)


async def _measures(page: Page, desk: Desk, acting: str = "", form: Form | None = None) -> Response:
    if not desk.has_measures:
        raise NotHere
    rows = [(one, *what_and_sign(revealed(one.title)), measure_offers(desk, one)) for one in desk.measures]
    return await render(page, desk, "conferences/measures.html", form=form, acting=acting, rows=rows)


async def _measure(page: Page, desk: Desk, action_id: UUID, acting: str = "", form: Form | None = None) -> Response:
    found = desk.measure(action_id)
    what, sign = what_and_sign(revealed(found.title))
    turns = (
        await page.ask(ConferenceActionHistory, ConferenceActionTurn, action_id=action_id, limit=500)
        if desk.reads
        else []
    )
    return await render(
        page,
        desk,
        "conferences/measure.html",
        form=form,
        acting=acting,
        measure=found,
        what=what,
        sign=sign,
        turns=turns,
        can=measure_offers(desk, found),
    )
