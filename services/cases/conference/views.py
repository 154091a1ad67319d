"""What may be asked about case conferences, and the answers.

for_user   a facilitator or recorder: only the conferences that name this user
"""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from libs.codelists import MunicipalityCode, Need
from libs.eventlog import Line, Text
from libs.messaging import Query, View
from libs.privacy import Personal
from services.cases.conference.terms import Answer, Copy, MeasureState, MinutesForm, Presence, Stage


class Conferences(Query):
    """Conferences this organisation organises or is invited to; the next one first, past ones after it."""

    conference_id: UUID | None = None
    person_id: UUID | None = None
    for_user: UUID | None = None
    only_open: bool = False
    limit: int = Field(default=50, ge=1, le=500)


class ConferenceView(View):
    """item: `all`, or on a guest's node its item, with neither reason nor goal.

    review_on                  the next review, if set
    reviewed_on, review_note   of the last review that was held
    """

    conference_id: UUID
    organiser: UUID
    stage: Stage
    item: str
    starts_at: AwareDatetime | None
    place_code: MunicipalityCode | None
    place: Personal[Line] | None
    reason: Personal[Text] | None
    goal: Personal[Text] | None
    facilitator: UUID | None
    recorder: UUID | None
    minutes_form: MinutesForm | None
    started_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    comments_until: date | None
    issued_on: date | None
    confirm_by: date | None
    review_on: date | None
    reviewed_on: date | None = None
    review_note: Personal[Text] | None = None
    closed_on: date | None


class ConferenceParticipants(Query):
    """The organisations invited to one conference; on a guest's node only the guest."""

    conference_id: UUID
    for_user: UUID | None = None
    limit: int = Field(default=100, ge=1, le=500)


class ConferenceParticipantView(View):
    """answer: None until given in knowledge of the last date. minutes: None for a guest."""

    organisation: UUID
    item: str
    is_full: bool
    answer: Answer | None
    represented_by: Personal[Line] | None
    presence: Presence | None
    minutes: Copy | None


class ConferencePeople(Query):
    """The natural persons the organiser invited to one conference."""

    conference_id: UUID
    for_user: UUID | None = None
    limit: int = Field(default=100, ge=1, le=500)


class ConferencePersonView(View):
    attendee_id: UUID
    person_id: UUID | None
    name: Personal[Line]
    support: Personal[Line] | None
    item: Need | None
    answer: Answer | None
    attended: bool


class ConferenceActions(Query):
    """The measures of one conference that this organisation may know, nearest day first."""

    conference_id: UUID
    for_user: UUID | None = None
    limit: int = Field(default=100, ge=1, le=500)


class OpenActions(Query):
    """Measures one organisation is responsible for and has not finished, nearest day first."""

    organisation: UUID
    limit: int = Field(default=50, ge=1, le=500)


class ConferenceActionView(View):
    """responsible: None when it was given to somebody else, and it is not for this node to know to whom."""

    action_id: UUID
    conference_id: UUID
    responsible: UUID | None
    watched_by: UUID | None
    title: Personal[Line] | None
    due: date | None
    state: MeasureState


class ConferenceActionHistory(Query):
    """Everything that was said about one measure, in the order it became known here."""

    action_id: UUID
    limit: int = Field(default=100, ge=1, le=500)


class ConferenceActionTurn(View):
    author: UUID
    kind: Literal["given", "cancelled", "worked", "found"]
    responsible: UUID | None
    due: date | None
    state: MeasureState | None
    words: Personal[Text] | None


class ConferenceMinutes(Query):
    """Texts of and about the minutes of one conference, the newest first; the organiser alone has drafts."""

    conference_id: UUID
    kind: Literal["draft", "for_comments", "comment", "issued", "objection"] | None = None
    for_user: UUID | None = None
    limit: int = Field(default=20, ge=1, le=500)


class ConferenceMinutesView(View):
    organisation: UUID
    kind: Literal["draft", "for_comments", "comment", "issued", "objection"]
    number: int
    written_by: UUID | None
    text: Personal[Text]
