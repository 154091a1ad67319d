"""How people come in and are put out, pressed and typed: invited, recovered, with a passkey, ended elsewhere."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect
from pyotp.totp import TOTP

from deploy.demo.logins import login_of
from deploy.demo.people import PRISTAV, VIT, Person
from libs.codelists import Role
from services.portal.web.session import REMEMBERED_S
from tests.browser.conftest import Contexts
from tests.browser.hands import Hands, signs_in, stranger_at
from tests.web.told import Told

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.changes_the_story]

PEOPLE, MINE = "/nastaveni/lide", "/nastaveni/ja"
NEW_PASSWORD = "modry vlak jede v sedm"


def somebody(name: str, *roles: Role) -> Person:
    """Of this run alone."""
    return Person(f"{name} {uuid4().hex[:6]}", PRISTAV, roles or (Role.OUTREACH_WORKER,))


async def test_a_colleague_is_invited_and_comes_in_once_by_that_link(context_of: Contexts) -> None:
    nela = somebody("Nela")
    async with (
        stranger_at(context_of, PRISTAV) as vit,
        stranger_at(context_of, PRISTAV, scripts=False) as invited,
    ):
        await signs_in(vit, VIT)
        await vit.go(PEOPLE)
        await vit.follow("Přidat člověka")
        await vit.fill("Jméno", nela.name)
        await vit.choose("Role", "Terénní pracovník")
        await vit.press("Přidat")
        await vit.press("Vytvořit pozvánku")
        link = await link_of(vit)
        codes = await enrols(invited, link, NEW_PASSWORD)
        await invited.follow("Mám je, pokračovat")
        await invited.sees("Dnes")
        await vit.go(PEOPLE)
        await vit.follow(nela.name)
        await vit.sees("může se přihlásit")
        await invited.go(MINE)
        await invited.sees(nela.name)
        await invited.sees("10 záložních kódů zbývá")
        assert len(codes) == 10
    async with stranger_at(context_of, PRISTAV, scripts=False) as late:
        await late.go(link)
        await late.sees("Odkaz už neplatí")


async def test_two_administrators_give_somebody_a_new_way_in(told: Told, context_of: Contexts) -> None:
    second, forgetful = somebody("Druha", Role.NODE_ADMINISTRATOR), somebody("Zapomnetlivy")
    for person in (second, forgetful):
        await told.add(person)
    async with (
        stranger_at(context_of, PRISTAV) as vit,
        stranger_at(context_of, PRISTAV) as other,
        stranger_at(context_of, PRISTAV, scripts=False) as person,
    ):
        await signs_in(vit, VIT)
        await vit.go(f"{PEOPLE}/{forgetful.id}")
        await vit.press("Navrhnout obnovení přístupu")
        await vit.sees("Odkaz dostane druhý správce")
        await signs_in(other, second)
        await other.go(f"{PEOPLE}/{forgetful.id}")
        await other.press("Potvrdit obnovení")
        await enrols(person, await link_of(other), NEW_PASSWORD)
        async with stranger_at(context_of, PRISTAV, scripts=False) as again:
            await signs_in(again, forgetful)
            await again.sees("Přihlášení se nepovedlo")
            await signs_in(again, forgetful, NEW_PASSWORD)
            await again.sees("Dnes")


async def test_a_session_is_ended_from_another_browser(told: Told, context_of: Contexts) -> None:
    worker = somebody("Mila")
    await told.add(worker)
    async with (
        stranger_at(context_of, PRISTAV) as left_open,
        stranger_at(context_of, PRISTAV, scripts=False) as at_home,
    ):
        await signs_in(left_open, worker)
        await left_open.sees("Dnes")
        await signs_in(at_home, worker)
        await at_home.go(MINE)
        ending = at_home.main.get_by_role("button", name="Ukončit: ")
        await ending.click()
        await expect(ending).to_have_count(0)  # the page looks the same before and after, but for this
        await asyncio.sleep(REMEMBERED_S)  # so long a portal believes what it was told of a session
        await left_open.go("/kontakty")
        await left_open.sees("Přihlašovací jméno")
        await at_home.go("/kontakty")
        await at_home.sees("Kontakty")


async def test_a_passkey_is_made_and_opens_the_door(told: Told, context_of: Contexts) -> None:
    worker = somebody("Klara")
    await told.add(worker)
    async with stranger_at(context_of, PRISTAV) as klara, authenticator(klara.page):
        await signs_in(klara, worker)
        await klara.go(f"{MINE}/klice")
        await klara.fill("Pojmenujte zařízení", "Pracovni telefon")
        await klara.press("Vytvořit klíč")
        await klara.sees("Klíč: Pracovni telefon")
        await klara.press("Odhlásit se")
        await klara.go("/prihlaseni")
        await klara.press("Přihlásit se klíčem")
        await klara.sees("Dnes")
        await klara.go(MINE)
        await klara.sees(login_of(worker))


async def link_of(administrator: Hands) -> str:
    await administrator.sees("Pozvánka je připravená")
    return await administrator.main.locator(".link-once").inner_text()


async def enrols(hands: Hands, link: str, password: str) -> list[str]:
    """Password and authenticator app, as the page offers them; returns the recovery codes."""
    await hands.go(link)
    await hands.fill("Nové heslo", password)
    await hands.unfold("Nemohu kód načíst")
    secret = (await hands.main.locator(".secret").inner_text()).replace(" ", "")
    await hands.fill("Kód z aplikace", TOTP(secret).now())
    await hands.press("Uložit a přihlásit se")
    await hands.sees("Teď je vidíte naposledy")
    return await hands.main.locator(".recovery li").all_inner_texts()


@asynccontextmanager
async def authenticator(page: Page) -> AsyncGenerator[None]:
    """A fingerprint reader in this browser, that says yes."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    reader = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = await session.send("WebAuthn.addVirtualAuthenticator", {"options": reader})
    yield
    await session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made["authenticatorId"]})
