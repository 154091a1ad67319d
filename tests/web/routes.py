"""Which routes the pages have, by introspection: a new page is in every test from the moment it is mounted."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from fastapi.routing import APIRoute
from starlette.routing import compile_path

from services.portal.web.page import signed
from services.portal.web.start import routers

UNKNOWN = UUID("0198c0de-0000-7000-8000-00000000dead")
"""An id of nothing, in the form ids have."""


@dataclass(frozen=True)
class Route:
    """One method of one path. public: nobody needs to be signed in."""

    method: str
    template: str
    public: bool

    @property
    def is_plain(self) -> bool:
        """Whether its path is the same for everybody."""
        return "{" not in self.template

    @property
    def slug(self) -> str:
        """Its name in a file name."""
        return re.sub(r":\w+|[{}]", "", self.template).strip("/").replace("/", "-") or "home"

    def __str__(self) -> str:
        return f"{self.method} {self.template}"


@cache
def routes() -> tuple[Route, ...]:
    """All of them, in the order in which they are tried."""
    return tuple(
        Route(method, template, not _asks_for_sign_in(one))
        for template, one in _mounted()
        for method in sorted(one.methods or ())
        if method != "HEAD"
    )


def of(method: str) -> list[Route]:
    return [one for one in routes() if one.method == method]


def template_of(path: str, method: str = "GET") -> str | None:
    """The route that would answer this path; None: the page that is not here."""
    plain = path.partition("?")[0]
    return next((one.template for one, fits in _patterns() if one.method == method and fits.match(plain)), None)


def filled(template: str, value: object = UNKNOWN) -> str:
    """The path with this in place of every parameter."""
    parts = [str(value) if part.startswith("{") else part for part in template.split("/")]
    return "/".join(parts)


@cache
def _patterns() -> tuple[tuple[Route, re.Pattern[str]], ...]:
    return tuple((one, compile_path(one.template)[0]) for one in routes())


@cache
def _mounted() -> tuple[tuple[str, APIRoute], ...]:
    return tuple(one for router in routers() for one in _of_router(router.routes, ""))


def _of_router(found: Iterable[Any], prefix: str) -> Iterator[tuple[str, APIRoute]]:
    """A router within a router is kept whole by FastAPI, with the prefix it was included under."""
    for one in found:
        if isinstance(one, APIRoute):
            yield prefix + one.path, one
        elif (within := getattr(one, "original_router", None)) is not None:
            yield from _of_router(within.routes, prefix + one.include_context.prefix)


def _asks_for_sign_in(route: APIRoute) -> bool:
    return any(one.call is signed for one in _dependencies(route.dependant))


def _dependencies(dependant: Any) -> Iterator[Any]:
    for one in dependant.dependencies:
        yield one
        yield from _dependencies(one)
