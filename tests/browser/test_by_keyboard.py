"""A working day's first minutes without a mouse: signing in, past the menu, a contact written down."""

from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from deploy.demo.logins import PASSWORD, login_of
from deploy.demo.people import PRISTAV, Person
from libs.codelists import Role
from tests.browser.conftest import Contexts
from tests.browser.hands import stranger_at
from tests.web.told import SIGN_IN, Told

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.changes_the_story]

FURTHEST = 80
"""Presses of one key before somebody gives up."""
FOCUSED = """() => {
    const one = document.activeElement;
    const words = one.labels?.[0]?.innerText || one.ariaLabel || one.innerText || '';
    return words.replace(/\\s+/g, ' ').trim();
}"""


async def test_a_contact_is_written_down_by_keyboard_alone(told: Told, context_of: Contexts) -> None:
    worker = Person(f"Gita {uuid4().hex[:6]}", PRISTAV, (Role.OUTREACH_WORKER,), "LOKET")
    await told.add(worker)
    async with stranger_at(context_of, PRISTAV) as gita:
        page, keys = gita.page, gita.page.keyboard
        await gita.go(SIGN_IN)
        await reach(page, "Přihlašovací jméno")
        await keys.type(login_of(worker))
        await reach(page, "Heslo")
        await keys.type(PASSWORD)
        await keys.press("Enter")
        await gita.sees("Dnes")
        await gita.go("/kontakty/novy")
        await reach(page, "Přejít na obsah")
        await keys.press("Enter")
        await expect(gita.main).to_be_focused()
        await reach(page, "Ulice")
        await keys.press("Space")
        await keys.press("Tab")
        await reach(page, "Anonymně", "ArrowDown")
        await reach(page, "10")
        await keys.press("Space")
        await reach(page, "Uložit")
        await keys.press("Enter")
        await gita.sees("Uloženo")
        await gita.sees("10 min")


async def reach(page: Page, words: str, key: str = "Tab") -> None:
    """Press it until what bears these words has the focus."""
    passed: list[str] = []
    while (focused := await page.evaluate(FOCUSED)) != words:
        assert len(passed) < FURTHEST, f"{words!r} is not reached by {key}; passed: {passed}"
        passed.append(focused)
        await page.keyboard.press(key)
