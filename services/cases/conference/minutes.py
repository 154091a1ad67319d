"""The minutes: drafted, commented, issued, confirmed. Part of `decider.py`, and as pure."""

from datetime import timedelta
from typing import assert_never

from libs.eventlog import Rejected
from services.cases.conference.commands import (
    CommentMinutes,
    ConfirmMinutes,
    ConfirmMinutesWithObjection,
    DraftMinutes,
    IssueMinutes,
    NoteNoResponse,
    OpenComments,
)
from services.cases.conference.events import (
    CommentsOpened,
    ConferenceEvent,
    MinutesCommented,
    MinutesConfirmed,
    MinutesConfirmedWithObjection,
    MinutesDrafted,
    MinutesIssued,
    NoResponseNoted,
)
from services.cases.conference.invited import copy_of
from services.cases.conference.meeting import UNTIL_ISSUED, at_the_table, not_invited
from services.cases.conference.stage import stage_of, wrong_stage
from services.cases.conference.state import Conference
from services.cases.conference.terms import Copy, Stage
from services.cases.days import day_of

ISSUED = (Stage.MINUTES_ISSUED, Stage.IN_REVIEW)
OVER = (Stage.CANCELLED, Stage.CLOSED)


def decide_minutes(
    command: DraftMinutes | OpenComments | IssueMinutes | NoteNoResponse, conference: Conference
) -> tuple[ConferenceEvent, ...]:
    match command:
        case DraftMinutes():
            return _draft(command, conference)
        case OpenComments():
            return _open_comments(command, conference)
        case IssueMinutes():
            return _issue(command, conference)
        case NoteNoResponse():
            return _no_response(command, conference)
        case _:
            assert_never(command)


def _draft(command: DraftMinutes, conference: Conference) -> tuple[ConferenceEvent, ...]:
    at_the_table(command, conference)
    stage = stage_of(conference)
    if stage not in UNTIL_ISSUED:
        raise wrong_stage(stage)
    return (
        MinutesDrafted(
            conference_id=command.conference_id,
            organiser=command.actor.organisation,
            draft=conference.drafts + 1,
            drafted_by=command.actor.user,
            text=command.text,
        ),
    )


def _open_comments(command: OpenComments, conference: Conference) -> tuple[ConferenceEvent, ...]:
    conference.organised_by(command)
    stage = stage_of(conference)
    if stage is Stage.COMMENTS_OPEN:
        return ()
    if stage is not Stage.MINUTES_DRAFTED or conference.draft is None:
        raise wrong_stage(stage)
    if command.until < day_of(command.occurred_at):
        raise Rejected(
            "day_has_passed", "The last day for comments has passed. Nothing was recorded. Choose a later day."
        )
    return (CommentsOpened(**conference.head(command), until=command.until, text=conference.draft),)


def _issue(command: IssueMinutes, conference: Conference) -> tuple[ConferenceEvent, ...]:
    conference.organised_by(command)
    stage = stage_of(conference)
    if stage in ISSUED:
        return ()
    opened = _opened(conference)
    if stage is not Stage.COMMENTS_OPEN or opened is None or conference.draft is None:
        raise wrong_stage(stage)
    today = day_of(command.occurred_at)
    if today <= opened.until:
        raise Rejected(
            "comments_still_open",
            "The participants may still comment. Nothing was recorded. Issue the minutes after the last day.",
        )
    return (
        MinutesIssued(
            **conference.head(command),
            signed_by=command.actor.user,
            issued_on=today,
            confirm_by=today + timedelta(days=command.answer_days),
            text=conference.draft,
        ),
    )


def _no_response(command: NoteNoResponse, conference: Conference) -> tuple[ConferenceEvent, ...]:
    conference.organised_by(command)
    stage = stage_of(conference)
    invitee = conference.invitee(command.organisation)
    if invitee is None or not invitee.is_full:
        raise not_invited()
    issued = next((one for one in conference.entries(conference.organiser) if isinstance(one, MinutesIssued)), None)
    if issued is None:
        raise wrong_stage(stage if stage in OVER else Stage.COMMENTS_OPEN)
    if copy_of(conference, command.organisation) is not Copy.WAITING:
        return ()
    if day_of(command.occurred_at) <= issued.confirm_by:
        raise Rejected(
            "too_early",
            "The participant may still confirm or object. Nothing was recorded. Wait until the last day has passed.",
        )
    return (NoResponseNoted(**conference.head(command), organisation=command.organisation),)


def answer_minutes(
    command: CommentMinutes | ConfirmMinutes | ConfirmMinutesWithObjection, conference: Conference
) -> tuple[ConferenceEvent, ...]:
    """What a full participant says to the minutes."""
    if not conference.invited_as(command).is_full:
        raise Rejected(
            "not_party",
            "Your organisation heard one item only and gets no minutes. Nothing was recorded. "
            "Write to the organiser if something is missing.",
        )
    if isinstance(command, CommentMinutes):
        return _comment(command, conference)
    copy, stage = copy_of(conference, command.actor.organisation), stage_of(conference)
    wanted = Copy.CONFIRMED if isinstance(command, ConfirmMinutes) else Copy.WITH_OBJECTION
    if copy is wanted:
        return ()
    if stage not in ISSUED:
        raise wrong_stage(stage if stage in OVER else Stage.COMMENTS_OPEN)
    if copy is not Copy.WAITING:
        raise Rejected(
            "already_terminal",
            "What your organisation said to these minutes, or that it said nothing in time, is on record. "
            "Nothing was recorded now. Write to the organiser.",
        )
    if isinstance(command, ConfirmMinutes):
        return (MinutesConfirmed(**conference.head(command)),)
    return (MinutesConfirmedWithObjection(**conference.head(command), objection=command.objection),)


def _comment(command: CommentMinutes, conference: Conference) -> tuple[ConferenceEvent, ...]:
    stage, opened = stage_of(conference), _opened(conference)
    if stage is Stage.HELD:
        raise wrong_stage(Stage.MINUTES_DRAFTED)
    if stage is not Stage.COMMENTS_OPEN or opened is None:
        raise wrong_stage(stage)
    if day_of(command.occurred_at) > opened.until:
        raise Rejected(
            "day_has_passed",
            "The last day for comments has passed. Nothing was recorded. You can confirm with an objection.",
        )
    return (MinutesCommented(**conference.head(command), text=command.text),)


def _opened(conference: Conference) -> CommentsOpened | None:
    entries = conference.entries(conference.organiser)
    return next((one for one in entries if isinstance(one, CommentsOpened)), None)
