"""What somebody typed is there again: after a closed tab, an ended session, a lost connection, a colleague's change."""

import re
from uuid import uuid4

import pytest
from playwright.async_api import expect

from deploy.demo.people import PRISTAV, Person
from libs.codelists import Role
from tests.browser.conftest import Contexts
from tests.browser.hands import Hands, hands_of, signs_in, stranger_at
from tests.web.told import Told

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.changes_the_story]

NEW_CONTACT, OWN_CARD = "/kontakty/novy", "/adresar/nas/zaznam"
NOTE = "Rano mluvila o sestre.\nChce se ozvat v patek."
HERS, HIS = "po a st 8:00-17:00", "ut a ct 9:00-15:00"


async def somebody(told: Told, name: str, role: Role) -> Person:
    """Of this run alone, so that nobody else's drafts are touched."""
    person = Person(f"{name} {uuid4().hex[:6]}", PRISTAV, (role,), "LOKET")
    await told.add(person)
    return person


async def test_a_draft_waits_after_the_tab_was_closed(told: Told, context_of: Contexts) -> None:
    worker = await somebody(told, "Berta", Role.OUTREACH_WORKER)
    async with hands_of(context_of, worker) as berta:
        await berta.go(NEW_CONTACT)
        await writes_note(berta)
        await berta.comes_to_see("Uloženo jako rozepsané")
        await berta.page.close()
        later = Hands(await berta.page.context.new_page())
        await later.go(NEW_CONTACT)
        await later.sees("Pokračujete v rozepsaném kontaktu")
        await has_note(later)


async def test_a_form_sent_after_the_session_ended_is_sent_once_more(told: Told, context_of: Contexts) -> None:
    """Without scripts, so that no draft helps."""
    worker = await somebody(told, "Cyril", Role.OUTREACH_WORKER)
    async with (
        stranger_at(context_of, PRISTAV, scripts=False) as cyril,
        stranger_at(context_of, PRISTAV, scripts=False) as elsewhere,
    ):
        await signs_in(cyril, worker)
        await cyril.go(NEW_CONTACT)
        await cyril.choose("Kde", "Ulice")
        await cyril.choose("Kdo", "Anonymně")
        await cyril.choose("Jak dlouho (min)", "20")
        await writes_note(cyril)
        await signs_in(elsewhere, worker)
        await elsewhere.go("/nastaveni/ja")
        await elsewhere.press("Odhlásit všude jinde")
        await elsewhere.sees("Můj účet")
        await cyril.press("Uložit")
        await cyril.sees("Přihlášení vypršelo")
        await signs_in(cyril, worker)
        await cyril.sees("Jste zpátky")
        await cyril.press("Odeslat")
        for line in NOTE.splitlines():
            await cyril.sees(line)
        assert re.search(r"/kontakty/[0-9a-f-]{36}$", cyril.page.url), "the contact was not recorded"


async def test_while_the_connection_is_lost_the_text_stays_and_is_kept_afterwards(
    told: Told, context_of: Contexts
) -> None:
    worker = await somebody(told, "Dana", Role.OUTREACH_WORKER)
    async with hands_of(context_of, worker) as dana:
        await dana.go(NEW_CONTACT)
        await dana.page.context.set_offline(True)
        await writes_note(dana)
        await dana.comes_to_see("Rozepsané teď nejde uložit. Text zůstává ve formuláři.")
        await dana.press("Uložit")
        await expect(dana.main.get_by_text("Jste bez připojení")).to_be_visible()
        await has_note(dana)
        await dana.page.context.set_offline(False)
        await expect(dana.main.get_by_text("Jste bez připojení")).to_be_hidden()
        await dana.main.get_by_label("Poznámka").press("End")
        await dana.main.get_by_label("Poznámka").press("Space")
        await dana.comes_to_see("Uloženo jako rozepsané")


async def test_two_people_change_one_entry_and_the_second_chooses(told: Told, context_of: Contexts) -> None:
    first = await somebody(told, "Emil", Role.DIRECTORY_EDITOR)
    second = await somebody(told, "Fany", Role.DIRECTORY_EDITOR)
    async with (
        hands_of(context_of, first, scripts=False) as emil,
        hands_of(context_of, second, scripts=False) as fany,
    ):
        for who in (emil, fany):
            await who.go(OWN_CARD)
        await emil.fill("Otevřeno", HIS)
        await emil.press("Uložit")
        await emil.sees("Náš záznam")
        await fany.fill("Otevřeno", HERS)
        await fany.press("Uložit")
        await fany.sees("Mezitím to někdo změnil")
        for both in (HERS, HIS):
            await fany.sees(both)
        await fany.press("Uložit")
        await fany.sees(HERS)


async def writes_note(hands: Hands) -> None:
    await hands.unfold("Poznámka")
    await hands.fill("Poznámka", NOTE)


async def has_note(hands: Hands) -> None:
    await expect(hands.main.get_by_label("Poznámka")).to_have_value(NOTE)
