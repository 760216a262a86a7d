"""Rules of the house that no linter knows, checked on the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = [
    path
    for folder in ("app", "models", "views", "jobs", "reports")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
# The one module that commits, and the generator that fills an empty database in one transaction.
COMMITS = {"app/db.py"}
SESSIONS = {"session", "session()", "current"}
# Each function that changes a state, by its module.
CHANGES_STATE = {"app/services/sales/transition_order.py"}


def calls(path: Path, method: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr == method:
            yield node


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_only_atomic_commits():
    found = {name(path) for path in CODE for _call in calls(path, "commit")}
    assert found <= COMMITS


def test_every_flush_says_why_on_its_line():
    silent = [
        f"{name(path)}:{call.lineno}"
        for path in CODE
        for call in calls(path, "flush")
        if ast.unparse(call.func.value) in SESSIONS
        and "#" not in path.read_text(encoding="utf-8").splitlines()[call.end_lineno - 1]
    ]
    assert silent == []


def test_the_state_of_an_order_changes_in_one_function():
    services = [
        path for path in CODE if name(path).startswith(("app/services/sales", "views", "jobs"))
    ]
    found = {
        name(path)
        for path in services
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Attribute) and t.attr == "status" for t in node.targets)
        and any("order" in ast.unparse(t).lower() for t in node.targets)
    }
    assert found <= CHANGES_STATE


@pytest.mark.parametrize("bad", ["utils.py", "helpers.py", "misc.py", "common.py"])
def test_no_module_is_named_after_nothing(bad):
    assert [name(path) for path in CODE if path.name == bad] == []


def test_services_take_an_actor_and_the_time_and_no_request():
    for path in CODE:
        if name(path).startswith("app/services/"):
            text = path.read_text(encoding="utf-8")
            assert "datetime.now(" not in text, f"{name(path)}: the time is passed in"
            assert "flask" not in text.split("\n\n")[0], name(path)
