"""given / when / then over a decider: rules as sentences, without a server."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Self

from libs.eventlog import Command, Decider, Event, Rejected


@dataclass
class Spec:
    """`spec(REFERRAL).given(opened()).when(send()).then(sent())`"""

    decider: Decider[Any, Any, Any]
    history: tuple[Event, ...] = ()
    outcome: Sequence[Event] | Rejected = field(default_factory=tuple)

    def given(self, *events: Event) -> Self:
        return type(self)(self.decider, events)

    def when(self, command: Command) -> Self:
        state = reduce(self.decider.evolve, self.history, self.decider.initial)
        try:
            outcome: Sequence[Event] | Rejected = self.decider.decide(command, state)
        except Rejected as rejected:
            outcome = rejected
        return type(self)(self.decider, self.history, outcome)

    def then(self, *events: Event) -> None:
        assert not isinstance(self.outcome, Rejected), f"rejected: {self.outcome}"
        assert tuple(self.outcome) == events, f"\nhappened: {self.outcome}\nexpected: {events}"

    def then_nothing_happened(self) -> None:
        assert self.outcome == (), f"happened: {self.outcome}"

    def then_rejected(self, code: str) -> None:
        assert isinstance(self.outcome, Rejected), f"not rejected, happened: {self.outcome}"
        assert self.outcome.code == code, f"rejected with {self.outcome.code}, expected {code}"


def spec(decider: Decider[Any, Any, Any]) -> Spec:
    """A specification of one aggregate."""
    return Spec(decider)
