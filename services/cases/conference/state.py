"""Everything this node knows of a conference: the logs as far as they have arrived, and its own records.

What follows from them is computed where it is asked for: `stage.py`, `invited.py`, `measures.py`.
"""

from typing import TypedDict
from uuid import UUID

from libs.eventlog import Frozen, Half, Rejected, Text
from libs.privacy import Personal
from services.cases.conference.commands import ConferenceCommand
from services.cases.conference.events import ConferenceConvened, GuestInvited, SharedConferenceEvent
from services.cases.conference.terms import Invitee

Log = Half[SharedConferenceEvent]


class Head(TypedDict):
    """The fields every shared entry begins with."""

    conference_id: UUID
    author: UUID
    number: int
    seen: int
    told: tuple[UUID, ...]


class Conference(Frozen):
    """organiser   None until entry 1 of its log is there; draft, attendees: the organiser's private records"""

    organiser: UUID | None = None
    logs: dict[UUID, Log] = {}
    attendees: tuple[UUID, ...] = ()
    drafts: int = 0
    draft: Personal[Text] | None = None

    def entries(self, organisation: UUID | None) -> tuple[SharedConferenceEvent, ...]:
        """One organisation's entries 1, 2, 3 … without a gap; what came too early waits."""
        if organisation is None or organisation not in self.logs:
            return ()
        return self.logs[organisation].entries

    @property
    def invitation(self) -> ConferenceConvened | GuestInvited | None:
        """Entry 1 of the organiser's log, in the cut this node has."""
        first = next(iter(self.entries(self.organiser)), None)
        return first if isinstance(first, ConferenceConvened | GuestInvited) else None

    @property
    def invitees(self) -> tuple[Invitee, ...]:
        """All of them, or on a guest's node the guest alone."""
        match self.invitation:
            case ConferenceConvened() as convened:
                return convened.invitees
            case GuestInvited() as invited:
                return (invited.invitee,)
            case None:
                return ()

    def invitee(self, organisation: UUID) -> Invitee | None:
        return next((one for one in self.invitees if one.organisation == organisation), None)

    def knew(self, entry: SharedConferenceEvent) -> int:
        """How many of the organiser's entries the author of this one knew when writing it."""
        return entry.number - 1 if entry.author == self.organiser else entry.seen

    def head(self, command: ConferenceCommand) -> Head:
        """The head of the acting organisation's next entry."""
        author = command.actor.organisation
        seen = sum(len(log.entries) for writer, log in self.logs.items() if writer != author)
        organising = self.organiser in (None, author)
        if organising:
            told = tuple(one.organisation for one in self.invitees)
        else:
            seen, told = len(self.entries(self.organiser)), (self.organiser,) if self.organiser else ()
        return Head(
            conference_id=command.conference_id,
            author=author,
            number=len(self.entries(author)) + 1,
            seen=seen,
            told=told,
        )

    def organised_by(self, command: ConferenceCommand) -> None:
        """Raises Rejected `not_owner` unless the organiser acts."""
        if self.organiser is None:
            raise unknown()
        if command.actor.organisation != self.organiser:
            raise Rejected(
                "not_owner",
                "Only the organiser of the conference may do this. Nothing was recorded. Ask the organiser.",
            )

    def invited_as(self, command: ConferenceCommand) -> Invitee:
        """The invitation of the acting organisation. Raises Rejected `not_party` if it has none."""
        if self.organiser is None:
            raise unknown()
        invitee = self.invitee(command.actor.organisation)
        if invitee is None:
            raise Rejected(
                "not_party",
                "Your organisation was not invited to this conference. Nothing was recorded. "
                "If it should take part, ask the organiser.",
            )
        return invitee


def unknown() -> Rejected:
    return Rejected(
        "not_convened",
        "No such conference is known here. Nothing was recorded. Open the list again; a letter may be on its way.",
    )
