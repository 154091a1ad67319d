"""Signing in and out as a person does: pages, forms, cookies, without scripts."""

import asyncio
import logging
import re
import time

import pytest

from services.portal.web.session import COOKIE, LAST, UNATTENDED
from tests.integration.entrance import PASSWORD, Entrance
from tests.integration.sign_in_pages.desk import MINE, Person

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
