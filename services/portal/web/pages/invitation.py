"""With an enrolment link: a person sets what they sign in with, and is in.

The link's token stands in an address once: opening it moves the token into a cookie for an hour, so that it stays in no
history, no log of a server before us and no `Referer`. Opening uses nothing up: mail programs open links, too.
"""

from datetime import timedelta

from fastapi import Response

from libs.messaging import RequestFailed
from libs.privacy import Personal
from services.identity.sign_in.messages import (
    AskEnrolPasskey,
    Enrolled,
    Enrolment,
    EnrolPasskey,
    EnrolPassword,
    LookAtLink,
)
from services.portal.web.entrance import LINK, as_credential, as_ticket, ask_name, begin, drawn, offer, refuse, typed
from services.portal.web.form import Form
from services.portal.web.page import Anybody, Page, Pages

HERE = "/pozvanka"
LIFE = timedelta(hours=1)
LONGEST_LINK, LONGEST_KEPT, LONGEST_LABEL = 200, 2_000, 200

router = Pages()


@router.get("/pozvanka/{link}")
async def opened(page: Anybody, link: str) -> Response:
    answer = page.go(HERE)
    answer.set_cookie(
        LINK, link[:LONGEST_LINK], max_age=int(LIFE.total_seconds()), secure=True, httponly=True, samesite="lax"
    )
    return answer


@router.get(HERE)
async def invitation(page: Anybody) -> Response:
    return await _shown(page, page.blank())


@router.post(HERE)
async def with_password(page: Anybody) -> Response:
    form = await page.form()
    asked = EnrolPassword(
        link=_link(page),
        password=typed(form["password"]),
        kept=Personal(form["kept"][:LONGEST_KEPT]),
        code=typed(form["code"]),
        comes=page.site.sessions.comes(page.request),
    )
    try:
        done = await page.site.sessions.ask(asked, Enrolled)
    except RequestFailed as failed:
        if failed.problem.kind != "rejected":
            raise
        refuse(page, form, failed.problem)
        return await _shown(page, form)
    codes = done.codes.reveal()
    answer = await page.render("account/codes.html", codes=codes, onward="/", first=True)
    page.site.sessions.start(answer, done.signed_in)
    return _used(answer)


@router.post("/pozvanka/klic/zadost")
async def passkey_offer(page: Anybody) -> Response:
    return await offer(page, AskEnrolPasskey(link=_link(page), origin=page.site.sessions.origin(page.request)))


@router.post("/pozvanka/klic")
async def with_passkey(page: Anybody) -> Response:
    form = await page.form()
    asked = EnrolPasskey(
        link=_link(page),
        ticket=as_ticket(form),
        credential=as_credential(form),
        origin=page.site.sessions.origin(page.request),
        label=Personal(form["label"].strip()[:LONGEST_LABEL] or "–"),
        comes=page.site.sessions.comes(page.request),
    )
    try:
        done = await page.site.sessions.ask(asked, Enrolled)
    except RequestFailed as failed:
        if failed.problem.kind != "rejected":
            raise
        refuse(page, form, failed.problem)
        return await _shown(page, form)
    return _used(await begin(page, done.signed_in, "/"))


async def _shown(page: Page, form: Form) -> Response:
    """What the link is for; the same secret for the authenticator app as long as the person is at it."""
    kept = Personal(form["kept"][:LONGEST_KEPT]) if form["kept"] else None
    try:
        link = await page.site.sessions.ask(LookAtLink(link=_link(page), kept=kept), Enrolment)
    except RequestFailed as failed:
        if failed.problem.kind != "rejected":
            raise
        return await ask_name(page, "/", 404, why="link")
    return await page.render(
        "sign_in/invitation.html",
        form.status,
        form=form,
        link=link,
        drawing=drawn(link.totp),
        provider=page.site.sessions.provider,
    )


def _link(page: Page) -> Personal[str]:
    return Personal(page.request.cookies.get(LINK, "")[:LONGEST_LINK] or "–")


def _used(answer: Response) -> Response:
    answer.delete_cookie(LINK, secure=True, httponly=True, samesite="lax")
    return answer
