"""One Chromium for the whole suite, and a context in it for everybody who is signed in."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, async_playwright

from libs.testing.chromium import MISSING, arguments, chromium
from tests.browser.looking import WIDE
from tests.web.told import Told, Visitor

PATIENCE_MS = 15_000
Contexts = Callable[..., AbstractAsyncContextManager[BrowserContext]]
Kept = Callable[[Visitor, str], Awaitable[BrowserContext]]


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
        cookies = {**await told.cookies(visitor), "lang": language}
        secure = url.replace("http:", "https:")  # else Chromium takes no cookie named __Host-
        await context.add_cookies([{"name": name, "value": value, "url": secure} for name, value in cookies.items()])
        try:
            yield context
        finally:
            await context.close()

    return made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def contexts(context_of: Contexts) -> AsyncIterator[Kept]:
    """`await contexts(visitor, "en")`: one for all that only looks, so that the browser's cache does its work."""
    kept: dict[tuple[Visitor, str], BrowserContext] = {}
    async with AsyncExitStack() as stack:

        async def context(visitor: Visitor, language: str) -> BrowserContext:
            key = (visitor, language)
            if key not in kept:
                kept[key] = await stack.enter_async_context(context_of(visitor, language))
            return kept[key]

        yield context


@pytest.fixture(scope="session")
def shots(request: pytest.FixtureRequest) -> Path | None:
    """Where pictures go, if they were asked for."""
    asked = request.config.getoption("--shots")
    if asked is None:
        return None
    folder = Path(asked)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
