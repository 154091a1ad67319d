"""What a person is writing and has not sent: kept while they write, found again, thrown away."""

from urllib.parse import urlsplit

from fastapi import Response
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from services.portal.web.form import PRAGUE, Form
from services.portal.web.page import Page, Pages, Signed

LONGEST_KEY = 150
OURS = ("draft", "_keep")

router = Pages()


@router.get("/rozepsane")
async def drafts(page: Signed) -> Response:
    return await page.render("home/drafts.html", drafts=await page.site.kept.drafts(page.actor.user))


@router.post("/rozepsane")
async def keep(page: Signed) -> Response:
    """Asked by the script of a form, which wants to know when; or by its button, which wants its page again."""
    form = await page.form()
    key, back = form["draft"], _came_from(page)
    if not 0 < len(key) <= LONGEST_KEY:
        raise HTTPException(413)
    at = await page.site.kept.keep_draft(page.actor.user, key, _texts(form), back)
    if form.checked("_keep"):
        return page.go(back or "/rozepsane", notice="draft")
    return JSONResponse({"at": at.astimezone(PRAGUE).strftime("%H:%M")})


@router.post("/rozepsane/zahodit")
async def throw_away(page: Signed) -> Response:
    form = await page.form()
    await page.site.kept.drop_draft(page.actor.user, form["draft"])
    return page.go("/rozepsane", notice="removed")


def _texts(form: Form) -> dict[str, list[str]]:
    return {name: values for name, values in form.texts.items() if name not in OURS}


def _came_from(page: Page) -> str:
    """The page the form stood on. Addresses hold opaque ids only, so it may be kept."""
    came = urlsplit(page.request.headers.get("referer", ""))
    if came.netloc != page.request.headers.get("host"):
        return ""
    return page.inside(f"{came.path}?{came.query}" if came.query else came.path)
