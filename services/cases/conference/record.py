"""Read models of what a conference put on record: `conference_minutes` and `conference_action`.

Every row is one entry under its author's number; see `projection.py` for the reason.
"""

from datetime import date
from typing import Literal, assert_never
from uuid import UUID

from libs.eventlog import Line, Text
from libs.privacy import Personal
from libs.projection import Projection, Row
from services.cases.conference.events import (
    ActionAcknowledged,
    ActionAssigned,
    ActionCancelled,
    ActionDisputed,
    ActionDueMoved,
    ActionFinished,
    ActionProgressNoted,
    ActionReassigned,
    CommentsOpened,
    MeasureEntry,
    MinutesCommented,
    MinutesConfirmedWithObjection,
    MinutesDrafted,
    MinutesIssued,
    ReviewHeld,
)
from services.cases.conference.terms import MeasureState

MinutesEvent = MinutesDrafted | CommentsOpened | MinutesCommented | MinutesIssued | MinutesConfirmedWithObjection
ActionEvent = ActionAssigned | ActionReassigned | ActionCancelled | ReviewHeld | MeasureEntry


class MinutesRow(Row):
    """A text of or about the minutes. number: of a draft its own, otherwise of the author's entry."""

    conference_id: UUID
    organisation: UUID
    kind: Literal["draft", "for_comments", "comment", "issued", "objection"]
    number: int
    written_by: UUID | None = None
    text: Personal[Text] | None = None


def project_minutes(event: MinutesEvent) -> MinutesRow:
    conference_id = event.conference_id
    match event:
        case MinutesDrafted():
            return MinutesRow(
                conference_id=conference_id,
                organisation=event.organiser,
                kind="draft",
                number=event.draft,
                written_by=event.drafted_by,
                text=event.text,
            )
        case CommentsOpened():
            return MinutesRow(
                conference_id=conference_id,
                organisation=event.author,
                kind="for_comments",
                number=event.number,
                text=event.text,
            )
        case MinutesCommented():
            return MinutesRow(
                conference_id=conference_id,
                organisation=event.author,
                kind="comment",
                number=event.number,
                text=event.text,
            )
        case MinutesIssued():
            return MinutesRow(
                conference_id=conference_id,
                organisation=event.author,
                kind="issued",
                number=event.number,
                written_by=event.signed_by,
                text=event.text,
            )
        case MinutesConfirmedWithObjection():
            return MinutesRow(
                conference_id=conference_id,
                organisation=event.author,
                kind="objection",
                number=event.number,
                text=event.objection,
            )
        case _:
            assert_never(event)


class ActionRow(Row):
    """One entry about one measure.

    kind   `given` starts a new assignment; `found` is the organiser's word at a review
    words  title of a given measure; reason, note or evidence of the others
    """

    action_id: UUID
    author: UUID
    number: int
    conference_id: UUID | None = None
    kind: Literal["given", "cancelled", "worked", "found"] | None = None
    seen: int | None = None
    responsible: UUID | None = None
    watched_by: UUID | None = None
    due: date | None = None
    state: MeasureState | None = None
    words: Personal[Text] | None = None


def project_action(event: ActionEvent) -> tuple[ActionRow, ...]:
    conference_id, author, number, seen = event.conference_id, event.author, event.number, event.seen
    match event:
        case ReviewHeld():
            return tuple(
                ActionRow(
                    action_id=found.action_id,
                    author=author,
                    number=number,
                    conference_id=conference_id,
                    kind="found",
                    seen=seen,
                    state=found.state,
                )
                for found in event.found
            )
        case ActionAssigned() | ActionReassigned():
            given = ActionRow(
                action_id=event.action_id,
                author=author,
                number=number,
                conference_id=conference_id,
                kind="given",
                seen=seen,
                responsible=event.responsible,
                watched_by=event.watched_by,
                due=event.due,
                state=MeasureState.ASSIGNED,
                words=event.title,
            )
            return (given,)
        case ActionCancelled():
            cancelled = ActionRow(
                action_id=event.action_id,
                author=author,
                number=number,
                conference_id=conference_id,
                kind="cancelled",
                seen=seen,
                responsible=event.responsible,
                watched_by=event.watched_by,
                state=MeasureState.CANCELLED,
                words=event.reason,
            )
            return (cancelled,)
        case _:
            state, due, words = _worked(event)
            worked = ActionRow(
                action_id=event.action_id,
                author=author,
                number=number,
                conference_id=conference_id,
                kind="worked",
                seen=seen,
                due=due,
                state=state,
                words=words,
            )
            return (worked,)


def _worked(event: MeasureEntry) -> tuple[MeasureState | None, date | None, Personal[Text] | Personal[Line] | None]:
    match event:
        case ActionAcknowledged():
            return MeasureState.IN_PROGRESS, None, None
        case ActionDisputed():
            return MeasureState.DISPUTED, None, event.reason
        case ActionProgressNoted():
            return None, None, event.note
        case ActionDueMoved():
            return None, event.due, event.reason
        case ActionFinished():
            return MeasureState(event.result), None, event.evidence
        case _:
            assert_never(event)


CONFERENCE_MINUTES = Projection(
    name="conference_minutes_1",
    project=project_minutes,
    events=MinutesEvent,
    row=MinutesRow,
    key=("conference_id", "organisation", "kind", "number"),
    into="upsert_conference_minutes",
    tables=("conference_minutes",),
)
CONFERENCE_ACTION = Projection(
    name="conference_action_1",
    project=project_action,
    events=ActionEvent,
    row=ActionRow,
    key=("action_id", "author", "number"),
    into="upsert_conference_action",
    tables=("conference_action",),
)
