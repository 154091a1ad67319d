"""first-view: how long a cheap phone on a slow line takes until a page is seen, and until it can be used.

360 × 740 px, a sixth of this processor, 1.6 Mbit/s and 150 ms each way and back; nothing in the browser's cache.
Usable: the page's own modules have run, so every button does what it says.
"""

import asyncio
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, async_playwright

from libs.testing.chromium import MISSING, arguments, chromium
from tests.benchmarks.measured import Measured
from tests.web.told import Told, Visitor

GOAL_MS = 1200.0
ROUNDS = 3
PATHS = ("/", "/kontakty/novy", "/klienti", "/odkazani/prijata")
SLOWER = {"rate": 6}
LINE: dict[str, Any] = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
TIMES = """() => {
    const [way] = performance.getEntriesByType('navigation');
    const [seen] = performance.getEntriesByName('first-contentful-paint');
    const all = [way, ...performance.getEntriesByType('resource')];
    return {
        seen: seen ? seen.startTime : way.domContentLoadedEventEnd,
        usable: way.domContentLoadedEventEnd,
        size: all.reduce((sum, one) => sum + one.transferSize, 0),
        requests: all.length,
    };
}"""


@dataclass(frozen=True)
class View:
    """Medians of one page: milliseconds, bytes over the line, requests."""

    path: str
    seen: float
    usable: float
    size: float
    requests: float


async def first_views(told: Told, visitor: Visitor, paths: Sequence[str] = PATHS) -> list[View]:
    """Raises LookupError where there is no Chromium."""
    program = chromium()
    if program is None:
        raise LookupError(MISSING)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=arguments())
        try:
            return [await _median(told, visitor, browser, path) for path in paths]
        finally:
            await browser.close()


def measured(views: Sequence[View]) -> Measured:
    """The slowest beside the limit; a ratio of 1 is just fast enough."""
    slowest = max(views, key=lambda one: one.usable)
    return Measured(
        name="first-view",
        ours=1000 / slowest.usable,
        other=1000 / GOAL_MS,
        other_name=(
            f"the limit, usable after {slowest.usable:,.0f} of {GOAL_MS:,.0f} ms; slowest: {slowest.path}, "
            f"seen after {slowest.seen:,.0f} ms, {slowest.size / 1000:.0f} KB in {slowest.requests:.0f} requests"
        ),
        unit="views/s",
        n=len(views) * ROUNDS,
        least=1.0,
    )


async def _median(told: Told, visitor: Visitor, browser: Browser, path: str) -> View:
    found = [await _once(told, visitor, browser, path) for _ in range(ROUNDS)]
    middle = {name: statistics.median(one[name] for one in found) for name in ("seen", "usable", "size", "requests")}
    return View(path, **middle)


async def _once(told: Told, visitor: Visitor, browser: Browser, path: str) -> dict[str, float]:
    url = told.page_url(visitor)
    context = await browser.new_context(base_url=url, viewport={"width": 360, "height": 740}, is_mobile=True)
    secure = urlsplit(url)._replace(scheme="https").geturl()  # else Chromium takes no cookie named __Host-
    cookies = (await told.cookies(visitor)).items()
    await context.add_cookies([{"name": name, "value": value, "url": secure} for name, value in cookies])
    try:
        page = await context.new_page()
        devtools = await context.new_cdp_session(page)
        await devtools.send("Network.enable")
        await devtools.send("Network.emulateNetworkConditions", LINE)
        await devtools.send("Emulation.setCPUThrottlingRate", SLOWER)
        await page.goto(path, wait_until="load")
        await asyncio.sleep(0.2)
        return await page.evaluate(TIMES)
    finally:
        await context.close()
