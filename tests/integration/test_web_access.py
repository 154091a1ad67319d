"""Who may open which page: the reviewed table of roles and routes; what nobody leads to cannot be guessed either."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from difflib import unified_diff
from pathlib import Path

import httpx
import pytest

from deploy.demo.people import ORGANISATIONS, PRISTAV, Person
from deploy.local.folder import Organisation
from libs.codelists import Role
from tests.web import routes
from tests.web.crawl import Visit, inside
from tests.web.document import Form
from tests.web.filling import filled
from tests.web.inventory import examples
from tests.web.told import EVERYBODY, GUEST, Told, Visitor
from tests.web.words import named_in

TABLE = Path(__file__).with_name("web_policy.txt")
TEAM = {PRISTAV: "SLAVKOV"}
"""Where the client of the story is in a team, so is everybody of the table."""
HEAD = """\
# Who is let in where: method and route of the pages, kind of organisation, roles that alone are enough. Everybody else
# gets 404 or 403. A route is here as far as the story has something to show; a post, as far as a page has its form.
# A post whose form is refused before its sender is looked at counts as let in; who may send the command behind it
# stands in tests/unit/portal/api_policy.txt.
# Compared by test_web_access.py, which tells where it wrote what it found. Changed only after a review.
"""
ROLES = [role for role in Role if role is not Role.NODE]
LEFT_ALONE = ("/odhlaseni", "/nastaveni/ja", "/prihlaseni")
"""Posts that end the session of whoever sends them, or change how they sign in."""
STALE = "999999"
"""A version no record has: what a role may send is refused all the same, so that the next one finds it unchanged."""
Table = dict[str, dict[str, list[str]]]


def of_each_role(organisation: Organisation) -> list[Visitor]:
    """Somebody who has this role and no other."""
    people = [Person(f"Test {role.en}", organisation, (role,), TEAM.get(organisation)) for role in ROLES]
    return [Visitor(organisation, one) for one in people]


@pytest.mark.changes_the_story
async def test_who_may_open_and_send_what_is_as_reviewed(told: Told, tmp_path: Path) -> None:
    found: Table = {}
    for rows in await asyncio.gather(*(let_in(told, one) for one in ORGANISATIONS)):
        for route, kind, role in rows:
            found.setdefault(str(route), {}).setdefault(kind, []).append(role)
    beside = tmp_path / TABLE.name
    beside.write_text(text := written(found), encoding="utf-8")
    reviewed = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    changed = [one for one in unified_diff(reviewed.splitlines(), text.splitlines(), "reviewed", "found", n=1)]
    assert not changed, "\n".join([*changed, f"Review this; if it is meant, copy {beside} to {TABLE}"])


async def let_in(told: Told, organisation: Organisation) -> list[tuple[routes.Route, str, str]]:
    own = [one for one in told.visits if one.who.organisation == organisation]
    paths, forms = examples(own), forms_of(own)
    rows: list[tuple[routes.Route, str, str]] = []
    for visitor, role in zip(of_each_role(organisation), ROLES, strict=True):
        assert visitor.person is not None
        await told.add(visitor.person)
        async with told.http(visitor) as http:
            for route in routes.routes():
                if route.public or route.template.startswith(LEFT_ALONE):
                    continue
                if route.method == "GET" and (path := paths.get(route.template)) is not None:
                    is_in = await is_shown(http, path)
                elif route.method == "POST" and (one := forms.get(route.template)) is not None:
                    is_in = await is_taken(http, *one)
                else:
                    continue
                if is_in:
                    rows.append((route, organisation.kind, role.value))
    return rows


def forms_of(visits: Iterable[Visit]) -> dict[str, tuple[str, Form]]:
    """Of every route that is posted to one path with the form that leads there."""
    found: dict[str, tuple[str, Form]] = {}
    for visit in sorted(visits, key=lambda one: (one.path, one.who.slug)):
        for form in visit.document.forms if visit.document else ():
            for action in inside(visit.path, [form.action or visit.path]) if form.method == "post" else ():
                found.setdefault(routes.template_of(action, "POST") or "", (action, form))
    return found


async def is_shown(http: httpx.AsyncClient, path: str) -> bool:
    """Whether they come to see a page there, be it that they are led on to it."""
    async with http.stream("GET", path) as reply:
        status, led_to = reply.status_code, reply.headers.get("location")
    if led_to is not None:
        return await is_shown(http, inside(path, [led_to])[0])
    assert status in (200, 404), f"{path} answers {status}"
    return status == 200


async def is_taken(http: httpx.AsyncClient, path: str, form: Form) -> bool:
    """Whether it is for the record or the form to say no, and not because of who sends it."""
    reply = await http.post(path, data={**filled(form, "Zkouska"), "version": STALE})
    assert reply.status_code < 500, f"{path} answers {reply.status_code}"
    return reply.status_code not in (403, 404)


def written(table: Mapping[str, Mapping[str, list[str]]]) -> str:
    """Kinds of organisation with the same roles in one line."""
    lines: list[str] = []
    for route, kinds in sorted(table.items(), key=lambda one: (one[0].partition(" ")[2], one[0])):
        alike: dict[str, list[str]] = {}
        for kind, roles in sorted(kinds.items()):
            alike.setdefault("everybody" if len(roles) == len(ROLES) else " ".join(roles), []).append(kind)
        lines += [route, *(f"    {', '.join(kinds)}: {roles}" for roles, kinds in alike.items())]
    return HEAD + "\n".join(lines) + "\n"


async def test_what_no_link_leads_to_cannot_be_opened(told: Told) -> None:
    """Everything anybody opened, asked for by everybody else: as if it did not exist, in the same words."""
    private = {one.template for one in routes.of("GET") if not one.public and not one.is_plain}
    shown = {one.path: one.template for one in told.visits if one.template in private and one.reply.status_code == 200}
    wrong = await asyncio.gather(*(guessed(told, one, shown) for one in EVERYBODY if one != GUEST))
    wrong = [one for some in wrong for one in some]
    assert not wrong, "\n".join(map(str, wrong))


async def guessed(told: Told, visitor: Visitor, private: Mapping[str, str]) -> list[str]:
    own = {one.path for one in told.visits if one.who == visitor} | {f"/nastaveni/organizace/{visitor.organisation.id}"}
    unknown: dict[str, list[str]] = {}
    wrong: list[str] = []
    async with told.http(visitor) as http:
        for path, template in private.items():
            if path.partition("?")[0] in own:
                continue
            if template not in unknown:
                nothing = routes.filled(template)
                unknown[template] = without(nothing, await http.get(nothing))
            reply = await http.get(path)
            if reply.is_redirect and inside(path, [reply.headers["location"]])[0] in own:
                continue
            if reply.status_code == 200:
                wrong.append(f"{visitor.slug} may guess {path}")
            elif (shown := without(path, reply)) != unknown[template]:
                told_by = [line.strip() for line in unified_diff(unknown[template], shown, n=0)][3:]
                wrong.append(f"{visitor.slug} can tell {path} from an unknown one by {told_by}")
    return wrong


def without(path: str, reply: httpx.Response) -> list[str]:
    """The answer as far as it does not tell where it is, nor what time it is."""
    page = re.sub(r'<div class="(expiry|printed)".*?</div>', "", reply.text, flags=re.DOTALL)
    bare = path.partition("?")[0]
    lines = [str(reply.status_code), reply.headers.get("location", ""), *page.splitlines()]
    return [line.replace(bare, "") for line in lines]


def test_every_link_of_every_page_leads_somewhere(told: Told) -> None:
    """What is linked is there, for whoever is shown the link."""
    broken = [f"{one}: {one.reply.status_code}" for one in told.visits if one.reply.status_code not in (200, 303)]
    assert not broken, "\n".join(broken)


def test_no_link_leads_to_a_page_there_is_not(told: Told) -> None:
    unknown: dict[str, str] = {}
    for visit in told.visits:
        for link in inside(visit.path, visit.document.links) if visit.document else ():
            if routes.template_of(link) is None and not link.startswith(("/api/", "/health/")):
                unknown.setdefault(link, visit.template)
    assert not unknown, "\n".join(f"{link}, first on {template}" for link, template in sorted(unknown.items()))


def test_no_form_posts_to_a_page_there_is_not(told: Told) -> None:
    """But for the gallery, whose parts are only shown."""
    unknown = {
        f"{form.action} on {visit.template}"
        for visit in told.visits
        if visit.document and visit.template != "/galerie"
        for form in visit.document.forms
        for target in inside(visit.path, [form.action or visit.path])
        if routes.template_of(target, form.method.upper()) is None
    }
    assert not unknown, "\n".join(sorted(unknown))


def test_nobody_is_named_in_an_address(told: Told) -> None:
    """Of pages, of what they link to, post to and fetch."""
    addresses = {
        (visit.template, address)
        for visit in told.visits
        if visit.document
        for address in (
            *visit.document.links,
            *visit.document.fetched,
            *(form.action for form in visit.document.forms),
        )
        if not address.startswith(("mailto:", "tel:"))
    }
    wrong = [one for one in addresses if named_in(one[1])]
    assert not wrong, "\n".join(map(str, wrong))
    wrong = [one for one in told.visits if named_in(one.path)]
    assert not wrong, "\n".join(map(str, wrong))
