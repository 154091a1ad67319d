"""Search over what the person may see: clients by nickname or code, colleagues, organisations. Never in a URL."""

from fastapi import Response

from libs.messaging import RequestFailed
from services.portal.web.finder import Somebody, squeezed
from services.portal.web.form import NotHere
from services.portal.web.page import Page, Pages, Signed

MOST = 50

router = Pages()


@router.get("/hledat")
async def search(page: Signed) -> Response:
    return await page.render("search/search.html", form=page.blank(), found=None)


@router.post("/hledat")
async def find(page: Signed) -> Response:
    form = await page.form()
    if not form["text"].strip():
        return page.go("/hledat")
    handle = await page.site.kept.keep_search(page.actor.user, {"text": form["text"].strip()[:200]})
    return page.go(f"/hledat/{handle}")


@router.get("/hledat/{handle}")
async def found(page: Signed, handle: str) -> Response:
    words = await page.site.kept.search(page.actor.user, handle)
    if words is None:
        raise NotHere
    text = str(words["text"])
    names = page.site.names
    return await page.render(
        "search/search.html",
        form=page.blank(text=text),
        found={
            "people": await _people(page, text),
            "organisations": [one for one in names.organisations() if squeezed(text) in squeezed(one.name)][:MOST],
            "colleagues": [
                one for one in names.users() if one.name.is_clear and squeezed(text) in squeezed(one.name.reveal())
            ][:MOST],
        },
    )


async def _people(page: Page, text: str) -> list[Somebody] | None:
    """None: a role that sees no clients."""
    try:
        return await page.site.finder.find(page, text, MOST)
    except RequestFailed as failed:
        if failed.problem.kind == "forbidden":
            return None
        raise
