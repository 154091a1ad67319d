"""`spojka bench` without measuring anything: which suites a name means, how figures are judged, shown and written."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from deploy import cli
from deploy.commands import bench as command
from deploy.commands.bench import SUITES, TOLD, Suite, bench
from libs.service import SettingsMistake
from tests.benchmarks import shown
from tests.benchmarks.measured import Measured, percentile

FAST = Measured("swift", 40_000.0, 2_000.0, "a snail", "events/s", 1_000, least=10.0)
SLOW = Measured("swift-p99", 12.0, 5.5, "3 fsyncs of 0.17 ms and 5 ms", "ms", 1_000, most=1.0)
TOLD_ONLY = Measured("swift-p50", 0.123456, 3.0, "a snail", "ms", 1_000)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """No servers: two suites that give ready figures. The list fills with what was run."""
    run: list[str] = []

    def suite(name: str, found: list[Measured], *, minute: bool) -> Suite:
        def measure(on: Any, quick: bool) -> list[Measured]:
            run.append(name)
            return found

        return Suite({one.name: f"What {one.name} is." for one in found}, measure, minute=minute)

    @contextmanager
    def nothing(step: object, say: object) -> Generator[Any, None, None]:
        yield SimpleNamespace(folder=tmp_path, step=lambda said: None)

    suites = {
        "swift": suite("swift", [FAST, SLOW, TOLD_ONLY], minute=True),
        "far": suite("far", [Measured("far", 3.0, 1.0, "near", "ms", 9, most=4.0)], minute=False),
    }
    monkeypatch.setattr(command, "SUITES", suites)
    monkeypatch.setattr(command, "TOLD", {row: words for one in suites.values() for row, words in one.rows.items()})
    monkeypatch.setattr(command, "ground", nothing)
    return run


def test_every_suite_and_every_row_tells_what_it_measures():
    assert set(SUITES) == {"append", "bus", "project", "rebuild", "relay", "across", "seal", "growth", "hub", "pages"}
    assert len(TOLD) == sum(len(one.rows) for one in SUITES.values()), "two suites have rows of one name"
    assert all(
        row == suite or row.startswith(f"{suite}-") or row == "first-view"
        for suite in SUITES
        for row in SUITES[suite].rows
    )
    assert all(words.endswith(".") for words in TOLD.values())


def test_the_help_names_every_suite():
    assert all(suite in (cli.bench.__doc__ or "") for suite in SUITES)


def test_json_is_one_object_with_the_same_six_words_for_every_figure(
    measured: list[str], capsys: pytest.CaptureFixture[str]
):
    assert bench(as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["swift", "swift-p99", "swift-p50", "far"]
    assert all(set(one) == {"ours", "other", "ratio", "unit", "other_name", "n"} for one in told.values())
    assert told["swift"] == {
        "ours": 40_000.0, "other": 2_000.0, "ratio": 20.0, "unit": "events/s", "other_name": "a snail", "n": 1_000,
    }  # fmt: skip
    assert told["swift-p50"]["ours"] == 0.1235


def test_without_names_quick_leaves_out_what_takes_longer(measured: list[str], capsys: pytest.CaptureFixture[str]):
    bench(quick=True)
    bench(quick=True, names=("far",))
    assert measured == ["swift", "far"]


def test_broken_off_it_shows_what_it_has_and_writes_nothing(
    measured: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    def broken_off(on: Any, quick: bool) -> list[Measured]:
        raise KeyboardInterrupt

    monkeypatch.setitem(command.SUITES, "far", Suite({}, broken_off))
    page = tmp_path / "benchmarks.md"
    with pytest.raises(KeyboardInterrupt):
        bench(page=page)
    said = capsys.readouterr().out
    assert "swift-p50" in said and "Broken off here" in said and not page.exists()


def test_the_name_of_a_row_gives_that_row_alone(measured: list[str], capsys: pytest.CaptureFixture[str]):
    assert bench(names=("swift-p50",), as_json=True) == 0
    assert list(json.loads(capsys.readouterr().out)) == ["swift-p50"]


def test_an_unknown_name_is_refused_with_the_list(measured: list[str]):
    with pytest.raises(SettingsMistake, match=r"There is no benchmark quick\..*swift, far"):
        bench(names=("swift", "quick"))
    assert not measured


def test_both_directions_are_judged_plainly():
    assert (FAST.ratio, FAST.goal, FAST.missed) == (20.0, "≥ 10", False)
    assert (round(SLOW.ratio, 2), SLOW.goal, SLOW.missed) == (2.18, "≤ 1", True)
    assert (TOLD_ONLY.goal, TOLD_ONLY.missed) == ("", False)


def test_the_table_marks_a_miss_and_nothing_else():
    console = Console(width=80, record=True, file=None, quiet=False)
    with console.capture() as said:
        console.print(shown.table([FAST, SLOW, TOLD_ONLY]))
    lines = {
        one: next(line for line in said.get().splitlines() if f" {one} " in line) for one in ("swift", "swift-p99")
    }
    assert "✗" not in lines["swift"] and "20 " in lines["swift"] and "≥ 10" in lines["swift"]
    assert "2.18 ✗" in lines["swift-p99"]


def test_the_report_says_what_was_reached_and_names_no_machine(measured: list[str], tmp_path: Path):
    page = tmp_path / "benchmarks.md"
    bench(page=page)
    text = page.read_text()
    assert "| swift | 40,000 | 2,000 | events/s | 1,000 | 20 | ≥ 10 | yes | a snail |" in text
    assert "| swift-p99 | 12 | 5.5 | ms | 1,000 | 2.18 | ≤ 1 | no |" in text
    assert "- **far**: What far is." in text and "PostgreSQL 1" in text and "nats-server 2" in text
    hostname = Path("/proc/sys/kernel/hostname")
    assert str(tmp_path) not in text
    assert not hostname.exists() or hostname.read_text().strip() not in text


def test_a_row_belongs_to_the_longest_family_it_begins_with():
    families = {"append": "", "append-p99": "", "relay": ""}
    assert shown.family_of("append-p99-64", families) == "append-p99"
    assert shown.family_of("append-64", families) == "append"
    assert shown.family_of("appendix", families) == ""


def test_a_percentile_is_one_of_the_values():
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([float(n) for n in range(1, 101)], 0.99) == 99.0
    assert percentile([7.0], 0.99) == 7.0


def test_a_missed_goal_is_explained_on_the_page():
    slow = Measured("bus", 1_000, 10_000, "FastStream echo", "commands/s", 10, least=0.5)
    page = shown.report([slow], {"bus": "Commands."}, 0.001, quick=False)
    assert "## What was missed, and what the limit is" in page
    assert "ADR 0026" in page
    fast = Measured("bus", 6_000, 10_000, "FastStream echo", "commands/s", 10, least=0.5)
    assert "What was missed" not in shown.report([fast], {"bus": "Commands."}, 0.001, quick=False)
