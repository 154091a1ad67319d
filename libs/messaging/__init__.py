"""NATS inside a node: subjects, streams, requests, the bounded pull."""

from libs.messaging.bus import Answer, Bus, BusAway, Place, connect
from libs.messaging.errors import FieldProblem, Problem, RequestFailed
from libs.messaging.published import Published
from libs.messaging.queries import Query, View

__all__ = [
    "Answer",
    "Bus",
    "BusAway",
    "FieldProblem",
    "Place",
    "Problem",
    "Published",
    "Query",
    "RequestFailed",
    "View",
    "connect",
]
