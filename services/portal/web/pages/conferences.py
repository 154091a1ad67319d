"""Case conferences: the list, and how one is convened."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Response

from libs.eventlog import derived_id
from libs.messaging import RequestFailed
from services.cases.conference.commands import ConveneConference, InvitePerson
from services.cases.conference.terms import Stage
from services.cases.conference.views import (
    ConferenceParticipants,
    ConferenceParticipantView,
    Conferences,
    ConferenceView,
)
from services.contacts.person.views import PersonCard, PersonDetail
from services.portal.web.conference.desk import ENDED, WRITTEN, Desk, for_user, revealed, today
from services.portal.web.conference.offers import offers
from services.portal.web.conference.roles import READS, STEERS, TABLE
from services.portal.web.conference.shown import LISTS
from services.portal.web.conference.texts import goal_with
from services.portal.web.form import Form, NotHere
from services.portal.web.page import Page, Pages, Signed

DRAFT = "konference-nova"
GROUPS = ("answer", "minutes", "coming", "running", "ended")
PLACES = (1, 2, 3)
"""Rows for guests and for people in the form of a new conference."""
STATUTES = {
    "359-10": ("359/1999", "10"),
    "359-51": ("359/1999", "51"),
    "359-53": ("359/1999", "53"),
    "108-100a": ("108/2006", "100a"),
}
"""Grounds met every day; their words stand in templates/conferences/new.html. Any other is typed."""

router = Pages()


@dataclass(frozen=True)
class Listed:
    """One conference in the list. waits: for an answer of this person's organisation."""

    desk: Desk
    reason: str
    waits: bool

    @property
    def group(self) -> str:
        stage = self.desk.stage
        if stage in ENDED:
            return "ended"
        if self.waits:
            return "answer" if stage is Stage.CONVENED else "minutes"
        if stage is Stage.CONVENED:
            return "coming"
        return "minutes" if self.desk.is_ours and stage in WRITTEN else "running"


@router.get("/konference")
async def conferences(page: Signed, koho: str = "") -> Response:
    page.only(*READS, *TABLE)
    found = await page.ask(Conferences, ConferenceView, for_user=for_user(page), limit=200)
    listed = [
        one
        for one in await asyncio.gather(*(_listed(page, conference) for conference in found))
        if koho not in ("nase", "pozvani") or one.desk.is_ours == (koho == "nase")
    ]
    groups = [(group, [one for one in listed if one.group == group]) for group in GROUPS]
    return await page.render(
        "conferences/list.html",
        groups=[(group, rows) for group, rows in groups if rows],
        whose=koho,
        can_convene=page.has(*STEERS),
        **LISTS,
    )


@router.get("/konference/nova")
async def new(page: Signed, klient: UUID | None = None) -> Response:
    form = await page.drafted(DRAFT, **await _about(page, klient))
    return await _form(page, form)


@router.post("/konference/nova")
async def convene(page: Signed) -> Response:
    form = await page.form()
    conference_id = form.new_id("conference_id")
    done = await page.do(
        ConveneConference,
        form,
        conference_id=conference_id,
        starts_at=form.moment("starts"),
        goal=goal_with(form["goal"], form["agenda"]) or None,
        ground=_ground(form, conference_id),
        invitees=_invitees(form),
        **form.take("place_code", "place", "reason", "facilitator", "recorder", "minutes_form"),
    )
    if done is None:
        return await _form(page, form)
    await page.site.kept.drop_draft(page.actor.user, DRAFT)
    for number in PLACES:
        if form[f"person_{number}"].strip() and (refused := await _invite(page, form, conference_id, number)):
            return await page.render(
                "conferences/person.html",
                status=refused.status,
                path=f"/konference/{conference_id}",
                form=refused,
                **LISTS,
            )
    return page.go(f"/konference/{conference_id}", notice="sent")


async def _listed(page: Page, conference: ConferenceView) -> Listed:
    participants: list[ConferenceParticipantView] = []
    if conference.organiser != page.organisation and conference.stage not in ENDED:
        participants = await page.ask(
            ConferenceParticipants,
            ConferenceParticipantView,
            conference_id=conference.conference_id,
            for_user=for_user(page),
        )
    desk = Desk(conference, participants, [], [], page.actor, today())
    offered = offers(desk) if not desk.is_ours else frozenset[str]()
    answered = desk.stage is Stage.CONVENED and desk.own is not None and desk.own.answer is not None
    return Listed(desk, revealed(conference.reason), bool(offered) and not answered)


async def _form(page: Page, form: Form) -> Response:
    """The form of a new conference, blank or refused."""
    page.only(*STEERS)
    form.new_id("conference_id")
    for number in PLACES:
        form.new_id(f"attendee_{number}")
    await page.site.names.ready(page)
    return await page.render(
        "conferences/new.html",
        status=form.status,
        form=form,
        draft=DRAFT,
        places=PLACES,
        organisations=[
            (one.organisation_id, one.name)
            for one in page.site.names.organisations()
            if one.organisation_id != page.organisation
        ],
        colleagues=[
            (one.user_id, revealed(one.name)) for one in page.site.names.users() if not set(TABLE).isdisjoint(one.roles)
        ],
        **LISTS,
    )


async def _about(page: Page, person_id: UUID | None) -> dict[str, Any]:
    """What a form begun from a client's page knows of them already."""
    if person_id is None:
        return {}
    try:
        person = await page.one(PersonDetail, PersonCard, person_id=person_id, team=page.team)
    except (NotHere, RequestFailed):
        return {}
    return {"person_1": revealed(person.name) or revealed(person.nickname), "person_id_1": person_id}


def _invitees(form: Form) -> list[dict[str, Any]]:
    guests = [
        {"organisation": form[f"guest_{number}"], "item": form[f"item_{number}"] or "all", "guest": True}
        for number in PLACES
        if form[f"guest_{number}"]
    ]
    return [{"organisation": one} for one in form.many("invitees")] + guests


def _ground(form: Form, conference_id: UUID) -> dict[str, Any] | None:
    """Why reason and goal may be told; None: nothing was chosen, or not all of it."""
    chosen = form["ground"]
    if chosen in STATUTES:
        act, paragraph = STATUTES[chosen]
        return {"kind": "statute", "act": act, "paragraph": paragraph}
    if chosen == "release" and (label := form["release"].strip()):
        return {"kind": "release", "release_id": derived_id(conference_id, label)}
    if chosen == "other" and form["act"].strip() and form["paragraph"].strip():
        return {"kind": "statute", **form.take("act", "paragraph")}
    return None


async def _invite(page: Page, form: Form, conference_id: UUID, number: int) -> Form | None:
    """Invite one of the people named in the form. None: invited; otherwise what to show for another try."""
    person = page.blank(
        name=form[f"person_{number}"].strip(),
        support=form[f"support_{number}"].strip(),
        item=form[f"part_{number}"],
        person_id=form[f"person_id_{number}"],
    )
    person.id = derived_id(form.id, f"person {number}")
    person.ids["attendee_id"] = form.new_id(f"attendee_{number}")
    done = await page.do(
        InvitePerson,
        person,
        conference_id=conference_id,
        attendee_id=person.ids["attendee_id"],
        **person.take("name", "support", "item", "person_id"),
    )
    return None if done else person
