"""Everything a page shows of one conference, asked at once with the reader's own eyes."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from libs.eventlog import Actor
from libs.messaging import View
from libs.privacy import CLEAR, Personal
from services.cases.conference.terms import Stage
from services.cases.conference.views import (
    ConferenceActions,
    ConferenceActionView,
    ConferenceMinutes,
    ConferenceMinutesView,
    ConferenceParticipants,
    ConferenceParticipantView,
    ConferencePeople,
    ConferencePersonView,
    Conferences,
    ConferenceView,
)
from services.portal.web.conference.roles import READS, STEERS, TABLE
from services.portal.web.conference.texts import goal_and_agenda
from services.portal.web.form import PRAGUE, NotHere
from services.portal.web.page import Page

ENDED = (Stage.CANCELLED, Stage.CLOSED)
WRITTEN = (Stage.HELD, Stage.MINUTES_DRAFTED, Stage.COMMENTS_OPEN)
ISSUED = (Stage.MINUTES_ISSUED, Stage.IN_REVIEW, Stage.CLOSED)


@dataclass(frozen=True)
class Desk:
    """One conference as its reader may see it. today: in Prague."""

    conference: ConferenceView
    participants: list[ConferenceParticipantView]
    people: list[ConferencePersonView]
    measures: list[ConferenceActionView]
    actor: Actor
    today: date

    @property
    def id(self) -> UUID:
        return self.conference.conference_id

    @property
    def stage(self) -> Stage:
        return self.conference.stage

    @property
    def path(self) -> str:
        return f"/konference/{self.id}"

    @property
    def is_ours(self) -> bool:
        """Whether the reader's organisation convened it."""
        return self.conference.organiser == self.actor.organisation

    @property
    def own(self) -> ConferenceParticipantView | None:
        """The invitation of the reader's organisation."""
        mine = (one for one in self.participants if one.organisation == self.actor.organisation)
        return next(mine, None)

    @property
    def is_full(self) -> bool:
        """Whether reason and minutes are the reader's to see."""
        return self.is_ours or (self.own is not None and self.own.is_full)

    @property
    def reads(self) -> bool:
        return not self.actor.roles.isdisjoint(READS)

    @property
    def steers(self) -> bool:
        """Whether the reader may invite, reschedule, issue, review here."""
        return self.is_ours and not self.actor.roles.isdisjoint(STEERS)

    @property
    def at_table(self) -> bool:
        """Whether the reader may record the meeting."""
        return self.is_ours and not self.actor.roles.isdisjoint(TABLE)

    @property
    def writes(self) -> bool:
        """Whether the reader may write down what is said, now."""
        return self.at_table and self.stage in (Stage.CONVENED, *WRITTEN)

    @property
    def is_today(self) -> bool:
        """Convened, and the day has come: it may be going on right now."""
        starts = self.conference.starts_at
        return self.stage is Stage.CONVENED and starts is not None and day_of(starts) <= self.today

    @property
    def has_measures(self) -> bool:
        return self.stage not in (Stage.CONVENED, Stage.CANCELLED)

    @property
    def still_open(self) -> int:
        return sum(one.state.is_open for one in self.measures)

    @property
    def parties(self) -> list[UUID]:
        """Who can be given a measure: the organiser and everybody invited."""
        return [self.conference.organiser, *(one.organisation for one in self.participants)]

    @cached_property
    def goal_and_agenda(self) -> tuple[str, list[str]]:
        return goal_and_agenda(revealed(self.conference.goal))

    def measure(self, action_id: UUID) -> ConferenceActionView:
        """Raises NotHere if the reader knows of none."""
        found = next((one for one in self.measures if one.action_id == action_id), None)
        if found is None:
            raise NotHere
        return found


async def load(page: Page, conference_id: UUID) -> Desk:
    """Raises NotHere if there is none, or not for this person."""
    which = {"conference_id": conference_id, "for_user": for_user(page)}
    conference = await page.one(Conferences, ConferenceView, **which)
    participants, people, measures = await asyncio.gather(
        page.ask(ConferenceParticipants, ConferenceParticipantView, **which, limit=500),
        page.ask(ConferencePeople, ConferencePersonView, **which, limit=500),
        page.ask(ConferenceActions, ConferenceActionView, **which, limit=500),
    )
    return Desk(conference, participants, people, measures, page.actor, today())


async def texts(page: Page, desk: Desk, kind: str, limit: int = 1) -> list[ConferenceMinutesView]:
    """Texts of and about the minutes, the newest first."""
    return await page.ask(
        ConferenceMinutes,
        ConferenceMinutesView,
        conference_id=desk.id,
        kind=kind,
        for_user=for_user(page),
        limit=limit,
    )


async def version(page: Page, conference_id: UUID, noted_at: datetime | None) -> str:
    """Changes whenever anything this reader may see of the conference does. Raises NotHere, RequestFailed.

    noted_at   when something was last noted at the table
    """
    desk, newest = await asyncio.gather(
        load(page, conference_id),
        page.ask(
            ConferenceMinutes, ConferenceMinutesView, conference_id=conference_id, for_user=for_user(page), limit=1
        ),
    )
    rows: list[View] = [desk.conference, *desk.participants, *desk.people, *desk.measures]
    seen = hashlib.blake2b(digest_size=12)
    for row in rows:
        seen.update(row.model_dump_json(context=CLEAR).encode())
    for text in newest:
        seen.update(f"{text.organisation} {text.kind} {text.number}".encode())
    seen.update(f"{noted_at} {desk.today}".encode())
    return seen.hexdigest()


def for_user(page: Page) -> UUID | None:
    """Who sees only the conferences that name them: a mere facilitator or recorder."""
    return None if page.has(*READS) else page.actor.user


def today() -> date:
    return datetime.now(PRAGUE).date()


def day_of(moment: datetime) -> date:
    return moment.astimezone(PRAGUE).date()


def revealed(value: Personal[Any] | None) -> str:
    """A personal text in clear; "" if there is none, or not for us."""
    return str(value.reveal()) if value is not None and value.is_clear else ""
