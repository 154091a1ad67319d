"""What has happened to a case conference. Published language: a released version never changes.

The organiser writes one log, every invited organisation its own (domain.md §4.8). The organiser's entries go
to all invited organisations, each in its own cut (`sharing.py`): `None` in a personal field means "not for this
reader". Entries of the others go to the organiser only. Personal text is sealed under the conference's key.
"""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime

from libs.codelists import LegalGround, MunicipalityCode, Need
from libs.eventlog import Event, Line, SharedEvent, Text, event
from libs.privacy import Personal
from services.cases.conference.terms import Answer, Attendance, Found, Invitee, MeasureResult, MinutesForm


class Entry(SharedEvent):
    """What every entry of every log says.

    told   organisations that may know; the cut of one reader names that reader alone
    seen   an invited organisation: entries of the organiser's log it knew; the organiser: entries of all others
    """

    conference_id: UUID
    told: tuple[UUID, ...]


# Before


@event("conference-convened", version=1, audience="told", subject="conference_id")
class ConferenceConvened(Entry):
    """ground   why reason and goal may be told (rule L07); place: room, street; place_code: municipality"""

    starts_at: AwareDatetime
    place_code: MunicipalityCode
    place: Personal[Line]
    reason: Personal[Text]
    goal: Personal[Text]
    ground: LegalGround
    invitees: tuple[Invitee, ...]
    facilitator: UUID
    recorder: UUID
    minutes_form: MinutesForm


@event("conference-guest-invited", version=1, audience="told")
class GuestInvited(Entry):
    """The cut of ConferenceConvened for a guest: when, in which town, about what topic; no names (rule L21)."""

    starts_at: AwareDatetime
    place_code: MunicipalityCode
    invitee: Invitee


@event("conference-person-invited", version=1, subject="conference_id")
class PersonInvited(Event):
    """A natural person is asked to come; private to the organiser.

    person_id   as `contacts` of this node knows the person, if it does
    item        None: the whole conference; support: who comes along to stand by the person
    """

    conference_id: UUID
    attendee_id: UUID
    name: Personal[Line]
    person_id: UUID | None = None
    item: Need | None = None
    support: Personal[Line] | None = None


@event("conference-person-answered", version=1)
class PersonAnswered(Event):
    conference_id: UUID
    attendee_id: UUID
    answer: Answer


@event("conference-rescheduled", version=1, audience="told", subject="conference_id")
class ConferenceRescheduled(Entry):
    """All earlier answers to the invitation are void."""

    starts_at: AwareDatetime
    place_code: MunicipalityCode
    place: Personal[Line] | None = None


@event("conference-cancelled", version=1, audience="told", subject="conference_id")
class ConferenceCancelled(Entry):
    reason: Personal[Text] | None = None


@event("conference-invitation-answered", version=1, audience="told", subject="conference_id")
class InvitationAnswered(Entry):
    """represented_by   who comes instead"""

    answer: Answer
    represented_by: Personal[Line] | None = None


# The meeting and its minutes


@event("conference-held", version=1, audience="told")
class ConferenceHeld(Entry):
    started_at: AwareDatetime
    ended_at: AwareDatetime
    attendance: tuple[Attendance, ...]


@event("conference-people-attended", version=1)
class PeopleAttended(Event):
    """Which of the invited natural persons were there; private to the organiser."""

    conference_id: UUID
    attendees: tuple[UUID, ...]


@event("conference-minutes-drafted", version=1, subject="conference_id")
class MinutesDrafted(Event):
    """A saved draft; every one is kept. Private to the organiser until comments are opened.

    draft   1, 2, 3 …
    """

    conference_id: UUID
    organiser: UUID
    draft: int
    drafted_by: UUID
    text: Personal[Text]


@event("conference-comments-opened", version=1, audience="told", subject="conference_id")
class CommentsOpened(Entry):
    """until   last day for comments, Europe/Prague"""

    until: date
    text: Personal[Text]


@event("conference-minutes-commented", version=1, audience="told", subject="conference_id")
class MinutesCommented(Entry):
    text: Personal[Text]


@event("conference-minutes-issued", version=1, audience="told", subject="conference_id")
class MinutesIssued(Entry):
    """confirm_by   last day to confirm or object, Europe/Prague; silence is never read as consent"""

    signed_by: UUID
    issued_on: date
    confirm_by: date
    text: Personal[Text]


@event("conference-minutes-confirmed", version=1, audience="told")
class MinutesConfirmed(Entry):
    pass


@event("conference-minutes-confirmed-with-objection", version=1, audience="told", subject="conference_id")
class MinutesConfirmedWithObjection(Entry):
    objection: Personal[Text]


@event("conference-no-response-noted", version=1, audience="told")
class NoResponseNoted(Entry):
    organisation: UUID


# Measures


@event("conference-action-assigned", version=1, audience="told", subject="conference_id")
class ActionAssigned(Entry):
    """due   last day, Europe/Prague; watched_by: an organisation that keeps an eye on it"""

    action_id: UUID
    responsible: UUID
    title: Personal[Line]
    due: date
    watched_by: UUID | None = None


@event("conference-action-acknowledged", version=1, audience="told")
class ActionAcknowledged(Entry):
    action_id: UUID


@event("conference-action-disputed", version=1, audience="told", subject="conference_id")
class ActionDisputed(Entry):
    action_id: UUID
    reason: Personal[Text]


@event("conference-action-progress-noted", version=1, audience="told", subject="conference_id")
class ActionProgressNoted(Entry):
    action_id: UUID
    note: Personal[Text]


@event("conference-action-due-moved", version=1, audience="told", subject="conference_id")
class ActionDueMoved(Entry):
    action_id: UUID
    due: date
    reason: Personal[Text]


@event("conference-action-finished", version=1, audience="told", subject="conference_id")
class ActionFinished(Entry):
    """evidence   how one can tell; for `not_done` the reason"""

    action_id: UUID
    result: MeasureResult
    evidence: Personal[Text]


@event("conference-action-cancelled", version=1, audience="told", subject="conference_id")
class ActionCancelled(Entry):
    """responsible   whose it was"""

    action_id: UUID
    responsible: UUID
    watched_by: UUID | None = None
    reason: Personal[Text] | None = None


@event("conference-action-reassigned", version=1, audience="told", subject="conference_id")
class ActionReassigned(Entry):
    """In the cut of the organisation that had it before, the last four fields are None: it is no longer theirs."""

    action_id: UUID
    previous: UUID
    responsible: UUID | None = None
    title: Personal[Line] | None = None
    due: date | None = None
    watched_by: UUID | None = None


# Review and end


@event("conference-review-held", version=1, audience="told", subject="conference_id")
class ReviewHeld(Entry):
    """found   of each measure; a reader sees those it is responsible for or watches"""

    held_on: date
    found: tuple[Found, ...]
    note: Personal[Text] | None = None


@event("conference-next-review-set", version=1, audience="told")
class NextReviewSet(Entry):
    review_on: date


@event("conference-closed", version=1, audience="told")
class ConferenceClosed(Entry):
    closed_on: date


@event("conference-noted", version=1, audience="told")
class ConferenceNoted(Entry):
    """Stands for an entry that is not for this reader, so that the numbers have no gap. Says nothing else."""


OwnRecord = PersonInvited | PersonAnswered | PeopleAttended | MinutesDrafted
"""Private to the organiser."""
MeasureEntry = ActionAcknowledged | ActionDisputed | ActionProgressNoted | ActionDueMoved | ActionFinished
"""Written by whoever is responsible for the measure, the organiser too."""
InvitedEntry = InvitationAnswered | MinutesCommented | MinutesConfirmed | MinutesConfirmedWithObjection | MeasureEntry
"""What an invited organisation may write."""
OrganiserEntry = (
    ConferenceConvened
    | GuestInvited
    | ConferenceRescheduled
    | ConferenceCancelled
    | ConferenceHeld
    | CommentsOpened
    | MinutesIssued
    | NoResponseNoted
    | ActionAssigned
    | ActionCancelled
    | ActionReassigned
    | ReviewHeld
    | NextReviewSet
    | ConferenceClosed
    | ConferenceNoted
    | MeasureEntry
)
"""What the organiser may write, in some cut."""
SharedConferenceEvent = OrganiserEntry | InvitedEntry
ConferenceEvent = SharedConferenceEvent | OwnRecord
