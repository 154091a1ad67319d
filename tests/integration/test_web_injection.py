"""Markup, formulas and files that somebody types into every form there is: shown as typed, run nowhere."""

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import httpx
import pytest

from deploy.demo.people import EVA, JAKUB, LENKA, OLGA, RADKA, SIMON, TEREZA, VIT
from tests.web.crawl import Visit, inside
from tests.web.document import Document, Form, read
from tests.web.filling import filled
from tests.web.told import EVERYBODY, Told, Visitor

pytestmark = pytest.mark.spoils_the_story

MARK = "onerror=alert(7)"
TYPED = f"=1+1\"'><img src=x {MARK}>{{{{7*7}}}}"
RAW = f"<img src=x {MARK}>"
LEFT_ALONE = ("/prihlaseni", "/odhlaseni", "/nastaveni/ja")
"""Not typed into: whoever signs in or changes a password is not the one who looks on."""
AUTHORS = (RADKA, SIMON, OLGA, VIT, TEREZA, EVA, LENKA, JAKUB)


@pytest.mark.parametrize("author", AUTHORS, ids=lambda person: Visitor(person.organisation, person).slug)
async def test_what_is_typed_is_never_markup(told: Told, author: object) -> None:
    """At the answer, on the page after it, and in what is refused."""
    visitor = next(one for one in EVERYBODY if one.person == author)
    wrong: list[str] = []
    async with told.http(visitor) as http:
        for action, form in forms_of(told, visitor):
            reply = await http.post(action, data=filled(form, TYPED))
            wrong += [f"{action}: {one}" for one in trouble(reply)]
            for _ in range(3):
                if not reply.is_redirect:
                    break
                reply = await http.get(inside(action, [reply.headers["location"]])[0])
                wrong += [f"after {action}: {one}" for one in trouble(reply)]
    assert not wrong, "\n".join(wrong)


async def test_what_was_typed_is_shown_to_nobody_as_markup(told: Told) -> None:
    """Every page of everybody, after everybody typed it everywhere; and it is shown, or this would prove nothing."""
    before = told.visits
    await told.look_around()
    after, told.visits = [one for one in told.visits if one.reply.is_stream_consumed], before
    wrong = [f"{one}: {wrong}" for one in after for wrong in trouble(one.reply)]
    assert not wrong, "\n".join(map(str, wrong))
    assert any("&lt;img src=x" in one.reply.text for one in after if one.document)
    wrong = [str(one) for one in after if one.document is None for wrong in formulas(one) if wrong]
    assert not wrong, "\n".join(map(str, wrong))


def forms_of(told: Told, visitor: Visitor) -> Iterator[tuple[str, Form]]:
    """Every form with a place for words, once per path it posts to."""
    seen: set[str] = set()
    for visit in told.visits:
        if visit.who != visitor or visit.document is None:
            continue
        for form in visit.document.forms:
            [action] = inside(visit.path, [form.action or visit.path])
            if form.method == "post" and form.texts and action not in seen and not action.startswith(LEFT_ALONE):
                seen.add(action)
                yield action, form


def trouble(reply: httpx.Response) -> list[str]:
    wrong: list[str] = []
    if reply.status_code >= 500:
        wrong.append(f"answers {reply.status_code}")
    if RAW in reply.text:
        wrong.append("the mark is an element of the page")
    if reply.headers.get("content-type", "").startswith("text/html"):
        wrong += _attributes(read(reply.text))
    if "onerror" in reply.headers.get("location", ""):
        wrong.append("what was typed is in the address of the next page")
    return wrong


def _attributes(document: Document) -> list[str]:
    """Markup that broke out of a quoted value would be an attribute of its own."""
    return [f"<{tag} {name}>" for tag, name, _ in document.attributes if name.startswith("on") or name == "style"]


def formulas(visit: Visit) -> list[str]:
    """Cells of a table to download that a program would calculate."""
    content = visit.reply.content
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as book:
            sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
            return [name for name in sheets if b"<f>" in book.read(name)]
    if visit.reply.headers.get("content-type", "").startswith("text/csv"):
        return re.findall(r'(?:^|[,;\n])"?[=+\-@]\D', visit.reply.text)
    return []
