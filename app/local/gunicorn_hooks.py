"""What gunicorn does besides serving: share the loaded application, and end at once.

The application is loaded before the workers are forked, and it is large: taking all its objects
down at the end would cost seconds of processor time per process and release nothing that the
system doesn't release anyway.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Any


def pre_fork(_server: Any, _worker: Any) -> None:
    """Keep the collector off the shared objects, so that their memory stays shared."""
    gc.collect()
    gc.freeze()


def worker_exit(_server: Any, worker: Any) -> None:
    """End a worker that has answered all its requests; gunicorn's parent calls this too."""
    if worker.pid == os.getpid():
        _end()


def on_exit(_server: Any) -> None:
    """End the parent after all its workers."""
    _end()


def _end() -> None:
    """End with the code gunicorn is about to end with, which is in the exception under way."""
    leaving = sys.exc_info()[1]
    code = getattr(leaving, "code", getattr(leaving, "exit_status", 0))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))
