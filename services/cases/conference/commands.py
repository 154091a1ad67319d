"""What may be asked of a case conference. `services/cases/policy.py` says who may ask."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from libs.codelists import LegalGround, MunicipalityCode, Need
from libs.eventlog import Command, Line, Text
from libs.privacy import Personal
from services.cases.conference.terms import Answer, Attendance, Invitee, MeasureResult, MinutesForm


class ConferenceWish(Command):
    conference_id: UUID


class MeasureWish(ConferenceWish):
    action_id: UUID


# The organiser, before


class ConveneConference(ConferenceWish):
    """Invite organisations. Refused if one is named twice, is the organiser, or is a guest without an item."""

    starts_at: AwareDatetime
    place_code: MunicipalityCode
    place: Personal[Line]
    reason: Personal[Text]
    goal: Personal[Text]
    ground: LegalGround
    invitees: tuple[Invitee, ...] = Field(min_length=1, max_length=50)
    facilitator: UUID
    recorder: UUID
    minutes_form: MinutesForm = MinutesForm.SOCIAL_WORK


class InvitePerson(ConferenceWish):
    """Ask a natural person to come; nothing leaves the node. Refused unless the conference is convened."""

    attendee_id: UUID
    name: Personal[Line]
    person_id: UUID | None = None
    item: Need | None = None
    support: Personal[Line] | None = None


class AnswerForPerson(ConferenceWish):
    """Write down what an invited person answered. Refused if nobody invited them."""

    attendee_id: UUID
    answer: Answer


class RescheduleConference(ConferenceWish):
    """Another time or place; all answers are void. Refused unless convened and not yet held."""

    starts_at: AwareDatetime
    place_code: MunicipalityCode
    place: Personal[Line] | None = None


class CancelConference(ConferenceWish):
    """Call it off. Beats an answer that crosses it. Refused once held."""

    reason: Personal[Text]


# The meeting and its minutes


class HoldConference(ConferenceWish):
    """Record that it took place and who came. Refused unless convened."""

    started_at: AwareDatetime
    ended_at: AwareDatetime
    attendance: tuple[Attendance, ...]
    people_present: tuple[UUID, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ended_at <= self.started_at:
            raise ValueError("a conference ends after it has started")
        return self


class AssignAction(MeasureWish):
    """Agree on a measure: who, what, by when. Refused before the meeting and once the minutes are issued."""

    responsible: UUID
    title: Personal[Line]
    due: date
    watched_by: UUID | None = None


class DraftMinutes(ConferenceWish):
    """Save a draft; earlier drafts are kept. Refused before the meeting and once the minutes are issued."""

    text: Personal[Text]


class OpenComments(ConferenceWish):
    """Show the draft to the full participants until a day. Refused without a draft."""

    until: date


class IssueMinutes(ConferenceWish):
    """Sign and issue the last draft. Refused unless comments were open and their last day has passed."""

    answer_days: int = Field(default=7, ge=1, le=60)


class NoteNoResponse(ConferenceWish):
    """A full participant said nothing in time; never read as consent. Refused before the last day has passed."""

    organisation: UUID


# Review and end


class HoldReview(ConferenceWish):
    """Go through the measures. Refused unless the minutes are issued."""

    note: Personal[Text] | None = None


class CancelAction(MeasureWish):
    """Give a measure up. Refused outside a review, or once it is finished."""

    reason: Personal[Text]


class ReassignAction(MeasureWish):
    """Give a measure to another participant. Refused outside a review, or once it is finished."""

    responsible: UUID
    due: date
    watched_by: UUID | None = None


class SetNextReview(ConferenceWish):
    """Meet again on a day. Refused outside a review."""

    review_on: date


class CloseConference(ConferenceWish):
    """The end. Refused outside a review, or while a measure is open."""


# An invited organisation


class AnswerInvitation(ConferenceWish):
    """Answer for one's organisation; may be changed until the meeting. Refused once held or cancelled."""

    answer: Answer
    represented_by: Personal[Line] | None = None


class CommentMinutes(ConferenceWish):
    """Comment the draft. Refused to guests, and outside the days for comments."""

    text: Personal[Text]


class ConfirmMinutes(ConferenceWish):
    """Confirm the issued minutes. Refused to guests, before issue, and after no response was noted."""


class ConfirmMinutesWithObjection(ConferenceWish):
    """Confirm the issued minutes, but for an objection. Refused like ConfirmMinutes."""

    objection: Personal[Text]


# Whoever is responsible for a measure


class AcknowledgeAction(MeasureWish):
    """Take the measure on. Refused to others, and once it is disputed or over."""


class DisputeAction(MeasureWish):
    """Refuse the measure, with the reason. Refused to others, and once it is acknowledged or over."""

    reason: Personal[Text]


class NoteActionProgress(MeasureWish):
    """Say how it is going. Refused unless the measure is in progress."""

    note: Personal[Text]


class MoveActionDue(MeasureWish):
    """Another last day, with the reason. Refused unless the measure is in progress."""

    due: date
    reason: Personal[Text]


class FinishAction(MeasureWish):
    """Done, partly, or not, with evidence or reason. Refused unless the measure is in progress."""

    result: MeasureResult
    evidence: Personal[Text]


MeasureCommand = AcknowledgeAction | DisputeAction | NoteActionProgress | MoveActionDue | FinishAction
InvitedCommand = AnswerInvitation | CommentMinutes | ConfirmMinutes | ConfirmMinutesWithObjection
MinutesCommand = DraftMinutes | OpenComments | IssueMinutes | NoteNoResponse
ReviewCommand = HoldReview | CancelAction | ReassignAction | SetNextReview | CloseConference
MeetingCommand = (
    InvitePerson | AnswerForPerson | RescheduleConference | CancelConference | HoldConference | AssignAction
)
OrganiserCommand = MeetingCommand | MinutesCommand | ReviewCommand
ConferenceCommand = ConveneConference | OrganiserCommand | InvitedCommand | MeasureCommand
