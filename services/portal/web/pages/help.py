"""Help, language and look of the pages: what anybody may read and choose."""

from fastapi import Response

from services.portal.web.language import LANGUAGES
from services.portal.web.page import THEMES, Anybody, Pages, Signed

A_YEAR_S = 365 * 86_400

router = Pages()


@router.get("/napoveda")
async def help_page(page: Signed) -> Response:
    return await page.render("help/help.html")


@router.post("/vzhled-stranky")
async def choose(page: Anybody) -> Response:
    """Kept in this browser alone, in cookies that name nobody."""
    form = await page.form()
    answer = page.go(page.inside(form["back"]))
    if form["lang"] in LANGUAGES:
        answer.set_cookie("lang", form["lang"], max_age=A_YEAR_S, samesite="lax", httponly=True)
    if "theme" in form.typed:
        if form["theme"] in THEMES:
            answer.set_cookie("theme", form["theme"], max_age=A_YEAR_S, samesite="lax", httponly=True)
        else:
            answer.delete_cookie("theme")
    return answer
