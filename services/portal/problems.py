"""Every refusal over HTTP: one body (`Problem`), one status per kind, never a value that was sent.

401 no token  403 policy  404 / 405 no such address  408 / 413 body too slow / long  409 rejected, conflict
422 does not fit  500 fault  503 no answer
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from libs.messaging import FieldProblem, Problem, RequestFailed
from libs.messaging.errors import LONGEST_REQUEST, problem_of

STATUS: Mapping[str, int] = {
    "rejected": 409,
    "conflict": 409,
    "invalid": 422,
    "forbidden": 403,
    "unavailable": 503,
    "fault": 500,
}
MOST_FIELDS = 20
TELLTALE: Mapping[str, str] = {
    "uuid_parsing": "Input should be a valid UUID",
    "union_tag_invalid": "Input should be one of the documented kinds",
}
"""Kinds of mistakes whose own message repeats what was typed; here is what we say instead."""
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,80}")


class SignInRefused(Exception):
    """No token, or none that counts."""


NO_TOKEN = Problem(
    kind="forbidden",
    code="sign_in",
    sentence="Who asks is not known. Nothing was recorded. Send the header `Authorization: Bearer TOKEN` with a "
    "token your administrator gave you.",
)
MALFORMED = Problem(
    kind="invalid",
    code="malformed",
    sentence="The body is not JSON. Nothing was recorded. Send one JSON object and `Content-Type: application/json`.",
)
TOO_LONG = Problem(
    kind="invalid",
    code="too_long",
    sentence=f"The body is too long; at most {LONGEST_REQUEST:,} bytes. Nothing was recorded. "
    "Shorten it, or split it into several notes.",
)
BY_STATUS: Mapping[int, Problem] = {
    404: Problem(
        kind="invalid",
        code="unknown",
        sentence="There is no such address. Nothing was recorded. /api/v1/openapi.json lists what there is.",
    ),
    405: Problem(
        kind="invalid",
        code="wrong_method",
        sentence="This address takes another method. Nothing was recorded. Commands and questions are sent with POST.",
    ),
    408: Problem(
        kind="unavailable",
        code="too_slow",
        sentence="The body did not arrive in time. Nothing was recorded. Send the same again.",
    ),
    413: TOO_LONG,
}
FAULT = problem_of(Exception())


def answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON, as it is."""
    return Response(orjson.dumps(content), status, headers, media_type="application/json")


def refusal(problem: Problem, status: int | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """A problem with the status of its kind."""
    if status is None:
        status = 413 if problem.code == "too_long" else STATUS[problem.kind]
    return answer(problem.model_dump(mode="json"), status, headers)


def misfit(errors: Iterable[Mapping[str, Any]]) -> Problem:
    """Which fields do not fit, named by their path; never a value, nor a name nobody would give a field."""
    found = list(errors)
    if any(one["type"] == "json_invalid" or tuple(one["loc"]) == ("body",) for one in found):
        return MALFORMED
    return Problem(
        kind="invalid",
        code="invalid",
        sentence="Some fields do not fit. Nothing was recorded. Correct the marked fields and send again.",
        fields=tuple(
            FieldProblem(field=_path(one["loc"]), problem=TELLTALE.get(one["type"], one["msg"]))
            for one in found[:MOST_FIELDS]
        ),
    )


def install(app: FastAPI) -> None:
    """Whatever is raised on the way becomes a Problem."""

    async def failed(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestFailed)
        return refusal(error.problem)

    async def not_signed_in(_: Request, error: Exception) -> Response:
        return refusal(NO_TOKEN, 401, {"WWW-Authenticate": "Bearer"})

    async def not_fitting(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return refusal(misfit(error.errors()))

    async def http(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if (problem := BY_STATUS.get(error.status_code)) is None:
            return refusal(MALFORMED)  # 400: what could not even be parsed
        return refusal(problem, error.status_code, error.headers)

    async def fault(_: Request, error: Exception) -> Response:
        return refusal(FAULT)

    app.add_exception_handler(RequestFailed, failed)
    app.add_exception_handler(SignInRefused, not_signed_in)
    app.add_exception_handler(RequestValidationError, not_fitting)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, fault)


def _path(location: Sequence[Any]) -> str:
    """`("body", "items", 0, "name")` → `items.0.name`; empty: the fields do not fit each other."""
    parts = [str(part) for part in location if part != "body"]
    return ".".join(part if _NAME.fullmatch(part) else "?" for part in parts)
