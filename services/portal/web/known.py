"""The own people a page needs: those alike somebody, those named by an id, those something happened to last."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from services.contacts.person.views import Persons, PersonSummary
from services.portal.web.page import Page

FEW = 3


async def alike(page: Page, text: str, at_most: int = FEW) -> list[PersonSummary]:
    """Who may be the one that is written about; the most alike first. A record that leads to another is left out."""
    if not text.strip():
        return []
    found = [one.person_id for one in await page.site.finder.alike(page, text, at_most)]
    known = await of_ids(page, found)
    return [known[one] for one in found if one in known]


async def of_ids(page: Page, ids: Iterable[UUID]) -> Mapping[UUID, PersonSummary]:
    """Those of them that this person may see."""
    wanted = tuple(dict.fromkeys(ids))
    if not wanted:
        return {}
    rows = await page.ask(Persons, PersonSummary, team=page.team, ids=wanted, limit=len(wanted))
    return {one.person_id: one for one in rows}


async def latest(page: Page, at_most: int) -> list[PersonSummary]:
    """Whom something happened to last; without second records of the same human being."""
    rows = await page.ask(Persons, PersonSummary, team=page.team, limit=2 * at_most)
    return [one for one in rows if one.same_as is None][:at_most]
