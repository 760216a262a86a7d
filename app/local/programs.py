"""The programs of the application and how each is started on one machine."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from app.local.instance import Instance
from app.local.parts import HttpProbe, Program

NAMES = ("web", "worker", "cron", "mail", "sunat")
WEB_THREADS = 8
HEALTH = "/healthz"


def module(name: str, arguments: list[str], instance: Instance, env: Mapping[str, str]) -> Program:
    """Give a program that is a Python module: ``worker``, ``cron`` or a task."""
    argv = [sys.executable, *arguments]
    return Program(name, argv, env, note(instance, name))


def note(instance: Instance, name: str) -> Path:
    """Give where the process of a program is written down."""
    return instance.run / f"{name}.json"


def worker(instance: Instance, env: Mapping[str, str]) -> Program:
    return module("worker", ["-m", "jobs.worker"], instance, env)


def cron(instance: Instance, env: Mapping[str, str]) -> Program:
    return module("cron", ["-m", "jobs.cron"], instance, env)


def mail(instance: Instance, env: Mapping[str, str], listener: socket.socket) -> Program:
    """Give the mail sink; it gets the listening socket from us, so its port stays the same."""
    options = ["--fd", str(listener.fileno()), "--folder", str(instance.mail)]
    program = module("mail", ["-m", "app.local.mail_sink", *options], instance, env)
    program.listener = listener
    return program


def sunat(instance: Instance, env: Mapping[str, str], listener: socket.socket) -> Program:
    """Give SUNAT's simulator; it gets the listening socket from us, so its port stays the same."""
    options = ["--fd", str(listener.fileno()), "--folder", str(instance.sunat)]
    program = module("sunat", ["-m", "app.sunat.simulator", *options], instance, env)
    program.listener = listener
    return program


def web(instance: Instance, env: Mapping[str, str], listener: socket.socket) -> Program:
    """Give the web server; requests wait in our listening socket while it is started again.

    ``QHATU_WEB_WORKERS`` sets the number of processes (default: one per core, at most 4).
    """
    count = env.get("QHATU_WEB_WORKERS") or str(min(os.cpu_count() or 1, 4))
    argv = [
        *(sys.executable, "-m", "gunicorn", "app.factory:create_app()"),
        *("--config", "python:app.local.gunicorn_hooks"),
        *("--bind", f"fd://{listener.fileno()}", "--preload", "--worker-class", "gthread"),
        *("--workers", count, "--threads", str(WEB_THREADS)),
        *("--graceful-timeout", "5", "--no-control-socket", "--log-level", "warning"),
        *(("--worker-tmp-dir", "/dev/shm") if Path("/dev/shm").is_dir() else ()),  # noqa: S108 - heartbeat files
    ]
    host, port = listener.getsockname()[:2]
    probe = HttpProbe(reachable(host), port, HEALTH)
    return Program("web", argv, env, note(instance, "web"), listener, probe)


def reachable(host: str) -> str:
    """Give the address at which this machine reaches a server that listens on ``host``."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not listening
