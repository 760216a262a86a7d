"""What the two local servers have in common: found again, started, waited for, stopped."""

from __future__ import annotations

import os
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from app.local import processes
from app.local.accounts import Account
from app.local.errors import DiskFullError, LocalError
from app.local.instance import disk_full_sentence
from app.local.locks import locked
from app.local.processes import ProcessRef

LOG_LIMIT = 20 * 2**20
STARTS_TRIED = 20
NO_SPACE = "No space left on device"


class Server(ABC):
    """A server process that outlives us when we are killed, and is adopted by the next start.

    ``home`` holds its data, its lock and the note of its process. It writes to a log file, not
    to a pipe, so that our death doesn't break it. All steps that start or stop hold a lock, so
    several processes may call at once.
    """

    title: str
    stop_steps: Sequence[tuple[int, float]]

    def __init__(self, home: Path, log: Path) -> None:
        self.home = home.absolute()
        self.log = log
        self._started: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @abstractmethod
    def prepare(self) -> None:
        """Make the data folder and settings; safe to repeat, also while the server runs."""

    @abstractmethod
    def ready(self) -> bool:
        """Tell whether the server answers now; quick."""

    @abstractmethod
    def _command(self) -> tuple[list[str], Account]:
        """Give the command of the server and the account to run it under."""

    @abstractmethod
    def _found(self) -> ProcessRef | None:
        """Find a running server of this home that our own note doesn't know."""

    @property
    def lock(self) -> Path:
        return self.home / "lock"

    @property
    def keep_mark(self) -> Path:
        """Exists while the server is to go on without a runtime (``run.py db``)."""
        return self.home / "keep"

    @property
    def _note(self) -> Path:
        return self.home / "process.json"

    def process(self) -> ProcessRef | None:
        """Give the server's process if it runs."""
        if self._started is not None:
            self._started.poll()  # reaps it when it has ended
        return processes.load(self._note) or self._found()

    def ensure_process(self) -> bool:
        """Start the process unless it runs already; tells whether it was started by this call.

        Doesn't wait until it answers: see :meth:`ready` and :meth:`start`.
        """
        self._make_home()
        with locked(self.lock):
            self.prepare()
            if (found := self.process()) is not None:
                processes.save(self._note, found)
                return False
            self._spawn()
            return True

    def start(self, timeout: float = 60.0) -> None:
        """Start or adopt the server and wait until it answers; :class:`LocalError` if it can't."""
        for _ in range(STARTS_TRIED):
            ours = self.ensure_process()
            if not processes.wait(lambda: self.ready() or not self.process(), timeout):
                raise LocalError(f"{self.title} doesn't answer after {timeout:.0f} s: {self.log}")
            if self.ready():
                return
            if ours and not self.may_retry():
                break
        raise self.explained()

    def stop(self) -> bool:
        """End the server cleanly, by force when it doesn't obey; tells whether one was running."""
        if not self.home.is_dir():
            return False
        with locked(self.lock):
            ref = self.process()
            if ref is not None and not self._end(ref):
                raise LocalError(f"{self.title} (process {ref.pid}) can't be stopped.")
            if self._started is not None:
                self._started.wait()
                self._started = None
            self._note.unlink(missing_ok=True)
            self.keep_mark.unlink(missing_ok=True)
            return ref is not None

    def failure(self) -> str:
        """Give the last important line the server wrote since it was started."""
        lines = self._new_log().splitlines()
        important = [line for line in lines if any(word in line for word in self._alarms())]
        return (important or lines or ["it wrote nothing"])[-1].strip()

    def explained(self) -> LocalError:
        """Turn what the server wrote into an error with one sentence."""
        if NO_SPACE in self._new_log():
            return DiskFullError(disk_full_sentence(self.home, f"{self.title} stopped"))
        return LocalError(f"{self.title} doesn't start: {self.failure()}")

    def may_retry(self) -> bool:
        """Tell whether the last failure goes away by itself."""
        return False

    def _alarms(self) -> tuple[str, ...]:
        return ("FATAL", "PANIC", NO_SPACE)

    def _end(self, ref: ProcessRef) -> bool:
        for number, seconds in self.stop_steps:
            processes.send(ref, number)
            if processes.wait(lambda: self._gone(ref), seconds):
                return True
        return False

    def _gone(self, ref: ProcessRef) -> bool:
        if self._started is not None:
            self._started.poll()
        return not ref.alive()

    def _make_home(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)

    def _spawn(self) -> None:
        command, account = self._command()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        trim_log(self.log)
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            try:
                self._started = subprocess.Popen(  # noqa: S603 - our own server
                    command,
                    cwd=self.home,
                    env=clean_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    **account.run_as(),
                )
            except OSError as error:
                raise LocalError(f"{self.title} can't be started: {error}") from None
        if ref := processes.reference(self._started.pid):
            processes.save(self._note, ref)

    def _new_log(self) -> str:
        try:
            with self.log.open("rb") as log:
                log.seek(self._log_start)
                return log.read(2**20).decode(errors="replace")
        except OSError:
            return ""


def clean_environment() -> dict[str, str]:
    """Give our environment without what would redirect a PostgreSQL program."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def trim_log(path: Path) -> None:
    """Empty a log that has grown too large, keeping the old text once as ``.1``."""
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(path.suffix + ".1"))
