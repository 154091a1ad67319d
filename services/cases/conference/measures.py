"""Where each measure (opatření) stands, read from two logs: the organiser's and the responsible organisation's.

    assigned → in progress → done | partly | not done
             → disputed                                  assigned, in progress, disputed → cancelled | reassigned

The organiser assigns, cancels and reassigns; the responsible organisation does the rest. When they cross:

    finished × cancelled     finished stands: work that was done is a fact
    finished × reassigned    reassigned stands: whoever has it now cannot know better; the entry stays readable

Who only watches has no log of the responsible organisation, and takes the word of the last review.
"""

from datetime import date
from uuid import UUID

from libs.eventlog import Frozen, Line
from libs.privacy import Personal
from services.cases.conference.events import (
    ActionAcknowledged,
    ActionAssigned,
    ActionCancelled,
    ActionDisputed,
    ActionDueMoved,
    ActionFinished,
    ActionReassigned,
    ReviewHeld,
    SharedConferenceEvent,
)
from services.cases.conference.state import Conference
from services.cases.conference.terms import MeasureState


class Measure(Frozen):
    """One measure, as this node knows it.

    since         number of the organiser's entry that gave it to `responsible`
    responsible   None: somebody else has it now, and it is not for this node to know who
    cancelled     number of the organiser's entry that cancelled it
    """

    action_id: UUID
    since: int
    responsible: UUID | None
    due: date | None
    title: Personal[Line] | None
    watched_by: UUID | None
    state: MeasureState = MeasureState.ASSIGNED
    cancelled: int | None = None

    def concerns(self, organisation: UUID) -> bool:
        return organisation in (self.responsible, self.watched_by)


def measures(conference: Conference) -> dict[UUID, Measure]:
    """All measures by id, in the order they were first assigned."""
    given: dict[UUID, Measure] = {}
    for entry in conference.entries(conference.organiser):
        if isinstance(entry, ActionAssigned | ActionReassigned):
            given[entry.action_id] = Measure(
                action_id=entry.action_id,
                since=entry.number,
                responsible=entry.responsible,
                due=entry.due,
                title=entry.title,
                watched_by=entry.watched_by,
            )
        elif isinstance(entry, ActionCancelled):
            before = given.get(entry.action_id)
            given[entry.action_id] = Measure(
                action_id=entry.action_id,
                since=before.since if before else entry.number,
                responsible=entry.responsible,
                due=before.due if before else None,
                title=before.title if before else None,
                watched_by=entry.watched_by,
                cancelled=entry.number,
            )
    return {action_id: _worked_on(measure, conference) for action_id, measure in given.items()}


def _worked_on(measure: Measure, conference: Conference) -> Measure:
    state, due = MeasureState.ASSIGNED, measure.due
    if measure.responsible not in conference.logs:
        state = _last_found(measure, conference)
    for entry in conference.entries(measure.responsible):
        knew = conference.knew(entry)
        in_time = knew >= measure.since and (measure.cancelled is None or knew < measure.cancelled)
        if in_time and getattr(entry, "action_id", None) == measure.action_id:
            state, due = _after(state, due, entry)
    if measure.cancelled is not None and not state.is_finished:
        state = MeasureState.CANCELLED
    return Measure(
        action_id=measure.action_id,
        since=measure.since,
        responsible=measure.responsible,
        due=due,
        title=measure.title,
        watched_by=measure.watched_by,
        state=state,
        cancelled=measure.cancelled,
    )


def _last_found(measure: Measure, conference: Conference) -> MeasureState:
    state = MeasureState.ASSIGNED
    for entry in conference.entries(conference.organiser):
        if isinstance(entry, ReviewHeld) and entry.number > measure.since:
            for found in entry.found:
                if found.action_id == measure.action_id:
                    state = found.state
    return state


def _after(state: MeasureState, due: date | None, entry: SharedConferenceEvent) -> tuple[MeasureState, date | None]:
    match state, entry:
        case MeasureState.ASSIGNED, ActionAcknowledged():
            return MeasureState.IN_PROGRESS, due
        case MeasureState.ASSIGNED, ActionDisputed():
            return MeasureState.DISPUTED, due
        case MeasureState.IN_PROGRESS, ActionDueMoved():
            return state, entry.due
        case MeasureState.IN_PROGRESS, ActionFinished():
            return MeasureState(entry.result), due
        case _:
            return state, due
