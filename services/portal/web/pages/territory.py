"""The territory at a glance, for a municipality: where and with what people are met, who waits, who helps here.

Small counts are held back on this page always (rule K09): it is made to be shown at meetings. No names, no way down.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from fastapi import Response

from libs.codelists import DeclineReason, Need, OrganisationKind
from services.cases.referral.common_state import Stage
from services.cases.referral.views import ReferralInList, Referrals, WaitingReferral, WaitingReferrals
from services.contacts.contact.views import Contacts, ContactSummary
from services.directory.card.views import Cards, CardView
from services.portal.web import charts
from services.portal.web.figures import field_figures, referral_figures
from services.portal.web.form import PRAGUE, NotHere
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.pages.reports import filled
from services.portal.web.period import Period, months_of, period_of, ready_made
from services.portal.web.sheets import workbook
from services.portal.web.tables import Book
from services.portal.web.today import may_ask

LONGEST = 24
"""Months whose topics are counted: each is a question of its own."""

router = Pages()


@router.get("/uzemi")
async def territory(page: Signed, od: str = "", do: str = "") -> Response:
    _only_municipality(page)
    period = period_of(od, do, _today())
    book, content = await _told(page, period)
    return await page.render(
        "territory/territory.html",
        book=book,
        months=charts.columns(book["months"], 0, 1),
        places=charts.bars(book["places"], 0, 1),
        topics=charts.bars(book["topics"], 0),
        period=period,
        periods=ready_made(_today()),
        form=page.blank(od=period.first, do=period.last),
        path="/uzemi",
        is_published=True,
        export=f"/uzemi/tabulky?od={period.first}&do={period.last}",
        today=_today(),
        **content,
    )


@router.get("/uzemi/tabulky")
async def territory_workbook(page: Signed, od: str = "", do: str = "") -> Response:
    _only_municipality(page)
    period = period_of(od, do, _today())
    book, _ = await _told(page, period)
    return await workbook(book.all(), book.head, f"spojka-uzemi-{period.first}-{period.last}")


async def _told(page: Page, period: Period) -> tuple[Book, dict[str, Any]]:
    """Everything that may be shown, as tables."""
    own = {"organisation": page.organisation, "limit": 500}
    figures, referrals, topics, waiting, refused, cards = await asyncio.gather(
        field_figures(page, period),
        referral_figures(page, period),
        _topics(page, period),
        may_ask(page, WaitingReferrals, WaitingReferral, **own),
        may_ask(page, Referrals, ReferralInList, direction="sent", stage=Stage.DECLINED, **own),
        page.ask(Cards, CardView, limit=1000),
    )
    content = {
        "figures": figures,
        "wandering": referrals.wandering,
        "topic_counts": topics,
        "waiting": by_need(waiting),
        "without_capacity": by_need([one for one in refused if one.code == DeclineReason.NO_CAPACITY.value]),
        "cards": cards,
    }
    return filled(page, "territory/tables.html", is_published=True, period=period, Need=Need, **content), content


async def _topics(page: Page, period: Period) -> Sequence[tuple[Need, int]] | None:
    """Contacts by what was spoken of, the most frequent first. None: the period is too long to count them."""
    months = months_of(period)
    if len(months) > LONGEST:
        return None
    asked = (may_ask(page, Contacts, ContactSummary, team=page.team, month=month, limit=1000) for month in months)
    counted = Counter(
        topic
        for rows in await asyncio.gather(*asked)
        for one in rows
        if not one.voided and period.first <= one.started_at.astimezone(PRAGUE).date() <= period.last
        for topic in one.topics
    )
    return counted.most_common()


def by_need(referrals: Sequence[WaitingReferral | ReferralInList]) -> list[tuple[str, str, int]]:
    """(need, area, how many); without a need or an area: "". The most frequent first."""
    counted = Counter((str(one.need or ""), one.area or "") for one in referrals)
    return [(need, area, number) for (need, area), number in counted.most_common()]


def _only_municipality(page: Page) -> None:
    if page.kind is not OrganisationKind.MUNICIPALITY:
        raise NotHere


def _today() -> date:
    return datetime.now(PRAGUE).date()
