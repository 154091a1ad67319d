"""What each organisation sees now: one table each, asked through the API as one of its own workers."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from deploy.demo.logins import login_of
from deploy.demo.network import Network
from deploy.demo.people import ORGANISATIONS, PEOPLE
from deploy.demo.sight import SEES
from deploy.demo.steps import PRAGUE
from deploy.local.folder import Organisation
from libs.codelists import Code, LadderStage, Need, OrganisationKind
from libs.testing.api import Api
from services.cases.conference.terms import MeasureState, Stage

NAMES = {str(one.id): one.name for one in ORGANISATIONS}
STAGES = {
    "draft": "koncept",
    "sent": "odesláno",
    "received": "doručeno",
    "waiting": "čeká",
    "accepted": "přijato",
    "in_progress": "probíhá",
    "declined": "odmítnuto",
    "rerouted": "vráceno s návrhem",
    "expired": "propadlo",
    "completed": "dokončeno",
    "failed": "nezdařilo se",
    "cancelled": "zrušeno",
    "withdrawal_pending": "odvolání čeká na potvrzení",
    "withdrawn": "odvoláno",
    "closed": "uzavřeno",
    "entered_in_error": "založeno omylem",
}
"""Common states of a referral (domain reference §4.6)."""
MINUTES = {
    "draft": "návrh",
    "for_comments": "k připomínkám",
    "comment": "připomínka",
    "issued": "vydaný",
    "objection": "námitka",
}
WIDTH = 100
"""Wider is not better to read."""
Row = tuple[str, str, str]
Answer = Mapping[str, Any]


async def tables(network: Network) -> list[Table]:
    """One per organisation, in the order of the story."""
    return list(await asyncio.gather(*(_table(network, one) for one in ORGANISATIONS)))


def logins(network: Network) -> Table:
    """Where to open each organisation's pages, and as whom."""
    table = Table(title="Open in a browser", title_justify="left")
    for column in ("pages", "login name", "who"):
        table.add_column(column, overflow="fold")
    for one in ORGANISATIONS:
        table.add_section()
        for number, person in enumerate(person for person in PEOPLE if person.organisation == one):
            roles = ", ".join(sorted(role.cs for role in person.roles))
            place = f"{one.name}\n{network.nodes[one.code].page_url}" if number == 0 else ""
            table.add_row(place, login_of(person), f"{person.name}: {roles}")
    return table


async def _table(network: Network, organisation: Organisation) -> Table:
    reader = SEES[organisation].reader
    table = Table(title=f"{organisation.name} – co teď vidí {reader.name}", title_justify="left", expand=True)
    for heading, share in (("Záznam", 5), ("Stav", 3), ("Podrobnosti", 5)):
        table.add_column(heading, ratio=share)
    async with network.api(reader) as api:
        for area, rows in (
            ("Osoby", await _persons(api)),
            ("Odkázání", await _referrals(api, organisation)),
            ("Konference a opatření", await _conferences(api)),
            ("Adresář", await _directory(api)),
        ):
            table.add_section()
            table.add_row(Text(area if rows else f"{area}: nic", style="bold"))
            for record, state, details in rows:
                table.add_row(Padding(Text(record), (0, 0, 0, 2)), Text(state), Text(details))
    return table


async def _persons(api: Api) -> list[Row]:
    rows = await api.query("contacts", "persons")
    return [
        (
            row["nickname"] or row["code"] or "beze jména",
            _label(LadderStage, row["stage"]),
            _listed(_counted(row["contacts"], "kontakt", "kontakty", "kontaktů"), row["team"] and f"tým {row['team']}"),
        )
        for row in rows
    ]


async def _referrals(api: Api, organisation: Organisation) -> list[Row]:
    rows = await api.query("cases", "referrals", organisation=organisation.id)
    return [await _referral(api, organisation, row) for row in rows]


async def _referral(api: Api, organisation: Organisation, row: Answer) -> Row:
    [detail] = await api.query("cases", "referral_detail", organisation=organisation.id, referral_id=row["referral_id"])
    sent = row["direction"] == "sent"
    other = NAMES[row["recipient"] if sent else row["sender"]]
    stage = STAGES[row["stage"]] + (f" ({STAGES[row['outcome']]})" if row["outcome"] else "")
    about = detail["client_name"] or "o koho jde, nevíme"
    return f"{'pro' if sent else 'od'}: {other}", stage, _listed(_label(Need, row["need"]), about)


async def _conferences(api: Api) -> list[Row]:
    found: list[Row] = []
    for row in await api.query("cases", "conferences"):
        of_it = {"conference_id": row["conference_id"]}
        minutes = {one["kind"] for one in await api.query("cases", "conference_minutes", **of_it)}
        kinds = ", ".join(word for kind, word in MINUTES.items() if kind in minutes)
        item = "" if row["item"] == "all" else f"jen bod {_label(Need, row['item'])}"
        found.append(
            (
                f"{_day(row['starts_at'])}, svolává {NAMES[row['organiser']]}",
                _label(Stage, row["stage"]),
                _listed(item, f"zápis: {kinds}" if kinds else "bez zápisu"),
            )
        )
        for action in await api.query("cases", "conference_actions", **of_it):
            who = NAMES.get(action["responsible"] or "", "někdo jiný")
            done = _listed(who, f"do {_day(action['due'])}")
            found.append((action["title"] or "opatření", _label(MeasureState, action["state"]), done))
    return found


async def _directory(api: Api) -> list[Row]:
    rows = await api.query("directory", "cards")
    return [
        (
            row["name"],
            _counted(row["services"], "služba", "služby", "služeb"),
            _label(OrganisationKind, row["kind"]),
        )
        for row in rows
    ]


def _label(codes: type[Code], value: str | None) -> str:
    return codes(value).cs if value else ""


def _listed(*words: str | None) -> str:
    return ", ".join(word for word in words if word)


def _day(moment: str) -> str:
    """`2026-05-12T08:00:00Z` → `12. 5. 2026`, as in Prague."""
    day = datetime.fromisoformat(moment).astimezone(PRAGUE) if "T" in moment else date.fromisoformat(moment)
    return f"{day.day}. {day.month}. {day.year}"


def _counted(number: int, one: str, few: str, other: str) -> str:
    """Czech plural: 1 služba, 2 služby, 5 služeb."""
    return f"{number} {one if number == 1 else few if 2 <= number <= 4 else other}"


__all__ = ["WIDTH", "tables"]
