"""`./spojka demo`: five organisations on this machine, and their story."""

from pathlib import Path


def demo(*, once: bool, data: Path | None) -> int:
    """0 only if every check holds."""
    raise NotImplementedError
