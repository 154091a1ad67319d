"""What waits for a person today: everything with a day, and everything that waits for an answer. Each source by itself.

A source that does not answer leaves the others standing; one that is not this person's to ask is simply not there.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from libs.codelists import OrganisationKind, Role
from libs.messaging import Query, RequestFailed, View
from services.cases.conference.terms import Stage
from services.cases.conference.views import ConferenceActionView, Conferences, ConferenceView, OpenActions
from services.cases.plan.views import PlanDue, PlansDue, PlanSteps, PlanStepView
from services.cases.referral.views import ReferralTask, ReferralTasks, WaitingReferral, WaitingReferrals
from services.contacts.contact.views import Contacts, ContactSummary
from services.contacts.handover.views import Handovers, HandoverView
from services.portal.web.conference.desk import day_of, for_user, revealed
from services.portal.web.conference.texts import what_and_sign
from services.portal.web.known import of_ids
from services.portal.web.page import Page

V = TypeVar("V", bound=View)
SOON = timedelta(days=7)
FAR = timedelta(days=30)
MOST = 500
URGENCIES = ("acute", "soon", "routine")
ORDER = ("overdue", "today", "undated", "week", "later")


@dataclass(frozen=True)
class Thing:
    """One thing that waits. kind: what it is, the template has its words; code: what it is about, for those words.

    title   what somebody wrote, if it has words of its own
    who     a client, an organisation or a team, as the reader may know them
    """

    kind: str
    href: str
    due: date | None = None
    title: str = ""
    code: str = ""
    who: str | UUID | None = None
    area: str | None = None
    urgency: str | None = None
    at: datetime | None = None

    def group(self, today: date) -> str:
        if self.due is None:
            return "undated"
        if self.due < today:
            return "overdue"
        if self.due == today:
            return "today"
        return "week" if self.due <= today + SOON else "later"

    @property
    def rank(self) -> tuple[date, int]:
        """The nearest day first, and of one day the most urgent."""
        urgency = URGENCIES.index(self.urgency) if self.urgency in URGENCIES else len(URGENCIES)
        return self.due or date.max, urgency


@dataclass
class Day:
    """What was found. silent: sources that did not answer."""

    today: date
    things: list[Thing] = field(default_factory=list[Thing])
    silent: list[str] = field(default_factory=list[str])

    def groups(self) -> list[tuple[str, list[Thing]]]:
        """By how near they are; empty groups are left out."""
        ordered = sorted(self.things, key=lambda one: one.rank)
        grouped = [(name, [one for one in ordered if one.group(self.today) == name]) for name in ORDER]
        return [(name, things) for name, things in grouped if things]

    def of(self, *kinds: str) -> list[Thing]:
        """Of these kinds, the most urgent first."""
        return sorted((one for one in self.things if one.kind in kinds), key=lambda one: one.rank[::-1])


async def whole_day(page: Page, today: date) -> Day:
    """Ask everybody at once."""
    day = Day(today)
    sources: Sequence[tuple[str, Callable[[], Awaitable[Sequence[Thing]]]]] = (
        ("cases", lambda: _measures(page)),
        ("cases", lambda: _referrals(page)),
        ("cases", lambda: _outcomes(page)),
        ("cases", lambda: _conferences(page, today)),
        ("plans", lambda: _plans(page, today)),
        ("contacts", lambda: _handovers(page)),
        ("contacts", lambda: _conflicts(page)),
    )
    for (name, _), found in zip(sources, await asyncio.gather(*(_heard(ask) for _, ask in sources)), strict=True):
        if found is None:
            day.silent.append(name)
        else:
            day.things.extend(found)
    return day


async def may_ask(page: Page, question: type[Query], view: type[V], **fields: Any) -> list[V]:
    """Nothing for a role that may not ask. Raises RequestFailed if nobody answers."""
    try:
        return await page.ask(question, view, **fields)
    except RequestFailed as failed:
        if failed.problem.kind == "forbidden":
            return []
        raise


async def _heard(ask: Callable[[], Awaitable[Sequence[Thing]]]) -> Sequence[Thing] | None:
    try:
        return await ask()
    except RequestFailed as failed:
        if failed.problem.kind == "unavailable":
            return None
        raise


async def _measures(page: Page) -> list[Thing]:
    rows = await may_ask(page, OpenActions, ConferenceActionView, organisation=page.organisation, limit=MOST)
    return [
        Thing(
            "measure",
            f"/konference/{one.conference_id}/opatreni/{one.action_id}",
            one.due,
            what_and_sign(revealed(one.title))[0],
            one.state,
        )
        for one in rows
    ]


async def _referrals(page: Page) -> list[Thing]:
    """Those that wait for our answer."""
    fields = {"organisation": page.organisation, "direction": "received", "limit": MOST}
    place = "/dorucena" if page.kind is OrganisationKind.OSPOD else "/odkazani"
    return [
        Thing(
            "referral",
            f"{place}/{one.referral_id}",
            one.answer_due,
            code=one.need or "",
            who=one.sender,
            area=one.area,
            urgency=one.urgency,
        )
        for one in await may_ask(page, WaitingReferrals, WaitingReferral, **fields)
    ]


async def _outcomes(page: Page) -> list[Thing]:
    """Answers the sender has to act on."""
    rows = await may_ask(page, ReferralTasks, ReferralTask, organisation=page.organisation, limit=MOST)
    return [
        Thing("outcome", f"/odkazani/{one.referral_id}", code=one.kind, who=one.recipient, at=one.since) for one in rows
    ]


async def _conferences(page: Page, today: date) -> list[Thing]:
    """Those that are to be held soon, and what the organiser has to do after them."""
    rows = await may_ask(page, Conferences, ConferenceView, for_user=for_user(page), only_open=True, limit=MOST)
    found = (conference_thing(one, is_ours=one.organiser == page.organisation, today=today) for one in rows)
    return [one for one in found if one is not None]


def conference_thing(one: ConferenceView, *, is_ours: bool, today: date) -> Thing | None:
    href, starts = f"/konference/{one.conference_id}", one.starts_at
    match one.stage:
        case Stage.CONVENED if starts is not None:
            return Thing("conference", href, day_of(starts), who=one.organiser, at=starts)
        case Stage.HELD if is_ours:
            return Thing("minutes", href)
        case Stage.COMMENTS_OPEN if is_ours and one.comments_until is not None:
            return Thing("issue", href, one.comments_until + timedelta(days=1))
        case Stage.COMMENTS_OPEN:
            return Thing("comment", href, one.comments_until, who=one.organiser)
        case Stage.MINUTES_ISSUED if not is_ours and one.confirm_by is not None and one.confirm_by >= today:
            return Thing("confirm", href, one.confirm_by, who=one.organiser)
        case Stage.MINUTES_ISSUED if is_ours and one.review_on is not None:
            return Thing("review", href, one.review_on)
        case _:
            return None


async def _plans(page: Page, today: date) -> list[Thing]:
    """Steps this person promised, and plans of their clients to be gone through again."""
    steps, plans = await asyncio.gather(
        may_ask(page, PlanSteps, PlanStepView, worker=page.actor.user, only_planned=True, limit=MOST),
        may_ask(page, PlansDue, PlanDue, key_worker=page.actor.user, until=today + FAR, limit=MOST),
    )
    names = await names_of(page, [one.person_id for one in (*steps, *plans)])
    promised = [
        Thing("step", f"/klienti/{one.person_id}/plan", one.due, revealed(one.what), who=names.get(one.person_id))
        for one in steps
    ]
    due = [
        Thing("plan", f"/klienti/{one.person_id}/plan", one.review_on or today, who=names.get(one.person_id))
        for one in plans
    ]
    return promised + due


async def names_of(page: Page, people: Sequence[UUID]) -> dict[UUID, str]:
    """By nickname or code, those this person may see; nobody for a role that may not ask."""
    try:
        known = await of_ids(page, people)
    except RequestFailed as failed:
        if failed.problem.kind == "forbidden":
            return {}
        raise
    return {one.person_id: revealed(one.nickname) or one.code or "" for one in known.values()}


async def _handovers(page: Page) -> list[Thing]:
    """Those another team offers to ours."""
    rows = await may_ask(page, Handovers, HandoverView, team=page.team, stage="proposed", limit=MOST)
    return [
        Thing(
            "handover",
            "/predani",
            title=revealed(one.nickname) or one.code or "",
            who=one.from_team,
            at=one.proposed_at,
        )
        for one in rows
        if one.to_team == page.actor.team
    ]


async def _conflicts(page: Page) -> list[Thing]:
    """Contacts that have two versions: their authors' to choose, and the leader's."""
    worker = None if page.has(Role.TEAM_LEADER) else page.actor.user
    fields = {"team": page.team, "worker": worker, "only_in_conflict": True, "limit": MOST}
    return [
        Thing("conflict", f"/kontakty/{one.contact_id}", title=revealed(one.nickname), at=one.started_at)
        for one in await may_ask(page, Contacts, ContactSummary, **fields)
    ]
