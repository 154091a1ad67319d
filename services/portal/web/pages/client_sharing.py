"""Where a person was referred to, who in the house sees the record and why, and what others have learnt."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import Response

from libs.codelists import Need, Role
from services.cases.conference.views import (
    ConferenceParticipants,
    ConferenceParticipantView,
    Conferences,
    ConferenceView,
)
from services.cases.referral.views import ReferralInList, Referrals, ReferralThread, ReferralTurn
from services.contacts.handover.views import Handovers, HandoverView
from services.contacts.person.views import PersonCard
from services.identity.user.views import UserView
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.pages.client_card import client_of
from services.portal.web.pages.people import WORKERS

TOLD = {"sent": "need", "amended": "need", "identity_disclosed": "identity"}
"""Which turns of a referral's thread tell the recipient something, and what."""

router = Pages(prefix="/klienti/{person_id}")


@dataclass(frozen=True)
class Reader:
    """Somebody of this organisation who may open the record, and why."""

    user: UserView
    reason: Literal["leader", "team"]


@dataclass(frozen=True)
class Disclosure:
    """What one organisation learnt, when, and where to read more. when None: the day of a conference is not known."""

    to: UUID
    what: Literal["need", "identity", "conference"]
    when: datetime | None
    need: Need | None
    href: str


@router.get("/odkazani")
async def referrals(page: Signed, person_id: UUID) -> Response:
    of, rows = await asyncio.gather(client_of(page, person_id), _referrals(page, person_id))
    return await page.render("clients/referrals.html", client=of, referrals=rows)


@router.get("/pristup")
async def access(page: Signed, person_id: UUID) -> Response:
    of, referred, conferences, handovers = await asyncio.gather(
        client_of(page, person_id),
        _referrals(page, person_id),
        page.ask(Conferences, ConferenceView, person_id=person_id, limit=100),
        page.ask(Handovers, HandoverView, team=page.team, limit=500),
    )
    told = await asyncio.gather(
        *(_told_by_referral(page, one) for one in referred), *(_told_at(page, one) for one in conferences)
    )
    await page.site.names.ready(page)
    return await page.render(
        "clients/access.html",
        client=of,
        readers=_readers(page, of.card),
        told=[one for some in told for one in some],
        handed_over=[one for one in handovers if one.person_id == person_id and one.stage == "accepted"],
    )


async def _referrals(page: Page, person_id: UUID) -> list[ReferralInList]:
    rows = await page.ask(Referrals, ReferralInList, organisation=page.organisation, direction="sent", limit=500)
    return [one for one in rows if one.person_id == person_id]


async def _told_by_referral(page: Page, referral: ReferralInList) -> list[Disclosure]:
    turns = await page.ask(
        ReferralThread, ReferralTurn, organisation=page.organisation, referral_id=referral.referral_id, limit=1000
    )
    return [
        Disclosure(
            to=referral.recipient,
            what="identity" if TOLD[turn.kind] == "identity" else "need",
            when=turn.occurred_at,
            need=referral.need,
            href=f"/odkazani/{referral.referral_id}",
        )
        for turn in turns
        if turn.kind in TOLD
    ]


async def _told_at(page: Page, conference: ConferenceView) -> list[Disclosure]:
    if conference.organiser != page.organisation:
        return []
    rows = await page.ask(
        ConferenceParticipants, ConferenceParticipantView, conference_id=conference.conference_id, limit=500
    )
    return [
        Disclosure(
            to=one.organisation,
            what="conference",
            when=conference.starts_at,
            need=None,
            href=f"/konference/{conference.conference_id}",
        )
        for one in rows
        if one.organisation != page.organisation
    ]


def _readers(page: Page, card: PersonCard) -> list[Reader]:
    """By the rules of `contacts`: team leaders read all, workers their own team's."""
    found: list[Reader] = []
    for user in page.site.names.users():
        if Role.TEAM_LEADER in user.roles:
            found.append(Reader(user, "leader"))
        elif user.team == card.team and set(user.roles) & set(WORKERS):
            found.append(Reader(user, "team"))
    return found
