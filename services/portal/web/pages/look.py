"""The organisation's look: served to everybody, chosen by an administrator."""

from fastapi import Response
from starlette.datastructures import UploadFile

from libs.codelists import Role
from services.portal.web.assets import FOREVER
from services.portal.web.form import Form, NotHere, Refused
from services.portal.web.look import Accent, Look, NoColour, NoPicture, as_logo
from services.portal.web.page import Anybody, Page, Pages, Signed
from services.portal.web.refusals import field_sentence, sentence

COMMON = "#155e63"
HERE = "/nastaveni/vzhled"

router = Pages()


@router.get("/vzhled/{name}")
async def served(page: Anybody, name: str) -> Response:
    look = page.site.looks.now
    if look.accent and look.css_href == f"/vzhled/{name}":
        return Response(look.accent.css, media_type="text/css", headers=FOREVER)
    if look.logo and look.logo_href == f"/vzhled/{name}":
        return Response(look.logo, media_type="image/png", headers=FOREVER)
    raise NotHere


@router.get(HERE)
async def now(page: Signed) -> Response:
    page.only(Role.NODE_ADMINISTRATOR)
    look = page.site.looks.now
    return await _shown(page, page.blank(accent=look.accent.chosen if look.accent else COMMON))


@router.post(HERE)
async def choose(page: Signed) -> Response:
    """An empty file leaves the logo as it is; the common colour is no colour of one's own."""
    page.only(Role.NODE_ADMINISTRATOR)
    form = await page.form()
    try:
        accent = None if form["accent"].lower() == COMMON else Accent(form["accent"])
        logo = None if form.checked("no_logo") else await _uploaded(page) or page.site.looks.now.logo
    except NoColour:
        return await _refused(page, form, "accent", "colour")
    except NoPicture:
        return await _refused(page, form, "logo", "picture")
    await page.site.looks.choose(Look(accent, logo), page.actor.user)
    return page.go(HERE, notice="look_darker" if accent and accent.is_darkened else "look")


async def _uploaded(page: Page) -> bytes | None:
    file = (await page.request.form()).get("logo")
    content = await file.read() if isinstance(file, UploadFile) else b""
    return await as_logo(content) if content else None


async def _refused(page: Page, form: Form, field: str, kind: str) -> Response:
    language = page.site.languages[page.language]
    form.refused = Refused(
        "invalid", "invalid", sentence("invalid", "invalid", language), {field: field_sentence(kind, {}, language)}
    )
    return await _shown(page, form)


async def _shown(page: Page, form: Form) -> Response:
    return await page.render("look/look.html", form.status, form=form, look=page.site.looks.now)
