"""Reports: what was counted in a period, drawn, as tables and as a workbook.

Inside the organisation every count is shown; for publication small ones are held back (rule K09).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import Response

from libs.codelists import Role
from services.portal.web import charts
from services.portal.web.figures import FieldFigures, ReferralFigures, field_figures, referral_figures
from services.portal.web.form import PRAGUE
from services.portal.web.navigation import FIELD, meets_people
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.period import Period, period_of, ready_made
from services.portal.web.sheets import workbook
from services.portal.web.tables import Book, Table

router = Pages()


@router.get("/vykazy")
async def contacts(page: Signed, od: str = "", do: str = "", zverejnit: bool = False) -> Response:
    """Contacts and people; where nobody is met in the field, referrals stand first."""
    if page.kind not in FIELD:
        return page.go("/vykazy/odkazani")
    period = _period(od, do)
    figures = await field_figures(page, period)
    book = filled(page, "reports/field_tables.html", zverejnit, figures=figures, period=period)
    return await page.render(
        "reports/field.html",
        figures=figures,
        meets_people=meets_people(page),
        months=charts.columns(book["months"], 0, 1),
        places=charts.bars(book["places"], 0, 1),
        localities=charts.bars(book["localities"], 0, 1) if "localities" in book.tables else None,
        **frame(page, "field", book, period),
    )


@router.get("/vykazy/odkazani")
async def referrals(page: Signed, od: str = "", do: str = "", zverejnit: bool = False) -> Response:
    period = _period(od, do)
    figures = await referral_figures(page, period)
    book = filled(page, "reports/referral_tables.html", zverejnit, figures=figures, period=period)
    return await page.render(
        "reports/referrals.html",
        figures=figures,
        stages=charts.bars(book["stages"], 0, 1),
        bounced=charts.bars(book["bounced"], 0),
        **frame(page, "referrals", book, period),
    )


@router.get("/vykazy/tabulky")
async def field_workbook(page: Signed, od: str = "", do: str = "", zverejnit: bool = False) -> Response:
    period = _period(od, do)
    figures: FieldFigures = await field_figures(page, period)
    book = filled(page, "reports/field_tables.html", zverejnit, figures=figures, period=period)
    return await _exported(book, "kontakty", period)


@router.get("/vykazy/odkazani/tabulky")
async def referral_workbook(page: Signed, od: str = "", do: str = "", zverejnit: bool = False) -> Response:
    period = _period(od, do)
    figures: ReferralFigures = await referral_figures(page, period)
    book = filled(page, "reports/referral_tables.html", zverejnit, figures=figures, period=period)
    return await _exported(book, "odkazani", period)


def filled(page: Page, template: str, is_published: bool = False, **content: Any) -> Book:
    """The tables of a report, in the reader's language."""
    book = Book(is_published=is_published)
    page.site.render(page.language, template, book=book, **content)
    return book


def frame(page: Page, tab: str, book: Book, period: Period) -> dict[str, Any]:
    """What stands around the tables of a period."""
    path = "/vykazy" if tab == "field" else "/vykazy/odkazani"
    days = f"?od={period.first}&do={period.last}"
    published = "&zverejnit=1"
    return {
        "tab": tab,
        "tabs": tabs(page),
        "book": book,
        "is_published": book.is_published,
        "path": path,
        "period": period,
        "periods": ready_made(_today()),
        "form": page.blank(od=period.first, do=period.last),
        "export": f"{path}/tabulky{days}{published if book.is_published else ''}",
        "switch": f"{path}{days}{'' if book.is_published else published}",
    }


def tabs(page: Page) -> dict[str, str]:
    """Kinds of reports for this person: name → address."""
    found = {"field": "/vykazy"} if page.kind in FIELD else {}
    found["referrals"] = "/vykazy/odkazani"
    if page.has(Role.PROJECT_MANAGER, Role.TEAM_LEADER):
        found["projects"] = "/vykazy/projekty"
    return found


async def _exported(book: Book, what: str, period: Period) -> Response:
    tables: Sequence[Table] = book.all()
    return await workbook(tables, book.head, f"spojka-{what}-{period.first}-{period.last}")


def _period(first: str, last: str) -> Period:
    return period_of(first, last, _today())


def _today():
    return datetime.now(PRAGUE).date()
