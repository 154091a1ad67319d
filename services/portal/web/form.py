"""A form: what was posted, kept as it was typed, with what is wrong beside each field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from libs.eventlog import new_id

PRAGUE = ZoneInfo("Europe/Prague")
OURS = ("id", "version")


class NotHere(Exception):
    """No such page, or not for this person: the two look the same."""


@dataclass(frozen=True)
class Refused:
    """Why nothing was recorded. text: what happened, what is safe, what to do; fields: name → what is wrong there."""

    kind: str
    code: str
    text: str
    fields: Mapping[str, str] = field(default_factory=dict[str, str])


STATUS: Mapping[str, int] = {"invalid": 422, "rejected": 409, "conflict": 409, "forbidden": 403, "unavailable": 503}


@dataclass
class Form:
    """What a person typed.

    id        of the command it becomes; the same form sent twice has one effect
    version   of the record the person saw, if the page put one there
    ids       hidden ids of what the command will make
    draft_at  when this text was kept as a draft, if it comes from one
    """

    typed: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    id: UUID = field(default_factory=new_id)
    version: int | None = None
    ids: dict[str, UUID] = field(default_factory=dict[str, UUID])
    refused: Refused | None = None
    draft_at: datetime | None = None

    @classmethod
    def posted(cls, pairs: Iterable[tuple[str, str]]) -> "Form":
        """Raises NotHere when a hidden field was tampered with."""
        typed: dict[str, list[str]] = {}
        for name, value in pairs:
            typed.setdefault(name, []).append(value.replace("\r\n", "\n"))
        form = cls(typed)
        if sent := form["id"]:
            form.id = _uuid(sent)
        if form["version"]:
            form.version = _whole(form["version"])
        return form

    def __getitem__(self, name: str) -> str:
        """As typed; "" if there is nothing."""
        return (self.typed.get(name) or [""])[-1]

    def many(self, name: str) -> list[str]:
        """All values of a field that may be chosen several times."""
        return [value for value in self.typed.get(name, []) if value]

    def take(self, *names: str) -> dict[str, str]:
        """These fields, without the empty ones."""
        return {name: value for name in names if (value := self[name].strip())}

    def checked(self, name: str) -> bool:
        return bool(self[name])

    def uuid(self, name: str) -> UUID:
        """A hidden id. Raises NotHere if it is none."""
        found = self.ids[name] = _uuid(self[name])
        return found

    def chosen(self, name: str) -> UUID | None:
        """An id somebody chose, or None."""
        return _uuid(self[name]) if self[name] else None

    def chosen_person(self, name: str) -> UUID | None:
        """Whom a choice `person:<id>` means; None: nobody's id."""
        try:
            return UUID(self[name].removeprefix("person:"))
        except ValueError:
            return None

    def new_id(self, name: str) -> UUID:
        """An id for what this form will make: the same one however often it is sent."""
        return self.ids.setdefault(name, _uuid(self[name]) if self[name] else new_id())

    def moment(self, name: str) -> datetime | str | None:
        """`name_date` and `name_time`, as the clocks in Prague show; as typed if it is no moment, None if empty."""
        day, hour = self[f"{name}_date"].strip(), self[f"{name}_time"].strip()
        if not day and not hour:
            return None
        try:
            return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour or "00:00"), PRAGUE)
        except ValueError:
            return f"{day} {hour}"

    @property
    def status(self) -> int:
        """The HTTP status of showing it again."""
        return 200 if self.refused is None else STATUS.get(self.refused.kind, 500)

    @property
    def texts(self) -> dict[str, list[str]]:
        """What is worth keeping as a draft."""
        return {name: values for name, values in self.typed.items() if name not in OURS}


def blank(values: Mapping[str, Any]) -> Form:
    """A form filled in beforehand. Lists are several choices; a datetime fills the two fields of a moment."""
    form = Form()
    for name, value in values.items():
        if isinstance(value, datetime):
            local = value.astimezone(PRAGUE)
            form.typed[f"{name}_date"] = [local.date().isoformat()]
            form.typed[f"{name}_time"] = [local.strftime("%H:%M")]
        elif isinstance(value, list | tuple):
            form.typed[name] = [str(one) for one in value]
        elif value is not None and value is not False:
            form.typed[name] = [str(value)]
    return form


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotHere from None


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise NotHere
    return int(text)
