"""How far a conference has come: read from the organiser's log alone, so it is the same wherever that log is."""

from typing import assert_never

from libs.eventlog import Rejected
from services.cases.conference.events import (
    CommentsOpened,
    ConferenceCancelled,
    ConferenceClosed,
    ConferenceConvened,
    ConferenceHeld,
    GuestInvited,
    MinutesIssued,
    NextReviewSet,
    ReviewHeld,
    SharedConferenceEvent,
)
from services.cases.conference.state import Conference
from services.cases.conference.terms import Stage


def stage_of(conference: Conference) -> Stage:
    """As the organiser's node sees it: a draft that nobody else knows of counts."""
    stage = told_stage(conference)
    return Stage.MINUTES_DRAFTED if stage is Stage.HELD and conference.draft is not None else stage


def told_stage(conference: Conference) -> Stage:
    """As every full participant sees it once all letters are there. A guest hears of begin, meeting and end."""
    stage = Stage.NOT_CONVENED
    for entry in conference.entries(conference.organiser):
        stage = _after(stage, entry)
    return stage


def _after(stage: Stage, entry: SharedConferenceEvent) -> Stage:
    match entry:
        case ConferenceConvened() | GuestInvited():
            return Stage.CONVENED
        case ConferenceCancelled():
            return Stage.CANCELLED
        case ConferenceHeld():
            return Stage.HELD
        case CommentsOpened():
            return Stage.COMMENTS_OPEN
        case MinutesIssued() | NextReviewSet():
            return Stage.MINUTES_ISSUED
        case ReviewHeld():
            return Stage.IN_REVIEW
        case ConferenceClosed():
            return Stage.CLOSED
        case _:
            return stage


def wrong_stage(stage: Stage) -> Rejected:
    """Why a wish does not fit the stage, and what to do instead."""
    match stage:
        case Stage.NOT_CONVENED:
            return Rejected("not_convened", "The conference is not convened. Nothing was recorded. Convene it first.")
        case Stage.CANCELLED:
            return Rejected(
                "already_terminal",
                "The organiser has cancelled the conference. Nothing was recorded. A new one can be convened.",
            )
        case Stage.CLOSED:
            return Rejected(
                "already_terminal",
                "The conference is closed. Nothing was recorded, its record stays. A new one can be convened.",
            )
        case Stage.CONVENED:
            return Rejected(
                "not_held", "The conference has not taken place yet. Nothing was recorded. Record the meeting first."
            )
        case Stage.HELD:
            return Rejected("no_draft", "There are no minutes yet. Nothing was recorded. Draft them first.")
        case Stage.MINUTES_DRAFTED:
            return Rejected(
                "comments_not_open",
                "The minutes were not opened for comments. Nothing was recorded. Open them for comments first.",
            )
        case Stage.COMMENTS_OPEN:
            return Rejected(
                "minutes_not_issued", "The minutes are not issued yet. Nothing was recorded. Wait for their issue."
            )
        case Stage.MINUTES_ISSUED:
            return Rejected(
                "minutes_issued",
                "The minutes are issued and stand as they are. Nothing was recorded. "
                "What changes now, changes at the review.",
            )
        case Stage.IN_REVIEW:
            return Rejected(
                "in_review",
                "The conference is in review. Nothing was recorded. Set the next review, or close the conference.",
            )
        case _:
            assert_never(stage)
