"""What a service listens to, through FastStream: commands, questions, letters, refill, state.

A handler always answers: a refusal has a code and a sentence, never a stack trace and never silence.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, get_args

import nats.errors
import orjson
from faststream.nats import NatsBroker
from nats.aio.msg import Msg
from opentelemetry import metrics
from opentelemetry.trace import SpanKind
from pydantic import BaseModel

from libs.eventlog import Command, Forbidden, Rejected, is_personal
from libs.messaging import Query, View
from libs.messaging.bus import ok, refusal
from libs.messaging.errors import LONGEST_REQUEST, problem_of, too_long
from libs.messaging.refill import answer_refill
from libs.messaging.subjects import (
    command_subject,
    disclose_subject,
    door_subject,
    query_subject,
    receive_subject,
    refill_subject,
    state_subject,
)
from libs.messaging.trace import current_trace, span
from libs.privacy import CLEAR, STORED, open_fields
from libs.service.declaration import Answers
from libs.service.letters import DiscloseRequest, LetterContent, disclose_event, receive_letter
from libs.service.running import Running

LONGEST_ANSWER = 1_000_000
"""Bytes; NATS refuses 1 MiB."""
REQUESTS = metrics.get_meter("spojka").create_histogram(
    "spojka.request.duration", unit="s", description="How long a service worked on a request"
)
IN_FLIGHT = 256
"""Requests one subject works on at once: they share the log's transactions."""

Handle = Callable[[Any], Awaitable[bytes]]

log = logging.getLogger("spojka.endpoints")


def listen(broker: NatsBroker, running: Running) -> None:
    """Register every subject of the service."""
    service = running.service
    for aggregate, commands in service.published.commands.items():
        for command in commands:
            _on_command(broker, running, aggregate, command)
    for name, (question, view) in service.published.queries.items():
        _on_query(broker, running, name, question, view)
    for answers in service.answers:
        _on_answers(broker, running, answers)
    _on_letters(broker, running)
    _on_refill(broker, running)


def _on_command(broker: NatsBroker, running: Running, aggregate: str, command: type[Command]) -> None:
    subject = command_subject(running.service.name, aggregate, command)

    async def handle(body: Any) -> bytes:
        return ok(await running.corridor.handle(aggregate, body, current_trace()))

    _subscribe(broker, running, subject, command, handle, command.__name__)


def _on_query(broker: NatsBroker, running: Running, name: str, question: type[Query], view: type[View]) -> None:
    sql = running.service.sql[name]
    parameters = [field for field in question.model_fields if field != "actor"]
    structured = {n for n, f in view.model_fields.items() if _is_structured(f.annotation)}
    personal = {n for n, f in view.model_fields.items() if is_personal(f.annotation)}

    def read(row: Any) -> View:
        content = dict(row)
        for column in structured & content.keys():
            if isinstance(content[column], str):
                content[column] = orjson.loads(content[column])
        for column in personal & content.keys():
            if content[column] is not None:
                content[column] = {"sealed": content[column]}
        return view.model_validate(content, context=STORED)

    async def answer(body: Any) -> bytes:
        verdict = running.service.policy(body.actor, body)
        if body.actor.organisation != running.service.settings.organisation.id or not verdict.allow:
            raise Forbidden(verdict.rule, f"Your role does not allow this (rule {verdict.rule}). Ask your team leader.")
        content = body.model_dump(context=CLEAR)
        rows = await running.pool.fetch(sql, *(_parameter(content[name]) for name in parameters))
        told = ok(await open_fields(running.keys, [read(row) for row in rows]))
        if len(told) > LONGEST_ANSWER:
            raise Rejected("too_much", "The answer is too long for one page. Nothing changed. Ask for fewer rows.")
        return told

    _subscribe(broker, running, query_subject(running.service.name, name), question, answer, question.__name__)


def _on_answers(broker: NatsBroker, running: Running, answers: Answers) -> None:
    async def handle(body: Any) -> bytes:
        return ok(await answers.handle(running, body))

    subject = door_subject(running.service.name, answers.asked)
    _subscribe(broker, running, subject, answers.asked, handle, answers.asked.__name__)


def _on_letters(broker: NatsBroker, running: Running) -> None:
    service = running.service

    async def receive(letter: LetterContent) -> bytes:
        answer = await receive_letter(running, letter)
        return ok({"position": answer.position, "repeated": answer.repeated})

    async def disclose(asked: DiscloseRequest) -> bytes:
        return ok(await disclose_event(running, asked))

    _subscribe(broker, running, receive_subject(service.name), LetterContent, receive, "ReceiveLetter")
    _subscribe(broker, running, disclose_subject(service.name), DiscloseRequest, disclose, "DiscloseEvent")


def _on_refill(broker: NatsBroker, running: Running) -> None:
    name = running.service.name

    async def refill(body: bytes) -> bytes:
        return await answer_refill(running.log, running.source, body)

    async def state(body: bytes) -> bytes:
        return ok(await running.state())

    _listen(broker, running, refill_subject(name), Any, refill, "Refill")
    _listen(broker, running, state_subject(name), Any, state, "State")


def _subscribe(
    broker: NatsBroker, running: Running, subject: str, model: type[Any], handle: Handle, title: str
) -> None:
    """Listen for requests of one shape; what does not fit it is answered with what is wrong."""

    async def read_and_handle(body: bytes) -> bytes:
        if len(body) > LONGEST_REQUEST:
            return refusal(too_long(len(body)))
        return await handle(model.model_validate_json(body))

    _listen(broker, running, subject, model, read_and_handle, title, model.__doc__ or "")


def _listen(
    broker: NatsBroker,
    running: Running,
    subject: str,
    model: Any,
    handle: Callable[[bytes], Awaitable[bytes]],
    title: str,
    description: str = "",
) -> None:
    """FastStream subscribes and documents; the work is a task of our own, so that many share the log's transactions.

    What it would do with a message on its way to us (scopes, middlewares, a message of its own) costs as much as the
    decision, and none of it is used here: the subscription calls us (ADR 0026).
    """
    free = asyncio.Semaphore(IN_FLIGHT)

    async def work(message: Msg) -> None:
        started = time.perf_counter()
        try:
            with span(subject, message.headers, SpanKind.SERVER):
                answer = await _answer(subject, handle, message.data)
        finally:
            free.release()
        with suppress(nats.errors.Error, OSError):  # NATS is away, and whoever asked has long been told so
            await message.respond(answer)
        REQUESTS.record(time.perf_counter() - started, {"subject": subject})

    async def consume(msg: Msg) -> None:
        await free.acquire()
        running.requests.begin(work(msg))

    async def documented(body: Any) -> None:
        """What the AsyncAPI document tells of; `consume` takes every message before it."""

    documented.__annotations__["body"] = model
    subscriber = broker.subscriber(
        subject, queue=running.service.name, no_reply=True, title=title, description=description
    )
    subscriber(documented)
    subscriber.consume = consume


async def _answer(subject: str, handle: Callable[[bytes], Awaitable[bytes]], body: bytes) -> bytes:
    """A problem is answered as a problem and a bug as a fault; the log gets its kind, never its content."""
    try:
        return await handle(body)
    except Exception as error:
        problem = problem_of(error)
        if problem.kind == "fault":
            log.error(
                "handler failed",
                extra={"subject": subject, "error": type(error).__name__},
                exc_info=_bare(error),
            )
        return refusal(problem)


def _bare(error: Exception) -> Any:
    return RuntimeError, RuntimeError(type(error).__name__), error.__traceback__


def _parameter(value: Any) -> Any:
    return value.value if hasattr(value, "value") else value


def _is_structured(annotation: Any) -> bool:
    """Whether a column of this type lies in the table as JSON text."""
    for one in (annotation, *get_args(annotation)):
        if getattr(one, "__origin__", one) in (tuple, dict, frozenset):
            return True
        if isinstance(one, type) and issubclass(one, BaseModel):
            return True
    return False
