"""A session that ended while somebody was writing."""

import re

import pytest

from services.portal.web.session import COOKIE
from tests.integration.entrance import PASSWORD, TAKEN, Entrance
from tests.integration.sign_in_pages.desk import TEXT, Person, node_sign_in_with, title

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_text_outlives_its_session(node: Entrance, radka: Person):
    http = radka.browser.http
    TAKEN.clear()
    http.cookies.delete(COOKIE)
    page = await http.post("/zapis", data={"note": TEXT, "id": "0198b000-0000-7000-8000-000000000004"})
    assert page.status_code == 401 and "Dlouhý" not in page.text and not TAKEN
    page = await radka.browser.send(page, "/prihlaseni", name=radka.name, password="zelený vlak 8 stojí")
    page = await radka.browser.send(page, "/prihlaseni/kod", code="000000")
    page = await radka.browser.send(page, "/prihlaseni/kod", code="000000")
    page = await radka.browser.send(page, "/prihlaseni/kod", code="000000")
    await node.later(radka.user)
    page = await radka.browser.send(page, "/prihlaseni", name=radka.name, password=PASSWORD)
    page = await radka.browser.send(page, "/prihlaseni/kod", code=radka.browser.code())
    assert (page.status_code, await title(page)) == (200, "Přihlášeno – Spojka")
    done = await radka.browser.send(page, "/zapis")
    assert done.status_code == 303 and TAKEN == [TEXT]


async def test_a_text_is_given_back_to_its_author_alone(node: Entrance, radka: Person):
    _, name, link = await node.invited()
    async with node.browser() as other:
        await other.enrol(link)
        radka.browser.http.cookies.delete(COOKIE)
        page = await radka.browser.http.post("/zapis", data={"note": TEXT})
        await node.service.pool.execute("update totp set last_step = 0")
        page = await radka.browser.send(page, "/prihlaseni", name=name, password=PASSWORD)
        page = await radka.browser.send(page, "/prihlaseni/kod", code=other.code())
    assert page.status_code == 303


async def test_a_text_that_was_altered_or_moved_is_no_text(node: Entrance, radka: Person):
    async with node.browser() as browser:
        done = await radka.elsewhere(browser)
        page = await node_sign_in_with(browser, radka, posted="x" * 500)
        assert done.status_code == page.status_code == 303


async def test_signed_in_in_another_window_the_text_goes_on(node: Entrance, radka: Person):
    http = radka.browser.http
    token = http.cookies[COOKIE]
    http.cookies.delete(COOKIE)
    page = await http.post("/zapis", data={"note": TEXT})
    found = re.search(r'name="posted" value="([^"]+)"', page.text)
    assert found is not None
    waiting = {"posted": found[1], "onward": "/zapis"}
    assert (await http.post("/prihlaseni/zpet", data=waiting)).status_code == 401
    http.cookies.set(COOKIE, token)
    assert await title(await http.post("/prihlaseni/zpet", data=waiting)) == "Přihlášeno – Spojka"
