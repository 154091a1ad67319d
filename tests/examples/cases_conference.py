"""Example conference pk-1 of the story: Lenka (OSPOD Sokolov) convenes it about Denisa (steps 10, 11, 13).

Full participants: the school, the town, Přístav. Guest: Nit, for the item `debts`.
"""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from libs.codelists import Need, Role, by_statute
from libs.eventlog import Actor, Event
from libs.privacy import Personal
from services.cases.conference.commands import (
    AcknowledgeAction,
    AnswerForPerson,
    AnswerInvitation,
    AssignAction,
    CancelAction,
    CancelConference,
    CloseConference,
    CommentMinutes,
    ConfirmMinutes,
    ConfirmMinutesWithObjection,
    ConveneConference,
    DisputeAction,
    DraftMinutes,
    FinishAction,
    HoldConference,
    HoldReview,
    InvitePerson,
    IssueMinutes,
    MoveActionDue,
    NoteActionProgress,
    NoteNoResponse,
    OpenComments,
    ReassignAction,
    RescheduleConference,
    SetNextReview,
)
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
    ConferenceHeld,
    ConferenceNoted,
    ConferenceRescheduled,
    GuestInvited,
    InvitationAnswered,
    MinutesCommented,
    MinutesConfirmed,
    MinutesConfirmedWithObjection,
    MinutesDrafted,
    MinutesIssued,
    NextReviewSet,
    NoResponseNoted,
    PeopleAttended,
    PersonAnswered,
    PersonInvited,
    ReviewHeld,
)
from services.cases.conference.terms import (
    Answer,
    Attendance,
    Found,
    Invitee,
    MeasureResult,
    MeasureState,
    MinutesForm,
    Presence,
)

PRISTAV = UUID("0198a000-0000-7000-8000-000000000001")
SCHOOL = UUID("0198a000-0000-7000-8000-000000000002")
TOWN = UUID("0198a000-0000-7000-8000-000000000003")
OSPOD = UUID("0198a000-0000-7000-8000-000000000004")
NIT = UUID("0198a000-0000-7000-8000-000000000006")
STRANGER = UUID("0198a000-0000-7000-8000-000000000099")
LENKA = UUID("0198b000-0000-7000-8000-000000000031")
DITA = UUID("0198b000-0000-7000-8000-000000000032")
HANA = UUID("0198b000-0000-7000-8000-000000000033")
IVANA = UUID("0198b000-0000-7000-8000-000000000041")
JANA = UUID("0198c000-0000-7000-8000-000000000001")
CONFERENCE_ID = UUID("0198d300-0000-7000-8000-000000000001")
MOTHER = UUID("0198d310-0000-7000-8000-000000000001")
M1, M2, M3, M4, M5 = (UUID(f"0198d320-0000-7000-8000-00000000000{number}") for number in range(1, 6))

CONVENED_AT = datetime(2026, 4, 21, 8, 0, tzinfo=UTC)
START = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)
END = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
OTHER_START = datetime(2026, 5, 19, 8, 0, tzinfo=UTC)
COMMENTS_UNTIL = date(2026, 5, 21)
ISSUED_ON = date(2026, 5, 22)
CONFIRM_BY = date(2026, 5, 29)
REVIEW_ON = date(2026, 6, 23)
DUE = date(2026, 6, 19)
SOKOLOV = "560286"

PLACE: Personal[str] = Personal(token="sealed-place")
REASON: Personal[str] = Personal(token="sealed-reason")
GOAL: Personal[str] = Personal(token="sealed-goal")
NAME: Personal[str] = Personal(token="sealed-name")
MINUTES: Personal[str] = Personal(token="sealed-minutes")
TITLE: Personal[str] = Personal(token="sealed-title")
TEXT: Personal[str] = Personal(token="sealed-text")

INVITEES = (
    Invitee(organisation=PRISTAV),
    Invitee(organisation=SCHOOL),
    Invitee(organisation=TOWN),
    Invitee(organisation=NIT, item=Need.DEBTS, guest=True),
)
INVITED = tuple(one.organisation for one in INVITEES)
GROUND = by_statute("359/1999", "51")

ORGANISER = Actor(user=LENKA, organisation=OSPOD, roles=frozenset({Role.OSPOD_WORKER}))
RECORDER = Actor(user=DITA, organisation=OSPOD, roles=frozenset({Role.RECORDER}))
OTHER_RECORDER = Actor(user=HANA, organisation=OSPOD, roles=frozenset({Role.RECORDER}))
NODE = Actor(user=OSPOD, organisation=OSPOD, roles=frozenset({Role.NODE}))


def worker_of(organisation: UUID) -> Actor:
    return Actor(user=IVANA, organisation=organisation, roles=frozenset({Role.COUNSELLOR}))


SCHOOLS = worker_of(SCHOOL)
NITS = worker_of(NIT)


def _asked(by: Actor, at: datetime, /, **over: Any) -> dict[str, Any]:
    return {"actor": by, "occurred_at": at, "conference_id": CONFERENCE_ID, **over}


# Commands of the organiser


def convene(**over: Any) -> ConveneConference:
    filled = {
        "starts_at": START,
        "place_code": SOKOLOV,
        "place": PLACE,
        "reason": REASON,
        "goal": GOAL,
        "ground": GROUND,
        "invitees": INVITEES,
        "facilitator": HANA,
        "recorder": DITA,
    }
    return ConveneConference(**_asked(ORGANISER, CONVENED_AT, **{**filled, **over}))


def invite_person(**over: Any) -> InvitePerson:
    return InvitePerson(**_asked(ORGANISER, CONVENED_AT, **{"attendee_id": MOTHER, "name": NAME, **over}))


def answer_for_person(**over: Any) -> AnswerForPerson:
    filled = {"attendee_id": MOTHER, "answer": Answer.ACCEPTED}
    return AnswerForPerson(**_asked(ORGANISER, CONVENED_AT, **{**filled, **over}))


def reschedule(**over: Any) -> RescheduleConference:
    filled = {"starts_at": OTHER_START, "place_code": SOKOLOV}
    return RescheduleConference(**_asked(ORGANISER, CONVENED_AT, **{**filled, **over}))


def cancel(**over: Any) -> CancelConference:
    return CancelConference(**_asked(ORGANISER, CONVENED_AT, **{"reason": TEXT, **over}))


def hold(**over: Any) -> HoldConference:
    return HoldConference(
        **_asked(ORGANISER, END, **{"started_at": START, "ended_at": END, "attendance": ATTENDANCE, **over})
    )


def assign(**over: Any) -> AssignAction:
    filled = {"action_id": M1, "responsible": NIT, "title": TITLE, "due": DUE}
    return AssignAction(**_asked(RECORDER, END, **{**filled, **over}))


def draft(**over: Any) -> DraftMinutes:
    return DraftMinutes(**_asked(RECORDER, datetime(2026, 5, 14, 7, tzinfo=UTC), **{"text": MINUTES, **over}))


def open_comments(**over: Any) -> OpenComments:
    filled = {"until": COMMENTS_UNTIL}
    return OpenComments(**_asked(ORGANISER, datetime(2026, 5, 14, 8, tzinfo=UTC), **{**filled, **over}))


def issue(**over: Any) -> IssueMinutes:
    return IssueMinutes(**_asked(ORGANISER, datetime(2026, 5, 22, 8, tzinfo=UTC), **over))


def note_no_response(**over: Any) -> NoteNoResponse:
    at = datetime(2026, 5, 30, 5, tzinfo=UTC)
    return NoteNoResponse(**_asked(NODE, at, **{"organisation": TOWN, **over}))


def hold_review(**over: Any) -> HoldReview:
    return HoldReview(**_asked(ORGANISER, datetime(2026, 6, 23, 8, tzinfo=UTC), **{"note": TEXT, **over}))


def _at_review(**over: Any) -> dict[str, Any]:
    return _asked(ORGANISER, datetime(2026, 6, 23, 9, tzinfo=UTC), **over)


def cancel_action(**over: Any) -> CancelAction:
    return CancelAction(**_at_review(**{"action_id": M1, "reason": TEXT, **over}))


def reassign(**over: Any) -> ReassignAction:
    return ReassignAction(**_at_review(**{"action_id": M1, "responsible": TOWN, "due": REVIEW_ON, **over}))


def set_next_review(**over: Any) -> SetNextReview:
    return SetNextReview(**_at_review(**{"review_on": date(2026, 9, 8), **over}))


def close(**over: Any) -> CloseConference:
    return CloseConference(**_at_review(**over))


# Commands of the invited


def answer(**over: Any) -> AnswerInvitation:
    return AnswerInvitation(**_asked(SCHOOLS, CONVENED_AT, **{"answer": Answer.ACCEPTED, **over}))


def comment(**over: Any) -> CommentMinutes:
    return CommentMinutes(**_asked(SCHOOLS, datetime(2026, 5, 20, 8, tzinfo=UTC), **{"text": TEXT, **over}))


def confirm(**over: Any) -> ConfirmMinutes:
    return ConfirmMinutes(**_asked(SCHOOLS, datetime(2026, 5, 25, 8, tzinfo=UTC), **over))


def confirm_with_objection(**over: Any) -> ConfirmMinutesWithObjection:
    filled = {"objection": TEXT}
    return ConfirmMinutesWithObjection(**_asked(SCHOOLS, datetime(2026, 5, 25, 8, tzinfo=UTC), **{**filled, **over}))


def _working(**over: Any) -> dict[str, Any]:
    return _asked(NITS, datetime(2026, 6, 1, 8, tzinfo=UTC), **{"action_id": M1, **over})


def acknowledge(**over: Any) -> AcknowledgeAction:
    return AcknowledgeAction(**_working(**over))


def dispute(**over: Any) -> DisputeAction:
    return DisputeAction(**_working(**{"reason": TEXT, **over}))


def note_progress(**over: Any) -> NoteActionProgress:
    return NoteActionProgress(**_working(**{"note": TEXT, **over}))


def move_due(**over: Any) -> MoveActionDue:
    return MoveActionDue(**_working(**{"due": REVIEW_ON, "reason": TEXT, **over}))


def finish(**over: Any) -> FinishAction:
    return FinishAction(**_working(**{"result": MeasureResult.DONE, "evidence": TEXT, **over}))


# Events


ATTENDANCE = (
    Attendance(organisation=PRISTAV, presence=Presence.ATTENDED),
    Attendance(organisation=SCHOOL, presence=Presence.ATTENDED),
    Attendance(organisation=TOWN, presence=Presence.ABSENT),
    Attendance(organisation=NIT, presence=Presence.ATTENDED),
)


def _organisers(number: int, /, **over: Any) -> dict[str, Any]:
    return {"conference_id": CONFERENCE_ID, "author": OSPOD, "number": number, "told": INVITED, **over}


def _invited(author: UUID, number: int, seen: int, /, **over: Any) -> dict[str, Any]:
    head = {"conference_id": CONFERENCE_ID, "author": author, "number": number, "seen": seen, "told": (OSPOD,)}
    return {**head, **over}


def _own(**over: Any) -> dict[str, Any]:
    return {"conference_id": CONFERENCE_ID, **over}


def convened(**over: Any) -> ConferenceConvened:
    filled = {
        "starts_at": START,
        "place_code": SOKOLOV,
        "place": PLACE,
        "reason": REASON,
        "goal": GOAL,
        "ground": GROUND,
        "invitees": INVITEES,
        "facilitator": HANA,
        "recorder": DITA,
        "minutes_form": MinutesForm.SOCIAL_WORK,
    }
    return ConferenceConvened(**_organisers(1, **{**filled, **over}))


def guest_invited(**over: Any) -> GuestInvited:
    filled = {"starts_at": START, "place_code": SOKOLOV, "invitee": INVITEES[-1], "told": (NIT,)}
    return GuestInvited(**_organisers(1, **{**filled, **over}))


def person_invited(**over: Any) -> PersonInvited:
    return PersonInvited(**_own(**{"attendee_id": MOTHER, "name": NAME, **over}))


def person_answered(**over: Any) -> PersonAnswered:
    return PersonAnswered(**_own(**{"attendee_id": MOTHER, "answer": Answer.ACCEPTED, **over}))


def rescheduled(number: int = 2, **over: Any) -> ConferenceRescheduled:
    return ConferenceRescheduled(**_organisers(number, **{"starts_at": OTHER_START, "place_code": SOKOLOV, **over}))


def cancelled(number: int = 2, **over: Any) -> ConferenceCancelled:
    return ConferenceCancelled(**_organisers(number, **{"reason": TEXT, **over}))


def answered(number: int = 1, seen: int = 1, author: UUID = SCHOOL, **over: Any) -> InvitationAnswered:
    return InvitationAnswered(**_invited(author, number, seen, **{"answer": Answer.ACCEPTED, **over}))


def held(number: int = 2, **over: Any) -> ConferenceHeld:
    filled = {"started_at": START, "ended_at": END, "attendance": ATTENDANCE}
    return ConferenceHeld(**_organisers(number, **{**filled, **over}))


def people_attended(**over: Any) -> PeopleAttended:
    return PeopleAttended(**_own(**{"attendees": (MOTHER,), **over}))


def drafted(number: int = 1, **over: Any) -> MinutesDrafted:
    filled = {"organiser": OSPOD, "draft": number, "drafted_by": DITA, "text": MINUTES}
    return MinutesDrafted(**_own(**{**filled, **over}))


def assigned(number: int = 3, **over: Any) -> ActionAssigned:
    filled = {"action_id": M1, "responsible": NIT, "title": TITLE, "due": DUE}
    return ActionAssigned(**_organisers(number, **{**filled, **over}))


def comments_opened(number: int = 4, **over: Any) -> CommentsOpened:
    return CommentsOpened(**_organisers(number, **{"until": COMMENTS_UNTIL, "text": MINUTES, **over}))


def commented(number: int = 1, seen: int = 4, **over: Any) -> MinutesCommented:
    return MinutesCommented(**_invited(SCHOOL, number, seen, **{"text": TEXT, **over}))


def issued(number: int = 5, **over: Any) -> MinutesIssued:
    filled = {"signed_by": LENKA, "issued_on": ISSUED_ON, "confirm_by": CONFIRM_BY, "text": MINUTES}
    return MinutesIssued(**_organisers(number, **{**filled, **over}))


def confirmed(number: int = 1, seen: int = 5, author: UUID = SCHOOL, **over: Any) -> MinutesConfirmed:
    return MinutesConfirmed(**_invited(author, number, seen, **over))


def confirmed_with_objection(number: int = 1, seen: int = 5, **over: Any) -> MinutesConfirmedWithObjection:
    return MinutesConfirmedWithObjection(**_invited(SCHOOL, number, seen, **{"objection": TEXT, **over}))


def no_response_noted(number: int = 6, **over: Any) -> NoResponseNoted:
    return NoResponseNoted(**_organisers(number, **{"organisation": TOWN, **over}))


def acknowledged(number: int = 1, seen: int = 5, **over: Any) -> ActionAcknowledged:
    return ActionAcknowledged(**_invited(NIT, number, seen, **{"action_id": M1, **over}))


def disputed(number: int = 1, seen: int = 5, **over: Any) -> ActionDisputed:
    return ActionDisputed(**_invited(NIT, number, seen, **{"action_id": M1, "reason": TEXT, **over}))


def progress_noted(number: int = 2, seen: int = 5, **over: Any) -> ActionProgressNoted:
    return ActionProgressNoted(**_invited(NIT, number, seen, **{"action_id": M1, "note": TEXT, **over}))


def due_moved(number: int = 2, seen: int = 5, **over: Any) -> ActionDueMoved:
    filled = {"action_id": M1, "due": REVIEW_ON, "reason": TEXT}
    return ActionDueMoved(**_invited(NIT, number, seen, **{**filled, **over}))


def finished(number: int = 2, seen: int = 5, **over: Any) -> ActionFinished:
    filled = {"action_id": M1, "result": MeasureResult.DONE, "evidence": TEXT}
    return ActionFinished(**_invited(NIT, number, seen, **{**filled, **over}))


def review_held(number: int = 6, **over: Any) -> ReviewHeld:
    filled = {
        "held_on": REVIEW_ON,
        "found": (Found(action_id=M1, state=MeasureState.ASSIGNED),),
        "note": TEXT,
    }
    return ReviewHeld(**_organisers(number, **{**filled, **over}))


def action_cancelled(number: int = 7, **over: Any) -> ActionCancelled:
    filled = {"action_id": M1, "responsible": NIT, "reason": TEXT}
    return ActionCancelled(**_organisers(number, **{**filled, **over}))


def reassigned(number: int = 7, **over: Any) -> ActionReassigned:
    filled = {"action_id": M1, "previous": NIT, "responsible": TOWN, "title": TITLE, "due": REVIEW_ON}
    return ActionReassigned(**_organisers(number, **{**filled, **over}))


def next_review_set(number: int = 7, **over: Any) -> NextReviewSet:
    return NextReviewSet(**_organisers(number, **{"review_on": date(2026, 9, 8), **over}))


def closed(number: int = 8, **over: Any) -> ConferenceClosed:
    return ConferenceClosed(**_organisers(number, **{"closed_on": REVIEW_ON, **over}))


def noted(number: int = 4, **over: Any) -> ConferenceNoted:
    return ConferenceNoted(**_organisers(number, **{"told": (NIT,), **over}))


COMPLETE: tuple[Event, ...] = (
    convened(seen=0),
    guest_invited(seen=0),
    person_invited(person_id=JANA, item=Need.DEBTS, support=NAME),
    person_answered(),
    rescheduled(seen=1, place=PLACE),
    cancelled(seen=1),
    answered(answer=Answer.REPRESENTED, represented_by=NAME),
    held(seen=2),
    people_attended(),
    drafted(),
    assigned(seen=2, watched_by=TOWN),
    comments_opened(seen=2),
    commented(),
    issued(seen=3),
    confirmed(),
    confirmed_with_objection(),
    no_response_noted(seen=3),
    acknowledged(),
    disputed(),
    progress_noted(),
    due_moved(),
    finished(),
    review_held(seen=4),
    action_cancelled(seen=4, watched_by=TOWN),
    reassigned(seen=4, watched_by=SCHOOL),
    next_review_set(seen=4),
    closed(seen=4),
    noted(seen=2),
)
REQUIRED: tuple[Event, ...] = (
    convened(),
    guest_invited(),
    person_invited(),
    person_answered(),
    rescheduled(),
    ConferenceCancelled(**_organisers(2)),
    answered(),
    held(),
    people_attended(),
    drafted(),
    assigned(),
    comments_opened(),
    commented(),
    issued(),
    confirmed(),
    confirmed_with_objection(),
    no_response_noted(),
    acknowledged(),
    disputed(),
    progress_noted(),
    due_moved(),
    finished(),
    ReviewHeld(**_organisers(6, held_on=REVIEW_ON, found=())),
    ActionCancelled(**_organisers(7, action_id=M1, responsible=NIT)),
    ActionReassigned(**_organisers(7, action_id=M1, previous=NIT)),
    next_review_set(),
    closed(),
    noted(),
)
