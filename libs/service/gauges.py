"""What a collector is told about a service between requests: how far its followers and its relay are behind."""

from collections.abc import Iterable
from typing import Any

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation

METER = metrics.get_meter("spojka")


def watch(running: Any) -> None:
    """Register gauges over a running service. Positions and names only."""
    name = running.service.name

    def relayed(_: CallbackOptions) -> Iterable[Observation]:
        yield Observation(running.relay.at.position, {"service": name})

    def followed(_: CallbackOptions) -> Iterable[Observation]:
        for follower in running.followers:
            labels = {"service": name, "follower": follower.name, "source": follower.source}
            yield Observation(follower.at.position, {**labels, "status": follower.status.value})

    def leading(_: CallbackOptions) -> Iterable[Observation]:
        yield Observation(int(running.leads), {"service": name})

    METER.create_observable_gauge("spojka.relay.position", [relayed], description="Last position published")
    METER.create_observable_gauge("spojka.follower.position", [followed], description="Source position applied")
    METER.create_observable_gauge("spojka.leads", [leading], description="1 on the replica that relays and follows")
