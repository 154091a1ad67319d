"""How one invited organisation stands: its answer, and its copy of the minutes. The same on every node."""

from uuid import UUID

from services.cases.conference.events import (
    ConferenceRescheduled,
    InvitationAnswered,
    MinutesConfirmed,
    MinutesConfirmedWithObjection,
    MinutesIssued,
    NoResponseNoted,
)
from services.cases.conference.stage import told_stage
from services.cases.conference.state import Conference
from services.cases.conference.terms import Answer, Copy, Stage


def answer_of(conference: Conference, organisation: UUID) -> Answer | None:
    """The last answer given in knowledge of the last date. A cancelled conference needs none."""
    if told_stage(conference) is Stage.CANCELLED:
        return None
    since = max(
        (
            entry.number
            for entry in conference.entries(conference.organiser)
            if isinstance(entry, ConferenceRescheduled)
        ),
        default=1,
    )
    answers = [
        entry.answer
        for entry in conference.entries(organisation)
        if isinstance(entry, InvitationAnswered) and conference.knew(entry) >= since
    ]
    return answers[-1] if answers else None


def copy_of(conference: Conference, organisation: UUID) -> Copy:
    """Silence ends the matter only for an answer that knows of it: one that crossed the note stands."""
    issued = noted = None
    for entry in conference.entries(conference.organiser):
        if isinstance(entry, MinutesIssued):
            issued = entry.number
        elif isinstance(entry, NoResponseNoted) and entry.organisation == organisation:
            noted = entry.number
    if issued is None:
        return Copy.NOT_ISSUED
    for entry in conference.entries(organisation):
        knew = conference.knew(entry)
        if knew >= issued and (noted is None or knew < noted):
            if isinstance(entry, MinutesConfirmed):
                return Copy.CONFIRMED
            if isinstance(entry, MinutesConfirmedWithObjection):
                return Copy.WITH_OBJECTION
    return Copy.WAITING if noted is None else Copy.NO_RESPONSE
