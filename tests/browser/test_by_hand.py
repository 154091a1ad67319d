"""The story by hand: pressed and typed in the browsers of several organisations, to its end on both sides."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest

from deploy.demo.people import DITA, EVA, HANA, IVANA, JAKUB, LENKA, NIT, PRISTAV, SIMON, SKOLA
from services.cases.conference.commands import OpenComments
from services.portal.web.form import PRAGUE
from tests.browser.conftest import Contexts
from tests.browser.hands import Hands, hands_of
from tests.web.told import Told

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.changes_the_story]

ONCE = uuid4().hex[:6]
"""In names, so that a second run in the same network meets nobody it knows."""
NICKNAME, SITUATION = f"Pavlina {ONCE}", "Dluzi za najem tri mesice a boji se vystehovani."
REASON, GOAL = f"Ivo {ONCE} nechodi do skoly uz mesic.", "Aby se vratil do sesti tydnu."
SPOKEN, MEASURE = f"Ivo {ONCE} rekl, ze rano hlida sestru.", f"Domluvit ranni hlidani {ONCE}"


async def test_from_a_contact_to_the_outcome_of_a_referral_without_scripts(context_of: Contexts) -> None:
    """Contact, person, referral; the other side learns who it is by accepting; the sender sees how it ended."""
    async with (
        hands_of(context_of, EVA, scripts=False) as eva,
        hands_of(context_of, JAKUB, scripts=False) as jakub,
    ):
        await record_contact(eva)
        path = await refer(eva)
        await jakub.go(path)
        await jakub.looks_until("Nové")
        source = await jakub.page.content()
        assert NICKNAME not in source and SITUATION not in source
        await jakub.follow("Přijmout")
        await jakub.choose("Kdo se klientovi bude věnovat", JAKUB.name)
        await jakub.press("Přijmout odkázání")
        await jakub.looks_until(NICKNAME)
        await jakub.sees(SITUATION)
        await jakub.follow("Zapsat první schůzku")
        await jakub.fill("Kdy schůzka proběhla", today())
        await jakub.press("Zapsat první schůzku")
        await jakub.follow("Dokončit")
        await jakub.tick("pomoc získána")
        await jakub.press("Dokončit")
        await eva.go(path)
        await eva.looks_until("Dokončeno")
        await eva.follow("Uzavřít")
        await eva.fill("Kdy se klient dozvěděl, jak to dopadlo", today())
        await eva.press("Uzavřít")
        await eva.sees("Uzavřeno")
        await jakub.go(path)
        await jakub.looks_until("Uzavřeno")


async def record_contact(eva: Hands) -> None:
    await eva.go("/kontakty/novy")
    await eva.choose("Kde", "Návštěva doma")
    await eva.choose("Kdo", "Přezdívka")
    await eva.fill("Přezdívka nebo kód", NICKNAME)
    await eva.choose("Jak dlouho (min)", "30")
    await eva.press("Uložit")
    await eva.sees(NICKNAME)
    await eva.follow(NICKNAME)


async def refer(eva: Hands) -> str:
    """From the client's page to the letter that is sent; returns where the referral is."""
    await eva.follow("Odkázat")
    await eva.choose("S čím", "Dluhy")
    await eva.fill("Situace", SITUATION)
    await eva.press("Pokračovat")
    await eva.unfold("Organizace, ne konkrétní služba")
    await eva.choose("Organizace", NIT.name)
    await eva.press("Pokračovat")
    await eva.tick("Zproštění mlčenlivosti")
    await eva.fill("Značka zproštění", "Z-1/2026")
    await eva.tick("Zproštění dnes platí")
    await eva.press("Pokračovat")
    await eva.tick("Popis situace")
    await eva.press("Ukázat náhled")
    await eva.sees(SITUATION)
    await eva.press(f"Odeslat: {NIT.name}")
    await eva.sees("Čeká se na odpověď příjemce")
    return urlsplit(eva.page.url).path


async def test_a_conference_from_convening_to_confirmed_minutes(told: Told, context_of: Contexts) -> None:
    """Three organisations; what one of them does, the others come to see without touching anything."""
    async with (
        hands_of(context_of, LENKA) as lenka,
        hands_of(context_of, DITA) as dita,
        hands_of(context_of, IVANA) as ivana,
        hands_of(context_of, SIMON) as simon,
    ):
        path = await convene(lenka)
        for who in (ivana, simon):
            await who.go(path)
            await who.looks_until(REASON)
            await who.choose("Odpověď za vaši organizaci", "Přijde")
            await who.press("Odeslat odpověď")
        await lenka.comes_to_see("Přijde")
        await dita.go(f"{path}/jednani?oddil=0")
        await lenka.go(f"{path}/jednani?oddil=0")
        await dita.fill("Co zaznělo", SPOKEN)
        await dita.press("Uložit oddíl")
        await lenka.comes_to_see(SPOKEN)
        await agree_on_measure(lenka)
        await dita.comes_to_see(MEASURE)
        await hold(lenka, path)
        await comments_were_open(told, path)
        await lenka.go(f"{path}/zapis")
        await lenka.looks_until("Podepsat a vydat")
        await lenka.press("Podepsat a vydat")
        await lenka.sees("Kdo zápis potvrdil")
        for who in (ivana, simon):
            await who.go(f"{path}/zapis")
            await who.looks_until("Potvrdit zápis")
            await who.sees(SPOKEN)
            await who.press("Potvrdit zápis")
        await lenka.comes_to_see("Potvrzeno")
        await simon.go(f"{path}/opatreni")
        await simon.looks_until(MEASURE)
        await ivana.go(f"{path}/opatreni")
        assert MEASURE not in await ivana.text(), "a measure is seen by who does it, not by everybody"


async def convene(lenka: Hands) -> str:
    await lenka.go("/konference/nova")
    await lenka.fill("Proč se sejít", REASON)
    await lenka.fill("Cíl", GOAL)
    await lenka.fill("Den", today())
    await lenka.fill("Čas", "00:05")
    await lenka.choose("Obec", "Sokolov")
    await lenka.fill("Místo", "zasedaci mistnost")
    await lenka.choose("Na celou konferenci", SKOLA.name)
    await lenka.choose("Na celou konferenci", PRISTAV.name)
    await lenka.choose("Facilitace", HANA.name)
    await lenka.choose("Zápis", DITA.name)
    await lenka.tick("§ 10")
    await lenka.press("Svolat a odeslat pozvánky")
    await lenka.sees("Účastníci")
    return urlsplit(lenka.page.url).path


async def agree_on_measure(lenka: Hands) -> None:
    await lenka.unfold("Přidat opatření")
    await lenka.fill("Co se udělá", MEASURE)
    await lenka.choose("Kdo", PRISTAV.name)
    await lenka.fill("Dokdy", today() + timedelta(days=14))
    await lenka.press("Přidat opatření")
    await lenka.comes_to_see(MEASURE)


async def hold(lenka: Hands, path: str) -> None:
    await lenka.go(f"{path}/prubeh")
    await lenka.fill("Den", today())
    await lenka.fill("Od", "00:05")
    await lenka.fill("Do", "00:10")
    for one in (SKOLA, PRISTAV):
        await lenka.choose(one.name, "byla přítomna")
    await lenka.press("Zapsat, že proběhlo")
    await lenka.sees("Zápis")


async def comments_were_open(told: Told, path: str) -> None:
    """The one step by the API: minutes are issued on the day after the last one for comments, and no test waits."""
    opened = datetime.now(UTC) - timedelta(days=3)
    async with told.network.api(LENKA) as api:
        await api.command(
            "cases",
            "conference",
            OpenComments,
            occurred_at=opened,
            conference_id=UUID(path.rpartition("/")[2]),
            until=today() - timedelta(days=1),
        )


def today() -> date:
    return datetime.now(PRAGUE).date()
