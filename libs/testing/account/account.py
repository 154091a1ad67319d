"""The smallest honest aggregate: an account with an owner. The libraries' own tests and benchmarks use it."""

from pathlib import Path
from typing import assert_never
from uuid import UUID

from pydantic import Field

from libs.eventlog import Actor, Command, Decider, Event, Frozen, Line, Rejected, Verdict, allow_if, event
from libs.eventlog.sql import named_queries
from libs.messaging import Published, Query, View
from libs.privacy import Personal
from libs.projection import Projection, Row, classes_of
from libs.service.declaration import Service
from libs.service.settings import Settings

HERE = Path(__file__).parent


@event("account-opened", version=1, subject="account_id")
class AccountOpened(Event):
    account_id: UUID
    owner: Personal[Line]


@event("account-paid", version=1)
class AccountPaid(Event):
    account_id: UUID
    amount: int


AccountEvent = AccountOpened | AccountPaid


class OpenAccount(Command):
    """Open an account. Already open: nothing new."""

    account_id: UUID
    owner: Personal[Line]


class PayAccount(Command):
    """Add an amount. Refused without an open account."""

    account_id: UUID
    amount: int = Field(gt=0, le=1_000)


AccountCommand = OpenAccount | PayAccount


class Account(Frozen):
    is_open: bool = False
    total: int = 0


def decide(command: AccountCommand, account: Account) -> tuple[AccountEvent, ...]:
    match command:
        case OpenAccount():
            return () if account.is_open else (AccountOpened(account_id=command.account_id, owner=command.owner),)
        case PayAccount():
            if not account.is_open:
                raise Rejected("not_open", "There is no such account. Nothing was recorded. Open it first.")
            return (AccountPaid(account_id=command.account_id, amount=command.amount),)
        case _:
            assert_never(command)


def evolve(account: Account, event: AccountEvent) -> Account:
    match event:
        case AccountOpened():
            return Account(is_open=True, total=account.total)
        case AccountPaid():
            return Account(is_open=account.is_open, total=account.total + event.amount)
        case _:
            assert_never(event)


ACCOUNT = Decider(
    name="account",
    key="account_id",
    initial=Account(),
    commands=AccountCommand,
    events=AccountEvent,
    decide=decide,
    evolve=evolve,
)


class AccountRow(Row):
    account_id: UUID
    owner: Personal[str] | None = None
    last_amount: int | None = None


def project(event: AccountEvent) -> AccountRow:
    match event:
        case AccountOpened():
            return AccountRow.model_construct(account_id=event.account_id, owner=event.owner, last_amount=None)
        case AccountPaid():
            return AccountRow.model_construct(account_id=event.account_id, owner=None, last_amount=event.amount)
        case _:
            assert_never(event)


ACCOUNT_LIST = Projection(
    name="account_list_1",
    project=project,
    events=AccountEvent,
    row=AccountRow,
    key="account_id",
    into="upsert_account_list",
    tables=("account_list",),
)


class Accounts(Query):
    """All accounts, oldest first."""

    limit: int = Field(default=50, ge=1, le=500)


class AccountSeen(View):
    account_id: UUID
    owner: Personal[str] | None
    last_amount: int | None


PUBLISHED = Published(
    service="accounts",
    commands={"account": classes_of(AccountCommand)},
    events={"account": classes_of(AccountEvent)},
    queries={"accounts": (Accounts, AccountSeen)},
)


def may(actor: Actor, message: Command | Query) -> Verdict:
    match message:
        case Accounts():
            return allow_if(True, "anybody_looks")
        case _:
            return allow_if("teller" in actor.roles, "teller_writes")


def build(settings: Settings) -> Service:
    """The service `accounts`: it owns accounts."""
    return Service(
        name="accounts",
        settings=settings,
        published=PUBLISHED,
        deciders=(ACCOUNT,),
        policy=may,
        sql=named_queries(HERE / "queries.sql"),
        migrations=HERE / "migrations",
        projections=(ACCOUNT_LIST,),
    )
