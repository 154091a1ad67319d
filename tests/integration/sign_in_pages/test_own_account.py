"""One's own account: sessions, password, phone, recovery codes; and a passkey as its script sends it."""

import asyncio
import json
import re
from urllib.parse import urlsplit

import pytest

from services.portal.web.session import COOKIE
from tests.examples.authenticator import Authenticator
from tests.integration.entrance import ORIGIN, PASSWORD, Entrance, secret_of
from tests.integration.sign_in_pages.desk import MINE, Person, offered

pytestmark = pytest.mark.asyncio(loop_scope="module")


# -- one's own account


async def test_other_sessions_are_ended_one_by_one_or_all(node: Entrance, radka: Person):
    async with node.browser() as one, node.browser() as two:
        for browser in (one, two):
            await radka.elsewhere(browser)
        page = await radka.browser.http.get(MINE)
        handles = re.findall(r'name="handle" value="([^"]+)"', page.text)
        assert len(handles) == 2
        await radka.browser.http.post(f"{MINE}/odhlasit-jinde", data={"handle": handles[0]})
        await asyncio.sleep(1.1)
        assert sorted([(await browser.http.get("/")).status_code for browser in (one, two)]) == [200, 303]
        await radka.browser.http.post(f"{MINE}/odhlasit-jinde")
        await asyncio.sleep(1.1)
        assert [(await browser.http.get("/")).status_code for browser in (one, two)] == [303, 303]
    assert (await radka.browser.http.get("/")).status_code == 200


async def test_a_password_is_changed(node: Entrance, radka: Person):
    page = await radka.browser.http.get(f"{MINE}/heslo")
    wrong = await radka.browser.send(page, f"{MINE}/heslo", old="wrong", password="zelený vlak 8 stojí")
    assert wrong.status_code == 409 and "zelený" not in wrong.text
    done = await radka.browser.send(wrong, f"{MINE}/heslo", old=PASSWORD, password="zelený vlak 8 stojí")
    assert (done.status_code, done.headers["location"]) == (303, MINE)


async def test_a_phone_is_replaced_and_recovery_codes_made_anew(node: Entrance, radka: Person):
    page = await radka.browser.http.get(f"{MINE}/aplikace")
    assert "style=" not in page.text
    radka.browser.secret = secret_of(page)
    wrong = await radka.browser.send(page, f"{MINE}/aplikace", code="000000")
    assert (wrong.status_code, secret_of(wrong)) == (409, radka.browser.secret)
    done = await radka.browser.send(wrong, f"{MINE}/aplikace", code=radka.browser.code())
    codes = set(re.findall(r"<li><code>([^<]+)</code>", done.text))
    assert len(codes) == 10 and codes.isdisjoint(radka.browser.codes)
    again = await radka.browser.http.post(f"{MINE}/zalozni-kody")
    assert len(set(re.findall(r"<li><code>([^<]+)</code>", again.text)) - codes) == 10
    assert (await radka.browser.http.post(f"{MINE}/aplikace/odebrat")).status_code == 409


async def test_after_a_while_one_shows_once_more_who_one_is(node: Entrance, radka: Person):
    http = radka.browser.http
    await node.service.pool.execute(
        "update session set fresh_at = fresh_at - interval '20 minutes' where user_id = $1", radka.user
    )
    await asyncio.sleep(1.1)
    for path in ("heslo", "aplikace", "klice"):
        asked = await http.get(f"{MINE}/{path}")
        assert asked.headers["location"] == f"/prihlaseni/znovu?dal={MINE}/{path}"
    assert (await http.post(f"{MINE}/zalozni-kody")).headers["location"] == f"/prihlaseni/znovu?dal={MINE}"
    page = await http.get("/prihlaseni/znovu", params={"dal": f"{MINE}/heslo"})
    page = await radka.browser.send(page, "/prihlaseni/znovu", code="000000")
    assert page.status_code == 401
    await node.later(radka.user)
    done = await radka.browser.send(page, "/prihlaseni/znovu", code=radka.browser.code())
    assert (done.status_code, done.headers["location"]) == (303, f"{MINE}/heslo")
    assert (await http.get(f"{MINE}/heslo")).status_code == 200


# -- a passkey


async def test_a_passkey_is_added_used_and_taken_away(node: Entrance, radka: Person):
    made = Authenticator(ORIGIN)
    offer = await offered(radka.browser, f"{MINE}/klice/zadost")
    sent = {"ticket": offer["ticket"], "credential": made.make(offer["options"]), "label": "Pracovní telefon"}
    page = await radka.browser.http.get(f"{MINE}/klice")
    assert (await radka.browser.send(page, f"{MINE}/klice", **sent)).headers["location"] == MINE
    assert json.loads(offer["options"])["authenticatorSelection"]["userVerification"] == "required"
    async with node.browser() as browser:
        offer = await offered(browser, "/prihlaseni/klic/zadost")
        assert json.loads(offer["options"])["allowCredentials"] == []
        page = await browser.http.get("/prihlaseni", params={"dal": MINE})
        sent = {"ticket": offer["ticket"], "credential": made.get(offer["options"])}
        done = await browser.send(page, "/prihlaseni/klic", **sent)
        assert (done.status_code, done.headers["location"]) == (303, MINE)
        assert (await browser.send(page, "/prihlaseni/klic", **sent)).status_code == 401
        mine = (await browser.http.get(MINE)).text
        assert "Pracovní telefon" in mine
    found = re.search(rf'action="({MINE}/klice/[^"]+/odebrat)"', mine)
    assert found is not None
    assert (await radka.browser.http.post(found[1])).status_code == 303


async def test_an_invitation_may_end_in_a_passkey(node: Entrance):
    user, _, link = await node.invited()
    async with node.browser() as browser:
        await browser.http.get(f"/pozvanka/{link}")
        page = await browser.http.get("/pozvanka")
        offer = await offered(browser, "/pozvanka/klic/zadost")
        sent = {"ticket": offer["ticket"], "credential": Authenticator(ORIGIN).make(offer["options"]), "label": ""}
        done = await browser.send(page, "/pozvanka/klic", **sent)
        assert (done.status_code, done.headers["location"]) == (303, "/")
        assert (await browser.http.get("/")).text == f"home of {user}"


async def test_without_a_session_or_link_no_passkey_is_offered(node: Entrance):
    async with node.browser() as browser:
        assert (await browser.http.post("/pozvanka/klic/zadost")).status_code == 409
        assert (await browser.http.post(f"{MINE}/klice/zadost")).status_code == 401


async def test_nonsense_is_refused_and_nothing_breaks(node: Entrance):
    async with node.browser() as browser:
        for path in ("/prihlaseni", "/prihlaseni/kod", "/prihlaseni/klic", "/pozvanka", "/pozvanka/klic"):
            for value in ("", "x" * 5_000, "\x00", "žluť"):
                names = ("name", "password", "ticket", "credential", "code", "recovery", "kept", "label", "onward")
                reply = await browser.http.post(path, data=dict.fromkeys(names, value))
                assert reply.status_code < 500, (path, value[:5], reply.status_code)
        for token in ("x", "x" * 300, "%00"):
            browser.http.cookies.set(COOKIE, token)
            assert urlsplit((await browser.http.get("/")).headers["location"]).path == "/prihlaseni"
