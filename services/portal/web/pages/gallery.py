"""The gallery: every macro of templates/ui.html in every state, with invented content. Nobody's data is in it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from fastapi import Response

from libs.codelists import AgeBand, Channel, Need
from services.portal.web.form import Refused
from services.portal.web.page import Anybody, Page, Pages
from services.portal.web.refusals import field_sentence, sentence

A_DAY, A_MOMENT = date(2026, 5, 12), datetime(2026, 5, 12, 12, 32, tzinfo=UTC)

router = Pages()


@router.get("/galerie")
async def gallery(page: Anybody) -> Response:
    return await page.render("gallery.html", **examples(page))


def examples(page: Page) -> dict[str, Any]:
    """What the gallery shows: a form at rest, one filled in, one refused; days and moments around one afternoon."""
    filled = {"minutes": 20, "channel": "street", "topics": ["attendance", "debts"], "need": "housing", "agreed": True}
    refused = page.blank(minutes=-5, channel="street", started=A_MOMENT)
    language = page.site.languages[page.language]
    missing, low = field_sentence("missing", {}, language), field_sentence("greater_than_equal", {"ge": 1}, language)
    refused.refused = Refused(
        "invalid",
        "invalid",
        sentence("invalid", "invalid", language),
        {"nickname": missing, "minutes": low, "topics": missing, "started_at": missing, "need": missing},
    )
    return {
        "rest": page.blank(),
        "filled": page.blank(nickname="Dendy", started=A_MOMENT, due=A_DAY, **filled),
        "refused": refused,
        "Channel": Channel,
        "Need": Need,
        "AgeBand": AgeBand,
        "day": A_DAY,
        "moment": A_MOMENT,
        "later": A_MOMENT + timedelta(days=3),
    }
