"""Who may open which page: the reviewed table of roles and routes; what nobody leads to cannot be guessed either."""

import asyncio
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from deploy.demo.people import ORGANISATIONS, PRISTAV, Person
from deploy.local.folder import Organisation
from libs.codelists import Role
from tests.web import routes
from tests.web.crawl import inside, look
from tests.web.inventory import examples
from tests.web.told import EVERYBODY, GUEST, Told, Visitor
from tests.web.words import named_in

TABLE = Path(__file__).with_name("route_policy.toml")
TEAM = {PRISTAV: "SLAVKOV"}
"""Where the client of the story is in a team, so is everybody of the table."""
Table = dict[str, dict[str, list[str]]]


def of_each_role(organisation: Organisation) -> list[Visitor]:
    """Somebody who has this role and no other."""
    people = [
        Person(f"Test {role.en}", organisation, (role,), TEAM.get(organisation))
        for role in Role
        if role is not Role.NODE
    ]
    return [Visitor(organisation, one) for one in people]


@pytest.mark.changes_the_story
async def test_who_may_open_what_is_as_reviewed(told: Told, tmp_path: Path) -> None:
    """Route → kind of organisation → roles that are shown the page; everybody else gets the one that is not here."""
    found: Table = {}
    for rows in await asyncio.gather(*(opened(told, one) for one in ORGANISATIONS)):
        for template, kind, role in rows:
            found.setdefault(template, {}).setdefault(kind, []).append(role)
    reviewed: Table = tomllib.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}
    beside = tmp_path / TABLE.name
    beside.write_text(_toml(found), encoding="utf-8")
    differences = [
        f"{template}, {kind}: {now}, reviewed: {then}"
        for template in sorted({*found, *reviewed})
        for kind in sorted({*found.get(template, {}), *reviewed.get(template, {})})
        if (now := found.get(template, {}).get(kind, [])) != (then := reviewed.get(template, {}).get(kind, []))
    ]
    assert not differences, "\n".join([*differences, f"Review this; if it is meant, copy {beside} to {TABLE}"])


async def opened(told: Told, organisation: Organisation) -> list[tuple[str, str, str]]:
    paths = examples(one for one in told.visits if one.who.organisation == organisation)
    rows: list[tuple[str, str, str]] = []
    for visitor in of_each_role(organisation):
        assert visitor.person is not None
        role = visitor.person.roles[0].value
        await told.add(visitor.person)
        async with told.http(visitor) as http:
            for route in routes.of("GET"):
                if route.public:
                    continue
                visit = await look(http, visitor, paths.get(route.template, routes.filled(route.template)))
                assert visit.reply.status_code in (200, 303, 404), str(visit)
                if visit.reply.status_code != 404:
                    rows.append((route.template, organisation.kind, role))
    return rows


def _toml(table: Mapping[str, Mapping[str, list[str]]]) -> str:
    lines = [
        "# Who is shown which page: route, kind of organisation, roles. Everybody else gets 404.",
        "# Compared by test_web_access.py, which tells where it wrote what it found. Changed only after a review.",
    ]
    for template, kinds in sorted(table.items()):
        lines += ["", f'["{template}"]']
        lines += [f"{kind} = {json.dumps(roles)}" for kind, roles in sorted(kinds.items())]
    return "\n".join(lines) + "\n"


async def test_what_no_link_leads_to_cannot_be_opened(told: Told) -> None:
    """Everything anybody opened, asked for by everybody else: as if it did not exist, in the same words."""
    private = {one.template for one in routes.of("GET") if not one.public and not one.is_plain}
    shown = {one.path: one.template for one in told.visits if one.template in private and one.reply.status_code == 200}
    wrong = await asyncio.gather(*(guessed(told, one, shown) for one in EVERYBODY if one != GUEST))
    wrong = [one for some in wrong for one in some]
    assert not wrong, "\n".join(map(str, wrong))


async def guessed(told: Told, visitor: Visitor, shown: Mapping[str, str]) -> list[str]:
    own = {one.path for one in told.visits if one.who == visitor}
    unknown: dict[str, str] = {}
    wrong: list[str] = []
    async with told.http(visitor) as http:
        for path, template in shown.items():
            if path in own:
                continue
            if template not in unknown:
                nothing = routes.filled(template)
                unknown[template] = (await http.get(nothing)).text.replace(nothing, "")
            reply = await http.get(path)
            if reply.status_code != 404:
                wrong.append(f"{visitor.slug} may guess {path}: {reply.status_code}")
            elif reply.text.replace(path, "") != unknown[template]:
                wrong.append(f"{visitor.slug} can tell {path} from an unknown one")
    return wrong


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
    unknown = {
        f"{form.action} on {visit.template}"
        for visit in told.visits
        if visit.document
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
