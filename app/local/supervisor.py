"""Watches the parts of the runtime: shows their lines, starts again what ends, stops all.

One thread: nothing here blocks for long but the stop of a server. Signals only set a flag.
"""

from __future__ import annotations

import os
import selectors
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

from app.local.console import Console
from app.local.errors import LocalError
from app.local.parts import Part, Program
from app.local.server import NO_SPACE

ROUND_SECONDS = 0.2
STEADY_SECONDS = 30.0  # a part that ran so long starts with a clean record
FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
FAILURES_AT_START = 3
DISK_FULL_SILENCE = 60.0
PROGRAM_STOP_SECONDS = 10.0


class StopRequestedError(Exception):
    """The person or the machine asked us to stop while something was being prepared."""


@dataclass(slots=True)
class _Watched:
    part: Part
    started_at: float = 0.0
    restart_at: float | None = None
    failures: int = 0


class Supervisor:
    """Owns the parts from :meth:`start` to :meth:`stop_all`."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.stop_signals = 0
        self._watched: list[_Watched] = []
        self._disk_full_said_until = 0.0
        self._wake_read, self._wake_write = os.pipe()
        for end in (self._wake_read, self._wake_write):
            os.set_blocking(end, False)

    def catch_signals(self) -> None:
        """Turn the usual signals into a request to stop, and wake up when a child ends."""
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_requested)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)

    def parts(self) -> list[Part]:
        """Give the watched parts in the order they were started."""
        return [watched.part for watched in self._watched]

    def start(self, part: Part) -> None:
        """Start a part and watch it from now on."""
        watched = _Watched(part, started_at=time.monotonic())
        part.start()
        self._watched.append(watched)

    def wait_ready(self, parts: Sequence[Part], *, patience: float = 20.0) -> None:
        """Work until all are ready; :class:`LocalError` when one fails again and again.

        There is no time limit (a recovery may take long), but every ``patience`` seconds a line.
        """
        waiting, reminder = list(parts), time.monotonic() + patience
        while waiting:
            self.round()
            waiting = [part for part in waiting if not part.ready()]
            for watched in self._watched:
                if watched.part in waiting and watched.failures >= FAILURES_AT_START:
                    raise watched.part.trouble()
            if waiting and time.monotonic() > reminder:
                names = ", ".join(part.name for part in waiting)
                self.console.say(f"still waiting for {names}")
                reminder += patience

    def run_task(self, task: Program) -> int:
        """Run a program to its end while all else goes on; gives its exit code."""
        task.start()
        try:
            while task.result() is None:
                self.round([task])
        finally:
            if task.result() is None:
                self._stop_programs([task])
            self._show(task)
            task.force()
        return task.result() or 0

    def run_until_stopped(self) -> None:
        """Watch all parts until a signal asks to stop."""
        with suppress(StopRequestedError):
            while True:
                self.round()

    def round(self, also_shown: Sequence[Part] = ()) -> None:
        """Wait a moment, show what was written, start again what has ended."""
        if self.stop_signals:
            raise StopRequestedError
        shown = [*(watched.part for watched in self._watched), *also_shown]
        self._wait(shown)
        for part in shown:
            self._show(part)
        for watched in self._watched:
            self._care(watched)

    def stop_all(self, *, kept: Sequence[Part] = ()) -> None:
        """Stop the programs together, then the servers one by one, last started first."""
        parts = [w.part for w in reversed(self._watched) if w.part not in kept]
        self._watched = []
        self._stop_programs([part for part in parts if isinstance(part, Program)])
        for part in parts:
            if not isinstance(part, Program):
                try:
                    part.force()
                except LocalError as error:
                    self.console.say(str(error))
                self._show(part)

    def _stop_programs(self, programs: Sequence[Program]) -> None:
        for program in programs:
            program.ask_to_stop()
        deadline = time.monotonic() + PROGRAM_STOP_SECONDS
        signals_before = self.stop_signals
        while any(program.ended() is None for program in programs):
            if time.monotonic() > deadline or self.stop_signals > signals_before:
                break  # too slow, or asked a second time
            self._wait(programs)
            for program in programs:
                self._show(program)
        for program in programs:
            self._show(program)
            program.force()

    def _care(self, watched: _Watched) -> None:
        if watched.restart_at is not None:
            if time.monotonic() >= watched.restart_at:
                self._start_again(watched)
            return
        ended = watched.part.ended()
        if ended is not None:
            self._plan_restart(watched, ended)

    def _start_again(self, watched: _Watched) -> None:
        watched.restart_at, watched.started_at = None, time.monotonic()
        try:
            watched.part.start()
        except LocalError as error:
            self._plan_restart(watched, str(error))

    def _plan_restart(self, watched: _Watched, ended: str) -> None:
        now = time.monotonic()
        if now - watched.started_at > STEADY_SECONDS:
            watched.failures = 0
        delay = min(FIRST_DELAY * 2**watched.failures, LONGEST_DELAY)
        watched.failures += 1
        watched.restart_at = now + delay
        self._show(watched.part)
        self.console.line(watched.part.name, f"{ended}; starting again in {delay:g} s")

    def _show(self, part: Part) -> None:
        for line in part.lines():
            self.console.line(part.name, line)
            if NO_SPACE in line and time.monotonic() > self._disk_full_said_until:
                self._disk_full_said_until = time.monotonic() + DISK_FULL_SILENCE
                self.console.say("the disk is full: free some space, nothing is saved until then")

    def _wait(self, parts: Sequence[Part]) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_read, selectors.EVENT_READ)
            for part in parts:
                if (descriptor := part.descriptor()) is not None:
                    selector.register(descriptor, selectors.EVENT_READ)
            selector.select(ROUND_SECONDS)
        with suppress(BlockingIOError):
            os.read(self._wake_read, 4096)

    def _stop_requested(self, _number: int, _frame: FrameType | None) -> None:
        self.stop_signals += 1
