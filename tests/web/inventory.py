"""Which of all found pages are looked at closely: the fewest that show everything a route can show."""

from collections.abc import Iterable, Sequence

from tests.web.crawl import Visit

MOST = 3
"""Pages of one route; what is still unseen then is left to the checks that read every page."""


def chosen(visits: Sequence[Visit], template: str) -> list[Visit]:
    """Pages of this route that together have every kind of element it was found with, the richest first."""
    pages = [one for one in visits if one.template == template and one.document and one.reply.status_code == 200]
    unseen = set[str]().union(*(_shape(one) for one in pages))
    picked: list[Visit] = []
    while unseen and len(picked) < MOST:
        best = max(pages, key=lambda one: (len(_shape(one) & unseen), one.path, one.who.slug))
        picked.append(best)
        unseen -= _shape(best)
    return picked


def examples(visits: Iterable[Visit]) -> dict[str, str]:
    """Of every route one path that somebody of this node was shown."""
    found: dict[str, str] = {}
    for one in sorted(visits, key=lambda visit: (visit.path, visit.who.slug)):
        if one.reply.status_code == 200:
            found.setdefault(one.template, one.path)
    return found


def _shape(visit: Visit) -> set[str]:
    assert visit.document is not None
    return visit.document.shape
