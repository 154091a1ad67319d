"""What follows a checkpoint: the next position, in the same history."""

from uuid import UUID

import pytest

from libs.eventlog.stored import START, Checkpoint
from libs.messaging import wire

IDS = [str(UUID(int=number)) for number in range(1, 6)]


def _headers(position: int, **other: str) -> dict[str, str]:
    before = IDS[position - 2] if position > 1 else ""
    return {"position": str(position), "ce-id": IDS[position - 1], "previous": before, **other}


@pytest.mark.parametrize(("positions", "fits"), [((1, 2, 3), 3), ((1, 3), 1), ((2, 3), 0), ((1, 1, 2), 1), ((), 0)])
def test_from_the_start(positions: tuple[int, ...], fits: int) -> None:
    assert wire.fitting([_headers(position) for position in positions], START) == fits


def test_from_a_place() -> None:
    here = Checkpoint(2, UUID(IDS[1]))
    assert wire.fitting([_headers(3), _headers(4)], here) == 2
    assert wire.fitting([_headers(2), _headers(3)], here) == 0


def test_another_history_does_not_fit() -> None:
    assert wire.fitting([_headers(1), _headers(2, previous=IDS[4])], START) == 1
    assert wire.fitting([_headers(3)], Checkpoint(2, UUID(IDS[4]))) == 0
