"""Packets between an organisation and the hub that nobody delivers and nobody answers. Needs root and `alone`."""

import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from typing import Literal

from tests.faults.ground import ADDRESSES

Way = Literal["both", "to the hub", "from the hub"]


@contextmanager
def cut_off(code: str, way: Way = "both") -> Generator[None]:
    """Nothing gets through this way; connections that stand stay up and fall silent."""
    address = ADDRESSES[code]
    rules = {"to the hub": ["--destination", address], "from the hub": ["--source", address]}
    chosen = list(rules.values()) if way == "both" else [rules[way]]
    for rule in chosen:
        _iptables("--insert", rule)
    try:
        yield
    finally:
        for rule in chosen:
            _iptables("--delete", rule)


def _iptables(what: str, rule: list[str]) -> None:
    subprocess.run(["iptables", "--wait", what, "INPUT", "--protocol", "tcp", *rule, "--jump", "DROP"], check=True)
