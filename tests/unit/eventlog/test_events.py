"""Event classes say everything the machinery needs, and contradictions stop the start."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from pydantic import ValidationError

from libs.eventlog import REGISTRY, Event, Half, RegistryError, SharedEvent, event, new_id, upcaster
from libs.eventlog.commands import Moment, kebab
from libs.eventlog.events import Frozen, Registry
from libs.privacy import Personal


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """Classes of these tests are forgotten after them."""
    before = dict(REGISTRY.classes), dict(REGISTRY.upcasters)
    yield REGISTRY
    REGISTRY.classes, REGISTRY.upcasters = before


def test_two_classes_cannot_claim_one_stored_type() -> None:
    @event("door-opened", version=1)
    class DoorOpened(Event):
        door: UUID

    with pytest.raises(RegistryError, match="door-opened"):

        @event("door-opened", version=1)
        class GateOpened(Event):
            gate: UUID

    assert REGISTRY.newest("door-opened") is DoorOpened


def test_a_version_without_a_way_up_stops_the_start() -> None:
    @event("door-painted", version=3)
    class DoorPainted(Event):
        colour: str

    @upcaster("door-painted", from_version=1)
    def _(content: dict[str, object]) -> dict[str, object]:
        return {"colour": content["paint"]}

    with pytest.raises(RegistryError, match="no upcaster from version 2"):
        REGISTRY.check()

    @upcaster("door-painted", from_version=2)
    def _(content: dict[str, object]) -> dict[str, object]:
        return {"colour": str(content["colour"]).lower()}

    REGISTRY.check()
    assert REGISTRY.load("door-painted", 1, {"paint": "RED"}) == DoorPainted(colour="red")


def test_a_newer_version_than_we_know_is_refused() -> None:
    @event("door-shut", version=1)
    class DoorShut(Event):
        door: UUID

    with pytest.raises(RegistryError, match="newer than this program"):
        REGISTRY.load("door-shut", 2, {})


def test_a_personal_field_needs_somebody_whose_key_seals_it() -> None:
    with pytest.raises(RegistryError, match="whose key seals it"):

        @event("name-told", version=1)
        class NameTold(Event):
            name: Personal[str] | None = None


def test_what_leaves_the_node_has_an_author_and_a_number() -> None:
    with pytest.raises(RegistryError, match="derive SharedEvent"):

        @event("door-shown", version=1, audience="reader")
        class DoorShown(Event):
            reader: UUID


def test_an_audience_that_is_no_field_is_refused() -> None:
    with pytest.raises(RegistryError, match="there is no field reader"):

        @event("window-shown", version=1, audience="reader")
        class WindowShown(SharedEvent):
            window: UUID


def test_names_become_subjects() -> None:
    assert kebab("SendReferral") == "send-referral"
    assert kebab("EnterReferralInError") == "enter-referral-in-error"


def test_a_moment_beyond_reason_is_refused() -> None:
    class Walk(Frozen):
        at: Moment

    for absurd in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-10T12:45:00"):
        with pytest.raises(ValidationError):
            Walk.model_validate({"at": absurd})


def entry(number: int) -> SharedEvent:
    return SharedEvent(author=AUTHOR, number=number)


AUTHOR = new_id()


def test_a_half_holds_back_what_came_too_early() -> None:
    half = Half[SharedEvent]().add(entry(3)).add(entry(1))
    assert [one.number for one in half.entries] == [1]
    assert [one.number for one in half.held] == [3]
    half = half.add(entry(2))
    assert [one.number for one in half.entries] == [1, 2, 3]
    assert half.held == ()


def test_a_half_takes_each_entry_once() -> None:
    half = Half[SharedEvent]().add(entry(1)).add(entry(1)).add(entry(2)).add(entry(1))
    assert [one.number for one in half.entries] == [1, 2]
    assert half.next_number == 3


@pytest.mark.parametrize("absurd", [{"number": 0}, {"number": 2**31}, {"number": 1, "seen": -1}])
def test_an_entry_with_an_absurd_number_is_none(absurd: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        SharedEvent.model_validate({"author": AUTHOR, **absurd})
