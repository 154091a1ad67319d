"""F12: the version before and this one, side by side and after each other."""

import asyncio
import subprocess
import sys
from pathlib import Path

from deploy.demo.people import MESTO, NIT
from deploy.local.folder import ROOT
from tests.faults.desks import Desks

PREVIOUS = Path(__file__).parents[1] / "previous.txt"
"""The commit of the version before: moved on with every release."""


async def two_versions_meet(desks: Desks) -> None:
    """The town still has the version before; then it is upgraded, rolled back with work under way, upgraded again."""
    town, nit = desks.network.nodes[MESTO.code].program, desks.network.nodes[NIT.code].program
    today, folder = town.command, town.folder
    before = desks.ground.folder / "version-before"
    await asyncio.to_thread(_git, "worktree", "add", "--detach", "--quiet", str(before), _previous())
    older = [sys.executable, "-m", "deploy.node", *today[today.index(next(a for a in today if "node.toml" in a)) :]]
    try:
        for command, place in ((older, before), (today, folder), (older, before), (today, folder)):
            crossing = [await desks.refer() for _ in range(2)]
            await desks.hold(town)
            town.command, town.folder = tuple(command), place
            await desks.release(town)
            await asyncio.gather(*[desks.carry_out(one) for one in (*crossing, await desks.refer())])
        assert nit.alive
    finally:
        town.command, town.folder = today, folder
        await asyncio.to_thread(_git, "worktree", "remove", "--force", str(before))


def no_version_before() -> str | None:
    try:
        _git("cat-file", "-e", f"{_previous()}^{{commit}}")
    except (OSError, subprocess.CalledProcessError):
        return "needs the history of the repository, in which the version before is; this clone has it not"
    return None


def _previous() -> str:
    return PREVIOUS.read_text().strip()


def _git(*arguments: str) -> None:
    subprocess.run(["git", "-C", str(ROOT), *arguments], check=True, capture_output=True)
