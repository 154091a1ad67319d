"""All pages as one application: routers, refusals as pages, headers. Mounted beside the JSON API."""

import logging
import secrets
from collections.abc import Sequence

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from libs.messaging import RequestFailed
from services.portal.web.form import NotHere
from services.portal.web.page import Foreign, NotSignedIn, Page, PageBroke
from services.portal.web.session import Session
from services.portal.web.site import Site

NOT_HERE = ("errors/not_here.html", 404)
BY_STATUS = {404: NOT_HERE, 405: NOT_HERE, 403: NOT_HERE, 413: ("errors/too_long.html", 413)}

log = logging.getLogger("spojka.portal")


def make_pages(site: Site, routers: Sequence[APIRouter], sign_in: str = "/prihlaseni") -> FastAPI:
    """Every page of a node."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.site = site
    app.include_router(site.assets.router())
    for router in routers:
        app.include_router(router)
    _install(app, site, sign_in)
    return app


def _install(app: FastAPI, site: Site, sign_in: str) -> None:
    async def shown(request: Request, template: str, status: int, **content: object) -> Response:
        page = Page(request, site, await _session(request, site))
        return await page.render(template, status, **content)

    async def not_here(request: Request, error: Exception) -> Response:
        return await shown(request, *NOT_HERE)

    async def not_signed_in(request: Request, error: Exception) -> Response:
        assert isinstance(error, NotSignedIn)
        if error.form is None:
            return RedirectResponse(f"{sign_in}?dal={error.path}" if error.path != "/" else sign_in, 303)
        return await site.sessions.again(Page(request, site, None), error.path, error.form)

    async def foreign(request: Request, error: Exception) -> Response:
        return await shown(request, "errors/foreign.html", 403)

    async def failed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestFailed)
        match error.problem.kind:
            case "unavailable":
                return await shown(request, "errors/away.html", 503)
            case "fault":
                return await fault(request, error)
            case _:
                return await shown(request, *NOT_HERE)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code not in BY_STATUS:
            return await shown(request, "errors/not_here.html", error.status_code)
        return await shown(request, *BY_STATUS[error.status_code])

    async def fault(request: Request, error: Exception) -> Response:
        code = secrets.token_hex(2).upper()
        cause = error.__cause__ or error
        log.error("a page failed", extra={"error": type(cause).__name__, "code": code}, exc_info=_bare(cause))
        return await shown(request, "errors/fault.html", 500, code=code)

    app.add_exception_handler(NotHere, not_here)
    app.add_exception_handler(NotSignedIn, not_signed_in)
    app.add_exception_handler(Foreign, foreign)
    app.add_exception_handler(RequestFailed, failed)
    app.add_exception_handler(RequestValidationError, not_here)
    app.add_exception_handler(HTTPException, http)

    app.add_exception_handler(PageBroke, fault)


async def _session(request: Request, site: Site) -> Session | None:
    try:
        return await site.sessions.who(request)
    except RequestFailed:
        return None


def _bare(error: BaseException) -> RuntimeError:
    """The traceback under the error's kind alone: a message may hold content."""
    return RuntimeError(type(error).__name__).with_traceback(error.__traceback__)
