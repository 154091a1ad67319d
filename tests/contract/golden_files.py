"""Golden files: what every released event version looks like in a log, complete and with the required fields only.

Added, never edited. `python -m tests.contract.golden_files` writes those of new events from the example objects.
"""

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from libs.eventlog import Event
from libs.privacy import CLEAR, Personal

GOLDEN = Path(__file__).with_name("golden")
EXAMPLES = (
    "cases_agreement",
    "cases_conference",
    "cases_plan",
    "cases_referral",
    "contacts_contact",
    "contacts_handover",
    "contacts_household",
    "contacts_person",
    "courier_correspondence",
    "directory_card",
    "directory_guidance",
    "identity_membership",
    "identity_user",
    "reporting_project",
)
TOKEN = "1.0198c0de-0000-7000-8000-00000000000a.0198c0de-0000-7000-8000-00000000000b.field.AAAA"


def examples() -> Iterator[tuple[str, Event]]:
    """("complete" or "required", event) of every event class there is."""
    for name in EXAMPLES:
        module = import_module(f"tests.examples.{name}")
        for kind in ("complete", "required"):
            for event in getattr(module, kind.upper()):
                yield kind, event


def file_of(kind: str, event: Event) -> Path:
    return GOLDEN / f"{event.stored_type}.v{event.schema_version}.{kind}.json"


def stored(kind: str, event: Event) -> dict[str, Any]:
    """As in the log: personal values sealed. The required form leaves out what has a default."""
    content = event.model_dump(mode="json", context=CLEAR, exclude_unset=kind == "required")
    for name in event.subjects:
        value = getattr(event, name)
        if isinstance(value, Personal) and not value.is_withheld and name in content:
            content[name] = {"sealed": TOKEN}
    return {"type": event.stored_type, "schema_version": event.schema_version, "data": content}


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for kind, event in examples():
        file = file_of(kind, event)
        if not file.exists():
            file.write_text(json.dumps(stored(kind, event), ensure_ascii=False, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
