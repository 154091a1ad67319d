"""Following links as a person does: every page that can be reached from where somebody begins."""

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx

from tests.web.document import Document, read
from tests.web.routes import template_of

if TYPE_CHECKING:
    from tests.web.told import Visitor

MOST_OF_A_ROUTE, MOST_QUESTIONS = 24, 4
"""Paths of one route that one person opens, and how many of them with something asked behind a `?`; the story has no
more, a flood of links must not keep us for ever."""


@dataclass(frozen=True)
class Visit:
    """One answer to one person. document: None if it is no page."""

    who: "Visitor"
    path: str
    template: str
    reply: httpx.Response
    document: Document | None

    def __str__(self) -> str:
        return f"{self.path} as {self.who.slug}"


async def crawl(
    http: httpx.AsyncClient, who: "Visitor", starts: Iterable[str], before: Sequence[Visit] = ()
) -> list[Visit]:
    """Every path that is linked from these, by GET alone; redirects are followed to pages of this site."""
    waiting, seen = deque(starts), {one.path for one in before}
    opened = Counter(_kind(one.template, one.path) for one in before)
    visits: list[Visit] = []
    while waiting:
        path = waiting.popleft()
        template = template_of(path)
        if path in seen or template is None:
            continue
        kind = _kind(template, path)
        if opened[kind] >= (MOST_QUESTIONS if "?" in path else MOST_OF_A_ROUTE):
            continue
        seen.add(path)
        opened[kind] += 1
        visit = await look(http, who, path)
        visits.append(visit)
        if visit.reply.is_redirect:
            waiting.extend(inside(path, [visit.reply.headers["location"]]))
        elif visit.document is not None:
            waiting.extend(inside(path, [*visit.document.links, *visit.document.fetched]))
    return visits


def _kind(template: str, path: str) -> tuple[str, bool]:
    return template, "?" in path


async def look(http: httpx.AsyncClient, who: "Visitor", path: str) -> Visit:
    """One GET. A stream that does not end is left after its head."""
    try:
        async with http.stream("GET", path) as reply:
            if not reply.headers.get("content-type", "").startswith("text/event-stream"):
                await reply.aread()
    except httpx.TransportError as error:
        raise AssertionError(f"{path} does not answer {who.slug} ({type(error).__name__})") from error
    is_page = reply.headers.get("content-type", "").startswith("text/html")
    return Visit(who, path, template_of(path) or "", reply, read(reply.text) if is_page else None)


def inside(page: str, links: Sequence[str]) -> list[str]:
    """Paths of this site among the links of a page."""
    joined = [urldefrag(urljoin(page, link)).url for link in links if not link.startswith(("mailto:", "tel:", "data:"))]
    return [one for one in joined if not urlsplit(one).netloc]
