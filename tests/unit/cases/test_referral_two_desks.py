"""Two desks, one referral: letters come late, twice, crossing or only at the end, and both ends agree.

Hypothesis plays both organisations. It may give any command at any moment, let any letter arrive any number of
times in any order, and let the nodes act or sleep. When everything has arrived, f(S, P) is the same at both.
"""

from contextlib import suppress
from functools import reduce
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from libs.codelists import CompletedOutcome, WithdrawReason
from libs.eventlog import Command, Half, Rejected
from services.cases.referral import decider
from services.cases.referral.common_state import CommonState, common_state
from services.cases.referral.decider import REFERRAL
from services.cases.referral.events import Entry, ReferralAccepted, ReferralEvent, ReferralIdentityDisclosed
from services.cases.referral.state import Referral
from tests.examples.cases_referral import (
    NIT,
    STATUTE,
    TOWN,
    accept,
    acknowledge,
    amend,
    cancel,
    close,
    complete,
    confirm_withdrawal,
    correct_outcome,
    decline,
    disclose_identity,
    enter_in_error,
    expire,
    fail,
    open_referral,
    put_waiting,
    reroute,
    resume,
    send,
    start,
    withdraw,
)

SENDER_WORKS: tuple[Command, ...] = (disclose_identity(), amend(), amend(urgency="acute"))
SENDER_ENDS: tuple[Command, ...] = (
    withdraw(),
    withdraw(reason=WithdrawReason.RELEASE_WITHDRAWN),
    close(),
    close(),
    enter_in_error(),
)
RECIPIENT_WORKS: tuple[Command, ...] = (acknowledge(), accept(), start(), put_waiting(), resume())
RECIPIENT_ENDS: tuple[Command, ...] = (
    decline(),
    reroute(),
    expire(),
    complete(),
    fail(),
    cancel(),
    confirm_withdrawal(),
    correct_outcome(),
    correct_outcome(outcome=CompletedOutcome.ENROLLED),
)
SELDOM = st.integers(0, 2).map(lambda number: number == 0)
"""Most plays should get somewhere before they end."""


class Desk:
    """One organisation: its log as recorded, and what it gives to the post, as disclosed when it left."""

    def __init__(self, organisation: Any, other: Any) -> None:
        self.organisation, self.other = organisation, other
        self.recorded: list[ReferralEvent] = []
        self.letters: list[Entry] = []

    @property
    def state(self) -> Referral:
        return reduce(REFERRAL.evolve, self.recorded, REFERRAL.initial)

    def sees(self) -> CommonState:
        state = self.state
        return common_state(state.request.entries, state.progress.entries)

    def act(self, command: Command) -> None:
        with suppress(Rejected):  # a refusal is an answer, too
            self.recorded += REFERRAL.decide(command, self.state)  # type: ignore[arg-type]

    def post(self) -> list[Entry]:
        """All letters so far. What is not posted yet leaves now, with what may be told now."""
        own = [event for event in self.recorded if isinstance(event, Entry) and event.author == self.organisation]
        for event in own[len(self.letters) :]:
            letter = decider.disclose(event, self.state, self.other)
            assert isinstance(letter, Entry)
            self.letters.append(letter)
        return self.letters

    def take(self, letter: Entry) -> None:
        self.recorded += decider.receive(letter, self.state, self.other)  # type: ignore[arg-type]


class Disagreement(AssertionError):
    """The two ends read the same logs differently."""


class Play(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.sender, self.recipient = Desk(TOWN, NIT), Desk(NIT, TOWN)
        self.sender.act(open_referral())

    @initialize(by_law=st.booleans())
    def the_sender_sends(self, by_law: bool) -> None:
        self.sender.act(send(ground=STATUTE, identity_now=True) if by_law else send())

    @rule(command=st.sampled_from(SENDER_WORKS))
    def the_sender_works(self, command: Command) -> None:
        self.sender.act(command)

    @rule(command=st.sampled_from(SENDER_ENDS), seldom=SELDOM)
    def the_sender_ends_it(self, command: Command, seldom: bool) -> None:
        if seldom:
            self.sender.act(command)

    @rule(command=st.sampled_from(RECIPIENT_WORKS))
    def the_recipient_works(self, command: Command) -> None:
        self.recipient.act(command)

    @rule(command=st.sampled_from(RECIPIENT_ENDS), seldom=SELDOM)
    def the_recipient_ends_it(self, command: Command, seldom: bool) -> None:
        if seldom:
            self.recipient.act(command)

    @rule(data=st.data(), to_sender=st.booleans(), awake=st.booleans())
    def some_letter_arrives(self, data: st.DataObject, to_sender: bool, awake: bool) -> None:
        """Any letter: the next, a later one, one that was here before. The node reacts, or its reaction is late."""
        here, there = (self.sender, self.recipient) if to_sender else (self.recipient, self.sender)
        if letters := there.post():
            here.take(data.draw(st.sampled_from(letters)))
            if awake:
                here.act(disclose_identity() if to_sender else acknowledge())

    @rule(to_sender=st.booleans())
    def the_post_is_emptied(self, to_sender: bool) -> None:
        here, there = (self.sender, self.recipient) if to_sender else (self.recipient, self.sender)
        for letter in there.post():
            here.take(letter)

    def teardown(self) -> None:
        for letter in reversed(self.sender.post() * 2):
            self.recipient.take(letter)
        for letter in reversed(self.recipient.post() * 2):
            self.sender.take(letter)
        if self.sender.sees() != self.recipient.sees():
            raise Disagreement(f"{self.sender.sees()} here, {self.recipient.sees()} there")


class TwoDesks(Play):
    @invariant()
    def nobody_writes_what_does_not_count(self) -> None:
        assert self.sender.sees().faults == self.recipient.sees().faults == ()

    @invariant()
    def identity_follows_acceptance_or_the_law(self) -> None:
        progress = self.recipient.state.progress.entries
        for told in self.recipient.state.request.entries:
            if isinstance(told, ReferralIdentityDisclosed) and told.client_name is not None:
                accepted = any(isinstance(entry, ReferralAccepted) for entry in progress[: told.seen])
                by_law = self.sender.state.request.entries[0].model_dump()["ground"]["kind"] == "statute"
                assert accepted or by_law

    def teardown(self) -> None:
        super().teardown()
        sent, arrived = self.sender.state, self.recipient.state
        assert len(sent.request.entries) == len(arrived.request.entries)
        assert len(sent.progress.entries) == len(arrived.progress.entries)
        assert sent.progress.held == arrived.request.held == ()


TestTwoDesks = TwoDesks.TestCase
TestTwoDesks.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)

QUICKLY = settings(
    max_examples=500,
    stateful_step_count=40,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much),
)


def _append(half: Half[Any], entry: Any) -> Half[Any]:
    """`Half.add` without its guard: entries as they come."""
    return type(half).model_construct(entries=(*half.entries, entry), held=())


def test_without_holding_gaps_the_two_ends_disagree(monkeypatch: pytest.MonkeyPatch):
    """The guard is proven by removing it: the same play finds a reordering that is read differently."""
    monkeypatch.setattr(Half, "add", _append)
    with pytest.raises(Disagreement):
        run_state_machine_as_test(Play, settings=QUICKLY)


def _append_next(half: Half[Any], entry: Any) -> Half[Any]:
    """`Half.add` that holds gaps, but takes what is here already once more."""
    return _append(half, entry) if entry.number <= half.next_number else ADD(half, entry)


ADD = Half[Any].add


def test_without_ignoring_repeats_the_two_ends_disagree(monkeypatch: pytest.MonkeyPatch):
    """Repeats are ignored twice, at the door and in the half; with both guards gone the play finds it."""
    monkeypatch.setattr(Half, "add", _append_next)
    monkeypatch.setattr(decider, "receive", lambda event, referral, sender: (event,))  # pyright: ignore
    with pytest.raises(Disagreement):
        run_state_machine_as_test(Play, settings=QUICKLY)


def _desks() -> tuple[Desk, Desk]:
    sender, recipient = Desk(TOWN, NIT), Desk(NIT, TOWN)
    for command in (open_referral(), send()):
        sender.act(command)
    recipient.take(sender.post()[0])
    for command in (acknowledge(), accept()):
        recipient.act(command)
    return sender, recipient


def test_one_reordering_by_hand():
    """Accepted overtakes received. Held, it is accepted; taken as it comes, it would look merely received."""
    sender, recipient = _desks()
    received, accepted = recipient.post()
    sender.take(accepted)
    assert sender.sees().stage == "sent"
    sender.take(received)
    assert sender.sees() == recipient.sees()
    assert sender.sees().stage == "accepted"
    assert common_state(sender.state.request.entries, (accepted, received)) != recipient.sees()  # type: ignore[arg-type]


def test_a_withdrawal_crosses_an_acceptance():
    """X01, story step 14: withdrawn at 9:00, accepted unaware at 9:05, confirmed the next day."""
    sender, recipient = _desks()
    sender.act(withdraw(reason=WithdrawReason.RELEASE_WITHDRAWN))
    for letter in recipient.post():
        sender.take(letter)
    recipient.take(sender.post()[1])
    assert sender.sees() == recipient.sees()
    assert sender.sees().stage == "withdrawal_pending"
    sender.act(disclose_identity())
    assert not any(isinstance(event, ReferralIdentityDisclosed) for event in sender.recorded)
    recipient.act(confirm_withdrawal(client_continues=True))
    sender.take(recipient.post()[2])
    assert sender.sees() == recipient.sees()
    assert sender.sees().stage == "withdrawn"
