"""What `./spojka faults` says of a run: the table, the page, the figures of the soak. Not the faults: tests/faults."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from deploy.commands.faults import faults, soak, table
from deploy.commands.reliability import matrix, soaked, write_part
from deploy.commands.soak import summary
from libs.service import SettingsMistake
from tests.faults.chart import chart
from tests.faults.matrix import FAULTS
from tests.faults.mutants import MUTANTS
from tests.faults.soak import Sample, Soaked

HELD: dict[str, Any] = {
    "title": "kill -9 of any process",
    "holds": True,
    "checks": dict.fromkeys(("C1", "C2", "C3", "C4", "C5", "C6"), True),
    "seconds": 41,
    "why": "",
    "mutant": {"removed": "answering after the commit", "caught": True, "caught_by": ["C1"]},
}
NOT_PROVED: dict[str, Any] = {"holds": False, "checks": {}, "seconds": 0, "why": "not proved: no root"}


def test_every_fault_has_a_mutant_and_every_mutant_a_fault():
    assert {fault.mutant for fault in FAULTS.values()} == set(MUTANTS)


def test_the_matrix_is_whole():
    assert list(FAULTS) == [f"F{number}" for number in range(1, 16)]
    assert all(fault.scenario.__doc__ for fault in FAULTS.values())


def test_a_fault_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(SettingsMistake, match=r"no fault F99\. There is: F1, F2"):
        faults(names=("F1", "F99"))


def test_a_broken_check_and_what_was_not_proved_are_told_apart():
    console = Console(width=200, record=True)
    broken = HELD | {"checks": HELD["checks"] | {"C4": False}, "why": "waited in vain"}
    console.print(table({"F1": HELD, "F3": broken, "F2": NOT_PROVED}))
    good, bad, unknown = (
        line for line in console.export_text().splitlines() if "F1" in line or "F3" in line or "F2" in line
    )
    assert good.count("✓") == 6 and "✗" not in good
    assert bad.count("✗") == 1 and "waited in vain" in bad
    assert unknown.count("–") >= 6 and "no root" in unknown


def test_a_run_writes_its_part_of_the_page_and_nothing_else(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- matrix -->\nold\n<!-- end of matrix -->\nafter\n")
    write_part(page, "matrix", matrix({"F1": HELD, "F2": NOT_PROVED}, {"F1": "Killed."}, "Two cores."))
    text = page.read_text()
    assert text.startswith("before\n<!-- matrix -->\n") and text.endswith("<!-- end of matrix -->\nafter\n")
    assert "old" not in text
    assert "| F1 | kill -9 of any process | yes |" in text
    assert "- **F1**: Killed." in text
    with pytest.raises(SettingsMistake, match="has no place for this"):
        write_part(page, "soak", ["x"])


def test_a_page_without_a_place_is_refused_before_anything_runs(tmp_path: Path):
    with pytest.raises(SettingsMistake, match="has no place for this: <!-- matrix -->"):
        faults(names=("F1",), page=tmp_path / "nowhere.md")
    with pytest.raises(SettingsMistake, match="has no place for this: <!-- soak -->"):
        soak(minutes=60, seed=None, page=tmp_path, as_json=False)


def grown(memory: float, lag: int | None = 0) -> Soaked:
    samples = [Sample(10.0 * n, {"hub": 20.0 if n < 20 else memory}, {"hub": 30}, lag, n) for n in range(30)]
    return Soaked(
        seconds=300, samples=samples, faults=[(20.0, "kill"), (40.0, "partition")], acknowledged=30, referrals=4,
        checks=dict.fromkeys(("C1", "C2"), ""), healed_s=3.0,
    )  # fmt: skip


def test_memory_that_grows_does_not_hold():
    assert grown(20.0).holds
    assert grown(25.0).growth == {"hub": (1.25, 1.0)}
    assert grown(25.0).holds
    assert not grown(30.0).holds


def test_a_soak_without_checks_does_not_hold():
    short = grown(20.0)
    short.checks = {}
    assert not short.holds
    short.checks = {"C1": "two commands are not in the log"}
    assert not short.holds


def test_the_soak_is_told_on_the_page_with_a_picture():
    lines = "\n".join(soaked(summary(grown(20.0, lag=7), 42), "Two cores.", "soak.svg"))
    assert "seed 42: 30 commands acknowledged" in lines
    assert "2 faults: 1 × kill, 1 × partition" in lines
    assert "longest lag on the way was 7 events" in lines
    assert "| hub | × 1 | × 1 |" in lines
    assert "(soak.svg)" in lines


@pytest.mark.parametrize("found", [Soaked(), grown(25.0), grown(25.0, lag=None)], ids=["nothing", "all", "no lag"])
def test_the_picture_can_be_drawn(found: Soaked):
    drawn = ElementTree.fromstring(chart(found))
    assert drawn.tag.endswith("svg")
    ticks = [line for line in drawn.iter() if line.tag.endswith("line") and not line.tag.endswith("polyline")]
    assert len(ticks) == 2 * len(found.faults)
