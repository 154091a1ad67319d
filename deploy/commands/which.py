"""Which nodes a maintenance command is about: one that is named, or all of a demonstration's folder."""

from pathlib import Path

from libs.service import Settings, SettingsMistake

DEMONSTRATION = Path(".spojka") / "demo"


def nodes(node_toml: Path | None, data: Path | None) -> list[Settings]:
    """Settings of the nodes. Raises SettingsMistake if there is none."""
    if node_toml is not None:
        return [Settings.from_file(node_toml)]
    folder = data or DEMONSTRATION
    found = sorted(folder.glob("*/node.toml"))
    if not found:
        raise SettingsMistake(
            f"There is no node in {folder}. Nothing was touched. Start `./spojka demo` first, or name one with --node."
        )
    return [Settings.from_file(file) for file in found]
