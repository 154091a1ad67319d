"""Who may send what to a node: the reviewed table of roles and messages, one line for each route of the JSON API.

The pages send the same messages, so what a post of theirs may do stands here, too; which page is shown to whom is the
table of tests/integration/test_web_access.py.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from libs.codelists import Role
from libs.eventlog import Actor, kebab
from services.portal.app import PUBLISHED

TABLE = Path(__file__).with_name("api_policy.txt")
ME, SOMEBODY = UUID("0198c0de-0000-7000-8000-000000000001"), UUID("0198c0de-0000-7000-8000-000000000002")
OURS, THEIRS = UUID("0198c0de-0000-7000-8000-000000000003"), UUID("0198c0de-0000-7000-8000-000000000004")
OWN: dict[str, object] = {"organisation": OURS, "organisation_id": OURS, "team": "OURS", "user_id": ME, "for_user": ME}
FOREIGN: dict[str, object] = {
    "organisation": THEIRS,
    "organisation_id": THEIRS,
    "team": "THEIRS",
    "user_id": SOMEBODY,
    "for_user": SOMEBODY,
}
EVERYBODY = [role.value for role in Role]
FOR_ANYBODY = {
    "directory/guidance",
    "directory/guidance-detail",
    "directory/public-cards",
    "directory/public-services",
    "identity/user-roles",
}
"""What is public, and everybody's own roles."""
HEAD = """\
# Who may send what: route of the JSON API, and the roles that the policy of the service lets through.
# `of others`: about another organisation, another team or another person, where that makes a difference.
# Compared by test_api_policy.py, which tells where it wrote what it found. Changed only after a review.
"""


def messages() -> Iterator[tuple[str, str, type[BaseModel]]]:
    """(service, path below /api/v1, command or query)"""
    for one in PUBLISHED:
        for aggregate, commands in one.commands.items():
            yield from ((one.service, f"{one.service}/{aggregate}/{kebab(each.__name__)}", each) for each in commands)
        for name, (question, _) in one.queries.items():
            yield one.service, f"{one.service}/{name.replace('_', '-')}", question


def let_through(service: str, message: type[BaseModel], about: dict[str, object]) -> list[str]:
    """Roles that alone are enough."""
    return [role.value for role in Role if passes(service, message, about, frozenset({role}))]


def passes(service: str, message: type[BaseModel], about: dict[str, object], roles: frozenset[Role]) -> bool:
    """What else the message says does not matter to a policy."""
    may: Any = import_module(f"services.{service}.policy").may
    told = dict.fromkeys(name for name, one in message.model_fields.items() if one.is_required() and name != "actor")
    told |= {name: value for name, value in about.items() if name in message.model_fields}
    actor = Actor(user=ME, organisation=OURS, roles=roles, team="OURS")
    asked: Any = message.model_construct(None, **told, actor=actor)
    return may(actor, asked).allow


def written(roles: list[str]) -> str:
    return "everybody" if roles == EVERYBODY else " ".join(roles) or "nobody"


def test_who_may_send_what_is_as_reviewed(tmp_path: Path) -> None:
    lines: list[str] = []
    for service, path, message in messages():
        own, foreign = let_through(service, message, OWN), let_through(service, message, FOREIGN)
        lines += [f"{path}: {written(own)}"] + ([f"    of others: {written(foreign)}"] if foreign != own else [])
    found = HEAD + "\n".join(lines) + "\n"
    beside = tmp_path / TABLE.name
    beside.write_text(found, encoding="utf-8")
    reviewed = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    assert found == reviewed, f"Review the difference; if it is meant, copy {beside} to {TABLE}"


def test_without_a_role_only_what_is_for_everybody_is_let_through() -> None:
    let_in = {path for service, path, message in messages() if passes(service, message, OWN, frozenset())}
    assert let_in == FOR_ANYBODY
