"""What an organisation has counted in a period, as its pages and exports lay it out. Nothing here is estimated."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from services.portal.web.page import Page
from services.portal.web.period import Period, months_of
from services.reporting.figures.views import (
    LocalityCount,
    LocalityCounts,
    MonthlyCount,
    MonthlyCounts,
    PeriodCount,
    PeriodCounts,
    ReferralCount,
    ReferralCounts,
    RefusalCount,
    Refusals,
    UniqueClients,
    UniqueClientsView,
    Wandering,
    WanderingView,
)

MOST = 5000


@dataclass(frozen=True)
class Sums:
    """Counts that may be added up. Persons are not here: one may be met in two months, or in two places."""

    contacts: int
    interventions: int
    approaches: int

    @property
    def dealings(self) -> int:
        return self.contacts + self.interventions


@dataclass(frozen=True)
class FieldFigures:
    """Contacts and the people met. months: every one of the period; places by municipality code, None: online."""

    whole: PeriodCount
    clients: UniqueClientsView
    months: Sequence[tuple[date, Sums]]
    places: Sequence[tuple[str | None, Sums]]
    rows: Sequence[MonthlyCount]
    localities: Sequence[LocalityCount]
    refusals: Sequence[RefusalCount]

    @property
    def is_empty(self) -> bool:
        nothing = Sums(0, 0, 0)
        counted = any(sums != nothing for _, sums in self.months)
        return not (counted or self.whole.families or self.clients.clients or self.refusals)


@dataclass(frozen=True)
class ReferralFigures:
    """stages: stage → sent, received."""

    stages: Sequence[tuple[str, int, int]]
    wandering: WanderingView

    @property
    def is_empty(self) -> bool:
        return not self.stages


async def field_figures(page: Page, period: Period) -> FieldFigures:
    """Everything about contacts. Raises RequestFailed."""
    days = {"first_day": period.first, "last_day": period.last}
    months, localities, whole, clients, refusals = await asyncio.gather(
        page.ask(MonthlyCounts, MonthlyCount, limit=MOST, **days),
        page.ask(LocalityCounts, LocalityCount, limit=MOST, **days),
        page.one(PeriodCounts, PeriodCount, **days),
        page.one(UniqueClients, UniqueClientsView, **days),
        page.ask(Refusals, RefusalCount, **days),
    )
    return FieldFigures(
        whole=whole,
        clients=clients,
        months=[(month, _summed(one for one in months if one.month == month)) for month in months_of(period)],
        places=_by_place(months),
        rows=months,
        localities=sorted(localities, key=lambda one: -(one.contacts + one.interventions)),
        refusals=refusals,
    )


async def referral_figures(page: Page, period: Period) -> ReferralFigures:
    """Everything about referrals. Raises RequestFailed."""
    days = {"first_day": period.first, "last_day": period.last}
    counts, wandering = await asyncio.gather(
        page.ask(ReferralCounts, ReferralCount, **days), page.one(Wandering, WanderingView, **days)
    )
    return ReferralFigures(by_stage(counts), wandering)


def by_stage(counts: Sequence[ReferralCount]) -> list[tuple[str, int, int]]:
    """Both directions side by side, the most frequent stage first."""
    found: dict[str, list[int]] = {}
    for one in counts:
        found.setdefault(one.stage, [0, 0])[one.direction == "received"] += one.referrals
    return sorted(
        ((stage, sent, received) for stage, (sent, received) in found.items()), key=lambda one: -one[1] - one[2]
    )


def _by_place(rows: Sequence[MonthlyCount]) -> list[tuple[str | None, Sums]]:
    places = dict.fromkeys(one.municipality for one in rows)
    found = [(place, _summed(one for one in rows if one.municipality == place)) for place in places]
    return sorted((one for one in found if one[1] != Sums(0, 0, 0)), key=lambda one: -one[1].dealings)


def _summed(rows: Iterable[MonthlyCount]) -> Sums:
    kept = list(rows)
    return Sums(
        sum(one.contacts for one in kept), sum(one.interventions for one in kept), sum(one.approaches for one in kept)
    )
