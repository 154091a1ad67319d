"""One client as all pages about them need it: the record, the agreement, the plan, and what may be done."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from libs.codelists import IdentityLevel, LadderStage, Role
from libs.eventlog import Command
from services.cases.agreement.views import Agreements, AgreementView
from services.cases.plan.views import Plans, PlanView
from services.contacts.person.views import PersonCard, PersonDetail
from services.portal.web.form import Form
from services.portal.web.page import Page
from services.portal.web.pages.people import WORKERS, teams
from services.portal.web.referral.acts import SENDERS


@dataclass(frozen=True)
class Client:
    """agreements, plans: all there ever were, the newest agreement first, closed plans last. may_refer: whether
    whoever looks refers people elsewhere."""

    card: PersonCard
    agreements: Sequence[AgreementView]
    plans: Sequence[PlanView]
    may_refer: bool

    @property
    def path(self) -> str:
        return f"/klienti/{self.card.person_id}"

    @property
    def in_force(self) -> AgreementView | None:
        return next((one for one in self.agreements if one.state == "in_force"), None)

    @property
    def negotiated(self) -> AgreementView | None:
        return next((one for one in self.agreements if one.state == "negotiating"), None)

    @property
    def plan(self) -> PlanView | None:
        """The one that is worked with."""
        return next((one for one in self.plans if one.state != "closed"), None)

    @property
    def key_worker(self) -> UUID | None:
        return self.in_force.key_worker if self.in_force else None


async def client_of(page: Page, person_id: UUID) -> Client:
    """Raises NotHere for a record of another team. `cases` asks nobody's team, so `contacts` must answer first."""
    card = await page.one(PersonDetail, PersonCard, person_id=person_id, team=page.team)
    agreements, plans = await asyncio.gather(
        page.ask(Agreements, AgreementView, person_id=person_id, limit=500),
        page.ask(Plans, PlanView, person_id=person_id, limit=500),
    )
    return Client(card, agreements, plans, page.has(*SENDERS))


Fits = Callable[[Client], bool]


@dataclass(frozen=True)
class Act:
    """One thing that can be done with a record by one form.

    roles    who may           fits   whether it makes sense now
    told     what the form says, as the command wants it
    """

    command: type[Command]
    roles: tuple[Role, ...] = WORKERS
    fits: Fits = lambda client: True
    told: Callable[[Form], Mapping[str, Any]] = lambda form: {}


def possible(page: Page, client: Client, acts: Mapping[str, Act]) -> set[str]:
    """Names of what this person may do with this record now. The service has the last word."""
    return {name for name, act in acts.items() if page.has(*act.roles) and act.fits(client)}


def at(*stages: LadderStage) -> Fits:
    """While the person stands there on the ladder."""
    return lambda client: client.card.stage in stages


def is_named(client: Client) -> bool:
    return client.card.identity is not IdentityLevel.NICKNAME


def is_duplicate(client: Client) -> bool:
    return client.card.same_as is not None


def other_teams(page: Page, client: Client) -> list[str]:
    """Teams this worker may offer the person to: only the responsible team gives. After `names.ready`."""
    if not client.card.team or page.actor.team != client.card.team:
        return []
    return [one for one in teams(page) if one != client.card.team]
