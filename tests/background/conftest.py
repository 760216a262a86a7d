"""Kinds of work that only tests have, and a worker in the test's own process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from app.services.background import registry
from app.services.background.do_work import Surroundings, do_work
from jobs.background import as_starter

NOW = dt.datetime(2026, 6, 15, 15, 0, tzinfo=dt.UTC)


@pytest.fixture
def kind() -> Iterator[Callable]:
    """``kind(function)`` registers it; gives the kind's name."""
    made = []

    def add(function, *, resumes: bool = True) -> str:
        name = f"test.{len(made)}"
        made.append(name)
        registry.work(name, resumes=resumes)(function)
        return name

    yield add
    for name in made:
        registry._KINDS.pop(name)


@pytest.fixture
def work_on(db_session) -> Callable:
    """``work_on(work, at=NOW)`` does the work here and now; gives what ``do_work`` gives."""

    def run(work, *, at: dt.datetime = NOW, worker: str = "here") -> str:
        return do_work(work.id, Surroundings(as_starter, lambda: at, worker))

    return run
