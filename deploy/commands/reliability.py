"""docs/reliability.md: the parts of it that a run writes, each between its two marks. What stands around them stays."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from libs.service import SettingsMistake

CHECKS: Mapping[str, str] = {
    "C1": "acknowledged ⊆ log",
    "C2": "each effect once",
    "C3": "view = rebuild",
    "C4": "all agree",
    "C5": "nobody knows more",
    "C6": "chains hold",
}


def place(page: Path, name: str) -> "re.Match[str]":
    """Where the part stands: asked before a long run, not after it. Raises SettingsMistake without its two marks."""
    first, last = f"<!-- {name} -->", f"<!-- end of {name} -->"
    text = page.read_text() if page.is_file() else ""
    found = re.search(f"{re.escape(first)}.*?{re.escape(last)}", text, re.DOTALL)
    if found is None:
        raise SettingsMistake(f"{page} has no place for this: {first} … {last}. It was left as it is.")
    return found


def write_part(page: Path, name: str, lines: list[str]) -> None:
    """Put these lines between `<!-- name -->` and `<!-- end of name -->`. Raises SettingsMistake without such marks."""
    found = place(page, name)
    whole = "\n".join([f"<!-- {name} -->", "", *lines, "", f"<!-- end of {name} -->"])
    page.write_text(found.string[: found.start()] + whole + found.string[found.end() :])


def matrix(found: Mapping[str, Any], ways: Mapping[str, str], machine: str) -> list[str]:
    """The table of the faults and what is done in each. ways: fault → how it is made."""
    lines = [
        f"{datetime.now(UTC):%-d %B %Y}. {machine}",
        "",
        f"| fault | what happens | {' | '.join(CHECKS)} | seconds | with this removed | it is noticed by |",
        f"|---|---|{'---|' * len(CHECKS)}--:|---|---|",
    ]
    for name, one in found.items():
        marks = ["yes" if one["checks"].get(check) else "**no**" for check in CHECKS]
        marks = marks if one["checks"] else ["–"] * len(CHECKS)
        mutant = one.get("mutant", {})
        noticed = ", ".join(mutant.get("caught_by", ())) or "–"
        what = one.get("title", "") + (f" ({one['why']})" if one.get("why") else "")
        cells = [name, what, *marks, str(one["seconds"]), mutant.get("removed", "–"), noticed]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", *(f"- **{name}**: {ways[name]}" for name in found if name in ways)]
    remarks = [f"- {name}: {remark}" for name, one in found.items() for remark in one.get("remarks", ())]
    return lines + (["", "Remarks of the run:", "", *remarks] if remarks else [])


def soaked(summary: Mapping[str, Any], machine: str, picture: str | None) -> list[str]:
    """What the soak has shown; with its picture, if one was drawn."""
    faults = ", ".join(f"{count} × {kind}" for kind, count in sorted(summary["faults"].items()))
    checks = ", ".join(f"{name} {'holds' if holds else '**is broken**'}" for name, holds in summary["checks"].items())
    lines = [
        f"{datetime.now(UTC):%-d %B %Y}. {machine}",
        "",
        f"{summary['minutes']:g} minutes, seed {summary['seed']}: {summary['acknowledged']:,} commands acknowledged, "
        f"{summary['referrals']:,} referrals carried to their end, {sum(summary['faults'].values())} faults: {faults}.",
        "",
        f"Afterwards, {summary['healed_s']:g} s for rest and checks: {checks}. The longest lag on the way was "
        f"{summary['most_lag']:,} events; at the end it was 0.",
        "",
        "| process | memory, last third over first | open files |",
        "|---|--:|--:|",
        *(f"| {name} | × {one['memory']:g} | × {one['files']:g} |" for name, one in summary["growth"].items()),
    ]
    return lines + (["", f"![Memory, lag and faults over the time of the soak]({picture})"] if picture else [])
