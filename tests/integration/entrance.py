"""A node whose pages are those of signing in: `identity` at work, and a browser without scripts before them."""

import re
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import asyncpg
import httpx
from fastapi import Response
from pyotp.totp import TOTP

from libs.codelists import Role
from libs.eventlog import Actor
from libs.messaging import Bus
from libs.privacy import Personal
from libs.service import Running, Settings, running
from libs.service.migrate import migrate
from libs.service.settings import Portal
from services.identity import app as identity
from services.identity.sign_in import enrolling
from services.identity.sign_in.desk import Desk
from services.identity.sign_in.messages import Invite
from services.identity.user.commands import AddUser, DisableUser
from services.portal.app import PUBLISHED
from services.portal.door import Door
from services.portal.web.kept import MIGRATIONS
from services.portal.web.mount import make_pages
from services.portal.web.page import Pages, Signed
from services.portal.web.pages import account, invitation, provider, sign_in
from services.portal.web.start import make_site
from tests.integration.portal.desk import settings_of

if TYPE_CHECKING:
    from libs.testing.servers import PostgresServer, Servers

ORIGIN = "https://spojka.example.org"
PASSWORD = "modrý vlak 7 jede"
NOTES = Pages()
TAKEN: list[str] = []
"""What was posted to the only other page of this node."""


@NOTES.get("/")
async def home(page: Signed) -> Response:
    return Response(f"home of {page.actor.user}")


@NOTES.post("/zapis")
async def note(page: Signed) -> Response:
    TAKEN.append((await page.form())["note"])
    return page.go("/", saved=True)


@dataclass
class Entrance:
    """A node's door, from both sides."""

    service: Running
    door: Door
    administrator: Actor

    @asynccontextmanager
    async def browser(self, address: str = "192.0.2.7") -> AsyncGenerator["Browser"]:
        transport = httpx.ASGITransport(self.door, client=(address, 40_000))
        headers = {"Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/144.0"}
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as http:
            yield Browser(http)

    async def invited(self) -> tuple[UUID, str, str]:
        """(user, login name, link)"""
        user, name = uuid4(), f"radka.{uuid4().hex[:8]}"
        add = AddUser(
            id=uuid4(), actor=self.administrator, occurred_at=datetime.now(UTC), user_id=user,
            name=Personal("Radka Mlejnská"), roles=(Role.OUTREACH_WORKER,),
        )  # fmt: skip
        await self.service.corridor.handle("user", add)
        asked = Invite(actor=self.administrator, user_id=user, name=Personal(name))
        made = await enrolling.invite(Desk.of(self.service), asked)
        assert made.link is not None
        return user, name, made.link.reveal()

    async def disable(self, user: UUID) -> None:
        closed = DisableUser(id=uuid4(), actor=self.administrator, occurred_at=datetime.now(UTC), user_id=user)
        await self.service.corridor.handle("user", closed)

    async def later(self, user: UUID) -> None:
        """Half a minute passes for this person's app: its next code counts."""
        await self.service.pool.execute("update totp set last_step = 0 where user_id = $1", user)


@dataclass
class Browser:
    """One without scripts."""

    http: httpx.AsyncClient
    secret: str = ""
    codes: list[str] = field(default_factory=list[str])

    async def send(self, page: httpx.Response, action: str, **typed: str) -> httpx.Response:
        """Fill in and send the form of a page with this action."""
        form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page.text, re.S)
        assert form is not None, f"no form {action}: {page.status_code}"
        hidden = re.findall(r'<input type="hidden" name="([^"]*)"(?: value="([^"]*)")?', form[0])
        return await self.http.post(action, data={**{name: unescape(value) for name, value in hidden}, **typed})

    async def enrol(self, link: str) -> httpx.Response:
        """Open an invitation, set a password and an app: the page with recovery codes."""
        assert (await self.http.get(f"/pozvanka/{link}")).headers["location"] == "/pozvanka"
        page = await self.http.get("/pozvanka")
        self.secret = secret_of(page)
        done = await self.send(page, "/pozvanka", password=PASSWORD, code=self.code())
        self.codes = re.findall(r"<li><code>([^<]+)</code>", done.text)
        return done

    async def sign_in(self, name: str, onward: str = "/") -> httpx.Response:
        page = await self.http.get("/prihlaseni", params={"dal": onward})
        page = await self.send(page, "/prihlaseni", name=name, password=PASSWORD)
        return await self.send(page, "/prihlaseni/kod", code=self.code())

    def code(self) -> str:
        return TOTP(self.secret).now()


def secret_of(page: httpx.Response) -> str:
    """Of an authenticator app, as it is offered for copying."""
    found = re.search(r'class="secret"><code>([^<]+)', page.text)
    assert found is not None, page.status_code
    return found[1].replace(" ", "")


@contextmanager
def settings_for_entrance(
    servers: "Servers", postgres: "PostgresServer", folder: Path, **portal: object
) -> Generator[Settings]:
    """A node's settings with databases for `identity` and the portal."""
    prefix = f"test_{uuid4().hex[:8]}"
    urls = [postgres.create_database(f"{prefix}_{name}") for name in ("identity", "portal")]
    with servers.nats() as bus:
        made = settings_of(folder, urls[0].replace(f"{prefix}_identity", f"{prefix}_{{database}}"), bus.url)
        told = {"port": 0, "token_file": Path("portal.token"), "origin": ORIGIN, **portal}
        yield made.model_copy(update={"portal": Portal.model_validate(told)})
    for name in ("identity", "portal"):
        postgres.drop_database(f"{prefix}_{name}")


@asynccontextmanager
async def entrance_of(settings: Settings) -> AsyncGenerator[Entrance]:
    one = settings.organisation.id
    administrator = Actor(user=uuid4(), organisation=one, roles=frozenset({Role.NODE_ADMINISTRATOR}))
    async with (
        running(identity.build(settings)) as service,
        asyncpg.create_pool(settings.store.url.replace("{database}", "portal"), min_size=1, max_size=2) as pool,
    ):
        async with pool.acquire() as db:
            await migrate(db, [MIGRATIONS])
        site = make_site(settings, PUBLISHED, Bus(service.nc), pool)
        routers = [NOTES, account.router, sign_in.router, invitation.router, provider.router]
        yield Entrance(service, Door(make_pages(site, routers)), administrator)
