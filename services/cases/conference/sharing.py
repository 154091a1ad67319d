"""Who hears what of a conference (rule L22), and whose entries are taken in. Pure.

    reader                      hears
    full participant            everything but other organisations' measures and silence
    responsible for, watches    the measure in full
    guest                       time and town, its own attendance, its measures, the end; no reason, no minutes

For every entry that is not for a reader comes a `ConferenceNoted` with the same number, so that nobody waits for
a gap to close. What an invited organisation writes goes to the organiser alone.
"""

from uuid import UUID

from libs.eventlog import Event, Rejected, SharedEvent
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
    ConferenceCancelled,
    ConferenceClosed,
    ConferenceConvened,
    ConferenceEvent,
    ConferenceHeld,
    ConferenceNoted,
    ConferenceRescheduled,
    GuestInvited,
    InvitedEntry,
    MinutesIssued,
    NextReviewSet,
    NoResponseNoted,
    OrganiserEntry,
    ReviewHeld,
)
from services.cases.conference.measures import measures
from services.cases.conference.state import Conference, Head
from services.cases.conference.terms import Invitee


def disclose(event: ConferenceEvent, conference: Conference, recipient: UUID) -> Event:
    """What this recipient may be told of an own entry. Raises Rejected `not_party` if nothing at all."""
    if not isinstance(event, SharedEvent):
        raise _not_party()
    if event.author != conference.organiser:
        if recipient != conference.organiser:
            raise _not_party()
        return event
    invitee = conference.invitee(recipient)
    if invitee is None or not isinstance(event, OrganiserEntry):
        raise _not_party()
    return _cut(event, conference, invitee)


def _cut(event: OrganiserEntry, conference: Conference, reader: Invitee) -> OrganiserEntry:
    match event:
        case ActionAssigned() | ActionCancelled() | ActionReassigned() if reader.organisation in (
            event.responsible,
            event.watched_by,
        ):
            return _whole(event, reader)
        case ActionReassigned() if reader.organisation == event.previous:
            return ActionReassigned(**_head(event, reader), action_id=event.action_id, previous=event.previous)
        case ActionAcknowledged() | ActionDisputed() | ActionProgressNoted() | ActionDueMoved() | ActionFinished():
            measure = measures(conference).get(event.action_id)
            watches = measure is not None and measure.watched_by == reader.organisation
            return _whole(event, reader) if watches else _noted(event, reader)
        case ConferenceClosed():
            return _whole(event, reader)
        case _:
            return _for_full(event, conference, reader) if reader.is_full else _for_guest(event, reader)


def _for_full(event: OrganiserEntry, conference: Conference, reader: Invitee) -> OrganiserEntry:
    match event:
        case ConferenceConvened() | ConferenceRescheduled() | ConferenceCancelled() | ConferenceHeld():
            return _whole(event, reader)
        case CommentsOpened() | MinutesIssued() | NextReviewSet():
            return _whole(event, reader)
        case NoResponseNoted() if event.organisation == reader.organisation:
            return _whole(event, reader)
        case ReviewHeld():
            known = measures(conference)
            theirs = tuple(one for one in event.found if known[one.action_id].concerns(reader.organisation))
            return ReviewHeld(**_head(event, reader), held_on=event.held_on, found=theirs, note=event.note)
        case _:
            return _noted(event, reader)


def _for_guest(event: OrganiserEntry, guest: Invitee) -> OrganiserEntry:
    head = _head(event, guest)
    match event:
        case ConferenceConvened():
            return GuestInvited(**head, starts_at=event.starts_at, place_code=event.place_code, invitee=guest)
        case ConferenceRescheduled():
            return ConferenceRescheduled(**head, starts_at=event.starts_at, place_code=event.place_code)
        case ConferenceCancelled():
            return ConferenceCancelled(**head)
        case ConferenceHeld():
            own = tuple(one for one in event.attendance if one.organisation == guest.organisation)
            return ConferenceHeld(**head, started_at=event.started_at, ended_at=event.ended_at, attendance=own)
        case _:
            return _noted(event, guest)


def receive(event: ConferenceEvent, conference: Conference, sender: UUID) -> tuple[ConferenceEvent, ...]:
    """An entry of another organisation's log, recorded as it is. `()`: known already."""
    if not isinstance(event, SharedEvent) or event.author != sender:
        raise Rejected(
            "not_owner",
            "This entry was not written by the organisation that sent it. Nothing was recorded. "
            "Tell the sender's administrator.",
        )
    if conference.organiser in (None, sender):
        first_comes_first = (event.number == 1) == isinstance(event, ConferenceConvened | GuestInvited)
        nobody_else = conference.organiser == sender or not conference.logs or sender in conference.logs
        if not (isinstance(event, OrganiserEntry) and first_comes_first and nobody_else):
            raise _not_party()
    elif conference.invitee(sender) is None or event.told != (conference.organiser,):
        raise _not_party()
    elif not isinstance(event, InvitedEntry):
        raise Rejected(
            "not_owner",
            "Only the organiser of the conference may write this. Nothing was recorded. "
            "Tell the sender's administrator.",
        )
    log = conference.logs.get(sender)
    known = log is not None and (
        event.number <= len(log.entries) or any(one.number == event.number for one in log.held)
    )
    return () if known else (event,)


def _head(event: OrganiserEntry, reader: Invitee) -> Head:
    return Head(
        conference_id=event.conference_id,
        author=event.author,
        number=event.number,
        seen=event.seen,
        told=(reader.organisation,),
    )


def _whole(event: OrganiserEntry, reader: Invitee) -> OrganiserEntry:
    """Everything but the list of the other readers."""
    return type(event).model_validate({**dict(event), **_head(event, reader)})


def _noted(event: OrganiserEntry, reader: Invitee) -> ConferenceNoted:
    return ConferenceNoted(**_head(event, reader))


def _not_party() -> Rejected:
    return Rejected(
        "not_party",
        "This organisation has no part in this. Nothing was recorded and nothing was told. "
        "Check who is invited to the conference.",
    )
