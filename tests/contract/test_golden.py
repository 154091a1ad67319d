"""The past stays readable: every event version ever released loads into today's class."""

import json
from pathlib import Path
from typing import Any

import pytest

from libs.eventlog import REGISTRY, Event
from libs.messaging import Published
from services.cases.published import PUBLISHED as CASES
from services.contacts.published import PUBLISHED as CONTACTS
from services.courier.published import PUBLISHED as COURIER
from services.directory.published import PUBLISHED as DIRECTORY
from services.identity.published import PUBLISHED as IDENTITY
from services.reporting.published import PUBLISHED as REPORTING
from tests.contract.golden_files import GOLDEN, examples, file_of

EVERYTHING = (CASES, CONTACTS, COURIER, DIRECTORY, IDENTITY, REPORTING)


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_every_event_ever_released_still_loads(golden: Path) -> None:
    stored = json.loads(golden.read_text())
    event = REGISTRY.load(stored["type"], stored["schema_version"], stored["data"])
    assert isinstance(event, REGISTRY.newest(stored["type"]))
    if stored["schema_version"] == event.schema_version:
        written = json.loads(event.model_dump_json())
        assert _holds(written, stored["data"])


def _holds(written: Any, said: Any) -> bool:
    """Nothing that was said is lost; defaults may have come on top."""
    if isinstance(said, dict):
        return all(key in written and _holds(written[key], value) for key, value in said.items())
    if isinstance(said, list):
        return len(said) == len(written) and all(_holds(one, other) for one, other in zip(written, said, strict=True))
    return bool(written == said)


@pytest.mark.parametrize("published", EVERYTHING, ids=lambda published: published.service)
def test_every_event_of_today_has_its_two_golden_files(published: Published) -> None:
    have = {path.stem for path in GOLDEN.glob("*.json")}
    classes: list[type[Event]] = [one for many in published.events.values() for one in many]
    for cls in classes:
        for kind in ("complete", "required"):
            assert f"{cls.stored_type}.v{cls.schema_version}.{kind}" in have


def test_every_example_belongs_to_a_golden_file() -> None:
    for kind, event in examples():
        assert file_of(kind, event).exists()


def test_the_registry_is_complete() -> None:
    REGISTRY.check()
