# ruff: noqa: S603, S607 - our own programs
from __future__ import annotations

import os
import signal
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import redis
from psycopg.errors import InsufficientPrivilege

from app.local import postgres_files, processes
from app.local.errors import DiskFullError, LocalError
from app.local.postgres import PostgresServer
from app.local.roles import separate_roles
from app.local.testing import run_folder, shared_test_servers, stop_test_servers
from app.local.valkey import ValkeyServer

pytestmark = pytest.mark.xdist_group("local servers")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    import shutil
    import tempfile
    from pathlib import Path

    made = Path(tempfile.mkdtemp(prefix="qt-", dir="/tmp"))
    made.chmod(0o711 if os.geteuid() == 0 else 0o700)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def the_server(folder):
    server = PostgresServer(folder / "postgres", durable=False)
    yield server
    server.stop()


@pytest.fixture
def postgres(the_server):
    the_server.start()
    return the_server


@pytest.fixture
def valkey(reachable_folder):
    server = ValkeyServer(reachable_folder / "valkey")
    server.start()
    yield server
    server.stop()


def _who(url):
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()


def test_the_owner_may_make_databases_but_is_not_superuser(postgres):
    assert _who(postgres.owner_url()) == ("qhatu_owner", False, False, True)


def test_the_application_may_make_nothing(postgres):
    assert _who(postgres.url()) == ("qhatu", False, False, False)
    with psycopg.connect(postgres.url()) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (id int)")


def test_tables_of_the_time_with_one_role_are_handed_to_the_owner(reachable_folder):
    server = PostgresServer(reachable_folder / "postgres", durable=False)
    server.start()
    with psycopg.connect(server.url(user="postgres"), autocommit=True) as connection:
        connection.execute("ALTER DATABASE qhatu OWNER TO qhatu")
        connection.execute("ALTER ROLE qhatu CREATEDB")
        connection.execute("DROP ROLE qhatu_owner")
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE SCHEMA sales CREATE TABLE orders (id int)")
    first, second = separate_roles(server), separate_roles(server)
    with psycopg.connect(server.owner_url()) as connection:
        connection.execute("DROP TABLE sales.orders")
    who = _who(server.url())
    with psycopg.connect(server.url()) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute("CREATE SCHEMA mine")
    server.stop()
    assert (first, second) == (True, False)
    assert who == ("qhatu", False, False, False)


def test_text_is_utf_8_and_upper_case_knows_accents(postgres):
    with psycopg.connect(postgres.url()) as connection:
        assert connection.execute("SELECT upper('ñandú')").fetchone() == ("ÑANDÚ",)


def test_it_listens_on_no_network_address(postgres):
    with psycopg.connect(postgres.url("postgres", user="postgres")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW fsync").fetchone() == ("off",)


def test_a_durable_server_syncs(postgres):
    command, _ = PostgresServer(postgres.home)._command()
    assert not any("fsync" in argument for argument in command)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to be somebody else")
def test_another_user_of_the_machine_is_not_let_in(postgres):
    psql = postgres.programs() / "psql"
    tried = subprocess.run(
        [psql, postgres.url(), "-c", "SELECT 1"],
        user=2,
        group=2,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Permission denied" in tried.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to be somebody else")
def test_the_service_account_itself_is_not_let_in(postgres):
    tried = subprocess.run(
        [postgres.programs() / "psql", postgres.url(), "-c", "SELECT 1"],
        **postgres.account().run_as(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "authentication failed" in tried.stderr


def test_it_is_adopted_by_the_next_start(postgres):
    other = PostgresServer(postgres.home, durable=False)
    assert other.ensure_process() is False
    assert other.process() == postgres.process()


def test_it_is_found_without_our_note(postgres):
    postgres._note.unlink()
    assert PostgresServer(postgres.home, durable=False).process() == postgres.process()
    postgres.ensure_process()


def test_committed_rows_survive_kill_9(reachable_folder):
    server = PostgresServer(reachable_folder / "postgres")
    server.start()
    with psycopg.connect(server.owner_url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    killed = server.process()
    os.kill(killed.pid, signal.SIGKILL)
    assert processes.wait(lambda: not killed.alive(), 10), "a kill takes effect a moment later"
    server.start()
    with psycopg.connect(server.owner_url()) as connection:
        kept = connection.execute("SELECT one FROM kept").fetchone()
    server.stop()
    assert kept == (1,)


def test_a_stale_pid_file_that_names_another_program_is_removed(postgres):
    postgres.stop()
    stale = postgres.data / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{postgres.data}\n1\n5432\n\n\n\nready\n")
    os.chown(stale, postgres.account().uid, -1)
    assert not postgres.ready()
    postgres.start()
    assert postgres.process().pid != os.getpid()


def test_many_starts_at_once_give_one_server(postgres):
    postgres.stop()
    servers = [PostgresServer(postgres.home, durable=False) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(PostgresServer.start, servers))
    assert len({server.process() for server in servers}) == 1


def test_data_of_another_major_version_are_told_in_a_sentence(postgres):
    version = postgres.data / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(LocalError, match="made by PostgreSQL 17 and this is 18"):
        postgres.prepare()
    version.write_text("18\n")


def test_a_full_disk_is_recognised_in_what_the_server_wrote(postgres):
    with postgres.log.open("a") as log:
        log.write("FATAL:  could not write: No space left on device\n")
    assert isinstance(postgres.explained(), DiskFullError)
    os.truncate(postgres.log, 0)


def test_a_bad_setting_is_told_with_the_reason(reachable_folder):
    server = PostgresServer(
        reachable_folder / "postgres", durable=False, settings={"max_connections": "none"}
    )
    with pytest.raises(LocalError, match="max_connections"):
        server.start()


def test_a_cluster_left_half_made_is_made_again(reachable_folder):
    account = PostgresServer(reachable_folder / "postgres").account()
    half = reachable_folder / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    programs = postgres_files.readable_by(account)
    postgres_files.make_cluster(programs, reachable_folder / "data", account, sync=False)
    assert (reachable_folder / "data" / "PG_VERSION").exists()
    assert not half.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root uses another account")
def test_root_keeps_the_data_elsewhere_when_the_folder_is_private(tmp_path, monkeypatch, folder):
    monkeypatch.setattr(postgres_files, "SYSTEM_FOLDER", folder / "system")
    tmp_path.chmod(0o700)
    server = PostgresServer(tmp_path / "postgres", durable=False)
    server.start()
    try:
        assert server.home.is_symlink()
        assert server.home.resolve().parent == folder / "system"
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root uses another account")
def test_the_programs_are_copied_when_the_other_account_cannot_read_them(
    folder, monkeypatch, postgres
):
    monkeypatch.setattr(postgres_files, "SYSTEM_FOLDER", folder / "copies")
    usable = postgres_files._usable
    wheel = postgres_files.installed()
    monkeypatch.setattr(
        postgres_files, "_usable", lambda place, who: place != wheel and usable(place, who)
    )
    copied = postgres_files.readable_by(postgres.account())
    assert copied.is_relative_to(folder / "copies")
    done = subprocess.run(
        [copied / "bin/postgres", "--version"], **postgres.account().run_as(), check=False
    )
    assert done.returncode == 0


def test_valkey_listens_on_a_private_socket_only(valkey):
    client = redis.Redis.from_url(valkey.url())
    assert client.config_get("port") == {"port": "0"}
    assert stat.S_IMODE(valkey.socket_path().parent.stat().st_mode) == 0o700


def test_valkey_keeps_its_data_over_a_clean_stop(valkey):
    redis.Redis.from_url(valkey.url()).set("session", "kept")
    valkey.stop()
    valkey.start()
    assert redis.Redis.from_url(valkey.url()).get("session") == b"kept"


def test_valkey_starts_again_after_kill_9(valkey):
    old = valkey.process()
    os.kill(old.pid, signal.SIGKILL)
    valkey.start()
    assert valkey.process() != old


def test_valkey_is_found_without_our_note(valkey):
    valkey._note.unlink()
    assert ValkeyServer(valkey.home).process() == valkey.process()
    valkey.ensure_process()


def test_test_servers_are_shared_and_swept_when_their_owner_is_gone():
    owner = subprocess.Popen(["sleep", "60"])
    root = run_folder(f"shared-{os.getpid()}")
    first = shared_test_servers(root, owner=owner.pid)
    again = shared_test_servers(root, owner=owner.pid)
    running = first.postgres.process()
    assert running == again.postgres.process()
    owner.kill()
    owner.wait()
    others = [run_folder(f"other-{number}-{os.getpid()}") for number in range(2)]
    with ThreadPoolExecutor(2) as pool:  # two runs find what is left at the same moment
        list(pool.map(shared_test_servers, others))
    for other in others:
        stop_test_servers(other)
    assert not running.alive()
    assert not root.exists()


def test_a_stopped_server_has_no_process(postgres):
    ref = postgres.process()
    assert postgres.stop() is True
    assert not ref.alive()
    assert postgres.process() is None
    assert processes.load(postgres._note) is None
    assert postgres.stop() is False
