"""How a guidance entry is decided. Pure: no clock, no chance, no I/O.

    nothing → published ⇄ changed, verified → withdrawn ■

The first author owns the entry; a letter of anybody else about it is refused.
"""

from datetime import date
from typing import assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

from libs.eventlog import Decider, Frozen, Half, Rejected
from services.directory.guidance.commands import (
    ChangeGuidance,
    GuidanceCommand,
    PublishGuidance,
    VerifyGuidance,
    WithdrawGuidance,
)
from services.directory.guidance.events import (
    GuidanceChanged,
    GuidanceContent,
    GuidanceEvent,
    GuidancePublished,
    GuidanceVerified,
    GuidanceWithdrawn,
)

PRAGUE = ZoneInfo("Europe/Prague")
LAST_NUMBER = 1_000_000
"""More entries than anybody writes; a partner cannot make our table overflow."""


class Guidance(Frozen):
    """owner: author of the first entry that came, own or received."""

    owner: UUID | None = None
    half: Half[GuidanceEvent] = Half[GuidanceEvent]()

    @property
    def content(self) -> GuidanceContent | None:
        """What it says now; None: not published."""
        told = [entry.guidance for entry in self.half.entries if isinstance(entry, GuidancePublished | GuidanceChanged)]
        return told[-1] if told else None

    @property
    def verified_on(self) -> date | None:
        days = [entry.verified_on for entry in self.half.entries if isinstance(entry, GuidanceVerified)]
        return max(days, default=None)

    @property
    def withdrawn(self) -> bool:
        return any(isinstance(entry, GuidanceWithdrawn) for entry in self.half.entries)


def decide(command: GuidanceCommand, guidance: Guidance) -> tuple[GuidanceEvent, ...]:
    """The events to append. `()`: already so. `Rejected`: cannot be, and what to do instead."""
    author, number = command.actor.organisation, guidance.half.next_number
    if guidance.owner not in (None, author):
        raise Rejected(
            "not_owner",
            "Another organisation wrote this entry, and only its owner changes it. Nothing was recorded. "
            "Ask the owner to correct it, or write your own.",
        )
    if guidance.withdrawn:
        if isinstance(command, WithdrawGuidance):
            return ()
        raise Rejected(
            "already_terminal",
            "This entry was withdrawn. Nothing was recorded. Publish a new one instead.",
        )
    known = guidance.content
    if known is None and not isinstance(command, PublishGuidance):
        raise Rejected("not_published", "There is no such entry. Nothing was recorded. Publish it first.")
    match command:
        case PublishGuidance():
            if known == command.guidance:
                return ()
            if known is not None:
                raise Rejected(
                    "guidance_exists",
                    "This entry is already published with other content. Nothing was recorded. Change it instead.",
                )
            return (
                GuidancePublished(
                    guidance_id=command.guidance_id, author=author, number=number, guidance=command.guidance
                ),
            )
        case ChangeGuidance():
            if known == command.guidance:
                return ()
            return (
                GuidanceChanged(
                    guidance_id=command.guidance_id, author=author, number=number, guidance=command.guidance
                ),
            )
        case VerifyGuidance():
            if command.verified_on > command.occurred_at.astimezone(PRAGUE).date():
                raise Rejected(
                    "future_day", "That day has not come yet. Nothing was recorded. Choose today or earlier."
                )
            if guidance.verified_on is not None and guidance.verified_on >= command.verified_on:
                return ()
            return (
                GuidanceVerified(
                    guidance_id=command.guidance_id,
                    author=author,
                    number=number,
                    verified_on=command.verified_on,
                ),
            )
        case WithdrawGuidance():
            return (GuidanceWithdrawn(guidance_id=command.guidance_id, author=author, number=number),)
        case _:
            assert_never(command)


def evolve(guidance: Guidance, event: GuidanceEvent) -> Guidance:
    """Total: every entry goes into its owner's half."""
    return Guidance(owner=guidance.owner or event.author, half=guidance.half.add(event))


def receive(event: GuidanceEvent, guidance: Guidance, sender: UUID) -> tuple[GuidanceEvent, ...]:
    """Another organisation's entry, as it is; `()` for a repeat."""
    if event.author != sender or guidance.owner not in (None, sender):
        raise Rejected(
            "not_owner", "An entry may only be written by the organisation that owns it. Nothing was recorded."
        )
    if not 1 <= event.number <= LAST_NUMBER:
        raise Rejected("bad_number", "The entry's number cannot be. Nothing was recorded.")
    known = {entry.number for entry in (*guidance.half.entries, *guidance.half.held)}
    return () if event.number in known else (event,)


GUIDANCE: Decider[GuidanceCommand, Guidance, GuidanceEvent] = Decider(
    name="guidance",
    key="guidance_id",
    initial=Guidance(),
    commands=GuidanceCommand,
    events=GuidanceEvent,
    decide=decide,
    evolve=evolve,
    receive=receive,
)
