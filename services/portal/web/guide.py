"""The guided answer of the directory: whom to turn to, how, with what in hand, and what if it does not work out.

It is the same for a worker and for a visitor, and made of what anybody may read.
"""

from asyncio import gather
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from libs.codelists import (
    MunicipalityCode,
    Need,
    OrganisationKind,
    Orp,
    ServiceForm,
    TargetGroup,
    municipality,
    ospod_of,
)
from libs.eventlog import Frozen, Line
from services.directory.card.views import CardDetailView, PublicCards, PublicServices, ServiceView
from services.directory.guidance.views import GuidanceFor, GuidanceView
from services.portal.web.page import Page
from services.portal.web.words import by_words

MOST_TOLD, MOST_SERVICES = 3, 100


class Asked(Frozen):
    """What somebody looks for; all of it optional. words: as typed, they only order and narrow."""

    need: Need | None = None
    words: Line | None = None
    municipality: MunicipalityCode | None = None
    target_group: TargetGroup | None = None
    form: ServiceForm | None = None
    age: int | None = Field(default=None, ge=0, le=130)


@dataclass(frozen=True)
class Contact:
    """Whom to turn to. service None: the organisation as such; both None: our directory does not know it any more."""

    organisation_id: UUID
    card: CardDetailView | None
    service: ServiceView | None

    @property
    def phone(self) -> str | None:
        return (self.service and self.service.phone) or (self.card and self.card.phone)

    @property
    def email(self) -> str | None:
        return (self.service and self.service.email) or (self.card and self.card.email)

    @property
    def hours(self) -> str | None:
        return (self.service and self.service.hours) or (self.card and self.card.hours)

    @property
    def address(self) -> str | None:
        """Of the service, or of the organisation as such; a service without one goes where it is needed."""
        return self.service.address if self.service else self.card and self.card.address

    @property
    def verified_on(self) -> date | None:
        return self.service.verified_on if self.service else self.card and self.card.verified_on


@dataclass(frozen=True)
class Told:
    """One guidance entry with the people it sends to."""

    entry: GuidanceView
    contacts: Sequence[Contact]


@dataclass(frozen=True)
class Found:
    """told: in full; more: further guidance. orp: whose OSPOD is competent; ospod: those of them in the directory.

    town   whom to tell that such help is missing, if nothing was found
    """

    told: Sequence[Told]
    more: Sequence[GuidanceView]
    services: Sequence[ServiceView]
    orp: Orp | None
    ospod: Sequence[CardDetailView]
    town: CardDetailView | None

    @property
    def is_empty(self) -> bool:
        return not self.told and not self.services


async def find(page: Page, asked: Asked) -> Found:
    """Everything the directory knows about it."""
    orp = ospod_of(asked.municipality) if asked.municipality else None
    about = {"need": asked.need, "target_group": asked.target_group, **_where(asked.municipality)}
    services, guidance, ospod = await gather(
        page.ask(PublicServices, ServiceView, **about, form=asked.form, age=asked.age, limit=500),
        page.ask(GuidanceFor, GuidanceView, **about, limit=500),
        _cards(page, kind=OrganisationKind.OSPOD, serves_orp=orp.code) if orp else _nobody(),
    )
    if asked.words:
        services = by_words(asked.words, services, lambda one: _service_text(page, one))
        guidance = by_words(asked.words, guidance, lambda one: _guidance_text(page, one))
    answers = guidance[:MOST_TOLD] if asked.need or asked.words else []
    nothing = not answers and not services and asked.municipality
    towns = await _cards(page, kind=OrganisationKind.MUNICIPALITY, municipality=asked.municipality) if nothing else []
    return Found(
        told=await told(page, answers),
        more=guidance[len(answers) :],
        services=services[:MOST_SERVICES],
        orp=orp,
        ospod=ospod,
        town=towns[0] if towns else None,
    )


async def told(page: Page, entries: Sequence[GuidanceView]) -> list[Told]:
    """The entries with everybody they send to."""
    whom = list({organisation for entry in entries for organisation in entry.organisations})
    cards = await gather(*(_cards(page, organisation_id=one) for one in whom))
    offered = await gather(*(page.ask(PublicServices, ServiceView, organisation_id=one, limit=500) for one in whom))
    card_of = {card.organisation_id: card for found in cards for card in found}
    service_of = {service.service_id: service for found in offered for service in found}
    return [
        Told(
            entry,
            [
                Contact(organisation, card_of.get(organisation), service_of.get(service) if service else None)
                for organisation, service in zip(entry.organisations, entry.services, strict=True)
            ],
        )
        for entry in entries
    ]


async def _cards(page: Page, **conditions: Any) -> list[CardDetailView]:
    return await page.ask(PublicCards, CardDetailView, **conditions)


async def _nobody() -> list[CardDetailView]:
    return []


def _where(code: str | None) -> dict[str, str]:
    """The three codes of a place that a service may say it serves."""
    place = municipality(code) if code else None
    if place is None:
        return {"municipality": code} if code else {}
    return {"municipality": place.code, "orp": place.orp, "region": place.region}


def _service_text(page: Page, one: ServiceView) -> str:
    """What a service says about itself, codes in words."""
    codes = page.site.languages[page.language].label((*one.needs, *one.target_groups))
    kind = page.site.languages[page.language].label(one.service_type)
    return " ".join((one.name, one.organisation or "", kind, codes, one.conditions, *one.documents))


def _guidance_text(page: Page, one: GuidanceView) -> str:
    need = page.site.languages[page.language].label(one.need)
    return " ".join((one.problem, need, one.eligibility, *one.route))
