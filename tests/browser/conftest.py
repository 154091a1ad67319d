"""One Chromium for the whole suite, and a context in it for everybody who is signed in."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Browser, BrowserContext, async_playwright

from libs.testing.chromium import MISSING, arguments, chromium
from services.portal.web.language import LANGUAGES
from tests.browser.looking import WIDE, Look
from tests.web.told import Told, Visitor

PATIENCE_MS = 15_000
Contexts = Callable[..., AbstractAsyncContextManager[BrowserContext]]
Tabs = Callable[[Visitor, str], AbstractAsyncContextManager[Look]]
TABS_OF_A_LANGUAGE = 2
"""So that both cores have something to do."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def launched() -> AsyncIterator[Browser]:
    program = chromium()
    assert program is not None, MISSING
    async with async_playwright() as playwright:
        program_at_work = await playwright.chromium.launch(executable_path=program, args=arguments())
        yield program_at_work
        await program_at_work.close()


@pytest.fixture(scope="session")
def context_of(launched: Browser, told: Told) -> Contexts:
    """`async with context_of(visitor, language="en", java_script_enabled=False) as context:` signed in already."""

    @asynccontextmanager
    async def made(visitor: Visitor, language: str = "cs", **more: Any) -> AsyncGenerator[BrowserContext]:
        url = told.page_url(visitor)
        context = await launched.new_context(
            base_url=url, viewport=WIDE, reduced_motion="reduce", locale=language, **more
        )
        context.set_default_timeout(PATIENCE_MS)
        await _let_in(context, told, visitor, language)
        try:
            yield context
        finally:
            await context.close()

    return made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def tabs(launched: Browser, told: Told) -> AsyncIterator[Tabs]:
    """`async with tabs(visitor, "en") as look:` a tab in which this visitor is signed in, wide and light.

    A few tabs are lent from hand to hand: Chromium takes longer to open one than to show three pages in it.
    """
    free = {language: asyncio.Queue[Look]() for language in LANGUAGES}
    for language in LANGUAGES * TABS_OF_A_LANGUAGE:
        context = await launched.new_context(reduced_motion="reduce", locale=language)
        await context.add_init_script(AXE_SCRIPT)
        context.set_default_timeout(PATIENCE_MS)
        free[language].put_nowait(Look(await context.new_page()))

    @asynccontextmanager
    async def lent(visitor: Visitor, language: str) -> AsyncGenerator[Look]:
        look = await free[language].get()
        try:
            await look.page.context.clear_cookies()
            await _let_in(look.page.context, told, visitor, language)
            await look.begin(told.page_url(visitor))
            yield look
        finally:
            free[language].put_nowait(look)

    yield lent


async def _let_in(context: BrowserContext, told: Told, visitor: Visitor, language: str) -> None:
    cookies = {**await told.cookies(visitor), "lang": language}
    secure = told.page_url(visitor).replace("http:", "https:")  # else Chromium takes no cookie named __Host-
    await context.add_cookies([{"name": name, "value": value, "url": secure} for name, value in cookies.items()])


@pytest.fixture(scope="session")
def shots(request: pytest.FixtureRequest) -> Path | None:
    """Where pictures go, if they were asked for."""
    asked = request.config.getoption("--shots")
    if asked is None:
        return None
    folder = Path(asked)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
