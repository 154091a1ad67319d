"""The minutes: their text, what the organisations say to it, and how they are issued."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import Response

from libs.messaging import RequestFailed
from services.cases.conference.commands import (
    CommentMinutes,
    ConferenceWish,
    ConfirmMinutes,
    ConfirmMinutesWithObjection,
    IssueMinutes,
    OpenComments,
)
from services.cases.conference.terms import Copy
from services.cases.conference.views import ConferenceMinutesView
from services.portal.web.conference.desk import Desk, load, revealed, texts
from services.portal.web.conference.shown import PATH, render
from services.portal.web.conference.texts import sections_of
from services.portal.web.form import Form, NotHere
from services.portal.web.page import Page, Pages, Signed

COMMENT_DAYS = 7
FEWER = (20, 5, 1)
"""Long texts do not fit into one answer: ask for fewer of them then."""

router = Pages()


@dataclass(frozen=True)
class Act:
    """Something to do with the minutes, by its name in the address."""

    command: type[ConferenceWish]
    fields: Callable[[Form], dict[str, Any]] = lambda form: {}
    notice: str = "sent"
    draft: str = ""


ACTS: Mapping[str, Act] = {
    "k-pripominkam": Act(OpenComments, lambda form: form.take("until")),
    "vydat": Act(IssueMinutes, lambda form: form.take("answer_days")),
    "pripominka": Act(CommentMinutes, lambda form: {"text": form["text"].strip() or None}, draft="pripominka"),
    "potvrdit": Act(ConfirmMinutes, notice="confirmed"),
    "namitka": Act(
        ConfirmMinutesWithObjection, lambda form: {"objection": form["objection"].strip() or None}, draft="namitka"
    ),
}


@router.get(PATH + "/zapis")
async def minutes(page: Signed, conference_id: UUID) -> Response:
    return await _minutes(page, await load(page, conference_id))


@router.get(PATH + "/zapis/historie")
async def history(page: Signed, conference_id: UUID) -> Response:
    desk = await load(page, conference_id)
    if not desk.is_ours:
        raise NotHere
    return await render(page, desk, "conferences/drafts.html", drafts=await _as_many(page, desk, "draft"))


@router.post(PATH + "/zapis/{act}")
async def do(page: Signed, conference_id: UUID, act: str) -> Response:
    form = await page.form()
    if (wanted := ACTS.get(act)) is None:
        raise NotHere
    done = await page.do(wanted.command, form, conference_id=conference_id, **wanted.fields(form))
    desk = await load(page, conference_id)
    if done is None:
        return await _minutes(page, desk, act, form)
    if wanted.draft:
        await page.site.kept.drop_draft(page.actor.user, _draft(wanted.draft, desk))
    return page.go(f"{desk.path}/zapis", notice=wanted.notice)


async def _minutes(page: Page, desk: Desk, acting: str = "", form: Form | None = None) -> Response:
    if not desk.is_full:
        raise NotHere
    latest = "draft" if desk.is_ours and desk.conference.issued_on is None else "issued"
    shown, for_comments, comments, objections = await asyncio.gather(
        texts(page, desk, latest),
        texts(page, desk, "for_comments"),
        _as_many(page, desk, "comment"),
        _as_many(page, desk, "objection"),
    )
    text = next(iter([*shown, *for_comments]), None)
    return await render(
        page,
        desk,
        "conferences/minutes.html",
        form=form,
        acting=acting,
        text=text,
        sections=sections_of(revealed(text.text)) if text else {},
        comments=comments,
        objections={one.organisation: one for one in objections},
        copies=[one for one in desk.participants if one.is_full],
        silent=_silent(desk),
        until=desk.today + timedelta(days=COMMENT_DAYS),
        draft_of=lambda name: _draft(name, desk),
        drafted={name: await page.drafted(_draft(name, desk)) for name in ("pripominka", "namitka")},
    )


async def _as_many(page: Page, desk: Desk, kind: str) -> list[ConferenceMinutesView]:
    """As many of these texts, the newest first, as fit into one answer."""
    for limit in FEWER[:-1]:
        try:
            return await texts(page, desk, kind, limit)
        except RequestFailed as failed:
            if failed.problem.code != "too_much":
                raise
    return await texts(page, desk, kind, FEWER[-1])


def _silent(desk: Desk) -> set[UUID]:
    """Who has said nothing in time. It is never read as consent."""
    last = desk.conference.confirm_by
    if last is None:
        return set()
    return {one.organisation for one in desk.participants if one.minutes is Copy.WAITING and desk.today > last}


def _draft(name: str, desk: Desk) -> str:
    return f"{name}-{desk.id}"
