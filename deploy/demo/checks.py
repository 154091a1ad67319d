"""What must be true after the story, one named check each."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from deploy.demo.network import Network
from deploy.demo.sentence import Sentence
from deploy.demo.settled import Restless, settle
from deploy.demo.sight import (
    a_decline_is_a_task,
    both_sides_agree,
    conference_on_record,
    everybody_sees_their_part,
    figures,
    names_follow_acceptance,
)
from deploy.demo.soundness import (
    chains_hold,
    letters_have_arrived,
    nobody_is_named_on_disk,
    nodes_are_ready,
    projections_equal_their_rebuilds,
)


@dataclass(frozen=True)
class Check:
    """name   what holds, as a sentence; run: None, or a sentence about what is wrong"""

    name: str
    run: Callable[[Network], Awaitable[Sentence]]


CHECKS: tuple[Check, ...] = (
    Check("every organisation sees its part and nothing else", everybody_sees_their_part),
    Check("both sides of every referral tell the same", both_sides_agree),
    Check("a client's name follows acceptance, not before", names_follow_acceptance),
    Check("the conference is on record with its objection", conference_on_record),
    Check("a declined referral is a task for its sender", a_decline_is_a_task),
    Check("the figures are those of the story", figures),
    Check("every letter arrived once, none is in quarantine", letters_have_arrived),
    Check("every node is ready", nodes_are_ready),
    Check("every read model equals its rebuild", projections_equal_their_rebuilds),
    Check("the hash chain of every log holds", chains_hold),
    Check("no byte on the disk names a person", nobody_is_named_on_disk),
)


async def examine(
    network: Network, on_check: Callable[[Check, Sentence], None], checks: Sequence[Check] = CHECKS
) -> int:
    """Wait until the network is at rest, then check; the number of checks that hold."""
    restless: Sentence = None
    try:
        await settle(network)
    except Restless as error:
        restless = str(error)
    held = 0
    for check in checks:
        try:
            wrong = await check.run(network)
        except Exception as error:
            wrong = f"it could not be checked ({type(error).__name__}: {error})"
        if wrong is not None and restless is not None:
            wrong += f" ({restless})"
        held += wrong is None
        on_check(check, wrong)
    return held


__all__ = ["CHECKS", "Check", "examine"]
