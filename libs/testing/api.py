"""A client of a node's JSON API, as another program would write it; the demo and the network tests speak through it."""

from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import httpx
from pydantic_core import to_jsonable_python

from libs.eventlog import Command, kebab
from libs.messaging import Answer, Problem
from libs.privacy import CLEAR, Personal

TIMEOUT_S = 30.0


class ApiRefused(Exception):
    """Any answer but 200: its status and its problem."""

    def __init__(self, status: int, problem: Problem) -> None:
        super().__init__(f"{status} {problem.code}: {problem.sentence}")
        self.status, self.problem = status, problem


class Api:
    """`async with Api(url, token) as api: await api.command("cases", "referral", SendReferral, …)`"""

    def __init__(self, base_url: str, token: str = "") -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.AsyncClient(
            base_url=base_url,
            headers=headers,
            timeout=TIMEOUT_S,
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=100),
            trust_env=False,
        )

    async def command(self, service: str, aggregate: str, command: type[Command], /, **fields: Any) -> Answer:
        """Send a command; `occurred_at` is now unless given. Raises ApiRefused."""
        fields.setdefault("occurred_at", datetime.now(UTC))
        path = f"/api/v1/{service}/{aggregate}/{kebab(command.__name__)}"
        return Answer.model_validate(await self._post(path, fields))

    async def query(self, service: str, name: str, /, **fields: Any) -> list[dict[str, Any]]:
        """Ask a question: the rows as JSON has them. Raises ApiRefused."""
        return await self._post(f"/api/v1/{service}/{name.replace('_', '-')}", fields)

    async def not_ready(self) -> list[str]:
        """Why the node is not ready; empty when it is."""
        return (await self._http.get("/health/ready")).json()["reasons"]

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _post(self, path: str, fields: dict[str, Any]) -> Any:
        reply = await self._http.post(path, json=to_jsonable_python(fields, context=CLEAR, fallback=_plain))
        if reply.status_code != 200:
            raise ApiRefused(reply.status_code, Problem.model_validate_json(reply.content))
        return reply.json()


def _plain(value: Any) -> Any:
    return value.reveal() if isinstance(value, Personal) else str(value)
