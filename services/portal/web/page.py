"""One request of one person: the only way a page asks, acts and answers.

Handlers take a `Signed` page (somebody is signed in) or an `Anybody` one (public pages), and never see NATS,
templates' wiring, cookies or headers.
"""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from opentelemetry.trace import SpanKind
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse

from libs.codelists import OrganisationKind, Role
from libs.eventlog import Actor, Command
from libs.messaging import Answer, Query, RequestFailed, View
from libs.messaging.trace import span
from services.portal.web.form import Form, NotHere, Refused, blank
from services.portal.web.guard import SAFE, is_foreign
from services.portal.web.navigation import menu
from services.portal.web.refusals import refused_by_service, refused_fields
from services.portal.web.session import Session
from services.portal.web.site import Site

V = TypeVar("V", bound=View)
NOTICE, NOTICE_LIFE_S = "notice", 20
THEMES = ("light", "dark")


class NotSignedIn(Exception):
    """Somebody must sign in first. form: what they had sent, so that it is not lost."""

    def __init__(self, path: str, form: Form | None = None) -> None:
        super().__init__("nobody is signed in")
        self.path, self.form = path, form


class Foreign(Exception):
    """Another site made the browser send this; nothing was done."""


class PageBroke(Exception):
    """A fault of ours; its cause says which."""


EXPECTED = (NotHere, NotSignedIn, Foreign, RequestFailed, RequestValidationError, HTTPException)


class Page:
    """What a handler gets. See the module's docstring."""

    def __init__(self, request: Request, site: Site, session: Session | None) -> None:
        self.request, self.site, self.session = request, site, session
        self.language = site.language_of(request)
        self.organisation: UUID = site.organisation.id
        self.kind = OrganisationKind(site.organisation.kind)
        user = session.user if session else site.organisation.id
        roles = frozenset[str](session.roles) if session else frozenset[str]()
        self.actor = Actor(
            user=user, organisation=self.organisation, roles=roles, team=session.team if session else None
        )

    @property
    def theme(self) -> str:
        """As this browser was told: light, dark, or "" for what the device says."""
        return theme if (theme := self.request.cookies.get("theme", "")) in THEMES else ""

    @property
    def team(self) -> str | None:
        """Whose records this person sees: their team's ("" for none), or all (None) for a team leader."""
        return None if self.has(Role.TEAM_LEADER) else self.actor.team or ""

    def has(self, *roles: Role) -> bool:
        """Whether this person has any of these roles."""
        return not self.actor.roles.isdisjoint(roles)

    def only(self, *roles: Role) -> None:
        """Others find no such page. Raises NotHere."""
        if not self.has(*roles):
            raise NotHere

    async def ask(self, question: type[Query], view: type[V], **fields: Any) -> list[V]:
        """The rows of an answer. Raises RequestFailed; what may not be asked looks like what is not there."""
        service, name = self.site.questions[question]
        try:
            asked = question.model_validate({"actor": self.actor, **fields})
        except ValidationError:
            raise NotHere from None
        return await self.site.bus.query(service, name, asked, view)

    async def one(self, question: type[Query], view: type[V], **fields: Any) -> V:
        """The only row. Raises NotHere if there is none."""
        rows = await self.ask(question, view, **fields)
        if not rows:
            raise NotHere
        return rows[0]

    async def do(self, command: type[Command], form: Form, /, **fields: Any) -> Answer | None:
        """Carry out a command. None: refused, and `form.refused` says why; show the form again with `form.status`."""
        service, aggregate = self.site.aggregates[command]
        told = {name: value for name, value in fields.items() if value is not None}
        told.setdefault("occurred_at", datetime.now(UTC))
        try:
            wish = command.model_validate(
                {"id": form.id, "actor": self.actor, "expected_version": form.version, **told}
            )
        except ValidationError as error:
            form.refused = refused_fields(error, self.site.languages[self.language])
            return None
        try:
            return await self.site.bus.command(service, aggregate, wish)
        except RequestFailed as failed:
            form.refused = refused_by_service(failed.problem, self.site.languages[self.language], aggregate)
            return None

    async def form(self) -> Form:
        """What was posted. Files are not in it: `await page.request.form()`."""
        sent = await self.request.form()
        return Form.posted((name, value) for name, value in sent.multi_items() if isinstance(value, str))

    def blank(self, **values: Any) -> Form:
        """A form to show for the first time, filled in with these values."""
        return blank(values)

    async def drafted(self, name: str, /, **values: Any) -> Form:
        """A form with what this person was writing there before, if anything; else blank with these values."""
        draft = await self.site.kept.draft(self.actor.user, name)
        if draft is None:
            return blank(values)
        return Form(typed=draft.fields, draft_at=draft.at)

    async def render(self, template: str, status: int = 200, **content: Any) -> Response:
        """A page. A notice left by the page before is shown once."""
        await self.site.names.ready(self)
        notice = self.request.cookies.get(NOTICE)
        text = self.site.render(
            self.language,
            template,
            page=self,
            menu=menu(self),
            notice=notice,
            names=self.site.names,
            **content,
        )
        answer = HTMLResponse(text, status, {"Link": self.site.assets.early})
        if notice:
            answer.delete_cookie(NOTICE)
        return answer

    @staticmethod
    def inside(path: str) -> str:
        """A path of this site, or the home page: nobody is sent elsewhere by a link."""
        return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"

    def go(self, path: str, notice: str | None = None, saved: bool = False) -> Response:
        """On to another page of this site, with a word of what happened (templates/notices.html)."""
        answer = RedirectResponse(quote(path, safe="/?=&#%-._~"), 303)
        if saved or notice:
            answer.set_cookie(NOTICE, notice or "saved", max_age=NOTICE_LIFE_S, httponly=True, samesite="lax")
        return answer


class _Spanned(APIRoute):
    """A span named for the route, never for the address: an address may tell who."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle, name = super().get_route_handler(), f"{min(self.methods or {'GET'})} {self.path_format}"

        async def handled(request: Request) -> Response:
            with span(name, {}, SpanKind.SERVER):
                try:
                    return await handle(request)
                except EXPECTED:
                    raise
                except Exception as error:
                    raise PageBroke from error

        return handled


class Pages(APIRouter):
    """A router of pages."""

    def __init__(self, prefix: str = "") -> None:
        super().__init__(prefix=prefix, route_class=_Spanned, default_response_class=HTMLResponse)


async def anybody(request: Request) -> Page:
    """A page for whoever comes; signed in or not."""
    if is_foreign(request):
        raise Foreign
    site: Site = request.app.state.site
    return Page(request, site, await site.sessions.who(request))


async def signed(page: "Annotated[Page, Depends(anybody)]") -> Page:
    """A page for somebody who is signed in."""
    if page.session is None:
        form = None if page.request.method in SAFE else await page.form()
        raise NotSignedIn(page.request.url.path, form)
    return page


Anybody = Annotated[Page, Depends(anybody)]
Signed = Annotated[Page, Depends(signed)]
__all__ = ["Anybody", "Foreign", "Form", "NotHere", "NotSignedIn", "Page", "PageBroke", "Pages", "Refused", "Signed"]
