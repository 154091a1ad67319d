"""Whom PostgreSQL runs as. It refuses to run as root, and root is who people are in a container."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from libs.servers.errors import ServerFailed


@dataclass(frozen=True, slots=True)
class Account:
    """reach: the way to the files leads through folders closed to this user (a clone in /root)."""

    uid: int
    gid: int
    reach: bool


def account_for(stored: Path, program: Path) -> Account | None:
    """Whoever owns the stored cluster, else `nobody`; None when we are a plain user and run it ourselves.

    No user is added to the machine and no folder on the way is opened, as the wheel's own start would do.
    Raises ServerFailed when the cluster belongs to somebody we cannot become.
    """
    owner = stored.stat().st_uid if stored.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise ServerFailed(
                f"The database in {stored} belongs to another user of this machine (number {owner}). Nothing was "
                "touched. Start it as that user (or as root, if root made it), or choose another folder."
            )
        return None
    try:
        user = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError:
        raise ServerFailed(
            "PostgreSQL refuses to run as root, and this machine has no user `nobody` to run it as. Nothing was "
            "touched. Start it again as a plain user."
        ) from None
    open_to_all = all(_may_pass(path, user.pw_uid) for path in (stored.parent.resolve(), program.resolve()))
    return Account(user.pw_uid, user.pw_gid, reach=not open_to_all)


def hand_over(path: Path, account: Account | None) -> None:
    """Make `account` the owner of a fresh file or folder."""
    if account is None:
        return
    try:
        os.chown(path, account.uid, account.gid)
    except OSError as error:
        raise ServerFailed(
            "PostgreSQL refuses to run as root, and this container does not let us become another user "
            f"({error.strerror}). Nothing was touched. Start it again as a plain user."
        ) from error


def _may_pass(path: Path, uid: int) -> bool:
    for step in (path, *path.parents):
        status = step.stat()
        needed = stat.S_IXUSR if status.st_uid == uid else stat.S_IXOTH
        if not status.st_mode & needed:
            return False
    return True
