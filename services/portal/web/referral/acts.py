"""What a person may do with a referral: one act for each wish of `cases` that a person can have.

An act is offered when the deciders would take it; they have the last word. Words and forms of each act stand in
templates/referrals/act.html, by its name.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from libs.codelists import Role
from libs.eventlog import Command
from services.cases.referral.commands import (
    AcceptReferral,
    AmendReferral,
    CancelReferral,
    CloseReferral,
    CompleteReferral,
    ConfirmWithdrawal,
    CorrectOutcome,
    DeclineReferral,
    EnterReferralInError,
    FailReferral,
    PutReferralWaiting,
    RerouteReferral,
    ResumeReferral,
    SendReferral,
    StartReferral,
    WithdrawReferral,
)
from services.cases.referral.common_state import Stage
from services.portal.web.form import Form
from services.portal.web.page import Page
from services.portal.web.referral.course import Course
from services.portal.web.referral.ground import ground_of

SENDERS = (Role.KEY_WORKER, Role.TEAM_LEADER, Role.OSPOD_WORKER, Role.MUNICIPAL_WORKER)
RECIPIENTS = (*SENDERS, Role.COUNSELLOR)
ASKED = frozenset({Stage.SENT, Stage.RECEIVED, Stage.WAITING})
WORKED_ON = frozenset({Stage.ACCEPTED, Stage.IN_PROGRESS, Stage.WAITING})
ANSWER_WITHIN = timedelta(days=14)
"""When an answer is asked for, unless somebody says otherwise."""
Fields = Callable[[Form, Course], dict[str, Any]]


@dataclass(frozen=True)
class Act:
    """name: in the address. roles: whom the policy of `cases` lets do it."""

    name: str
    command: type[Command]
    is_sender: bool
    offered: Callable[[Course], bool]
    fields: Fields
    notice: str = "saved"
    roles: Collection[Role] = RECIPIENTS

    def is_for(self, page: Page, course: Course) -> bool:
        """Whether this person could do it now."""
        return course.is_ours == self.is_sender and page.has(*self.roles) and self.offered(course)


def offered(page: Page, course: Course) -> list[Act]:
    """The main one first."""
    return [act for act in ACTS.values() if act.is_for(page, course)]


def _takes(*names: str, texts: Collection[str] = (), flags: Collection[str] = ()) -> Fields:
    def fields(form: Form, course: Course) -> dict[str, Any]:
        kept = {name: form[name] for name in texts if form[name].strip()}
        return form.take(*names) | kept | {name: form.checked(name) for name in flags}

    return fields


def _is_unanswered(course: Course) -> bool:
    return course.told.stage in (Stage.RECEIVED, Stage.WAITING) and course.first("accepted") is None


def _is_accepted(course: Course) -> bool:
    return course.told.stage in WORKED_ON and course.first("accepted") is not None


def _is_accepted_before_meeting(course: Course) -> bool:
    return _is_accepted(course) and course.first("started") is None


def _may_wait(course: Course) -> bool:
    return course.told.stage in WORKED_ON | {Stage.RECEIVED}


def _is_taken_back(course: Course) -> bool:
    taken_back = not course.kinds.isdisjoint({"withdrawn", "entered_in_error"})
    return taken_back and course.final is None and "received" in course.kinds


def _is_completed(course: Course) -> bool:
    return Stage.COMPLETED in (course.told.stage, course.told.outcome)


def _is_open(course: Course) -> bool:
    return course.told.stage in ASKED | WORKED_ON


def _may_close(course: Course) -> bool:
    return course.final is not None and course.told.stage not in (Stage.CLOSED, Stage.ENTERED_IN_ERROR)


def _is_draft(course: Course) -> bool:
    return course.told.stage is Stage.DRAFT


def _may_be_error(course: Course) -> bool:
    return course.told.stage not in (Stage.DRAFT, Stage.ENTERED_IN_ERROR)


def _acceptance(form: Form, course: Course) -> dict[str, Any]:
    return {"worker": form.chosen("worker")} | form.take("first_meeting")


def _rerouting(form: Form, course: Course) -> dict[str, Any]:
    return {"proposed": tuple(form.many("proposed"))}


def _sending(form: Form, course: Course) -> dict[str, Any]:
    person = course.told.person_id
    return {
        "ground": ground_of(form, person) if person else None,
        "identity_now": form.checked("law"),
    } | form.take("answer_due", "urgency", "area")


def _start(form: Form, course: Course) -> dict[str, Any]:
    return form.take("first_meeting")


def _act(
    name: str,
    command: type[Command],
    when: Callable[[Course], bool],
    fields: Fields,
    notice: str = "saved",
) -> Act:
    return Act(name, command, is_sender=False, offered=when, fields=fields, notice=notice)


def _wish(
    name: str,
    command: type[Command],
    when: Callable[[Course], bool],
    fields: Fields,
    notice: str = "saved",
    roles: Collection[Role] = SENDERS,
) -> Act:
    return Act(name, command, is_sender=True, offered=when, fields=fields, notice=notice, roles=roles)


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        _act("potvrdit", ConfirmWithdrawal, _is_taken_back, _takes(flags=("client_continues",)), "confirmed"),
        _act("prijmout", AcceptReferral, _is_unanswered, _acceptance, "accepted"),
        _act("schuzka", StartReferral, _is_accepted_before_meeting, _start),
        _act("dokoncit", CompleteReferral, _is_accepted, _takes("outcome"), "done"),
        _act("pokracovat", ResumeReferral, lambda course: course.told.stage is Stage.WAITING, _takes()),
        _act("pockat", PutReferralWaiting, _may_wait, _takes("until", texts=("reason",)), "waiting"),
        _act("vratit", RerouteReferral, _is_unanswered, _rerouting, "sent"),
        _act("odmitnout", DeclineReferral, _is_unanswered, _takes("code", texts=("text",)), "declined"),
        _act("nezdarilo", FailReferral, _is_accepted, _takes("code", texts=("text",))),
        _act("zrusit", CancelReferral, _is_accepted, _takes("code", texts=("text",), flags=("client_continues",))),
        _act("opravit", CorrectOutcome, _is_completed, _takes("outcome"), "corrected"),
        _wish("odeslat", SendReferral, _is_draft, _sending, "sent"),
        _wish("uzavrit", CloseReferral, _may_close, _takes("client_informed_on"), "closed"),
        _wish("doplnit", AmendReferral, _is_open, _takes("answer_due", "need", "urgency", "area")),
        _wish("odvolat", WithdrawReferral, _is_open, _takes("reason"), "withdrawn"),
        _wish("omyl", EnterReferralInError, _may_be_error, _takes(texts=("reason",)), roles=(Role.TEAM_LEADER,)),
    )
}


def prefilled(act: Act, page: Page, course: Course, today: date) -> dict[str, Any]:
    """What the form of an act begins with."""
    told = course.told
    match act.name:
        case "prijmout":
            return {"worker": page.actor.user, "first_meeting": told.first_meeting}
        case "schuzka":
            return {
                "first_meeting": told.first_meeting if told.first_meeting and told.first_meeting <= today else today
            }
        case "odeslat":
            return {"answer_due": today + ANSWER_WITHIN}
        case "uzavrit":
            return {"client_informed_on": today}
        case "doplnit":
            return {"answer_due": told.answer_due, "need": told.need, "urgency": told.urgency, "area": told.area}
        case "opravit":
            return {"outcome": told.code}
        case _:
            return {}
