"""What has to be done to the database before the programs start, and whether it is done.

``instance/setup.json`` remembers, for each database the runtime has prepared, from which files
and with which result. A database that was dropped, restored or migrated by hand is recognised as
another or a changed one and prepared again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from app.local import database
from app.local.errors import LocalError
from app.local.instance import ROOT

FLASK = ("-m", "flask", "--app", "app.factory:create_app")
SETUP_SOURCES = ("migrations", "models", "views", "app", "config.py", "requirements.lock")
NOT_SETUP = {ROOT / "app" / name for name in ("static", "templates", "translations", "local")}
DEMO_LOADED, DEMO_DECLINED = "loaded", "declined"

RunFlask = Callable[[str, Sequence[str]], int]


class Preparation:
    """Prepares one database; ``run_flask(name, arguments)`` runs a command of the application."""

    def __init__(self, state: Path, url: str, run_flask: RunFlask) -> None:
        self.state = state
        self.url = url
        self.run_flask = run_flask
        self.facts = database.inspect(url)

    def set_up(self) -> bool:
        """Migrate, seed and sync permissions unless that was done from these very files."""
        wanted = fingerprint(SETUP_SOURCES)
        if self._is_done("setup", wanted):
            return False
        self._run("setup", ["setup"], "The set-up of the database failed: see the lines above.")
        self._remember(setup=wanted, migrated=fingerprint(["migrations"]))
        return True

    def migrate(self) -> bool:
        """Bring the tables to the newest revision, nothing else; tells whether that was needed."""
        wanted = fingerprint(["migrations"])
        if self._is_done("migrated", wanted):
            return False
        self._run("migrate", ["db", "upgrade"], "The migration failed: see the lines above.")
        self._remember(migrated=wanted)
        return True

    def load_demo(self, wish: bool | None) -> bool:
        """Load the demo data if wished, or (``None``) if this database was never asked about it.

        What was declined once is not loaded later without being asked for.
        """
        decided = self._entry().get("demo")
        if decided == DEMO_LOADED:
            return False
        if wish is False or (wish is None and decided is not None):
            self._remember(demo=DEMO_DECLINED)
            return False
        self._run("demo", ["demo"], "The demo data couldn't be loaded: see the lines above.")
        self._remember(demo=DEMO_LOADED)
        return True

    def require_head(self) -> None:
        """Raise :class:`LocalError` unless the database has the newest revision."""
        newest = database.heads(ROOT / "migrations")
        if self.facts.revisions != newest:
            raise LocalError(
                f"The database is at migration {_names(self.facts.revisions)} and this version "
                f"needs {_names(newest)}: run `python run.py setup` first."
            )

    def _run(self, name: str, arguments: Sequence[str], sentence: str) -> None:
        if self.run_flask(name, [*FLASK, *arguments]) != 0:
            raise LocalError(sentence)
        self.facts = database.inspect(self.url)

    def _is_done(self, step: str, wanted: str) -> bool:
        entry = self._entry()
        return entry.get(step) == wanted and tuple(entry["revisions"]) == self.facts.revisions

    def _entry(self) -> dict[str, Any]:
        return self._load().get(self.facts.key, {})

    def _load(self) -> dict[str, dict[str, Any]]:
        try:
            return dict(json.loads(self.state.read_text()))
        except (OSError, ValueError):
            return {}

    def _remember(self, **facts: str) -> None:
        entries = self._load()
        entry = entries.setdefault(self.facts.key, {})
        entry.update(facts, revisions=list(self.facts.revisions))
        fresh = self.state.with_suffix(".new")
        fresh.write_text(json.dumps(entries, indent=1))
        fresh.replace(self.state)


def fingerprint(sources: Iterable[str]) -> str:
    """Give a digest of all files the set-up depends on, by content."""
    digest = hashlib.sha256()
    for source in sources:
        for path in _files(ROOT / source):
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(start: Path) -> Iterable[Path]:
    if start.is_file():
        yield start
    elif start.is_dir() and start not in NOT_SETUP and start.name != "__pycache__":
        for path in sorted(start.iterdir()):
            yield from _files(path)


def _names(revisions: Sequence[str]) -> str:
    return ", ".join(revisions) or "none"
