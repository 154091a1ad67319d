"""Run a command that cannot outlive the process that started it. A script of its own: imports nothing of ours.

    python -I -S leash.py PARENT SIGNAL UID GID REACH COMMAND…

PARENT   id of the process that started us; SIGNAL is what the command gets when that process dies, even by kill -9
UID GID  become this user first; -1 stays who we are
REACH    1: keep the right to pass through folders closed to that user (a clone in /root), and no other

A script and not `preexec_fn`: Python may not run code safely between fork and exec of a process with threads.
Source: prctl(2), capabilities(7); the signal must be asked for after the user changed, which clears it.
"""

import ctypes
import os
import signal
import sys

SET_DEATH_SIGNAL, SET_SECUREBITS, AMBIENT, AMBIENT_RAISE = 1, 28, 47, 2
NO_SETUID_FIXUP = 1 << 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


def main() -> None:
    parent, death, uid, gid = (int(number) for number in sys.argv[1:5])
    reach, command = sys.argv[5] == "1", sys.argv[6:]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)  # a shell's `&` hands SIGINT down as ignored
    try:
        if uid >= 0:
            become(uid, gid, reach)
        if sys.platform == "linux":
            prctl(SET_DEATH_SIGNAL, death)
        if os.getppid() != parent:  # it died before we had asked
            sys.exit(1)
        os.execv(command[0], command)
    except OSError as error:
        sys.stderr.write(f"{command[0]} could not be started: {error}\n")
        sys.exit(126)


def become(uid: int, gid: int, reach: bool) -> None:
    if reach:
        # Keeps capabilities over setuid; without it access(2), which PostgreSQL asks about its own
        # binaries, would answer as if there were none.
        prctl(SET_SECUREBITS, NO_SETUID_FIXUP)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if reach:
        keep_only(CAP_DAC_OVERRIDE)


def keep_only(capability: int) -> None:
    """One capability, handed down to the command; all others are given up."""
    mask = 1 << capability
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)  # effective, permitted, inheritable; twice 32 bits
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.capset(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capset")
    prctl(AMBIENT, AMBIENT_RAISE, capability)


def prctl(option: int, *arguments: int) -> None:
    numbers = [ctypes.c_ulong(number) for number in (*arguments, 0, 0, 0, 0)[:4]]
    if ctypes.CDLL(None, use_errno=True).prctl(option, *numbers) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")


main()
