"""The form of one contact: what it offers first, and what it tells. Pure, but for the clock of a blank form."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

from libs.codelists import Channel, Need
from services.contacts.contact.views import ContactCard, ContactSummary
from services.contacts.person.views import PersonSummary
from services.portal.web.form import Form

CHANNELS = (Channel.STREET, Channel.SCHOOL_STREETWORK, Channel.HOME_VISIT, Channel.CHAT, Channel.OFFICE)
TOPICS = (Need.ATTENDANCE, Need.FAMILY_RELATIONS, Need.HOUSING, Need.DEBTS, Need.BENEFITS, Need.EMPLOYMENT)
MINUTES = ("10", "20", "30", "45")
PEOPLE = 3
OTHER = "other"
SINGLE = ("channel", "municipality", "locality", "minutes", "approached", "spoke", "sex", "age_band")
SEVERAL = ("topics", "activities")
HEARD = {"yes": True, "no": False}
C = TypeVar("C", Channel, Need)


@dataclass(frozen=True)
class Habits:
    """What this worker writes most often, so that a common contact takes five choices."""

    channels: list[Channel]
    topics: list[Need]
    people: list[PersonSummary]
    last: ContactSummary | None


def habits(worker: UUID, contacts: Sequence[ContactSummary], people: Iterable[PersonSummary]) -> Habits:
    """contacts: the latest first. people: who may be chosen; one may stand there twice."""
    own = [one for one in contacts if one.worker == worker and not one.voided]
    seen = list(dict.fromkeys(one.person_id for one in own if one.person_id is not None))
    known = {one.person_id: one for one in people if one.same_as is None}
    order = [known[one] for one in seen if one in known] + [one for key, one in known.items() if key not in seen]
    return Habits(
        channels=_usual((one.channel for one in own), CHANNELS),
        topics=_usual((topic for one in own for topic in one.topics), TOPICS),
        people=order[:PEOPLE],
        last=own[0] if own else None,
    )


def met_last(worker: UUID, contacts: Sequence[ContactSummary]) -> list[UUID]:
    """Whom this worker met last, the latest first; some more than are offered, for a record may lead to another."""
    own = (one.person_id for one in contacts if one.worker == worker and not one.voided and one.person_id is not None)
    return list(dict.fromkeys(own))[: 2 * PEOPLE]


def _usual(used: Iterable[C], first: tuple[C, ...]) -> list[C]:
    """As many as in `first`, and in its order: what was used most takes the places of what was not."""
    often = [code for code, _ in Counter(used).most_common(len(first))]
    kept = (often + [code for code in first if code not in often])[: len(first)]
    return sorted(kept, key=lambda code: first.index(code) if code in first else len(first))


def recorded(form: Form) -> dict[str, Any]:
    """What the form of a new contact says, as the command wants it."""
    told: dict[str, Any] = dict(form.take("municipality", "locality", "place", "sex", "age_band", "note"))
    told["channel"] = form["channel_other"] if form["channel"] == OTHER else form["channel"]
    told["minutes"] = (form["minutes_other"] if form["minutes"] == OTHER else form["minutes"]).strip()
    told["topics"] = tuple(form.many("topics") + form.many("more_topics"))
    told["activities"] = tuple(form.many("activities"))
    told["started_at"] = form.moment("started")
    told["heard_before"] = HEARD.get(form["heard_before"])
    told |= form.take("approached", "spoke")
    return {name: value for name, value in told.items() if value != ""}


def shown(card: ContactCard) -> dict[str, Any]:
    """The form of a correction, filled in; `was_…` remembers what the worker saw."""
    values: dict[str, Any] = {name: getattr(card, name) for name in (*SINGLE, "note")}
    values |= {name: list(getattr(card, name)) or None for name in SEVERAL}
    values["heard_before"] = next((word for word, truth in HEARD.items() if truth is card.heard_before), None)
    values["started"] = card.started_at
    values["note"] = card.note.reveal() if card.note is not None and card.note.is_clear else None
    was = {f"was_{name}": value for name, value in values.items() if name != "note"}
    return {**values, **was, "was_note": _print(values["note"] or ""), "base_revision": card.revision}


def differences(form: Form) -> dict[str, Any]:
    """Only what the worker changed: what somebody else changed meanwhile is no business of this correction.

    Emptied fields stay as they were: a correction can replace a fact, not take it away.
    """
    changes: dict[str, Any] = {
        name: value for name in SINGLE if (value := form[name].strip()) and value != form[f"was_{name}"]
    }
    changes |= {
        name: tuple(form.many(name)) for name in SEVERAL if sorted(form.many(name)) != sorted(form.many(f"was_{name}"))
    }
    if any(form[f"started_{part}"] != form[f"was_started_{part}"] for part in ("date", "time")):
        changes["started_at"] = form.moment("started")
    if form["heard_before"] in HEARD and form["heard_before"] != form["was_heard_before"]:
        changes["heard_before"] = HEARD[form["heard_before"]]
    return changes


def new_note(form: Form) -> str | None:
    """The note, if it is another one than the worker saw."""
    note = form["note"].strip()
    return note if note and _print(form["note"]) != form["was_note"] else None


def _print(text: str) -> str:
    """So that a long note need not stand in the page twice."""
    return sha256(text.replace("\r\n", "\n").strip().encode()).hexdigest()
