"""`spojka asyncapi`: what every service listens to, answers and publishes, as AsyncAPI 3.0 under `docs/asyncapi/`.

Made from the declarations alone: the same `listen()` as in a running service fills a FastStream broker that never
connects. FastStream tells the subjects; what travels on them is told by the models themselves. The portal speaks
HTTP: its OpenAPI document is at `/api/v1/openapi.json` of every node.
"""

import inspect
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from faststream.nats import NatsBroker
from faststream.specification import AsyncAPI
from pydantic import create_model
from pydantic.json_schema import models_json_schema

from deploy.commands.on_the_wire import OF_EVERY_SERVICE, EventHeaders, Model
from deploy.node import SERVICES, service
from libs.eventlog import Event, is_personal
from libs.messaging import Answer, Problem
from libs.messaging.subjects import event_subject
from libs.service import Running, Service, Settings
from libs.service.endpoints import listen
from libs.service.settings import BusPlace, Keys, Organisation, Store
from services.portal.models import row_model

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "asyncapi"
SERVER = "nats://localhost:4222"
NOWHERE = Settings(
    organisation=Organisation(id=UUID(int=0), code="node", name="Any node", kind="ngo_service"),
    store=Store(url="postgresql://localhost/{database}"),
    bus=BusPlace(url=SERVER),
    keys=Keys(folder=Path("keys")),
)
Document = dict[str, Any]


@dataclass(frozen=True)
class OnPaper:
    """Stands in for a running service: nothing but what it declares."""

    service: Service


def asyncapi(*, folder: Path = FOLDER) -> int:
    """Write the document of every service; 0."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SERVICES:
        (folder / f"{name}.json").write_text(text_of(name), encoding="utf-8")
        print(folder / f"{name}.json")
    return 0


def text_of(name: str) -> str:
    """The document of a service as it is kept: sorted, so that a change shows as what it is."""
    return json.dumps(document(service(name, NOWHERE)), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def document(declared: Service) -> Document:
    """What the service listens to, answers and publishes."""
    questions = {one.__name__: (one, row_model(view)) for one, view in declared.published.queries.values()}
    at_the_door = {one.asked.__name__: (one.asked, one.answer) for one in declared.answers}
    asked = {**OF_EVERY_SERVICE, **_commands(declared), **questions, **at_the_door}
    told = {event.__name__: as_published(event) for many in declared.published.events.values() for event in many}
    models = dict.fromkeys([one for pair in asked.values() for one in pair] + [*told.values(), Problem, EventHeaders])
    refs, schemas = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )

    def ref(model: Model) -> Any:
        return refs[model, "validation"]

    paper = _subjects(declared)
    messages: Document = {name: {"name": name, "payload": ref(one)} for name, (one, _) in asked.items()}
    for name, model in [*((name, one) for name, (one, _) in asked.items()), *told.items()]:
        paper["channels"][name]["description"] = inspect.getdoc(model)
    for name, event in told.items():
        messages[name] = {"name": name, "payload": ref(event), "headers": ref(EventHeaders)}
    for name, (_, answer) in asked.items():
        right = {"type": "array", "items": ref(answer)} if name in questions else ref(answer)
        reply = "Done" if answer is Answer else f"{name}Answer"
        messages[reply] = {"name": reply, "payload": _either(right, ref(Problem))}
        paper["channels"][reply] = {"address": None, "description": "Goes to the inbox that the request names."}
        paper["operations"][name]["reply"] = {"channel": {"$ref": f"#/channels/{reply}"}}
    for name, channel in paper["channels"].items():
        channel["messages"] = {name: {"$ref": f"#/components/messages/{name}"}}
    for operation in paper["operations"].values():
        channel = str(operation["channel"]["$ref"]).rsplit("/", 1)[1]
        operation["messages"] = [{"$ref": f"#/channels/{channel}/messages/{channel}"}]
    paper["components"] = {"messages": messages, "schemas": schemas["$defs"]}
    return paper


def as_published(event: type[Event]) -> Model:
    """As neighbours read it: a personal value is withheld (docs/adr/0007)."""
    withheld: dict[str, Any] = {
        name: (None, None) for name, info in event.model_fields.items() if is_personal(info.annotation)
    }
    return create_model(event.__name__, __base__=event, __doc__=event.__doc__, **withheld) if withheld else event


def _commands(declared: Service) -> dict[str, tuple[Model, Model]]:
    return {one.__name__: (one, Answer) for many in declared.published.commands.values() for one in many}


def _subjects(declared: Service) -> Document:
    """FastStream's word: every subject that is listened to or published on, without what travels on it."""
    broker = NatsBroker(SERVER, apply_types=False, logger=None)
    listen(broker, cast(Running, OnPaper(declared)))
    for aggregate, events in declared.published.events.items():
        for event in events:
            subject = event_subject(declared.name, f"{aggregate}-", event.stored_type)
            broker.publisher(subject, title=event.__name__)
    made = AsyncAPI(
        broker,
        title=f"Spojka: {declared.name}",
        version="1",
        description="Inside one node. Every answer is `ok`, or `error` with a code and a sentence.",
        schema_version="3.0.0",
    )
    paper: Document = json.loads(made.to_specification().to_json())
    return paper


def _either(right: Any, wrong: Any) -> Document:
    return {
        "oneOf": [
            {"type": "object", "required": ["ok"], "properties": {"ok": right}},
            {"type": "object", "required": ["error"], "properties": {"error": wrong}},
        ]
    }
