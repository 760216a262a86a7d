"""Work at once in threads and in processes, and work that is killed; with real connections."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from flask import Flask

from app.db import session

FAILED = 255
KILLED = -signal.SIGKILL
HEAD_START = 0.3


def at_once(app: Flask, works: Sequence[Callable[[], object]]) -> list[object]:
    """Run each in a thread with a context of its own, all starting together; give what each
    returned or raised."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        with app.app_context():
            start.wait(10)
            try:
                return work()
            except Exception as error:  # noqa: BLE001 - judged by the test
                return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def in_processes(app: Flask, works: Sequence[Callable[[], object]]) -> list[int]:
    """Run each in a process of its own, all starting together; give how each ended."""
    start = time.time() + HEAD_START

    def later(work: Callable[[], object]) -> Callable[[], object]:
        def wait_and_work() -> object:
            while time.time() < start:
                pass
            return work()

        return wait_and_work

    return [ended(child) for child in [in_a_process(app, later(work)) for work in works]]


def in_a_process(app: Flask, work: Callable[[], object], *, dies_at: int = 0) -> int:
    """Start the work in a process of its own, killed after that many statements (0: never); give
    the process's number. What the test has written by now is there for it."""
    session().commit()
    child = os.fork()
    if child:
        return child
    answer = FAILED
    try:
        from app.extensions import db

        db.engine.dispose(close=False)  # the parent's connections are not ours
        with app.app_context():
            seen = itertools.count(1)

            @sa.event.listens_for(db.engine, "after_cursor_execute")
            def die(*_event: object) -> None:
                if next(seen) == dies_at:
                    os.kill(os.getpid(), signal.SIGKILL)

            result = work()
        answer = result if isinstance(result, int) else 0
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        raise
    finally:
        os._exit(answer)


def ended(child: int) -> int:
    """Wait for the process: the number that its work gave (0 to 254; 0 for anything else), FAILED
    when it raised, KILLED."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
