"""The state of a referral: the sender's draft, and both logs as far as they are here."""

from datetime import date
from typing import Any, TypeVar, assert_never
from uuid import UUID

from libs.codelists import MunicipalityCode, Need
from libs.eventlog import Actor, Command, Frozen, Half, Line, Text
from libs.privacy import Personal
from services.cases.referral.commands import LIGHT_RECIPIENT
from services.cases.referral.common_state import Progress, is_valid, read_progress, withdrawal_number
from services.cases.referral.events import (
    Entry,
    ProgressEntry,
    ReferralAccepted,
    ReferralAmended,
    ReferralCancelled,
    ReferralClosed,
    ReferralCompleted,
    ReferralDeclined,
    ReferralEnteredInError,
    ReferralEvent,
    ReferralExpired,
    ReferralFailed,
    ReferralIdentityDisclosed,
    ReferralOpened,
    ReferralOutcomeCorrected,
    ReferralPutWaiting,
    ReferralReceived,
    ReferralRerouted,
    ReferralResumed,
    ReferralSent,
    ReferralStarted,
    ReferralWithdrawn,
    RequestEntry,
    Urgency,
)

E = TypeVar("E", bound=Entry)


class Draft(Frozen):
    """What the sender wrote. The personal fields are opaque here: copied, never read."""

    sender: UUID
    recipient: UUID
    need: Need
    reason: Personal[Text]
    client_name: Personal[Line]
    contact: Personal[Line] | None
    directory_entry: UUID | None
    supersedes: UUID | None


class Terms(Frozen):
    """What is asked, as amended."""

    answer_due: date | None = None
    need: Need | None = None
    urgency: Urgency | None = None
    area: MunicipalityCode | None = None


class Referral(Frozen):
    """draft     on the sender's node only
    request   the sender's log; progress: the recipient's. What came too early is held, and not yet known
    """

    draft: Draft | None = None
    request: Half[RequestEntry] = Half[RequestEntry]()
    progress: Half[ProgressEntry] = Half[ProgressEntry]()

    def find(self, cls: type[E]) -> E | None:
        """The first known entry of a kind."""
        return next((entry for entry in self.entries if isinstance(entry, cls)), None)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return (*self.request.entries, *self.progress.entries)

    @property
    def parties(self) -> tuple[UUID, UUID] | None:
        """(sender, recipient); None while nothing at all is here."""
        if self.draft is not None:
            return self.draft.sender, self.draft.recipient
        first = next(iter((*self.request.entries, *self.request.held)), None)
        return None if first is None else (first.sender, first.recipient)

    @property
    def terms(self) -> Terms:
        """The last word of the request log on each."""
        terms = Terms()
        for entry in self.request.entries:
            if isinstance(entry, ReferralSent | ReferralAmended):
                terms = Terms(
                    answer_due=entry.answer_due or terms.answer_due,
                    need=entry.need or terms.need,
                    urgency=entry.urgency or terms.urgency,
                    area=entry.area or terms.area,
                )
        return terms

    @property
    def known(self) -> Progress:
        """What the known progress says; what was wrongly written after a withdrawal does not count."""
        withdrawn = withdrawal_number(self.request.entries)
        return read_progress([entry for entry in self.progress.entries if is_valid(entry, withdrawn)])


def acting(actor: Actor) -> UUID:
    """The organisation an actor acts for: its node's own, or the recipient whose link it came through."""
    return actor.user if LIGHT_RECIPIENT in actor.roles else actor.organisation


def write(cls: type[E], command: Command, referral: Referral, **content: Any) -> E:
    """The next entry of the log that the acting organisation keeps.

    content   the fields that `cls` adds, and `sender`, `recipient`, `hosted` for the very first entry
    """
    author = acting(command.actor)
    if (first := next(iter(referral.request.entries), None)) is not None:
        content = {"sender": first.sender, "recipient": first.recipient, "hosted": first.hosted} | content
    own, other = referral.request, referral.progress
    if author != content["sender"]:
        own, other = other, own
    return cls(
        referral_id=getattr(command, "referral_id"),  # noqa: B009 - every command of this aggregate has it
        author=author,
        number=own.next_number,
        seen=len(other.entries),
        occurred_at=command.occurred_at,
        **content,
    )


def evolve(referral: Referral, event: ReferralEvent) -> Referral:
    """Total: a late or crossing letter has an answer; none ever stops a node. A half moves only itself."""
    match event:
        case ReferralOpened():
            draft = Draft(
                sender=event.sender,
                recipient=event.recipient,
                need=event.need,
                reason=event.reason,
                client_name=event.client_name,
                contact=event.contact,
                directory_entry=event.directory_entry,
                supersedes=event.supersedes,
            )
            return Referral(draft=draft, request=referral.request, progress=referral.progress)
        case (
            ReferralSent()
            | ReferralAmended()
            | ReferralIdentityDisclosed()
            | ReferralWithdrawn()
            | ReferralClosed()
            | ReferralEnteredInError()
        ):
            return Referral(draft=referral.draft, request=referral.request.add(event), progress=referral.progress)
        case (
            ReferralReceived()
            | ReferralAccepted()
            | ReferralDeclined()
            | ReferralRerouted()
            | ReferralExpired()
            | ReferralPutWaiting()
            | ReferralResumed()
            | ReferralStarted()
            | ReferralCompleted()
            | ReferralFailed()
            | ReferralCancelled()
            | ReferralOutcomeCorrected()
        ):
            return Referral(draft=referral.draft, request=referral.request, progress=referral.progress.add(event))
        case _:
            assert_never(event)
