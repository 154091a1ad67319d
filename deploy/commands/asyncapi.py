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
from pydantic import AwareDatetime, BaseModel, Field, create_model
from pydantic.json_schema import models_json_schema

from deploy.node import SERVICES, service
from libs.eventlog import Event, Frozen, is_personal
from libs.messaging import Answer, Problem
from libs.messaging.subjects import event_subject
from libs.service import Running, Service, Settings
from libs.service.endpoints import listen
from libs.service.letters import Disclosed, DiscloseRequest, LetterContent
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
Model = type[BaseModel]


@dataclass(frozen=True)
class OnPaper:
    """Stands in for a running service: nothing but what it declares."""

    service: Service


class EventHeaders(Frozen):
    """CloudEvents 1.0 and the event's place in the log; every value is text on the wire (libs/messaging/wire.py)."""

    ce_specversion: str = Field(alias="ce-specversion")
    ce_id: UUID = Field(alias="ce-id")
    ce_type: str = Field(alias="ce-type")
    ce_source: str = Field(alias="ce-source")
    ce_subject: str = Field(alias="ce-subject", description="the stream: aggregate and id")
    ce_time: AwareDatetime = Field(alias="ce-time", description="when it happened in the world")
    recorded: AwareDatetime
    schema_: int = Field(alias="schema", description="schema version")
    position: int = Field(description="in the service's log, gapless, in commit order")
    previous: str = Field(description="id of the event before it in the log; empty for the first")
    version: int = Field(description="in its stream")
    command: UUID
    actor: str
    audience: str = Field(default="", description="organisations that may know, or `members`; absent: private")
    correlation: UUID | None = None
    causation: UUID | None = None
    traceparent: str | None = None


class Refill(Frozen):
    """Pages of the log after a place in it (libs/messaging/refill.py)."""

    after: int
    event_id: str
    limit: int


class RefilledEvent(Frozen):
    """An event as on JetStream; `body` is its content as JSON text."""

    head: dict[str, str]
    body: str


class Refilled(Frozen):
    """unknown: the log has no such event at that place."""

    unknown: bool
    events: tuple[RefilledEvent, ...]


class State(Frozen):
    """Nothing needs to be said."""


class StateNow(Frozen):
    """Health as data: positions, statuses, troubles. No content."""

    service: str
    head: int
    leads: bool
    relayed: int
    relay_trouble: str
    dead_letters: int
    followers: tuple[dict[str, Any], ...]


class Received(Frozen):
    """Where a letter's content was recorded."""

    position: int
    repeated: bool


OF_EVERY_SERVICE: dict[str, tuple[Model, Model]] = {
    "ReceiveLetter": (LetterContent, Received),
    "DiscloseEvent": (DiscloseRequest, Disclosed),
    "Refill": (Refill, Refilled),
    "State": (State, StateNow),
}


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
    asked = requests(declared)
    told = {event.__name__: as_published(event) for many in declared.published.events.values() for event in many}
    paper = _subjects(declared)
    everything = [model for pair in asked.values() for model in pair] + [*told.values(), Problem, EventHeaders]
    refs, schemas = models_json_schema(
        [(model, "validation") for model in dict.fromkeys(everything)], ref_template="#/components/schemas/{model}"
    )
    messages: Document = {}
    for name, (question, _) in asked.items():
        messages[name] = {"name": name, "payload": refs[question, "validation"]}
    for name, event in told.items():
        headers = refs[EventHeaders, "validation"]
        messages[name] = {"name": name, "payload": refs[event, "validation"], "headers": headers}
    for name, (_, answer) in asked.items():
        rows = refs[answer, "validation"]
        right = {"type": "array", "items": rows} if name in _questions(declared) else rows
        payload = _either(right, refs[Problem, "validation"])
        _reply(paper, name, "Done" if answer is Answer else f"{name}Answer", payload, messages)
    for name, channel in paper["channels"].items():
        channel["messages"] = {name: {"$ref": f"#/components/messages/{name}"}}
    for operation in paper["operations"].values():
        channel = str(operation["channel"]["$ref"]).rsplit("/", 1)[1]
        operation["messages"] = [{"$ref": f"#/channels/{channel}/messages/{channel}"}]
    paper["components"] = {"messages": messages, "schemas": schemas["$defs"]}
    return paper


def requests(declared: Service) -> dict[str, tuple[Model, Model]]:
    """Name → (what is sent, what comes back in `ok`; of a question: one row of it)."""
    found: dict[str, tuple[Model, Model]] = dict(OF_EVERY_SERVICE)
    for commands in declared.published.commands.values():
        found |= {command.__name__: (command, Answer) for command in commands}
    found |= _questions(declared)
    return found


def as_published(event: type[Event]) -> Model:
    """As neighbours read it: a personal value is withheld (docs/adr/0007)."""
    withheld: dict[str, Any] = {
        name: (None, None) for name, info in event.model_fields.items() if is_personal(info.annotation)
    }
    return create_model(event.__name__, __base__=event, __doc__=event.__doc__, **withheld) if withheld else event


def _questions(declared: Service) -> dict[str, tuple[Model, Model]]:
    return {question.__name__: (question, row_model(view)) for question, view in declared.published.queries.values()}


def _subjects(declared: Service) -> Document:
    """FastStream's word: every subject that is listened to or published on, without what travels on it."""
    broker = NatsBroker(SERVER, apply_types=False, logger=None)
    listen(broker, cast(Running, OnPaper(declared)))
    for aggregate, events in declared.published.events.items():
        for event in events:
            subject = event_subject(declared.name, f"{aggregate}-", event.stored_type)
            broker.publisher(subject, title=event.__name__, description=event.__doc__)
    made = AsyncAPI(
        broker,
        title=f"Spojka: {declared.name}",
        version="1",
        description="Inside one node. Every answer is `ok`, or `error` with a code and a sentence.",
        schema_version="3.0.0",
    )
    paper: Document = json.loads(made.to_specification().to_json())
    for channel in paper["channels"].values():
        channel["description"] = inspect.cleandoc(channel.get("description") or "")
    return paper


def _reply(paper: Document, operation: str, name: str, payload: Document, messages: Document) -> None:
    """Answers go to the inbox the request names, so their channel has no address."""
    paper["channels"][name] = {"address": None, "description": "Answers, to the inbox the request names."}
    messages[name] = {"name": name, "payload": payload}
    paper["operations"][operation]["reply"] = {"channel": {"$ref": f"#/channels/{name}"}}


def _either(right: Any, wrong: Any) -> Document:
    return {
        "oneOf": [
            {"type": "object", "required": ["ok"], "properties": {"ok": right}},
            {"type": "object", "required": ["error"], "properties": {"error": wrong}},
        ]
    }
