"""Words of a case conference: who is invited to what, how they answer, how a measure came out."""

from typing import Literal
from uuid import UUID

from libs.codelists import Code, Need
from libs.eventlog import Frozen

WHOLE: Literal["all"] = "all"
"""Item of an invitation to the whole conference."""


class Stage(Code):
    """How far a conference has come."""

    NOT_CONVENED = "not_convened", "nesvoláno", "not convened"
    CONVENED = "convened", "svoláno", "convened"
    CANCELLED = "cancelled", "zrušeno", "cancelled"
    HELD = "held", "proběhlo", "held"
    MINUTES_DRAFTED = "minutes_drafted", "zápis rozepsán", "minutes drafted"
    COMMENTS_OPEN = "comments_open", "k připomínkám", "open for comments"
    MINUTES_ISSUED = "minutes_issued", "zápis vydán", "minutes issued"
    IN_REVIEW = "in_review", "přezkum", "in review"
    CLOSED = "closed", "uzavřeno", "closed"


class MinutesForm(Code):
    """Which record the minutes are; the ministry's directive is disputed, so both exist (domain.md §9, 8)."""

    SOCIAL_WORK = "social_work", "zápis sociální práce", "social-work minutes"
    FORMAL = "formal", "protokol podle správního řádu", "formal record"


class Answer(Code):
    """What an invitee answers."""

    ACCEPTED = "accepted", "přijde", "accepted"
    DECLINED = "declined", "nepřijde", "declined"
    TENTATIVE = "tentative", "možná přijde", "tentative"
    REPRESENTED = "represented", "pošle zástupce", "represented"


class Presence(Code):
    ATTENDED = "attended", "byl přítomen", "attended"
    ABSENT = "absent", "nebyl přítomen", "absent"


class Copy(Code):
    """What became of an organisation's copy of the issued minutes."""

    NOT_ISSUED = "not_issued", "zápis nevydán", "minutes not issued"
    WAITING = "waiting", "čeká na potvrzení", "waits for confirmation"
    CONFIRMED = "confirmed", "potvrzeno", "confirmed"
    WITH_OBJECTION = "with_objection", "s námitkou", "with an objection"
    NO_RESPONSE = "no_response", "bez odpovědi", "no response"


class MeasureResult(Code):
    """How a measure came out, as its responsible organisation says."""

    DONE = "done", "splněno", "done"
    PARTLY = "partly", "splněno zčásti", "partly done"
    NOT_DONE = "not_done", "nesplněno", "not done"


class MeasureState(Code):
    """Where a measure (opatření) stands."""

    ASSIGNED = "assigned", "uloženo", "assigned"
    IN_PROGRESS = "in_progress", "plní se", "in progress"
    DISPUTED = "disputed", "sporné", "disputed"
    DONE = "done", "splněno", "done"
    PARTLY = "partly", "splněno zčásti", "partly done"
    NOT_DONE = "not_done", "nesplněno", "not done"
    CANCELLED = "cancelled", "zrušeno", "cancelled"

    @property
    def is_open(self) -> bool:
        return self in (MeasureState.ASSIGNED, MeasureState.IN_PROGRESS, MeasureState.DISPUTED)

    @property
    def is_finished(self) -> bool:
        return self in (MeasureState.DONE, MeasureState.PARTLY, MeasureState.NOT_DONE)


class Invitee(Frozen):
    """An organisation asked to take part; natural persons come through the organisation that invites them.

    item    what it is invited to: `all`, or one topic
    guest   hears only its item, and sees neither reason nor minutes (rule L22)
    """

    organisation: UUID
    item: Need | Literal["all"] = WHOLE
    guest: bool = False

    @property
    def is_full(self) -> bool:
        """Whether reason and minutes are theirs to see."""
        return self.item == WHOLE and not self.guest


class Attendance(Frozen):
    organisation: UUID
    presence: Presence


class Found(Frozen):
    """What a review found of one measure."""

    action_id: UUID
    state: MeasureState
