"""Start, recognise and end processes, sure that a pid still is the process we mean.

A pid alone may have been given to another process since it was written down, so a process is
named by its pid and its start time.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.02
_PROC = Path("/proc")
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class ProcessRef:
    """One process for good: ``started`` differs when the pid has been given away again."""

    pid: int
    started: str

    def alive(self) -> bool:
        """Tell whether this very process still runs; a zombie doesn't."""
        return reference(self.pid) == self


def reference(pid: int) -> ProcessRef | None:
    """Give the running process of that pid, ``None`` when there is none or only a zombie."""
    started = _started_linux(pid) if (_PROC / "self/stat").exists() else _started_by_ps(pid)
    return ProcessRef(pid, started) if started else None


def exists(pid: int) -> bool:
    """Tell whether the system still has that pid, be it a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _started_linux(pid: int) -> str | None:
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    if fields[0] in ("Z", "X"):
        return None
    boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}:{fields[19]}"


def _started_by_ps(pid: int) -> str | None:
    state, _, started = _ps(pid, "stat=,lstart=").partition(" ")
    return started.strip() if state and not state.startswith("Z") else None


def _ps(pid: int, columns: str) -> str:
    command = ["ps", "-o", columns, "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 - fixed command, our own pid


def command_line(pid: int) -> str:
    """Give the arguments of a process in one string, empty when it is gone."""
    try:
        raw = (_PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return "" if (_PROC / "self/stat").exists() else _ps(pid, "args=")
    return raw.replace(b"\0", b" ").decode(errors="replace").strip()


def save(path: Path, ref: ProcessRef) -> None:
    """Write down a process so that a later start recognises it; atomic."""
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(ref)))
    fresh.replace(path)


def load(path: Path) -> ProcessRef | None:
    """Give the process written down at ``path`` if it still runs."""
    try:
        ref = ProcessRef(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return ref if ref.alive() else None


def send(ref: ProcessRef, number: int, *, group: bool = False) -> None:
    """Signal a process (or its group, which it must lead) if it still is the one we mean."""
    if ref.alive():
        with suppress(ProcessLookupError):
            (os.killpg if group else os.kill)(ref.pid, number)


def wait(gone: Callable[[], bool], seconds: float) -> bool:
    """Poll until ``gone()`` or the time is over; tells which."""
    deadline = time.monotonic() + seconds
    while not gone():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def end(ref: ProcessRef, steps: Sequence[tuple[int, float]], *, group: bool = False) -> bool:
    """Send each signal in turn, waiting its seconds for the process to go; tells success."""
    for number, seconds in steps:
        send(ref, number, group=group)
        if wait(lambda: not ref.alive(), seconds):
            return True
    return False


ASK_THEN_KILL = ((signal.SIGTERM, 8.0), (signal.SIGKILL, 5.0))


def die_with_parent() -> Callable[[], None] | None:
    """Give a hook for a child that makes Linux end it (SIGTERM) when we die, even by kill -9."""
    libc, parent = _LIBC, os.getpid()
    if libc is None:
        return None

    def hook() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return hook


def spawn_program(
    argv: Sequence[str],
    env: Mapping[str, str],
    *,
    cwd: Path,
    fds: Sequence[int] = (),
    umask: int = -1,
) -> subprocess.Popen[bytes]:
    """Start a child that dies with us, in its own process group, both outputs in one pipe.

    Only to be called from the main thread of a process without other threads.
    """
    return subprocess.Popen(  # noqa: S603 - our own programs
        list(argv),
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        pass_fds=tuple(fds),
        umask=umask,
        preexec_fn=die_with_parent(),  # noqa: PLW1509 - the supervisor has one thread
    )
