"""What the embedded servers and their supervisor survive: kill -9, leftovers, neighbours."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from deploy.local.program import Program
from deploy.local.supervisor import Supervisor
from libs.servers import AlreadyRunning, EmbeddedNats, EmbeddedPostgres, ServerFailed
from libs.servers.child import strays

ROOT = Path(__file__).resolve().parents[2]


def test_what_was_committed_survives_kill_9(own_postgres: EmbeddedPostgres):
    url = own_postgres.create_database("cases")
    ask(url, "create table letter as select 7 as number")
    own_postgres.kill()
    own_postgres.start()
    assert own_postgres.url("cases") == url
    assert ask(url, "select number from letter") == 7


def test_a_pid_file_with_a_strangers_number_does_not_stop_the_start(own_postgres: EmbeddedPostgres):
    """After a reboot or in a fresh container the number in the file is anybody's."""
    own_postgres.kill()
    left = own_postgres.stored / "postmaster.pid"
    lines = left.read_text().splitlines()
    left.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    own_postgres.start()
    assert own_postgres.alive


def test_a_set_up_that_was_interrupted_is_made_anew(tmp_path: Path):
    half = tmp_path / "postgres/data.new/base"
    half.mkdir(parents=True)
    with EmbeddedPostgres(tmp_path / "postgres") as server:
        assert ask(server.create_database("cases"), "select 1") == 1
        assert not half.exists()


def test_one_folder_has_one_server(own_postgres: EmbeddedPostgres):
    with pytest.raises(AlreadyRunning, match=f"pid {os.getpid()}"):
        EmbeddedPostgres(own_postgres.folder).start()
    assert own_postgres.alive


def test_a_service_is_no_superuser_and_needs_its_password(own_postgres: EmbeddedPostgres):
    url = own_postgres.create_database("cases")
    assert ask(url, "select usesuper from pg_user where usename = current_user") is False
    password = json.loads((own_postgres.folder / "passwords").read_text())["spojka"]
    with pytest.raises(asyncpg.InvalidPasswordError):
        ask(url.replace(password, "guess"), "select 1")
    assert (own_postgres.folder / "passwords").stat().st_mode & 0o077 == 0


def test_pages_carry_checksums_and_commits_are_durable(own_postgres: EmbeddedPostgres):
    settings = ask(
        own_postgres.create_database("cases"),
        "select string_agg(current_setting(name), ' ') from unnest(array"
        "['data_checksums', 'fsync', 'synchronous_commit', 'full_page_writes']) as name",
    )
    assert settings == "on on on on"


def test_an_error_leaves_its_values_out_of_the_log(own_postgres: EmbeddedPostgres):
    url = own_postgres.create_database("cases")
    ask(url, "create table person (name text primary key)")
    ask(url, "insert into person values ('Kanárek')")
    with pytest.raises(asyncpg.UniqueViolationError):
        ask(url, "insert into person values ('Kanárek')")
    with pytest.raises(asyncpg.InvalidTextRepresentationError):
        ask(url, "select 'Kanárek'::text::int")
    own_postgres.stop()
    log = own_postgres.log.read_text()
    assert "database system is shut down" in log
    assert "Kanárek" not in log


def test_nats_moves_when_its_port_is_taken(tmp_path: Path):
    with EmbeddedNats(tmp_path) as server:
        before = server.url
        server.stop()
        server.start()
        assert server.url == before  # clients know it
        server.stop()
        with socket.socket() as stranger:
            stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            stranger.bind(("127.0.0.1", int(before.rsplit(":", 1)[1])))
            stranger.listen()
            server.start()
            assert server.url != before


def test_a_mistake_in_the_configuration_of_nats_is_told_and_the_old_one_kept(tmp_path: Path):
    with EmbeddedNats(tmp_path, "max_payload: 300KB") as server:
        server.config = "max_payload: {"
        with pytest.raises(ServerFailed, match="mistake"):
            server.reload()
        server.config = "max_payload: 400KB"
        server.reload()
        server.config = "max_payload: {"
        server.stop()
        with pytest.raises(ServerFailed, match="Parse error"):
            server.start()


def test_what_dies_is_started_again_and_a_line_says_so(tmp_path: Path):
    said: list[str] = []
    with Supervisor(tmp_path, said.append) as supervisor:
        server, program = EmbeddedNats(tmp_path / "nats", name="NATS of Maják"), sleeper(tmp_path)
        supervisor.start(server)
        supervisor.start(program)
        before = server.pid, program.pid
        server.kill()
        program.kill()
        until(lambda: server.alive and program.alive)
        assert (server.pid, program.pid) != before
        assert len(said) == 2
        assert any("NATS of Maják" in line for line in said)
    assert not server.alive
    assert not program.alive


def test_what_is_held_stays_down(tmp_path: Path):
    with Supervisor(tmp_path, lambda _: None) as supervisor:
        program = sleeper(tmp_path)
        supervisor.start(program)
        supervisor.hold(program, kill=True)
        time.sleep(0.5)  # the keeper has looked several times
        assert not program.alive
        supervisor.release(program)
        assert program.alive


def test_a_program_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path):
    broken = Program(
        "node of Maják", [sys.executable, "-c", "raise SystemExit('no key')"], log=tmp_path / "log", ready=no
    )
    with Supervisor(tmp_path, lambda _: None) as supervisor, pytest.raises(ServerFailed, match="no key"):
        supervisor.start(broken)


def test_two_demonstrations_in_one_folder_do_not_meet(tmp_path: Path):
    with Supervisor(tmp_path), pytest.raises(AlreadyRunning), Supervisor(tmp_path):
        pass


SUPERVISED = """
import sys
from pathlib import Path
from deploy.local.program import Program
from deploy.local.supervisor import Supervisor
from libs.servers import EmbeddedNats, EmbeddedPostgres
folder = Path(sys.argv[1])
with Supervisor(folder) as keep:
    keep.start(EmbeddedPostgres(folder / "postgres"), EmbeddedNats(folder / "nats"))
    keep.start(Program("sleeper", ["/bin/sleep", "1000"], folder=folder, log=folder / "log"))
    print("up", flush=True)
    keep.wait()
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_whatever_ends_the_supervisor_nothing_is_left_running(number: signal.Signals, tmp_path: Path):
    for _ in range(2):  # and the folder can be used again at once
        supervisor = subprocess.Popen(
            [sys.executable, "-c", SUPERVISED, str(tmp_path)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert supervisor.stdout is not None and supervisor.stdout.readline() == b"up\n"
            until(lambda: len(running(tmp_path)) == 3)
            supervisor.send_signal(number)
            supervisor.wait(20)
            supervisor.stdout.close()
        finally:
            supervisor.kill()
        if number != signal.SIGKILL:
            assert running(tmp_path) == []
    until(lambda: running(tmp_path) == [])
    with EmbeddedPostgres(tmp_path / "postgres") as server:
        assert server.alive


def test_a_run_of_tests_hears_of_the_end_of_who_began_it(tmp_path: Path):
    """As of Ctrl-C, also where a shell's `&` has it ignored: then it takes its servers down."""
    run = "import time\ntry: open('begun', 'w').close(); time.sleep(60)\nfinally: open('ended', 'w').close()"
    began = (
        "import signal, subprocess, sys; from libs.servers.child import leashed\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        f"subprocess.run(leashed([sys.executable, '-c', {run!r}], signal.SIGINT))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", began], cwd=tmp_path, env=environment) as beginner:
        until((tmp_path / "begun").exists)
        beginner.kill()
    until((tmp_path / "ended").exists, 5)


def running(folder: Path) -> list[str]:
    """Postmaster, NATS, and the program."""
    found = {
        "postgres": strays("postgres", folder / "postgres/data"),
        "nats": strays("nats-server", folder / "nats"),
        "program": strays("sleep", folder),
    }
    return [name for name, pids in found.items() if pids]


def sleeper(folder: Path) -> Program:
    return Program(
        "node of Maják", [sys.executable, "-c", "import time; time.sleep(1000)"], log=folder / "logs/node.log"
    )


def no() -> bool:
    return False


def until(holds: Callable[[], bool], limit_s: float = 20) -> None:
    deadline = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def ask(url: str, statement: str) -> Any:
    async def asked() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(asked())
