"""Errors as they cross the wire: a kind, a stable code, a sentence a person can act on. Never a stack trace.

kind          raised by                         what a caller does
rejected      the decider, the registry         show the sentence
conflict      a stale version                   load again, decide again
invalid       a field that does not fit         mark the fields
forbidden     the policy                        show which rule was missing
unavailable   no answer from store or service   send the same command id again
fault         a bug, a full disk                keep the text, call the administrator
"""

from typing import Literal

from pydantic import ValidationError

from libs.eventlog import Broken, CommandFailed, Forbidden, Frozen, LogUnavailable, Rejected, VersionConflict
from libs.eventlog.postgres import FULL, LOST, NO_ROOM
from libs.privacy import Forgotten

Kind = Literal["rejected", "conflict", "invalid", "forbidden", "unavailable", "fault"]
LONGEST_REQUEST = 700_000
"""Bytes of a request; NATS refuses 1 MiB. 100,000 Czech characters of one field take 190 KB."""


TELLTALE = {
    "uuid_parsing": "Input should be a valid UUID",
    "union_tag_invalid": "Input should be one of the documented kinds",
}
"""Kinds of mistakes whose own message repeats what was typed; here is what we say instead."""


class FieldProblem(Frozen):
    """One field that does not fit, named by its path; never the value."""

    field: str
    problem: str


class Problem(Frozen):
    """A refusal on the wire."""

    kind: Kind
    code: str
    sentence: str
    fields: tuple[FieldProblem, ...] = ()


class RequestFailed(Exception):
    """A request that was refused, or not answered (`unavailable`)."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.kind} {problem.code}: {problem.sentence}")
        self.problem = problem


def problem_of(error: Exception) -> Problem:
    """What the caller may know of an error."""
    match error:
        case ValidationError():
            return Problem(
                kind="invalid",
                code="invalid",
                sentence="Some fields do not fit. Nothing was recorded. Correct the marked fields and send again.",
                fields=tuple(
                    FieldProblem(
                        field=".".join(str(part) for part in one["loc"]), problem=TELLTALE.get(one["type"], one["msg"])
                    )
                    for one in error.errors(include_input=False, include_url=False, include_context=False)[:20]
                ),
            )
        case Forbidden():
            return Problem(kind="forbidden", code=error.code, sentence=error.sentence)
        case VersionConflict():
            return Problem(kind="conflict", code=error.code, sentence=error.sentence)
        case LogUnavailable():
            return Problem(kind="unavailable", code=error.code, sentence=error.sentence)
        case Rejected():
            return Problem(kind="rejected", code=error.code, sentence=error.sentence)
        case Forgotten():
            return Problem(
                kind="rejected",
                code="forgotten",
                sentence="This person was forgotten at their request. Nothing was recorded. Start a new record.",
            )
        case _ if isinstance(error, LOST):
            return problem_of(LogUnavailable())
        case _ if isinstance(error, FULL):
            return Problem(kind="fault", code="no_room", sentence=NO_ROOM)
        case CommandFailed():
            return Problem(kind="fault", code=error.code, sentence=error.sentence)
        case _:
            broken = Broken()
            return Problem(kind="fault", code=broken.code, sentence=broken.sentence)


def too_long(size: int) -> Problem:
    """A request over the limit, refused before it is parsed."""
    return Problem(
        kind="invalid",
        code="too_long",
        sentence=f"The text is too long ({size:,} bytes; at most {LONGEST_REQUEST:,}). Nothing was recorded. "
        "Shorten it, or split it into several notes.",
    )


def unavailable(service: str) -> Problem:
    """No service answered in time."""
    return Problem(
        kind="unavailable",
        code="unavailable",
        sentence=f"The service {service} does not answer. It may or may not be recorded. "
        "Send the same again: it is never recorded twice.",
    )


def nobody(service: str) -> Problem:
    """No service listens there: the request reached nobody."""
    return Problem(
        kind="unavailable",
        code="unavailable",
        sentence=f"The service {service} does not run. Nothing was recorded. Try again in a moment.",
    )


def unknown(what: str) -> Problem:
    """A command or query nobody knows."""
    return Problem(
        kind="invalid",
        code="unknown",
        sentence=f"There is no {what}. Nothing was recorded. See the API documentation for what there is.",
    )
