"""One typed route per command and per question of the node's services, and the OpenAPI document of them.

POST /api/v1/{service}/{aggregate}/{command}     carry out a command
POST /api/v1/{service}/{question}                ask a question; POST, so that nothing personal is in a URL

Nothing is decided here: who may do what is the policy of the service, which gets the command with its actor.
"""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from opentelemetry.trace import SpanKind
from pydantic import ValidationError

from libs.eventlog import Command, kebab
from libs.messaging import Answer, Bus, Problem, Published, Query, RequestFailed, View
from libs.messaging.subjects import query_subject
from libs.messaging.trace import span
from libs.privacy import CLEAR
from services.portal.health import Live, Ready, readiness
from services.portal.models import as_told_by, request_model, row_model
from services.portal.problems import answer, install, misfit
from services.portal.sign_in import SignIn

REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "No token, or none that counts"},
    403: {"model": Problem, "description": "The policy of the service says no"},
    413: {"model": Problem, "description": "Too long"},
    422: {"model": Problem, "description": "Fields that do not fit"},
    500: {"model": Problem, "description": "A fault of ours"},
    503: {"model": Problem, "description": "No answer; send the same again"},
}
REFUSED_COMMAND: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "Refused by a rule, or changed since the client saw it"},
}
BEARER = HTTPBearer(auto_error=False, description="A token from the token file of this node")


def make_api(name: str, published: Sequence[Published], bus: Bus, impatient: Bus, sign_in: SignIn) -> FastAPI:
    """The whole API. impatient: a bus for health, which must answer soon."""
    app = FastAPI(
        title=f"Spojka: {name}",
        version="1",
        description="Commands and questions of one node. A command sent twice with one `id` has one effect.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
    )
    install(app)
    _outside(app, name, impatient, [one.service for one in published])
    router = APIRouter(prefix="/api/v1", route_class=_guarded_by(sign_in), dependencies=[Security(BEARER)])
    for one in published:
        for aggregate, commands in one.commands.items():
            for command in commands:
                _command_route(router, bus, one.service, aggregate, command)
        for query, (question, view) in one.queries.items():
            _query_route(router, bus, one.service, query, question, view)
    app.router.routes += router.routes  # included, two hundred routes would be looked through twice, and slowly
    return app


def _outside(app: FastAPI, name: str, bus: Bus, services: Sequence[str]) -> None:
    """What anybody may ask: nothing here is about a person."""

    async def index() -> Response:
        places = {"api": "/api/v1/openapi.json", "live": "/health/live", "ready": "/health/ready"}
        return answer({"node": name, **places})

    async def live() -> Response:
        return answer(Live().model_dump())

    async def ready() -> Response:
        found = await readiness(bus, services)
        return answer(found.model_dump(mode="json"), 200 if found.ready else 503)

    away: dict[int | str, dict[str, Any]] = {503: {"model": Ready, "description": "Not ready, and why"}}
    app.add_api_route("/api", index, include_in_schema=False)
    app.add_api_route("/health/live", live, response_model=Live, tags=["health"], operation_id="live")
    app.add_api_route(
        "/health/ready", ready, response_model=Ready, responses=away, tags=["health"], operation_id="ready"
    )


def _command_route(router: APIRouter, bus: Bus, service: str, aggregate: str, command: type[Command]) -> None:
    async def carry_out(request: Request, wish: Any) -> Response:
        try:
            told = as_told_by(command, wish, request.state.actor)
        except ValidationError as error:
            raise RequestFailed(misfit(error.errors())) from None
        done = await bus.command(service, aggregate, told)
        return answer(done.model_dump(mode="json"))

    carry_out.__annotations__["wish"] = request_model(command)
    router.add_api_route(
        f"/{service}/{aggregate}/{kebab(command.__name__)}",
        carry_out,
        methods=["POST"],
        response_model=Answer,
        responses=REFUSALS | REFUSED_COMMAND,
        tags=[service],
        summary=_summary(command),
        description=command.__doc__,
        operation_id=f"{service}_{aggregate}_{_snake(command.__name__)}",
    )


def _query_route(router: APIRouter, bus: Bus, service: str, name: str, question: type[Query], view: type[View]) -> None:
    subject = query_subject(service, name)

    async def ask(request: Request, wish: Any) -> Response:
        try:
            told = as_told_by(question, wish, request.state.actor)
        except ValidationError as error:
            raise RequestFailed(misfit(error.errors())) from None
        return answer(await bus.ask(service, subject, told.model_dump_json(context=CLEAR).encode()))

    ask.__annotations__["wish"] = request_model(question)
    row: Any = row_model(view)
    router.add_api_route(
        f"/{service}/{name.replace('_', '-')}",
        ask,
        methods=["POST"],
        response_model=list[row],
        responses=REFUSALS,
        tags=[service],
        summary=_summary(question),
        description=question.__doc__,
        operation_id=f"{service}_{name}",
    )


def _guarded_by(sign_in: SignIn) -> type[APIRoute]:
    """Routes that look at the token before they read the body, inside a span named for the route."""

    class Guarded(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle, name = super().get_route_handler(), f"POST {self.path_format}"

            async def guarded(request: Request) -> Response:
                came_with = {key: request.headers[key] for key in ("traceparent",) if key in request.headers}
                with span(name, came_with, SpanKind.SERVER):
                    request.state.actor = await sign_in.actor(request.headers.get("authorization"))
                    return await handle(request)

            return guarded

    return Guarded


def _summary(message: type[Any]) -> str:
    return (message.__doc__ or message.__name__).strip().splitlines()[0]


def _snake(name: str) -> str:
    return kebab(name).replace("-", "_")
