"""What all ways in share: the page that asks, what was typed, and what follows an answer of the door."""

from typing import Any
from uuid import UUID

import segno
from fastapi import Response
from markupsafe import Markup
from starlette.responses import JSONResponse

from libs.eventlog import Frozen
from libs.messaging import Problem, RequestFailed
from libs.privacy import Personal
from services.identity.sign_in.messages import CodeWanted, PasskeyOffer, Refused, SignedIn, TotpOffer, Wait
from services.portal.problems import refusal
from services.portal.web.form import Form
from services.portal.web.form import Refused as RefusedForm
from services.portal.web.page import Page
from services.portal.web.refusals import refused_by_service
from services.portal.web.session import POSTED, local_path

SIGN_IN = "/prihlaseni"
LINK = "__Host-link"
LONGEST_TYPED, LONGEST_TICKET, LONGEST_CREDENTIAL = 1_000, 200, 20_000
FIELDS = {
    "password_too_short": "password",
    "password_too_long": "password",
    "password_common": "password",
    "password_wrong": "old",
    "code_wrong": "code",
}
"""Beside which field a refusal of the door stands."""
SECRET = ("password", "old", "code", "recovery")


def typed(text: str) -> Personal[str]:
    return Personal(text[:LONGEST_TYPED])


def as_ticket(form: Form) -> Personal[str]:
    return Personal(form["ticket"][:LONGEST_TICKET] or "–")


def as_credential(form: Form) -> Personal[str]:
    return Personal(form["credential"][:LONGEST_CREDENTIAL])


async def ask_name(page: Page, onward: str, status: int = 200, **more: Any) -> Response:
    """The sign-in page. why: what happened before; posted: what is to be sent afterwards."""
    shown = {"why": "", "posted": "", "seconds": 0, "form": page.blank(), **more}
    return await page.render("sign_in/name.html", status, onward=onward, provider=page.site.sessions.provider, **shown)


async def entered(page: Page, step: CodeWanted | SignedIn | Refused | Wait, onward: str, posted: str) -> Response:
    """Where an answer of the door leads."""
    onward = local_path(onward)
    match step:
        case SignedIn():
            return await begin(page, step, onward, posted)
        case Wait():
            return await ask_name(page, onward, 429, why="wait", seconds=step.seconds, posted=posted)
        case Refused() | CodeWanted():
            return await ask_name(page, onward, 401, why="refused", posted=posted)


async def begin(page: Page, begun: SignedIn, onward: str, posted: str = "") -> Response:
    """Signed in: on to where the person wanted to go, or to what they had been writing."""
    answer = await waiting(page, begun.session.user, posted) or page.go(onward)
    page.site.sessions.start(answer, begun)
    return answer


async def waiting(page: Page, user: UUID, posted: str) -> Response | None:
    """What somebody had sent when their session had ended, to be sent again. None: nothing, or another person's."""
    kept = page.site.sessions.carrier.open(POSTED, posted) if posted else None
    if not kept or kept["user"] not in (None, str(user)):
        return None
    return await page.render("sign_in/kept.html", path=local_path(kept["path"]), typed=kept["typed"])


async def offer(page: Page, asked: Frozen) -> Response:
    """Options for a passkey, for static/js/passkey.js."""
    try:
        made = await page.site.sessions.ask(asked, PasskeyOffer)
    except RequestFailed as failed:
        return refusal(failed.problem)
    return JSONResponse({"ticket": made.ticket.reveal(), "options": made.options.reveal()})


def refuse(page: Page, form: Form, problem: Problem) -> None:
    """Say in the form what the door said. What was typed in secret is not shown again."""
    for secret in SECRET:
        form.typed.pop(secret, None)
    told = refused_by_service(problem, page.site.languages[page.language])
    field = FIELDS.get(problem.code)
    form.refused = RefusedForm(told.kind, told.code, told.text, {field: told.text} if field else told.fields)


def drawn(offered: TotpOffer) -> Markup:
    """The QR code for an authenticator app, as a drawing within the page."""
    code = segno.make(offered.address.reveal(), error="m")
    return Markup(code.svg_inline(scale=5, border=3, dark="#000", light="#fff", svgclass="qr", lineclass=None))
