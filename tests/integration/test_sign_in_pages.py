"""Signing in as a person does: pages, forms, cookies, without scripts; a passkey as its script sends it."""

import asyncio
import json
import logging
import re
import time
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from deploy.commands.user import invite
from libs.privacy import Personal
from libs.service import SettingsMistake
from services.identity.sign_in import enrolling
from services.identity.sign_in.desk import Desk
from services.identity.sign_in.messages import LetInDemonstration
from services.portal.web.session import COOKIE, LAST, UNATTENDED
from tests.examples.authenticator import Authenticator
from tests.integration.entrance import (
    ORIGIN,
    PASSWORD,
    TAKEN,
    Browser,
    Entrance,
    entrance_of,
    secret_of,
    settings_for_entrance,
)

if TYPE_CHECKING:
    from libs.service import Settings
    from libs.testing.servers import PostgresServer, Servers

pytestmark = pytest.mark.asyncio(loop_scope="module")

MINE = "/nastaveni/ja"
TEXT = 'Dlouhý text\nna dva řádky, "uvozovky" & <b>'


@pytest.fixture(scope="module")
def settings(
    servers: "Servers", postgres: "PostgresServer", tmp_path_factory: pytest.TempPathFactory
) -> Iterator["Settings"]:
    with settings_for_entrance(servers, postgres, tmp_path_factory.mktemp("node")) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def alive(settings: "Settings") -> AsyncIterator[Entrance]:
    async with entrance_of(settings) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def node(alive: Entrance) -> Entrance:
    await alive.service.pool.execute("truncate failure")
    return alive


async def title(reply: httpx.Response) -> str:
    found = re.search(r"<title>(.*?)</title>", reply.text)
    return found[1] if found else ""


# -- an invitation


async def test_an_invitation_ends_in_a_session_and_recovery_codes(node: Entrance):
    user, name, link = await node.invited()
    async with node.browser() as browser:
        done = await browser.enrol(link)
        assert (done.status_code, len(set(browser.codes))) == (200, 10)
        assert (await browser.http.get("/")).text == f"home of {user}"
        page = (await browser.http.get(MINE)).text
        assert name in page and "Firefox, Linux" in page
        assert (await browser.http.get("/pozvanka")).status_code == 404


async def test_a_link_stays_in_no_address_and_opening_it_uses_nothing_up(node: Entrance):
    _, _, link = await node.invited()
    async with node.browser() as preview, node.browser() as browser:
        for _ in range(2):
            assert (await preview.http.get(f"/pozvanka/{link}")).headers["location"] == "/pozvanka"
        page = await preview.http.get("/pozvanka")
        assert page.status_code == 200 and link not in page.text
        assert (await browser.enrol(link)).status_code == 200
        assert (await preview.http.get("/pozvanka")).status_code == 404


async def test_what_is_wrong_in_an_invitation_is_said_and_the_app_need_not_be_scanned_again(node: Entrance):
    _, _, link = await node.invited()
    async with node.browser() as browser:
        await browser.http.get(f"/pozvanka/{link}")
        page = await browser.http.get("/pozvanka")
        browser.secret = secret_of(page)
        page = await browser.send(page, "/pozvanka", password="heslo1234567", code=browser.code())
        assert (page.status_code, secret_of(page)) == (409, browser.secret)
        assert "heslo1234567" not in page.text
        page = await browser.send(page, "/pozvanka", password=PASSWORD, code="000000")
        assert (page.status_code, secret_of(page)) == (409, browser.secret)
        page = await browser.send(page, "/pozvanka", password=PASSWORD, code=browser.code())
        assert page.status_code == 200


# -- in and out


@pytest_asyncio.fixture(loop_scope="module")
async def radka(node: Entrance) -> AsyncIterator["Person"]:
    """Somebody who is signed in, and may do so again with the app's next code."""
    user, name, link = await node.invited()
    async with node.browser() as browser:
        await browser.enrol(link)
        yield Person(node, browser, user, name)


class Person:
    def __init__(self, node: Entrance, browser: Browser, user: Any, name: str) -> None:
        self.node, self.browser, self.user, self.name = node, browser, user, name

    async def elsewhere(self, browser: Browser, onward: str = "/") -> httpx.Response:
        """Signs in with another browser."""
        browser.secret = self.browser.secret
        await self.node.later(self.user)
        return await browser.sign_in(self.name, onward)


async def test_password_and_code_lead_to_where_one_wanted_to_go(node: Entrance, radka: Person):
    async with node.browser() as browser:
        asked = await browser.http.get(f"{MINE}/heslo")
        assert (asked.status_code, asked.headers["location"]) == (303, f"/prihlaseni?dal={MINE}/heslo")
        done = await radka.elsewhere(browser, f"{MINE}/heslo")
        assert (done.status_code, done.headers["location"]) == (303, f"{MINE}/heslo")
        assert (await browser.http.get(f"{MINE}/heslo")).status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example", "/\t/evil.example",
     "javascript:alert(1)", "evil.example", ""],
)  # fmt: skip
async def test_nobody_is_led_to_another_site(node: Entrance, radka: Person, elsewhere: str):
    async with node.browser() as browser:
        done = await radka.elsewhere(browser, elsewhere)
        assert (done.status_code, done.headers["location"]) == (303, "/")


async def test_the_cookie_is_for_this_host_over_tls_and_no_script(node: Entrance, radka: Person):
    async with node.browser() as browser:
        done = await radka.elsewhere(browser)
    for name in (COOKIE, LAST):
        [cookie] = [one for one in done.headers.get_list("set-cookie") if one.startswith(f"{name}=")]
        attributes = {one.strip().lower() for one in cookie.split(";")[1:]}
        assert attributes == {"path=/", "secure", "httponly", "samesite=lax"}


async def test_every_failure_shows_the_same_page(node: Entrance, radka: Person):
    closed, closed_name, link = await node.invited()
    async with node.browser() as other:
        await other.enrol(link)
    await node.disable(closed)
    shown: set[tuple[int, str]] = set()
    for number, (name, password, code) in enumerate(
        [
            ("nobody.here", PASSWORD, "000000"),
            (radka.name, "zelený vlak 8 stojí", radka.browser.code()),
            (radka.name, PASSWORD, "000000"),
            (closed_name, PASSWORD, other.code()),
        ]
    ):
        await node.service.pool.execute("truncate failure")
        async with node.browser(f"198.51.100.{number}") as browser:
            page = await browser.http.get("/prihlaseni")
            page = await browser.send(page, "/prihlaseni", name=name, password=password)
            for _ in range(3):
                page = await browser.send(page, "/prihlaseni/kod", code=code if page.status_code == 200 else "000000")
                shown.add((page.status_code, re.sub(r'value="[^"]*"', "", page.text)))
    assert len(shown) == 2  # the code again, and after three tries from the beginning
    assert {status for status, _ in shown} == {401}


async def test_too_many_attempts_are_told_to_wait(node: Entrance):
    async with node.browser("203.0.113.5") as browser:
        asked = await browser.http.get("/prihlaseni")
        pages = [await browser.send(asked, "/prihlaseni", name="nobody.here", password="x") for _ in range(6)]
        page = pages[-1]
    assert page.status_code == 429 and "nobody.here" not in page.text


async def test_signing_out_ends_the_session_itself(node: Entrance, radka: Person):
    http = radka.browser.http
    token = http.cookies[COOKIE]
    out = await http.post("/odhlaseni")
    assert (out.status_code, out.headers["location"], out.headers["clear-site-data"]) == (
        303,
        "/prihlaseni",
        '"cache"',
    )
    assert COOKIE not in http.cookies and LAST not in http.cookies
    async with node.browser() as thief:
        thief.http.cookies.set(COOKIE, token)
        assert (await thief.http.get("/")).status_code == 303


async def test_another_site_signs_nobody_in_or_out(node: Entrance, radka: Person):
    for path in ("/prihlaseni", "/prihlaseni/kod", "/prihlaseni/klic", "/odhlaseni", "/pozvanka", f"{MINE}/heslo"):
        reply = await radka.browser.http.post(path, data={}, headers={"Sec-Fetch-Site": "cross-site"})
        assert (reply.status_code, reply.headers.get("set-cookie")) == (403, None)
    assert (await radka.browser.http.get("/")).status_code == 200


async def test_a_disabled_user_is_out_within_a_second(node: Entrance, radka: Person):
    http = radka.browser.http
    assert (await http.get("/")).status_code == 200
    began = time.monotonic()
    await node.disable(radka.user)
    while (await http.get("/")).status_code == 200:
        assert time.monotonic() - began < 1.5
        await asyncio.sleep(0.02)
    assert time.monotonic() - began < 1.2


async def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(node: Entrance, radka: Person):
    used = "select used_at from session where user_id = $1"
    await node.service.pool.execute("update session set used_at = used_at - interval '5 minutes'")
    before = await node.service.pool.fetchval(used, radka.user)
    await asyncio.sleep(1.1)
    assert (await radka.browser.http.get("/", headers={UNATTENDED: "1"})).status_code == 200
    assert await node.service.pool.fetchval(used, radka.user) == before
    assert (await radka.browser.http.get("/")).status_code == 200
    assert await node.service.pool.fetchval(used, radka.user) > before


async def test_no_secret_is_logged(node: Entrance, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    _, name, link = await node.invited()
    async with node.browser() as browser:
        await browser.enrol(link)
        await browser.http.post("/odhlaseni")
        page = await browser.http.get("/prihlaseni")
        await browser.send(page, "/prihlaseni", name=name, password="zelený vlak 8 stojí")
        secrets = [name, PASSWORD, "zelený vlak", browser.secret, *browser.codes]
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith("httpx")]
    assert caplog.records and not [one for one in ours if any(secret in one for secret in [*secrets, link])]


# -- a session that ended while somebody was writing


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


async def node_sign_in_with(browser: Browser, person: Person, **over: str) -> httpx.Response:
    await browser.http.post("/odhlaseni")
    await person.node.later(person.user)
    page = await browser.send(
        await browser.http.get("/prihlaseni"), "/prihlaseni", name=person.name, password=PASSWORD, **over
    )
    return await browser.send(page, "/prihlaseni/kod", code=browser.code())


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


async def offered(browser: Browser, path: str) -> dict[str, str]:
    reply = await browser.http.post(path)
    assert reply.status_code == 200, reply.text
    return reply.json()


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


# -- a demonstration


async def test_a_password_alone_opens_a_demonstration(
    servers: "Servers", postgres: "PostgresServer", tmp_path_factory: pytest.TempPathFactory
):
    with settings_for_entrance(servers, postgres, tmp_path_factory.mktemp("show"), demonstration=True) as settings:
        async with entrance_of(settings) as show, show.browser() as browser:
            user, name, _ = await show.invited()
            let_in = LetInDemonstration(
                actor=show.administrator, user_id=user, name=Personal(name), password=Personal(PASSWORD)
            )
            await enrolling.let_in_demonstration(Desk.of(show.service), let_in)
            page = await browser.http.get("/prihlaseni", params={"dal": MINE})
            assert "smyšlení" in page.text
            wrong = await browser.send(page, "/prihlaseni", name=name, password="zelený vlak 8 stojí")
            assert wrong.status_code == 401
            done = await browser.send(wrong, "/prihlaseni", name=name, password=PASSWORD)
            assert (done.status_code, done.headers["location"]) == (303, MINE)
            await show.service.pool.execute("update session set fresh_at = fresh_at - interval '20 minutes'")
            await asyncio.sleep(1.1)
            page = await browser.http.get("/prihlaseni/znovu", params={"dal": MINE})
            assert (await browser.send(page, "/prihlaseni/znovu", password=PASSWORD)).status_code == 303


# -- the first person of a node


async def test_the_operator_lets_the_first_person_in(
    settings: "Settings", node: Entrance, capsys: pytest.CaptureFixture[str]
):
    file = settings.folder / "node.toml"
    one, portal = settings.organisation, settings.portal
    assert portal is not None
    file.write_text(
        f'[organisation]\nid = "{one.id}"\ncode = "{one.code}"\nname = "{one.name}"\nkind = "{one.kind}"\n'
        f'[store]\nurl = "{settings.store.url}"\n[bus]\nurl = "{settings.bus.url}"\n[keys]\nfolder = "keys"\n'
        f'[portal]\nport = 8080\ntoken_file = "portal.token"\norigin = "{portal.origin}"\n'
    )

    async def told(login: str, *roles: str) -> tuple[int, str, str]:
        status = await asyncio.to_thread(invite, file, name="Vít Korbelář", login=login, roles=roles, team=None)
        out, error = capsys.readouterr()
        return status, out, error

    links = [(await told("Vit.K", "node_administrator"))[1].splitlines()[0] for _ in range(2)]
    assert links[0] != links[1] and links[0].startswith(f"{ORIGIN}/pozvanka/")
    async with node.browser() as browser:
        assert (await browser.http.get(urlsplit(links[0]).path)).status_code == 303
        assert (await browser.http.get("/pozvanka")).status_code == 404  # the later link voids the earlier
        await browser.enrol(urlsplit(links[1]).path.removeprefix("/pozvanka/"))
        assert (await browser.http.get("/")).status_code == 200
    status, out, error = await told("vit.k", "node_administrator")
    assert (status, out) == (1, "") and "can sign in already" in error
    with pytest.raises(SettingsMistake, match="There is no role boss"):
        await told("other", "boss")
