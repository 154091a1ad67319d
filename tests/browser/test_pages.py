"""Every page as people of the story see it, in both themes and languages: one visit, all checks.

A route is found by introspection and its pages by following links (tests/web), so a new page is looked at as soon as it
is mounted; one that nobody reaches fails until somebody does, or it stands below with a reason.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.browser.conftest import Tabs
from tests.browser.looking import COLOURS, PHONE, THEMES, WIDE, ZOOMED, Look
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
    "/pozvanka/{link}": "a link that counts once; test_ways_in.py uses one",
    "/prihlaseni/organizace": "no organisation of the story has a provider of its own",
    "/prihlaseni/organizace/zpet": "no organisation of the story has a provider of its own",
}
"""Routes no link leads to, and why."""


@pytest.mark.parametrize("route", routes.of("GET"), ids=lambda route: route.slug)
async def test_page(route: routes.Route, told: Told, tabs: Tabs, shots: Path | None) -> None:
    visits = [one for one in told.visits if one.template == route.template]
    if route.template in UNVISITED:
        came = [one for one in visits if one.reply.status_code != 404]
        assert not came, f"somebody visits {route.template}: take it off the list"
        return
    assert any(one.reply.status_code in (200, 303) for one in visits), f"nobody visits {route.template}"

    async def looked_at(number: int, visit: Visit, language: str) -> list[str]:
        async with tabs(visit.who, language) as looked:
            seen = _czech if language == "cs" else _english if number == 1 else _read_in_english
            wrong = [*await seen(looked, visit), *looked.complaints]
            if shots is not None and language == "cs":
                await _take(looked, shots, f"{route.slug}--{visit.who.slug}-{number}")
            return [f"{visit}, {language}: {one}" for one in wrong]

    picked = enumerate(chosen(told.visits, route.template), 1)
    looks = (looked_at(number, visit, language) for number, visit in picked for language in ("cs", "en"))
    assert not (said := [one for some in await asyncio.gather(*looks) for one in some]), "\n" + "\n".join(said)


async def _czech(looked: Look, visit: Visit) -> list[str]:
    """Wide, and light first."""
    wrong = await looked.open(visit.path)
    wrong += [*await _says(looked, "cs"), *await looked.axe(), *await looked.lost_focus()]
    await looked.wears("dark")
    wrong += [f"dark: {one}" for one in await looked.axe(COLOURS)]
    wrong += [*await looked.too_wide(), *await looked.too_wide(ZOOMED)]
    return wrong + await looked.unprinted()


async def _english(looked: Look, visit: Visit) -> list[str]:
    """On a phone, and dark first."""
    await looked.wears("dark")
    await looked.page.set_viewport_size(PHONE)
    wrong = await looked.open(visit.path)
    wrong += [*await _says(looked, "en"), *await looked.axe(), *await looked.lost_focus()]
    await looked.wears("light")
    wrong += [f"light: {one}" for one in await looked.axe(COLOURS)]
    return wrong + await looked.too_wide()


async def _read_in_english(looked: Look, visit: Visit) -> list[str]:
    """Another page of the same route. What only it has was looked at in Czech, in both themes; here the words count."""
    await looked.page.set_viewport_size(PHONE)
    wrong = await looked.open(visit.path)
    return [*wrong, *await _says(looked, "en"), *await looked.too_wide()]


async def _says(looked: Look, language: str) -> list[str]:
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
    """Both themes, wide and on a phone; as high as the page is, so that what sticks to an edge is at that edge."""
    for size in (WIDE, PHONE):
        await looked.page.set_viewport_size(size)
        height = max(size["height"], await looked.page.evaluate("document.documentElement.scrollHeight"))
        await looked.page.set_viewport_size({"width": size["width"], "height": height})
        for theme in THEMES:
            await looked.wears(theme)
            file = folder / f"{name}-{theme}-{size['width']}.png"
            await looked.page.screenshot(path=file, animations="disabled")


async def test_what_is_left_out_has_a_reason() -> None:
    known: Sequence[str] = [one.template for one in routes.of("GET")]
    assert set(UNVISITED) <= set(known), "a route that is left out is gone"
