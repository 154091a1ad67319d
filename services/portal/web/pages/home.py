"""Today: what waits for this person, and the figures of those who lead. One page for all; each sees what is theirs."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fastapi import Response

from libs.codelists import Need, OrganisationKind, Role
from libs.messaging import RequestFailed
from services.cases.agreement.views import Caseload, CaseloadView
from services.contacts.contact.views import ContactCount, ContactCounts
from services.courier.correspondence.views import (
    LetterRefusal,
    LettersRefused,
    LettersWaiting,
    LetterWaiting,
    Quarantined,
    QuarantinedLetter,
)
from services.identity.membership.views import Organisations, OrganisationView
from services.portal.web.form import PRAGUE
from services.portal.web.navigation import FIELD, MEETS, meets_people
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.pages.operations import queues
from services.portal.web.running import running
from services.portal.web.today import Day, may_ask, whole_day
from services.reporting.figures.views import (
    PeriodCount,
    PeriodCounts,
    ReferralCount,
    ReferralCounts,
    UniqueClients,
    UniqueClientsView,
)
from services.reporting.project.events import Stage
from services.reporting.project.views import Projects, ProjectView

LEADS = (Role.TEAM_LEADER, Role.PROJECT_MANAGER, Role.DPO)

router = Pages()


@dataclass(frozen=True)
class Care:
    """What keeps an administrator: how many of each."""

    services: int
    late: int
    refused: int
    aside: int
    without_keys: int

    @property
    def is_nothing(self) -> bool:
        return not (self.services or self.late or self.refused or self.aside or self.without_keys)


@router.get("/")
async def home(page: Signed) -> Response:
    today = datetime.now(PRAGUE).date()
    day, own, whole, projects, care, drafts = await asyncio.gather(
        whole_day(page, today),
        _or_none(_own_month(page, today)) if page.has(*MEETS) else _nothing(),
        _or_none(_whole_year(page, today)) if page.has(*LEADS) else _nothing(),
        _or_none(may_ask(page, Projects, ProjectView, stage=Stage.RUNNING)) if page.has(*LEADS) else _nothing(),
        _or_none(_care(page)) if page.has(Role.NODE_ADMINISTRATOR) else _nothing(),
        page.site.kept.drafts(page.actor.user),
    )
    arrived: Day = day
    return await page.render(
        "home/home.html",
        today=today,
        groups=arrived.groups(),
        silent=arrived.silent,
        first=[one for one in arrived.of("referral") if page.kind is OrganisationKind.OSPOD or one.urgency == "acute"],
        is_ospod=page.kind is OrganisationKind.OSPOD,
        own=own,
        whole=whole,
        projects=projects or [],
        care=care,
        drafts=len(drafts),
        Need=Need,
        meets_people=meets_people(page),
        is_municipality=page.kind is OrganisationKind.MUNICIPALITY,
    )


async def _own_month(page: Page, today: date) -> dict[str, int]:
    """What this person did this month, and whom they lead."""
    own = {"team": page.team, "month": today, "worker": page.actor.user}
    counts, clients = await asyncio.gather(
        may_ask(page, ContactCounts, ContactCount, **own),
        may_ask(page, Caseload, CaseloadView, key_worker=page.actor.user),
    )
    return {
        "contacts": sum(one.contacts for one in counts),
        "interventions": sum(one.interventions for one in counts),
        "clients": len(clients),
    }


async def _whole_year(page: Page, today: date) -> dict[str, int]:
    """Of the whole organisation: what it meets people for, or what it is asked and asks others for."""
    days = {"first_day": date(today.year, 1, 1), "last_day": today}
    if page.kind not in FIELD:
        rows = await may_ask(page, ReferralCounts, ReferralCount, **days)
        return {way: sum(one.referrals for one in rows if one.direction == way) for way in ("received", "sent")}
    counts, clients = await asyncio.gather(
        may_ask(page, PeriodCounts, PeriodCount, **days), may_ask(page, UniqueClients, UniqueClientsView, **days)
    )
    told = {name: getattr(one, name) for one in counts for name in ("contacts", "interventions", "families")}
    if clients:
        told["clients"] = clients[0].clients
    return told


async def _care(page: Page) -> Care:
    services, waiting, refused, aside, members = await asyncio.gather(
        running(page.site.bus, page.site.services),
        may_ask(page, LettersWaiting, LetterWaiting, limit=5_000),
        may_ask(page, LettersRefused, LetterRefusal),
        may_ask(page, Quarantined, QuarantinedLetter),
        may_ask(page, Organisations, OrganisationView, limit=10_000),
    )
    return Care(
        services=sum(one.standing != "up" for one in services),
        late=sum(one.is_late for one in queues(waiting)),
        refused=len(refused),
        aside=len(aside),
        without_keys=sum(one.state == "member" and not one.has_keys for one in members),
    )


async def _or_none(asked: Any) -> Any:
    """Without this part, if nobody answers: the rest of the page still helps."""
    try:
        return await asked
    except RequestFailed as failed:
        if failed.problem.kind == "unavailable":
            return None
        raise


async def _nothing() -> None:
    return None
