"""Signing in and out: name and password, then a code; or a passkey. Whatever fails, fails in one way.

onward    where the person wanted to go; always a page of this site
posted    what they had sent when their session had ended: sealed, carried along, sent again when they are back
"""

from contextlib import suppress

from fastapi import Response

from libs.messaging import RequestFailed
from libs.privacy import Personal
from services.identity.sign_in.messages import (
    AskPasskey,
    Freshen,
    FreshenByPasskey,
    GiveCode,
    GivePasskey,
    SignIn,
    Step,
)
from services.portal.web.entrance import SIGN_IN, as_credential, as_ticket, ask_name, entered, offer, typed, waiting
from services.portal.web.page import Anybody, Page, Pages, Signed
from services.portal.web.session import local_path

router = Pages()


# -- name and password, then a code


@router.get("/prihlaseni")
async def name(page: Anybody, dal: str = "") -> Response:
    onward = local_path(dal)
    return page.go(onward) if page.session else await ask_name(page, onward)


@router.post("/prihlaseni")
async def password(page: Anybody) -> Response:
    form, sessions = await page.form(), page.site.sessions
    asked = SignIn(name=typed(form["name"]), password=typed(form["password"]), comes=sessions.comes(page.request))
    step = (await sessions.ask(asked, Step)).step
    if step.kind == "code_wanted":
        return await _ask_code(page, step.ticket.reveal(), form["onward"], form["posted"])
    return await entered(page, step, form["onward"], form["posted"])


@router.get("/prihlaseni/kod")
async def code_alone(page: Anybody) -> Response:
    return page.go(SIGN_IN)


@router.post("/prihlaseni/kod")
async def code(page: Anybody) -> Response:
    form = await page.form()
    given = typed(form["recovery"].strip() or form["code"])
    asked = GiveCode(ticket=as_ticket(form), code=given, comes=page.site.sessions.comes(page.request))
    step = (await page.site.sessions.ask(asked, Step)).step
    if step.kind == "wait" or (step.kind == "refused" and not step.over):
        seconds = step.seconds if step.kind == "wait" else 0
        return await _ask_code(page, form["ticket"], form["onward"], form["posted"], 401, step.kind, seconds)
    return await entered(page, step, form["onward"], form["posted"])


async def _ask_code(
    page: Page, ticket: str, onward: str, posted: str, status: int = 200, why: str = "", seconds: int = 0
) -> Response:
    return await page.render(
        "sign_in/code.html",
        status,
        form=page.blank(),
        ticket=ticket,
        onward=local_path(onward),
        posted=posted,
        why=why,
        seconds=seconds,
    )


# -- a passkey


@router.post("/prihlaseni/klic/zadost")
async def passkey_offer(page: Anybody) -> Response:
    return await offer(page, AskPasskey(origin=page.site.sessions.origin(page.request)))


@router.post("/prihlaseni/klic")
async def passkey(page: Anybody) -> Response:
    form, sessions = await page.form(), page.site.sessions
    asked = GivePasskey(
        ticket=as_ticket(form),
        credential=as_credential(form),
        origin=sessions.origin(page.request),
        comes=sessions.comes(page.request),
    )
    return await entered(page, (await sessions.ask(asked, Step)).step, form["onward"], form["posted"])


# -- once more, before a sensitive step


@router.get("/prihlaseni/znovu")
async def again(page: Signed, dal: str = "") -> Response:
    return await _ask_again(page, local_path(dal))


@router.post("/prihlaseni/znovu")
async def again_code(page: Signed) -> Response:
    form, sessions = await page.form(), page.site.sessions
    assert page.session is not None
    given = typed(form["recovery"].strip() or form["code"] or form["password"])
    asked = Freshen(token=Personal(page.session.token), code=given, comes=sessions.comes(page.request))
    return await _shown_again(page, (await sessions.ask(asked, Step)), form["onward"])


@router.post("/prihlaseni/znovu/klic")
async def again_passkey(page: Signed) -> Response:
    form, sessions = await page.form(), page.site.sessions
    assert page.session is not None
    asked = FreshenByPasskey(
        token=Personal(page.session.token),
        ticket=as_ticket(form),
        credential=as_credential(form),
        origin=sessions.origin(page.request),
    )
    return await _shown_again(page, await sessions.ask(asked, Step), form["onward"])


async def _shown_again(page: Page, answer: Step, onward: str) -> Response:
    assert page.session is not None
    if answer.step.kind == "signed_in":
        page.site.sessions.forget(page.session.token)
        return page.go(local_path(onward))
    seconds = answer.step.seconds if answer.step.kind == "wait" else 0
    return await _ask_again(page, local_path(onward), 401, answer.step.kind, seconds)


async def _ask_again(page: Page, onward: str, status: int = 200, why: str = "", seconds: int = 0) -> Response:
    return await page.render("sign_in/again.html", status, form=page.blank(), onward=onward, why=why, seconds=seconds)


# -- what was sent when the session had ended


@router.post("/prihlaseni/zpet")
async def back(page: Anybody) -> Response:
    """Signed in again in another window: the text that waits in this one."""
    form = await page.form()
    if page.session is None:
        return await ask_name(page, local_path(form["onward"]), 401, why="ended", posted=form["posted"])
    return await waiting(page, page.session.user, form["posted"]) or page.go(local_path(form["onward"]))


# -- out


@router.post("/odhlaseni")
async def out(page: Anybody) -> Response:
    """Nothing of the person stays in the browser's cache; what a phone has not sent yet stays in its storage."""
    answer = page.go(SIGN_IN, notice="signed_out")
    answer.headers["Clear-Site-Data"] = '"cache"'
    with suppress(RequestFailed):  # nobody can be told now; without the cookie the session ends idle
        await page.site.sessions.end(page.request, answer)
    return answer
