"""One's own account: what one signs in with, and where one is signed in. Changes need a sign-in that is fresh."""

from typing import TypeVar
from uuid import UUID

from fastapi import Response

from libs.eventlog import Frozen
from libs.messaging import RequestFailed
from libs.privacy import Personal
from services.identity.sign_in.messages import (
    Account,
    ChangePassword,
    Done,
    DropPasskey,
    DropTotp,
    EndSession,
    KeepPasskey,
    KeepTotp,
    MyAccount,
    NewPasskey,
    NewRecoveryCodes,
    NewTotp,
    RecoveryCodes,
    TotpOffer,
)
from services.portal.web.entrance import as_credential, as_ticket, drawn, offer, refuse, typed
from services.portal.web.form import Form
from services.portal.web.page import Page, Pages, Signed

A = TypeVar("A", bound=Frozen)
HERE = "/nastaveni/ja"
LONGEST_KEPT, LONGEST_LABEL = 2_000, 200

router = Pages(prefix=HERE)


@router.get("")
async def mine(page: Signed) -> Response:
    return await _shown(page, page.blank())


@router.get("/heslo")
async def password(page: Signed) -> Response:
    account = await _account(page)
    if not account.fresh:
        return _show_first(page, "/heslo")
    return await page.render("account/password.html", form=page.blank(), account=account)


@router.post("/heslo")
async def change_password(page: Signed) -> Response:
    form = await page.form()
    asked = ChangePassword(
        token=_token(page),
        old=typed(form["old"]),
        new=typed(form["password"]),
        comes=page.site.sessions.comes(page.request),
    )
    if await _done(page, form, asked, Done) is not None:
        return page.go(HERE, notice="password")
    if _needs_fresh(form):
        return _show_first(page, "/heslo")
    return await page.render("account/password.html", form.status, form=form, account=await _account(page))


@router.get("/aplikace")
async def app(page: Signed) -> Response:
    return await _offer_app(page, page.blank())


@router.post("/aplikace")
async def keep_app(page: Signed) -> Response:
    form = await page.form()
    asked = KeepTotp(token=_token(page), kept=Personal(form["kept"][:LONGEST_KEPT]), code=typed(form["code"]))
    made = await _done(page, form, asked, RecoveryCodes)
    return await (_offer_app(page, form) if made is None else _codes(page, made))


@router.post("/aplikace/odebrat")
async def drop_app(page: Signed) -> Response:
    return await _changed(page, DropTotp(token=_token(page)), "removed")


@router.post("/zalozni-kody")
async def new_codes(page: Signed) -> Response:
    form = await page.form()
    made = await _done(page, form, NewRecoveryCodes(token=_token(page)), RecoveryCodes)
    if made is None:
        return _show_first(page) if _needs_fresh(form) else await _shown(page, form)
    return await _codes(page, made)


@router.get("/klice")
async def passkeys(page: Signed) -> Response:
    if not (await _account(page)).fresh:
        return _show_first(page, "/klice")
    return await page.render("account/passkey.html", form=page.blank())


@router.post("/klice/zadost")
async def passkey_offer(page: Signed) -> Response:
    origin = page.site.sessions.origin(page.request)
    return await offer(page, NewPasskey(token=_token(page), origin=origin))


@router.post("/klice")
async def keep_passkey(page: Signed) -> Response:
    form = await page.form()
    asked = KeepPasskey(
        token=_token(page),
        ticket=as_ticket(form),
        credential=as_credential(form),
        origin=page.site.sessions.origin(page.request),
        label=Personal(form["label"].strip()[:LONGEST_LABEL] or "–"),
    )
    if await _done(page, form, asked, Done) is not None:
        return page.go(HERE, notice="added")
    if _needs_fresh(form):
        return _show_first(page, "/klice")
    return await page.render("account/passkey.html", form.status, form=form)


@router.post("/klice/{passkey}/odebrat")
async def drop_passkey(page: Signed, passkey: UUID) -> Response:
    return await _changed(page, DropPasskey(token=_token(page), passkey=passkey), "removed")


@router.post("/odhlasit-jinde")
async def end_sessions(page: Signed) -> Response:
    """One of them, or all others."""
    form = await page.form()
    return await _changed(page, EndSession(token=_token(page), handle=form.chosen("handle")), "done")


async def _offer_app(page: Page, form: Form) -> Response:
    """The same secret as long as the person is at it."""
    kept = Personal(form["kept"][:LONGEST_KEPT]) if form["kept"] else None
    try:
        offered = await page.site.sessions.ask(NewTotp(token=_token(page), kept=kept), TotpOffer)
    except RequestFailed as failed:
        if failed.problem.code != "not_fresh":
            raise
        return _show_first(page, "/aplikace")
    return await page.render("account/app.html", form.status, form=form, totp=offered, drawing=drawn(offered))


async def _codes(page: Page, made: RecoveryCodes) -> Response:
    return await page.render("account/codes.html", codes=made.codes.reveal(), onward=HERE, first=False)


async def _shown(page: Page, form: Form) -> Response:
    return await page.render("account/mine.html", form.status, form=form, account=await _account(page))


async def _account(page: Page) -> Account:
    return await page.site.sessions.ask(MyAccount(token=_token(page)), Account)


async def _changed(page: Page, asked: Frozen, notice: str) -> Response:
    form = page.blank()
    if await _done(page, form, asked, Done) is not None:
        return page.go(HERE, notice=notice)
    return _show_first(page) if _needs_fresh(form) else await _shown(page, form)


async def _done(page: Page, form: Form, asked: Frozen, answer: type[A]) -> A | None:
    """What the door answers. None: refused, and the form says why."""
    try:
        return await page.site.sessions.ask(asked, answer)
    except RequestFailed as failed:
        if failed.problem.kind != "rejected":
            raise
        refuse(page, form, failed.problem)
        return None


def _needs_fresh(form: Form) -> bool:
    return form.refused is not None and form.refused.code == "not_fresh"


def _show_first(page: Page, path: str = "") -> Response:
    """Show once more who you are, then come back here."""
    return page.go(f"/prihlaseni/znovu?dal={HERE}{path}")


def _token(page: Page) -> Personal[str]:
    assert page.session is not None
    return Personal(page.session.token)
