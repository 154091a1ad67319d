"""One trace from the request to the neighbour's view, and nothing about anybody in any of it (G18)."""

import json
import logging
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from libs.eventlog import new_id
from libs.messaging import Bus, Place, RequestFailed, connect
from libs.messaging.trace import span
from libs.service import running
from libs.service.telemetry import JsonLines
from libs.testing.account.account import OpenAccount, PayAccount, build
from libs.testing.places import actor, settings_for
from tests.integration.test_following import SEEN, tellers, until

CANARY = "Žofie Kanárková"
EXPORTED = InMemorySpanExporter()


@pytest.fixture(scope="module", autouse=True)
def provider() -> Iterator[None]:
    """The process's one tracer provider; spans stay in memory."""
    if not isinstance(trace.get_tracer_provider(), TracerProvider):
        trace.set_tracer_provider(TracerProvider())
    made = trace.get_tracer_provider()
    assert isinstance(made, TracerProvider)
    made.add_span_processor(SimpleSpanProcessor(EXPORTED))
    yield


@pytest.fixture
def log_lines() -> Iterator[StringIO]:
    kept = StringIO()
    handler = logging.StreamHandler(kept)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield kept
    root.removeHandler(handler)
    root.setLevel(before)


async def test_a_trace_leads_from_the_request_to_the_neighbours_view_and_names_nobody(
    tmp_path: Path, new_database: Any, nats_server: Any, log_lines: StringIO
) -> None:
    settings = settings_for(tmp_path / "a", new_database(), nats_server.url)
    theirs = settings_for(tmp_path / "b", new_database(), nats_server.url, settings.organisation.id)
    me, then, account = actor(settings, "teller"), datetime(2026, 2, 10, tzinfo=UTC), new_id()
    EXPORTED.clear()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(build(settings)))
        following = await stack.enter_async_context(running(tellers(theirs)))
        nc = await connect(Place(url=nats_server.url))
        stack.push_async_callback(nc.close)
        with span("a click"):
            clicked = trace.get_current_span().get_span_context().trace_id
            opening = OpenAccount.model_validate(
                {"actor": me, "occurred_at": then, "account_id": account, "owner": CANARY}
            )
            await Bus(nc).command("accounts", "account", opening)
        for wrong in ({"account_id": new_id()}, {"amount": -1}):
            good = PayAccount(actor=me, occurred_at=then, account_id=account, amount=1)
            paying = good.model_copy(update=wrong)
            with pytest.raises(RequestFailed):
                await Bus(nc).command("accounts", "account", paying)

        async def followed() -> bool:
            return bool(await following.pool.fetchval("select position from checkpoint where follower = $1", SEEN.name))

        await until(followed, "the view to follow")
    spans = EXPORTED.get_finished_spans()
    in_trace = {one.name for one in spans if one.context is not None and one.context.trace_id == clicked}
    assert "command.accounts.account.open-account" in in_trace
    assert f"follow {SEEN.name}" in in_trace
    told = "".join(one.to_json() for one in spans) + log_lines.getvalue()
    assert "open-account" in told  # the search can find
    assert CANARY not in told
    assert json.dumps(CANARY)[1:-1] not in told
