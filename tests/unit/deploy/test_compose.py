"""The containers of a node: every service has one, none has more than it needs, and no image gets a secret."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.docker.packages import SERVERS, requirements
from deploy.node import PORTAL, SERVICES

ROOT = Path(__file__).resolve().parents[3]
DOCKER = ROOT / "deploy" / "docker"
SOURCE = "python -m deploy.docker.healthy /etc/spojka/node.toml"
READS = """
import sys
from pathlib import Path
from deploy.node import SERVICES, service
from libs.eventlog.events import REGISTRY
from libs.service import Settings
declared = service(sys.argv[1], Settings.from_file(Path(sys.argv[2])))
known = set(REGISTRY.classes)
for name in {*declared.follows, *(reaction.source for reaction in declared.reactions)}:
    __import__(f"services.{name}.published")
print(*sorted(set(REGISTRY.classes) - known))
"""


def blocks(text: str, indent: int) -> dict[str, str]:
    """The keys of YAML at this indent, each with the text below it."""
    found = re.split(rf"^ {{{indent}}}([\w-]+):", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


@pytest.fixture(scope="module")
def compose() -> dict[str, str]:
    return blocks((DOCKER / "compose.yaml").read_text(encoding="utf-8"), 0)


@pytest.fixture(scope="module")
def containers(compose: dict[str, str]) -> dict[str, str]:
    return blocks(compose["services"], 2)


def test_every_service_has_a_container_of_its_own(containers: dict[str, str]):
    assert set(containers) == {"postgres", "nats", "databases", *SERVICES, PORTAL}
    for name in (*SERVICES, PORTAL):
        assert f"command: [/etc/spojka/node.toml, {name}]" in containers[name]
        assert "<<: *service" in containers[name]


def test_every_container_that_stays_says_whether_it_is_well(containers: dict[str, str]):
    assert [name for name, text in containers.items() if "healthcheck:" not in text] == ["databases"]
    for name in (*SERVICES, PORTAL):
        asked = re.search(r"test: \[CMD, (.*)\]", containers[name])
        assert asked is not None and asked[1].replace(", ", " ") == f"{SOURCE} {name}"


def test_keys_are_mounted_for_reading_only(compose: dict[str, str], containers: dict[str, str]):
    everywhere = compose["x-service"]
    assert "${SPOJKA_FOLDER:?}:/etc/spojka:ro" in everywhere and "read_only: true" in everywhere
    writable = re.findall(r"- \$\{SPOJKA_FOLDER:\?\}(/[^:\s]+):[^:\s]+$", compose["services"], flags=re.MULTILINE)
    assert writable == ["/jetstream", "/keys/hub"]
    assert "/keys/hub:" in containers["courier"]
    assert "tmpfs: [/tmp, /etc/spojka/keys]" in containers[PORTAL]  # hidden from who is called from outside


def test_only_courier_and_portal_reach_outside(containers: dict[str, str]):
    assert [name for name, text in containers.items() if "outside" in text] == ["courier", PORTAL]
    assert [name for name, text in containers.items() if "ports:" in text] == [PORTAL]


def test_no_password_stands_in_the_repository(compose: dict[str, str]):
    lines = [line for line in compose["services"].splitlines() if "PASSWORD" in line or "postgresql://" in line]
    assert len(lines) == 2 and all("${SPOJKA_POSTGRES_PASSWORD:?}" in line for line in lines)


def test_the_image_takes_the_lock_without_the_servers():
    names = {name for name, _ in requirements(ROOT / "requirements.lock")}
    assert {"asyncpg", "nats-py", "faststream"} <= names and not names & {*SERVERS}
    assert all("--hash=sha256:" in entry for _, entry in requirements(ROOT / "requirements.lock"))


def test_the_image_copies_code_and_nothing_else():
    copied = re.findall(r"^COPY (\S+)", (DOCKER / "node.Dockerfile").read_text(), flags=re.MULTILINE)
    assert copied == ["requirements.lock", "deploy/docker/packages.py", "libs", "services", "deploy"]


def test_a_service_alone_knows_all_events_it_may_meet(tmp_path: Path):
    """The courier in its own container stopped reading after the first user was added: it knew no such event.

    In one process with the others it had known it from their imports. A type nobody knows stops a follower, so
    whoever reads a log must have imported all of that service's published events.
    """
    from deploy.commands.node import new

    new(tmp_path / "node", code="pristav", name="Přístav, z. s.", kind="ngo_service", containers=True)
    unknown: dict[str, str] = {}
    for name in SERVICES:
        asked = [sys.executable, "-c", READS, name, str(tmp_path / "node/node.toml")]
        unknown[name] = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    assert unknown == dict.fromkeys(SERVICES, "")
