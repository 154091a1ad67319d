"""Everything the portal may ask at the door (`door.identity.*`), and the sweeping."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from libs.eventlog import Frozen
from libs.service import Answers, Running
from services.identity.sign_in import account, enrolling, entering, messages, sessions
from services.identity.sign_in.desk import Desk
from services.identity.sign_in.rules import ACCOUNT, IDLE, LIFE

Q = TypeVar("Q", bound=Frozen)
A = TypeVar("A", bound=Frozen)
SWEPT_EVERY_S = 3_600.0
LINKS_KEPT = timedelta(days=365)
"""Used links say who let whom in, and when."""


def _at_desk(asked: type[Q], answer: type[A], handle: Callable[[Desk, Q], Awaitable[A]]) -> Answers:
    async def handled(running: Any, request: Any) -> Frozen:
        return await handle(Desk.of(running), request)

    return Answers(asked, answer, handled)


ANSWERS = (
    _at_desk(messages.SignIn, messages.Step, entering.sign_in),
    _at_desk(messages.GiveCode, messages.Step, entering.give_code),
    _at_desk(messages.AskPasskey, messages.PasskeyOffer, entering.ask_passkey),
    _at_desk(messages.GivePasskey, messages.Step, entering.give_passkey),
    _at_desk(messages.ComeFromProvider, messages.Step, entering.come_from_provider),
    _at_desk(messages.Freshen, messages.Step, entering.freshen),
    _at_desk(messages.FreshenByPasskey, messages.Step, entering.freshen_by_passkey),
    _at_desk(messages.Who, messages.SessionView, sessions.who),
    _at_desk(messages.Leave, messages.Done, sessions.leave),
    _at_desk(messages.EndSession, messages.Done, sessions.end),
    _at_desk(messages.MyAccount, messages.Account, account.mine),
    _at_desk(messages.ChangePassword, messages.Done, account.change_password),
    _at_desk(messages.NewTotp, messages.TotpOffer, account.new_totp),
    _at_desk(messages.KeepTotp, messages.RecoveryCodes, account.keep_totp),
    _at_desk(messages.DropTotp, messages.Done, account.drop_totp),
    _at_desk(messages.NewRecoveryCodes, messages.RecoveryCodes, account.new_recovery_codes),
    _at_desk(messages.NewPasskey, messages.PasskeyOffer, account.new_passkey),
    _at_desk(messages.KeepPasskey, messages.Done, account.keep_passkey),
    _at_desk(messages.DropPasskey, messages.Done, account.drop_passkey),
    _at_desk(messages.LookAtLink, messages.Enrolment, enrolling.look),
    _at_desk(messages.EnrolPassword, messages.Enrolled, enrolling.enrol_password),
    _at_desk(messages.AskEnrolPasskey, messages.PasskeyOffer, enrolling.ask_enrol_passkey),
    _at_desk(messages.EnrolPasskey, messages.Enrolled, enrolling.enrol_passkey),
    _at_desk(messages.EnrolProvider, messages.Enrolled, enrolling.enrol_provider),
    _at_desk(messages.Invite, messages.Link, enrolling.invite),
    _at_desk(messages.Recover, messages.Link, enrolling.recover),
    _at_desk(messages.LinkProvider, messages.Done, enrolling.link_provider),
    _at_desk(messages.ListLogins, messages.Logins, enrolling.logins),
    _at_desk(messages.LetInDemonstration, messages.Done, enrolling.let_in_demonstration),
)


async def sweep_hourly(running: Running) -> None:
    """Delete what counts no more: tickets, ended sessions, forgotten failures, old links."""
    while True:
        await sweep(Desk.of(running))
        await asyncio.sleep(SWEPT_EVERY_S)


async def sweep(desk: Desk) -> None:
    now = desk.now
    await desk.run("door_sweep", now, now - IDLE, now - LIFE, now - ACCOUNT.forgotten_after, now - LINKS_KEPT)
