"""Somebody at a browser, without scripts."""

import re
from typing import Any

import httpx

from tests.integration.entrance import PASSWORD, Browser, Entrance

MINE = "/nastaveni/ja"
TEXT = 'Dlouhý text\nna dva řádky, "uvozovky" & <b>'


async def title(reply: httpx.Response) -> str:
    found = re.search(r"<title>(.*?)</title>", reply.text)
    return found[1] if found else ""


class Person:
    def __init__(self, node: Entrance, browser: Browser, user: Any, name: str) -> None:
        self.node, self.browser, self.user, self.name = node, browser, user, name

    async def elsewhere(self, browser: Browser, onward: str = "/") -> httpx.Response:
        """Signs in with another browser."""
        browser.secret = self.browser.secret
        await self.node.later(self.user)
        return await browser.sign_in(self.name, onward)


async def node_sign_in_with(browser: Browser, person: Person, **over: str) -> httpx.Response:
    await browser.http.post("/odhlaseni")
    await person.node.later(person.user)
    page = await browser.send(
        await browser.http.get("/prihlaseni"), "/prihlaseni", name=person.name, password=PASSWORD, **over
    )
    return await browser.send(page, "/prihlaseni/kod", code=browser.code())


async def offered(browser: Browser, path: str) -> dict[str, str]:
    reply = await browser.http.post(path)
    assert reply.status_code == 200, reply.text
    return reply.json()
