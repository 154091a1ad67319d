"""How a page of one conference is shown: what all of them need, and the word that says whether it is still so."""

from typing import Any

from fastapi import Response

from libs.codelists import MUNICIPALITIES, Need
from services.cases.conference.terms import Answer, MeasureResult, MinutesForm
from services.portal.web.conference.desk import Desk, version
from services.portal.web.conference.offers import offers
from services.portal.web.conference.table import lying
from services.portal.web.conference.texts import sections_of, what_and_sign
from services.portal.web.form import Form
from services.portal.web.page import Page

PATH = "/konference/{conference_id}"
LISTS: dict[str, Any] = {
    "Need": Need,
    "Answer": Answer,
    "MeasureResult": MeasureResult,
    "MinutesForm": MinutesForm,
    "municipalities": sorted(((one.code, one.name) for one in MUNICIPALITIES.values()), key=lambda one: one[1]),
    "what_and_sign": what_and_sign,
    "sections_of": sections_of,
}
"""What the templates choose from, and how they read texts that hold two things."""


async def render(
    page: Page, desk: Desk, template: str, form: Form | None = None, acting: str = "", **content: Any
) -> Response:
    """acting: which of the page's forms was refused; `form` is what was typed there."""
    await page.site.names.ready(page)
    return await page.render(
        template,
        status=form.status if form else 200,
        desk=desk,
        offered=offers(desk),
        parties=[(one, page.site.names.organisation(one) or "?") for one in desk.parties],
        version=await seen(page, desk),
        form=form,
        acting=acting,
        **LISTS,
        **content,
    )


async def seen(page: Page, desk: Desk) -> str:
    """What this reader sees of the conference now, as one word."""
    noted_at = (await lying(page, desk.id)).at if desk.at_table else None
    return await version(page, desk.id, noted_at)
