# ruff: noqa: S603 - our own programs
from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from app.local import processes
from app.local.processes import ProcessRef


@pytest.fixture
def sleeper():
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


def test_a_running_process_is_recognised(sleeper, tmp_path):
    ref = processes.reference(sleeper.pid)
    processes.save(tmp_path / "note.json", ref)
    assert processes.load(tmp_path / "note.json") == ref


def test_a_pid_given_to_another_process_is_not_taken_for_the_old_one(sleeper, tmp_path):
    processes.save(tmp_path / "note.json", ProcessRef(sleeper.pid, "earlier"))
    assert processes.load(tmp_path / "note.json") is None


def test_a_zombie_counts_as_ended(sleeper):
    ref = processes.reference(sleeper.pid)
    sleeper.kill()
    assert processes.wait(lambda: not ref.alive(), 5)


def test_a_signal_is_not_sent_to_another_process(sleeper):
    processes.send(ProcessRef(sleeper.pid, "earlier"), signal.SIGKILL)
    assert processes.reference(sleeper.pid)


def test_a_broken_note_is_no_process(tmp_path):
    (tmp_path / "note.json").write_text("{")
    assert processes.load(tmp_path / "note.json") is None


def test_a_command_line_has_the_arguments(sleeper):
    assert processes.wait(lambda: "time.sleep(60)" in processes.command_line(sleeper.pid), 5)


def test_a_process_that_ignores_the_first_signal_gets_the_next():
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True)"
    stubborn = subprocess.Popen(
        [sys.executable, "-c", f"{code}; time.sleep(60)"], stdout=subprocess.PIPE
    )
    stubborn.stdout.readline()
    ref = processes.reference(stubborn.pid)
    assert processes.end(ref, ((signal.SIGTERM, 0.1), (signal.SIGKILL, 5.0)))
    assert stubborn.wait() == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can do this")
def test_a_program_ends_when_its_starter_is_killed():
    code = (
        "import sys; sys.path.insert(0, '.'); from pathlib import Path\n"
        "from app.local.processes import spawn_program\n"
        "child = spawn_program(['sleep', '60'], {'PATH': '/usr/bin:/bin'}, cwd=Path('.'))\n"
        "print(child.pid, flush=True); child.wait()"
    )
    starter = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    child = processes.reference(int(starter.stdout.readline()))
    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()
    assert processes.wait(lambda: not child.alive(), 5)
