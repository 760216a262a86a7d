"""A small stand-in for the application, with which the runtime is really run."""

# ruff: noqa: S603 - our own programs
from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.local.parts import end_orphan
from app.local.postgres import PostgresServer
from app.local.valkey import ValkeyServer

ROOT = Path(__file__).resolve().parents[2]

FACTORY = """
import os, pathlib, sys
import click, flask, psycopg
URL = os.environ.get("DATABASE_OWNER_URL", os.environ["DATABASE_URL"]).replace("+psycopg", "")
INSTANCE = pathlib.Path(os.environ["QHATU_INSTANCE"])

def create_app():
    if os.environ.get("STANDIN_WEB_FAILS") and "gunicorn" in sys.modules:
        raise RuntimeError("broken on purpose")
    app = flask.Flask("standin")

    @app.get("/healthz")
    def healthz():
        return {"pid": os.getppid()}

    @app.cli.command("setup")
    def setup():
        with psycopg.connect(URL) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS alembic_version (version_num text)")
            connection.execute("CREATE TABLE IF NOT EXISTS sales (id int)")
            connection.execute("DELETE FROM alembic_version")
            connection.execute("INSERT INTO alembic_version VALUES ('one')")
        (INSTANCE / "logins.txt").write_text("admin / admin\\n")
        if os.environ.get("STANDIN_SETUP_FAILS"):
            raise click.ClickException("the seed is wrong")
        print("set up done")

    @app.cli.group("db")
    def db():
        pass

    db.command("upgrade")(setup.callback)

    @app.cli.command("demo")
    def demo():
        with psycopg.connect(URL) as connection:
            connection.execute("INSERT INTO sales SELECT generate_series(1, 10)")
        print("demo done")

    return app
"""
LOOP = """
import os, redis, signal, sys, time
redis.Redis.from_url(os.environ["REDIS_URL"]).ping()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("NAME works", flush=True)
while True:
    time.sleep(60)
"""
MIGRATION = 'revision = "one"\ndown_revision = None\n'


@dataclass
class StandIn:
    """A checkout of its own with the real runtime and a small application."""

    root: Path
    started: list[subprocess.Popen] = field(default_factory=list)

    @property
    def instance(self) -> Path:
        return self.root / "instance"

    def run(self, *arguments: str, **env: str) -> subprocess.Popen:
        """Start run.py; its output goes to a file, see :meth:`output`."""
        process = subprocess.Popen(
            [sys.executable, "run.py", *arguments],
            cwd=self.root,
            env=_environment() | env,
            stdin=subprocess.DEVNULL,
            stdout=(self.root / f"output.{len(self.started)}").open("wb"),
            stderr=subprocess.STDOUT,
        )
        self.started.append(process)
        return process

    def call(self, *arguments: str, **env: str) -> subprocess.CompletedProcess:
        """Run run.py to its end."""
        return subprocess.run(
            [sys.executable, "run.py", *arguments],
            cwd=self.root,
            env=_environment() | env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def output(self) -> str:
        """Give what the last started run.py has printed."""
        return (self.root / f"output.{len(self.started) - 1}").read_text()

    def wait_for(self, text: str, seconds: float = 40) -> str:
        """Wait until the last started run.py has printed something."""
        return wait_until(lambda: self.output() if text in self.output() else "", seconds, self)

    def url(self) -> str:
        """Give the address it says it runs at."""
        return self.output().split("Qhatu is running: ")[1].split()[0]

    def stop(self) -> int:
        """Stop the last started run.py as Ctrl-C does."""
        self.started[-1].send_signal(signal.SIGINT)
        return self.started[-1].wait(60)


def wait_until(check, seconds: float = 40, standin: StandIn | None = None):
    """Poll until ``check()`` gives something true."""
    deadline = time.monotonic() + seconds
    while not (value := check()):
        if time.monotonic() > deadline:
            raise AssertionError(standin.output() if standin else "it didn't happen")
        time.sleep(0.05)
    return value


def _environment() -> dict[str, str]:
    ours = ("DATABASE_", "REDIS_URL", "SMTP_URL", "QHATU_", "PYTEST_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


@pytest.fixture
def reachable_folder():
    """A new folder with a short path that PostgreSQL's account may pass."""
    folder = Path(tempfile.mkdtemp(prefix="qt-", dir="/tmp"))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def standin(reachable_folder):
    root = reachable_folder / "c"
    (root / "app").mkdir(parents=True)
    (root / "jobs").mkdir()
    (root / "migrations" / "versions").mkdir(parents=True)
    (root / "node_modules").mkdir()
    for name in ("run.py", "config.py", "package-lock.json", "requirements.lock"):
        shutil.copy(ROOT / name, root / name)
    shutil.copytree(ROOT / "app" / "local", root / "app" / "local")
    (root / "app" / "__init__.py").touch()
    (root / "app" / "factory.py").write_text(FACTORY)
    for name in ("worker", "cron"):
        (root / "jobs" / f"{name}.py").write_text(LOOP.replace("NAME", name))
    (root / "app" / "sunat").mkdir()
    (root / "app" / "sunat" / "simulator.py").write_text(LOOP.replace("NAME", "sunat"))
    (root / "migrations" / "versions" / "one.py").write_text(MIGRATION)
    (root / "migrations" / "env.py").touch()
    digest = __import__("hashlib").sha256((root / "package-lock.json").read_bytes()).hexdigest()
    (root / "node_modules" / ".qhatu").write_text(digest)
    made = StandIn(root)
    yield made
    for process in made.started:
        if process.poll() is None:
            process.terminate()
            process.wait(60)
    for path in (made.instance / "run").glob("*.json"):
        end_orphan(path)
    ValkeyServer(made.instance / "valkey").stop()
    PostgresServer(made.instance / "postgres").stop()
