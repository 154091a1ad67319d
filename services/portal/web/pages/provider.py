"""Signing in by the organisation's own provider, and ending an enrolment link there."""

from datetime import timedelta

from fastapi import Response
from pydantic import ValidationError
from starlette.responses import RedirectResponse

from libs.messaging import RequestFailed
from libs.privacy import Personal
from services.identity.sign_in.messages import ComeFromProvider, Enrolled, EnrolProvider, Step
from services.portal.web.entrance import LINK, ask_name, begin, entered
from services.portal.web.form import NotHere
from services.portal.web.page import Anybody, Page, Pages
from services.portal.web.provider import Begun, Provider, ProviderRefused
from services.portal.web.session import local_path

COOKIE, LIFE = "__Host-provider", timedelta(minutes=10)
BACK = "/prihlaseni/organizace/zpet"

router = Pages()


@router.get("/prihlaseni/organizace")
async def leave(page: Anybody, dal: str = "", pozvanka: bool = False) -> Response:
    """A link, not a form: browsers let no form of ours end at another site."""
    provider, sessions = _provider(page), page.site.sessions
    try:
        url, begun = await provider.begin(_back(page), local_path(dal), invited=pozvanka)
    except ProviderRefused:
        return await _refused(page, local_path(dal))
    answer = RedirectResponse(url, 303)
    carried = sessions.carrier.seal(COOKIE, begun.model_dump())
    answer.set_cookie(COOKIE, carried, max_age=int(LIFE.total_seconds()), secure=True, httponly=True, samesite="lax")
    return answer


@router.get(BACK)
async def come(page: Anybody) -> Response:
    provider, sessions = _provider(page), page.site.sessions
    try:
        begun = Begun.model_validate(sessions.carrier.open(COOKIE, page.request.cookies.get(COOKIE, ""), LIFE))
        subject = Personal(await provider.subject(_back(page), begun, page.request.query_params))
    except (ProviderRefused, ValidationError):
        return _over(await _refused(page, "/"))
    comes = sessions.comes(page.request)
    if begun.invited:
        return _over(await _enrolled(page, provider.issuer, subject))
    step = (await sessions.ask(ComeFromProvider(issuer=provider.issuer, subject=subject, comes=comes), Step)).step
    if step.kind == "refused":
        return _over(await _refused(page, begun.onward))
    return _over(await entered(page, step, begun.onward, ""))


async def _enrolled(page: Page, issuer: str, subject: Personal[str]) -> Response:
    sessions = page.site.sessions
    link = Personal(page.request.cookies.get(LINK, "")[:200] or "–")
    asked = EnrolProvider(link=link, issuer=issuer, subject=subject, comes=sessions.comes(page.request))
    try:
        done = await sessions.ask(asked, Enrolled)
    except RequestFailed as failed:
        if failed.problem.kind != "rejected":
            raise
        return await ask_name(page, "/", 401, why="link" if failed.problem.code == "link_gone" else "provider")
    answer = await begin(page, done.signed_in, "/")
    answer.delete_cookie(LINK, secure=True, httponly=True, samesite="lax")
    return answer


async def _refused(page: Page, onward: str) -> Response:
    return await ask_name(page, onward, 401, why="provider")


def _over(answer: Response) -> Response:
    answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
    return answer


def _provider(page: Page) -> Provider:
    """Raises NotHere on a node without one."""
    if page.site.sessions.provider is None:
        raise NotHere
    return page.site.sessions.provider


def _back(page: Page) -> str:
    return page.site.sessions.origin(page.request) + BACK
