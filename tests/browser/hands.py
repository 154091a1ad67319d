"""A person at a page: finds things by the words on them, presses, fills in. With or without scripts."""

import re
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date
from urllib.parse import urlsplit

from playwright.async_api import Page, expect

from deploy.demo.logins import PASSWORD, login_of
from deploy.demo.people import Person
from deploy.local.folder import Organisation
from tests.browser.conftest import Contexts
from tests.web.told import SIGN_IN, Visitor

LETTER_S = 30.0
"""How long a letter may take from one organisation to another on a busy machine."""


def words(text: str) -> re.Pattern[str]:
    """Exactly these, whatever kind of spaces is between them; an optional field says so after its name."""
    exactly = r"\s+".join(map(re.escape, text.split()))
    return re.compile(rf"^\s*{exactly}(\s+nepovinné)?\s*$")


class Hands:
    """One person's."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.locator("main")

    async def go(self, path: str) -> None:
        await self.page.goto(path)

    async def follow(self, link: str) -> None:
        await self.main.get_by_role("link", name=words(link)).first.click()

    async def unfold(self, summary: str) -> None:
        """What hides behind a summary, unless it is open already."""
        more = self.main.locator("details", has=self.page.locator("summary", has_text=summary)).last
        if await more.get_attribute("open") is None:
            await more.locator("summary").first.click()

    async def fill(self, label: str, value: str | date) -> None:
        text = value.isoformat() if isinstance(value, date) else value
        await self.main.get_by_label(words(label)).filter(visible=True).first.fill(text)

    async def choose(self, label: str, word: str) -> None:
        """One of several: chips of a group, or a line of a list."""
        group = self.main.get_by_role("group", name=words(label))
        if await group.count():
            await group.first.locator("label", has_text=words(word)).first.click()
        else:
            await self.main.get_by_label(words(label)).first.select_option(label=word)

    async def tick(self, label: str) -> None:
        """Unless it is ticked already."""
        box = self.main.locator("label", has_text=label).first
        if not await box.locator("input").is_checked():
            await box.click()

    async def press(self, button: str) -> None:
        await self.main.get_by_role("button", name=words(button)).first.click()

    async def sees(self, text: str) -> None:
        await expect(self.main).to_contain_text(text)

    async def comes_to_see(self, text: str) -> None:
        """Touches nothing: the page changes by itself."""
        await expect(self.main).to_contain_text(text, timeout=LETTER_S * 1000)

    async def looks_until(self, text: str) -> None:
        """Loads the page again and again, until a letter has come."""
        deadline = time.monotonic() + LETTER_S
        while text not in await self.text():
            assert time.monotonic() < deadline, f"waited {LETTER_S:.0f} s in vain to see {text!r}"
            await self.page.reload()

    async def text(self) -> str:
        return " ".join((await self.main.inner_text()).split())


@asynccontextmanager
async def hands_of(context_of: Contexts, person: Person, *, scripts: bool = True) -> AsyncGenerator[Hands]:
    """Signed in, at the first page."""
    async with _hands_in(context_of, Visitor(person.organisation, person), scripts) as hands:
        yield hands


@asynccontextmanager
async def stranger_at(
    context_of: Contexts, organisation: Organisation, *, scripts: bool = True
) -> AsyncGenerator[Hands]:
    """Nobody is signed in there."""
    async with _hands_in(context_of, Visitor(organisation), scripts) as hands:
        yield hands


@asynccontextmanager
async def _hands_in(context_of: Contexts, visitor: Visitor, scripts: bool) -> AsyncGenerator[Hands]:
    async with context_of(visitor, java_script_enabled=scripts) as context:
        hands = Hands(await context.new_page())
        await hands.go("/")
        yield hands


async def signs_in(hands: Hands, person: Person, password: str = PASSWORD) -> None:
    """At the sign-in page, wherever that leads."""
    if urlsplit(hands.page.url).path != SIGN_IN and not await hands.main.get_by_label(words("Heslo")).count():
        await hands.go(SIGN_IN)
    await hands.fill("Přihlašovací jméno", login_of(person))
    await hands.fill("Heslo", password)
    async with hands.page.expect_navigation():
        await hands.press("Přihlásit se")
