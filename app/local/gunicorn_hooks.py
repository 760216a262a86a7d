"""What gunicorn does besides serving: limits, share the loaded application, and end at once.

The application is loaded before the workers are forked, and it is large: taking all its objects
down at the end would cost seconds of processor time per process and release nothing that the
system doesn't release anyway.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

# Wider than those of app.limits, so that ours answer, with a page.
limit_request_line = 8190
# A request may take as long as its slowest statement; a process that hangs is ended later.
timeout = 60
raw_env = [f"QHATU_STATEMENT_SECONDS={os.environ.get('QHATU_STATEMENT_SECONDS') or 30}"]


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
