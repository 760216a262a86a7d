"""The whole runtime, really started, killed and started again."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import suppress

import psycopg
import pytest

from app.local import processes

pytestmark = pytest.mark.xdist_group("local runtime")
PARTS = ("web", "worker", "cron", "mail", "sunat")


def answers(url):
    with suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=20) as answer:  # noqa: S310 - ours
        return json.load(answer)["pid"]
    return None


def note(standin, name):
    folders = {"postgres": "postgres/process.json", "valkey": "valkey/process.json"}
    return processes.load(standin.instance / folders.get(name, f"run/{name}.json"))


def count_sales(standin):
    url = standin.call("db", "--print-url").stdout.splitlines()[-1]
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT count(*) FROM sales").fetchone()[0]


def started(standin, *arguments, **env):
    standin.run(*arguments, **env)
    standin.wait_for("cron works")
    standin.wait_for("worker works")
    return standin


def wait_for_new(standin, name, old):
    def changed():
        ref = note(standin, name)
        return ref if ref and ref != old else None

    assert processes.wait(lambda: changed() is not None, 40), standin.output()


def test_it_starts_sets_up_greets_and_stops(standin):
    started(standin)
    assert "set up done" in standin.output()
    assert "demo done" in standin.output()
    assert "admin / admin" in standin.output()
    assert answers(standin.url())
    refs = [note(standin, name) for name in (*PARTS, "postgres", "valkey")]
    assert standin.stop() == 0
    assert not any(ref.alive() for ref in refs)
    second = started(standin)
    assert "set up" not in second.output()
    assert "demo" not in second.output()


def test_each_part_is_started_again_after_kill_9(standin):
    started(standin)
    for name in (*PARTS, "postgres", "valkey"):
        old = note(standin, name)
        os.kill(old.pid, signal.SIGKILL)
        wait_for_new(standin, name, old)
        assert f"{name:<8} | ended" in standin.output()
    assert processes.wait(lambda: answers(standin.url()) is not None, 20)
    assert standin.stop() == 0


def test_after_kill_9_of_the_runtime_the_next_start_takes_over(standin):
    started(standin, "--port", "18477")
    postgres = note(standin, "postgres")
    standin.started[-1].kill()
    standin.started[-1].wait()
    started(standin, "--port", "18477")
    assert note(standin, "postgres") == postgres
    assert "running already" in standin.output()
    assert standin.stop() == 0
    assert not postgres.alive()


def test_after_kill_9_of_everything_nothing_is_lost(standin):
    started(standin)
    for name in ("postgres", "valkey", *PARTS):
        os.kill(note(standin, name).pid, signal.SIGKILL)
    standin.started[-1].kill()
    standin.started[-1].wait()
    started(standin)
    assert count_sales(standin) == 10
    assert standin.stop() == 0


def test_a_second_start_is_refused_in_one_sentence(standin):
    started(standin)
    second = standin.call()
    assert second.returncode == 2
    assert standin.url() in second.stderr
    assert len(second.stderr.splitlines()) == 1


def test_a_taken_port_is_told_in_one_sentence(standin):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = standin.call("--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "is taken" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_database_alone_is_started_kept_adopted_and_stopped(standin):
    first = standin.call("db", "--print-url")
    assert first.returncode == 0, first.stderr
    url = first.stdout.splitlines()[-1]
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == [("one",)]
    kept = note(standin, "postgres")
    started(standin)
    assert note(standin, "postgres") == kept
    assert "demo done" in standin.output()
    assert "stop it first" in standin.call("db", "--stop").stderr
    standin.stop()
    assert kept.alive()
    assert standin.call("db", "--stop").stdout == "PostgreSQL is stopped.\n"
    assert not kept.alive()


def test_no_demo_is_remembered(standin):
    started(standin, "--no-demo")
    standin.stop()
    started(standin)
    assert "demo" not in standin.output()
    assert count_sales(standin) == 0


def test_reset_needs_a_yes_and_deletes_all_data(standin):
    started(standin)
    standin.stop()
    assert "add --yes" in standin.call("--reset").stderr
    started(standin, "--reset", "--yes", "--no-demo")
    assert count_sales(standin) == 0


def test_a_failed_set_up_is_told(standin):
    done = standin.call(STANDIN_SETUP_FAILS="1")
    assert done.returncode == 2
    assert "the seed is wrong" in done.stdout
    assert done.stderr == "The set-up of the database failed: see the lines above.\n"


def test_a_web_process_that_never_starts_is_told(standin):
    done = standin.call(STANDIN_WEB_FAILS="1")
    assert done.returncode == 2
    assert "broken on purpose" in done.stdout
    assert done.stderr == "The web process doesn't start: see its lines above.\n"


def test_external_servers_are_used_and_checked(standin):
    url = standin.call("db", "--print-url").stdout.splitlines()[-1]
    other = {"QHATU_INSTANCE": str(standin.root / "other"), "DATABASE_URL": url}
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'older'")
    behind = standin.call("--only", "web", **other)
    assert behind.returncode == 2
    assert "at migration older" in behind.stderr
    assert "python run.py setup" in behind.stderr
    assert standin.call("setup", **other).returncode == 0
    started(standin, **other)
    assert "demo" not in standin.output()
    assert not (standin.root / "other" / "postgres").exists()
    assert standin.stop() == 0
    gone = standin.call(**(other | {"DATABASE_URL": "postgresql://u:p@127.0.0.1:1/x"}))
    assert gone.returncode == 2
    assert "can't be used" in gone.stderr
    assert "u:p" not in gone.stderr


def test_missing_packages_are_told_in_one_sentence(standin):
    python = [sys.executable, "-S", "run.py"]  # -S: without installed packages
    done = subprocess.run(python, cwd=standin.root, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    assert done.returncode == 2
    assert done.stderr == "The packages of Qhatu aren't installed: start with `make run`.\n"
