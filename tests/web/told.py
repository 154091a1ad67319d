"""The network of the demonstration after its story, seen through its pages: who is there, and what they find."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from itertools import chain
from urllib.parse import urlsplit

import httpx

from deploy.demo.logins import PASSWORD, let_in, login_of
from deploy.demo.network import Network
from deploy.demo.people import PEOPLE, PRISTAV, RADKA, SIMON, Person
from deploy.demo.play import play
from deploy.demo.settled import settle
from deploy.demo.story_contacts import DENISA
from deploy.local.folder import Organisation
from libs.codelists import Role
from services.identity.user.commands import AddUser
from tests.web.crawl import Visit, crawl, inside, look
from tests.web.document import read
from tests.web.filling import filled
from tests.web.more import ERASED, tell_more

PATIENCE_S = 30.0
FRESH_S = 600.0
"""Who has signed in longer ago signs in again: sensitive pages ask for it."""
HOME, SIGN_IN = "/", "/prihlaseni"
SEARCHED = ("de", "dluhy")
"""Typed into every search, so that results are found, too: the beginning of a nickname, and a need."""
OFFICER = Person("Test officer", PRISTAV, (Role.DPO,))
"""Has no part in the story, but pages of their own."""


@dataclass(frozen=True)
class Visitor:
    """Somebody at the pages of one node. person None: nobody has signed in."""

    organisation: Organisation
    person: Person | None = None

    @property
    def slug(self) -> str:
        """Kind of organisation and roles: a name for files, without anybody's own."""
        roles = [role.value for role in self.person.roles] if self.person else ["visitor"]
        return "-".join([self.organisation.kind, *roles]).replace("_", "-")


GUEST = Visitor(PRISTAV)
EVERYBODY = (GUEST, *(Visitor(one.organisation, one) for one in (*PEOPLE, OFFICER)))
TOLD_ELSEWHERE: Mapping[Person | None, tuple[str, ...]] = {
    None: (SIGN_IN, "/prihlaseni/kod", "/galerie"),
    OFFICER: (f"/klienti/{ERASED}/vymaz",),
    RADKA: ("/prihlaseni/znovu",),
}
"""Addresses that no link leads to: the one a visitor types, one from a colleague, and where a page sends somebody."""
BEGUN = {SIMON: f"/odkazani/nove?osoba={DENISA}"}
"""Forms whose next steps are pages of their own: filled in as far as nothing leaves the house."""


@dataclass
class Told:
    """visits: everything that everybody finds by following links, before any test has changed something."""

    network: Network
    visits: list[Visit] = field(default_factory=list[Visit])
    _cookies: dict[Visitor, tuple[float, dict[str, str]]] = field(
        default_factory=dict[Visitor, tuple[float, dict[str, str]]]
    )

    def url(self, visitor: Visitor) -> str:
        """The pages as a program calls them."""
        return self.network.nodes[visitor.organisation.code].api_url

    def page_url(self, visitor: Visitor) -> str:
        """The pages as a browser calls them."""
        return self.network.nodes[visitor.organisation.code].page_url

    async def add(self, person: Person) -> None:
        """Somebody more, who may sign in like the people of the story."""
        node = self.network.nodes[person.organisation.code]
        async with self.network.setup_api(person.organisation.code) as api:
            fields = {"name": person.name, "roles": person.roles, "team": person.team}
            await api.command("identity", "user", AddUser, user_id=person.id, **fields)
        await let_in(node, [person])

    @asynccontextmanager
    async def http(self, visitor: Visitor, language: str = "cs") -> AsyncGenerator[httpx.AsyncClient]:
        """A browser without scripts: this visitor's cookies, and the headers of somebody who stays on the site."""
        jar = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
        async with httpx.AsyncClient(
            base_url=self.url(visitor),
            cookies=jar,
            headers={"Sec-Fetch-Site": "same-origin"},
            timeout=PATIENCE_S,
            trust_env=False,
        ) as http:
            host = urlsplit(self.url(visitor)).hostname or ""
            for name, value in {**await self.cookies(visitor), "lang": language}.items():
                http.cookies.set(name, value, domain=host)
            yield http

    async def cookies(self, visitor: Visitor) -> dict[str, str]:
        """Of a session begun at the sign-in page; none for a guest."""
        if visitor.person is None:
            return {}
        at, cookies = self._cookies.get(visitor, (0.0, {}))
        if not cookies or time.monotonic() - at > FRESH_S:
            _, cookies = self._cookies[visitor] = (time.monotonic(), await self._sign_in(visitor))
        return cookies

    async def _sign_in(self, visitor: Visitor) -> dict[str, str]:
        async with self.http(Visitor(visitor.organisation)) as http:
            reply = await self.enter(http, visitor)
            assert reply.is_redirect, f"sign-in answers {reply.status_code}"
            return dict(http.cookies.items())

    async def enter(
        self, http: httpx.AsyncClient, visitor: Visitor, over: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Name and password, typed into the form of the sign-in page. over: hidden fields that somebody altered."""
        assert visitor.person is not None
        page = read((await http.get(SIGN_IN)).text)
        [form] = [one for one in page.forms if any(field.kind == "password" for field in one.fields)]
        sent = {one.name: one.value for one in form.fields if one.kind == "hidden"}
        sent |= {one.name: login_of(visitor.person) for one in form.texts}
        sent |= {one.name: PASSWORD for one in form.fields if one.kind == "password"}
        return await http.post(form.action or SIGN_IN, data={**sent, **(over or {})})

    async def look_around(self, visitors: Iterable[Visitor] = EVERYBODY) -> None:
        """Fill `visits`. Everybody at once: nodes are programs of their own."""
        found = await asyncio.gather(*(self._look_around(one) for one in visitors))
        self.visits = list(chain.from_iterable(found))

    async def _look_around(self, visitor: Visitor) -> list[Visit]:
        async with self.http(visitor) as http:
            starts = (HOME, *TOLD_ELSEWHERE.get(visitor.person, ()))
            visits = await crawl(http, visitor, starts)
            begun = [await _begun(http, visitor, BEGUN[visitor.person])] if visitor.person in BEGUN else []
            return [*visits, *await crawl(http, visitor, [*begun, *await _results(http, visits)], visits)]


async def _begun(http: httpx.AsyncClient, visitor: Visitor, path: str) -> str:
    """Where the first step of a form leads."""
    page = (await look(http, visitor, path)).document
    assert page is not None
    form = next(one for one in page.forms if any(field.tag == "textarea" for field in one.fields))
    reply = await http.post(form.action or path, data=filled(form, "Zatim jen zacatek."))
    return inside(path, [reply.headers["location"]])[0]


async def _results(http: httpx.AsyncClient, visits: Sequence[Visit]) -> list[str]:
    """Pages that only a search leads to: every search form there is, sent once."""
    forms = {
        (form.action, one.name): (form, visit.path)
        for visit in visits
        if visit.document
        for form in visit.document.forms
        for one in form.fields
        if form.method == "post" and one.kind == "search"
    }
    found: list[str] = []
    for (action, name), (form, path) in forms.items():
        hidden = {one.name: one.value for one in form.fields if one.kind == "hidden"}
        for words in SEARCHED:
            reply = await http.post(action or path, data={**hidden, name: words})
            found.append(reply.headers.get("location", path))
    return inside(HOME, found)


def tell(network: Network) -> Told:
    """The whole story, every letter delivered, everybody signed in."""
    told = Told(network)

    async def telling() -> None:
        await network.introduce()
        await play(network)
        await told.add(OFFICER)
        await tell_more(network)
        await settle(network)
        await told.look_around()

    asyncio.run(telling())
    return told


__all__ = ["EVERYBODY", "GUEST", "Told", "Visitor", "tell"]
