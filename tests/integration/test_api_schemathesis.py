"""The JSON API against its own OpenAPI document: whatever is sent, the answer is one that the document names."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from deploy.demo.network import Network
from deploy.demo.people import PRISTAV, Person
from libs.codelists import Role
from services.identity.user.commands import AddUser
from services.portal.api import make_api
from services.portal.app import PUBLISHED

NOBODY: Any = None
SCHEMA = schemathesis.openapi.from_dict(make_api("", PUBLISHED, NOBODY, NOBODY, NOBODY).openapi())
SCHEMA.config.phases.coverage.enabled = False
"""A few examples of each operation, the same in every run; what is at every limit of every field would take minutes."""
EXAMPLES = 4
SLOW_OR_LARGE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
CHECKS: list[CheckFunction] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EVERYTHING = Person("Test user", PRISTAV, tuple(one for one in Role if one is not Role.NODE), "SLAVKOV")


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """A node alone, and a token of somebody with every role: refusals of a policy would hide what lies behind."""
    with Network(tmp_path_factory.mktemp("schema"), (PRISTAV,)).up() as network:
        folder = network.nodes[PRISTAV.code]

        async def known() -> None:
            async with network.setup_api(PRISTAV.code) as api:
                await api.command(
                    "identity",
                    "user",
                    AddUser,
                    user_id=EVERYTHING.id,
                    name=EVERYTHING.name,
                    roles=EVERYTHING.roles,
                    team=EVERYTHING.team,
                )

        token = folder.token(EVERYTHING.id)
        asyncio.run(known())
        yield folder.api_url, {"Authorization": f"Bearer {token}"}


def test_whatever_is_sent_is_answered_as_documented(case: Any, node: tuple[str, dict[str, str]]) -> None:
    url, headers = node
    case.call_and_validate(base_url=url, headers=headers, checks=CHECKS)


few = settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=SLOW_OR_LARGE
)
every_operation: Any = SCHEMA.include(path_regex="^/api/").parametrize()
test_whatever_is_sent_is_answered_as_documented = every_operation(few(test_whatever_is_sent_is_answered_as_documented))
