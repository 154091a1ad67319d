"""Every page as people of the story see it, in both themes and languages: one visit, all checks.

A route is found by introspection and its pages by following links (tests/web), so a new page is looked at as soon as it
is mounted; one that nobody reaches fails until somebody does, or it stands below with a reason.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.browser.conftest import Kept
from tests.browser.looking import COLOURS, PHONE, THEMES, WIDE, Look, look
from tests.web import routes
from tests.web.crawl import Visit
from tests.web.document import read
from tests.web.inventory import chosen
from tests.web.told import Told
from tests.web.words import czech_in, named_in

pytestmark = pytest.mark.asyncio(loop_scope="session")

UNVISITED: dict[str, str] = {
    "/vzhled/{name}": "no organisation of the story has a look of its own",
    "/pozvanka": "leads to the next one with a link that counts once",
    "/pozvanka/{link}": "a link that counts once; test_by_hand.py uses one",
    "/prihlaseni/organizace": "no organisation of the story has a provider of its own",
    "/prihlaseni/organizace/zpet": "no organisation of the story has a provider of its own",
}
"""Routes no link leads to, and why."""
AT_ONCE = 2


@pytest.mark.parametrize("route", routes.of("GET"), ids=lambda route: route.slug)
async def test_page(route: routes.Route, told: Told, contexts: Kept, shots: Path | None) -> None:
    visits = [one for one in told.visits if one.template == route.template]
    if route.template in UNVISITED:
        came = [one for one in visits if one.reply.status_code != 404]
        assert not came, f"somebody visits {route.template}: take it off the list"
        return
    assert any(one.reply.status_code in (200, 303) for one in visits), f"nobody visits {route.template}"
    turns = asyncio.Semaphore(AT_ONCE)

    async def looked_at(number: int, visit: Visit) -> list[str]:
        async with turns:
            return [f"{visit}: {one}" for one in await _look(told, contexts, visit, number, shots)]

    picked = chosen(told.visits, route.template)
    wrong = await asyncio.gather(*(looked_at(number, visit) for number, visit in enumerate(picked, 1)))
    assert not (said := [one for some in wrong for one in some]), "\n" + "\n".join(said)


async def _look(told: Told, contexts: Kept, visit: Visit, number: int, shots: Path | None) -> list[str]:
    visitor = visit.who
    wrong: list[str] = []
    async with look(await contexts(visitor, "cs")) as czech:
        await czech.open(visit.path)
        wrong += await _says(czech, visit, "cs")
        wrong += await czech.axe()
        wrong += await czech.lost_focus()
        await czech.wears("dark")
        wrong += [f"dark: {one}" for one in await czech.axe(COLOURS)]
        wrong += await czech.too_wide()
        if shots is not None:
            await _take(czech, shots, f"{routes.Route('GET', visit.template, False).slug}--{visitor.slug}-{number}")
        wrong += czech.complaints
    async with look(await contexts(visitor, "en")) as english:
        await english.wears("dark")
        await english.page.set_viewport_size(PHONE)
        await english.open(visit.path)
        wrong += [f"English: {one}" for one in await _says(english, visit, "en")]
        wrong += [f"English, dark, phone: {one}" for one in await english.axe()]
        await english.wears("light")
        wrong += [f"English, light, phone: {one}" for one in await english.axe(COLOURS)]
        wrong += [f"English: {one}" for one in await english.too_wide()]
        wrong += english.complaints
    return wrong


async def _says(looked: Look, visit: Visit, language: str) -> list[str]:
    """What can be read from the page as it stands after its scripts ran."""
    source = await looked.page.content()
    document = read(source)
    wrong: list[str] = []
    if document.language != language:
        wrong.append(f"lang is {document.language!r}")
    if len(document.headings) != 1 or not document.headings[0]:
        wrong.append(f"{len(document.headings)} main headings: {document.headings}")
    title = document.title.replace("\N{NO-BREAK SPACE}", " ")
    if not title.endswith(" – Spojka") or not title.removesuffix(" – Spojka").strip():
        wrong.append(f"title is {title!r}")
    if named := [*named_in(title), *named_in(looked.page.url)]:
        wrong.append(f"title or address names {named}")
    if language == "en" and (left := czech_in(document.own_texts())):
        wrong.append(f"not translated: {left}")
    return wrong


async def _take(looked: Look, folder: Path, name: str) -> None:
    """Both themes, wide and on a phone."""
    for size in (WIDE, PHONE):
        await looked.page.set_viewport_size(size)
        for theme in THEMES:
            await looked.wears(theme)
            file = folder / f"{name}-{theme}-{size['width']}.png"
            await looked.page.screenshot(path=file, full_page=True, animations="disabled")


async def test_what_is_left_out_has_a_reason() -> None:
    known: Sequence[str] = [one.template for one in routes.of("GET")]
    assert set(UNVISITED) <= set(known), "a route that is left out is gone"
