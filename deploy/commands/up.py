"""`./spojka up`: one node of a real network."""

from pathlib import Path

from deploy import node


def up(*, node_toml: Path, service: str | None) -> int:
    """Runs until it is told to stop."""
    node.main([str(node_toml), *([service] if service else [])])
    return 0
