"""Cookie ↔ session. Who it stands for says `identity`; its word is good here for a second at most.

A browser sends `__Host-sid`: an opaque token, of which `identity` keeps the hash. Nothing about the person is in it.
`__Host-last` says, sealed, whose it was: what somebody wrote when their session ended is given back to nobody else.
"""

import hashlib
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from libs.codelists import Role
from libs.eventlog import Frozen
from libs.messaging import Bus, RequestFailed
from libs.messaging.subjects import door_subject
from libs.privacy import CLEAR, NodeKey, Personal
from libs.service import Settings
from services.identity.sign_in.messages import Comes, Done, Leave, SessionView, SignedIn, Who
from services.identity.sign_in.rules import is_fresh
from services.portal.web.carried import Carrier
from services.portal.web.provider import Provider

if TYPE_CHECKING:
    from services.portal.web.form import Form
    from services.portal.web.page import Page

A = TypeVar("A", bound=Frozen)
COOKIE, LAST = "__Host-sid", "__Host-last"
REMEMBERED_S = 1.0
MOST_REMEMBERED = 5_000
LIFE = timedelta(hours=13)
"""Longer than any session."""
LONGEST_TOKEN = 200
UNATTENDED = "spojka-unattended"
"""Header of a request that a script makes while nobody may be there: it prolongs no session."""
POSTED = "posted"
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
            ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


@dataclass(frozen=True)
class Session:
    """Somebody who is signed in, with roles as of a second ago at most.

    fresh_at   when they last showed who they are; before a sensitive step: `/prihlaseni/znovu?dal=…`
    token      only for asking at the door
    """

    handle: UUID
    user: UUID
    roles: frozenset[Role]
    team: str | None
    login_at: datetime
    fresh_at: datetime
    idle_until: datetime
    ends_at: datetime
    demonstration: bool
    token: str = field(repr=False)

    @property
    def is_fresh(self) -> bool:
        """Whether they have shown lately who they are."""
        return is_fresh(self.fresh_at, datetime.now(UTC))


class Sessions:
    """Of one portal. Every question to the door goes through here."""

    def __init__(self, settings: Settings, bus: Bus, node_key: NodeKey) -> None:
        assert settings.portal is not None
        self._portal, self._bus = settings.portal, bus
        self.demonstration = settings.portal.demonstration
        self.provider = Provider.of(settings)
        self.carrier = Carrier(node_key)
        self._remembered: dict[bytes, tuple[float, Session]] = {}

    async def ask(self, asked: Frozen, answer: type[A]) -> A:
        """A question at the door and its answer. Raises RequestFailed."""
        subject = door_subject("identity", type(asked))
        told = await self._bus.ask("identity", subject, asked.model_dump_json(context=CLEAR).encode())
        return answer.model_validate(told)

    async def who(self, request: Request) -> Session | None:
        """Who sends this; their session is prolonged by it. None: nobody is signed in. Raises RequestFailed."""
        token = request.cookies.get(COOKIE, "")
        if not token or len(token) > LONGEST_TOKEN:
            return None
        key, now = _key(token), time.monotonic()
        until, session = self._remembered.get(key, (0.0, None))
        if session is not None and now < until:
            return session
        is_used = UNATTENDED not in request.headers
        session = await self._asked(Who(token=Personal(token), prolong=is_used), token)
        if session is None or not is_used:
            self._remembered.pop(key, None)
            return session
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered = {one: kept for one, kept in self._remembered.items() if kept[0] > now}
        self._remembered[key] = (now + REMEMBERED_S, session)
        return session

    def start(self, answer: Response, begun: SignedIn) -> None:
        """Give the browser its cookie; it lives until the browser is closed, and no longer than the session."""
        _set(answer, COOKIE, begun.token.reveal())
        _set(answer, LAST, self.carrier.seal(LAST, str(begun.session.user)))

    async def end(self, request: Request, answer: Response) -> None:
        """Sign out. The cookie goes even when nobody can be told."""
        for name in (COOKIE, LAST):
            answer.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")
        token = request.cookies.get(COOKIE, "")
        if token and len(token) <= LONGEST_TOKEN:
            self.forget(token)
            await self.ask(Leave(token=Personal(token)), Done)

    def forget(self, token: str) -> None:
        """Something about this session has changed: ask at its next request."""
        self._remembered.pop(_key(token), None)

    def comes(self, request: Request) -> Comes:
        """Where somebody comes from: for the growing delay, and for their list of sessions."""
        agent = request.headers.get("user-agent", "")
        return Comes(address=Personal(self._address(request)), browser=Personal(_label(agent)))

    def origin(self, request: Request) -> str:
        """Where browsers reach this portal, by its settings; never what a client claims."""
        return self._portal.origin or f"http://localhost:{request.scope['server'][1]}"

    async def again(self, page: "Page", path: str, form: "Form") -> Response:
        """The session ended while a form was being written: its author signs in, and nothing of it is lost."""
        author = self.carrier.open(LAST, page.request.cookies.get(LAST, ""), LIFE)
        posted = self.carrier.seal(POSTED, {"path": path, "typed": form.typed, "user": author})
        shown = {"form": page.blank(), "onward": path, "posted": posted, "why": "ended", "seconds": 0}
        return await page.render("sign_in/name.html", 401, provider=self.provider, **shown)

    async def _asked(self, asked: Who, token: str) -> Session | None:
        try:
            view = await self.ask(asked, SessionView)
        except RequestFailed as failed:
            if failed.problem.kind in ("rejected", "invalid"):
                return None
            raise
        return Session(
            handle=view.handle,
            user=view.user,
            roles=frozenset(view.roles),
            team=view.team,
            login_at=view.login_at,
            fresh_at=view.fresh_at,
            idle_until=view.idle_until,
            ends_at=view.ends_at,
            demonstration=view.demonstration,
            token=token,
        )

    def _address(self, request: Request) -> str:
        """The peer's; behind a server of ours, what that server says."""
        address = request.client.host if request.client else ""
        for before in reversed(request.headers.get("x-forwarded-for", "").split(",")):
            if address not in self._portal.proxies or not before.strip():
                break
            address = before.strip()
        return address[:100] or "nowhere"


def local_path(text: str) -> str:
    """Where somebody wanted to go, if it is a page of this site; else the first page."""
    parts = urlsplit(text)
    is_ours = text.startswith("/") and not text.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return text if is_ours and "\\" not in text and text.isprintable() else "/"


def _set(answer: Response, name: str, value: str) -> None:
    answer.set_cookie(name, value, path="/", secure=True, httponly=True, samesite="lax")


def _key(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _label(agent: str) -> str:
    """Which browser on which system, and no more."""
    found = [next((name for sign, name in kinds if sign in agent), "") for kinds in (BROWSERS, SYSTEMS)]
    return ", ".join(one for one in found if one) or "–"
