"""Claims, number series and upkeep."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from app.actor import system_actor
from app.db import session
from app.services.platform.ensure_partitions import ensure_partitions
from app.services.platform.errors import IdempotencyConflictError
from app.services.platform.expire_idempotency_keys import expire_idempotency_keys
from app.services.platform.next_number import next_number
from app.services.platform.run_once import Claim, kept_for, run_once
from models.platform import IdempotencyKey
from tests.services.shop import NOW, new_key


@dataclass(frozen=True)
class Request:
    amount: int


def claim(key: str, amount: int = 1, scope: str = "test") -> Claim:
    return Claim(scope, key, Request(amount))


def test_work_is_done_once_and_its_result_kept(db_session) -> None:
    done: list[int] = []

    def work() -> dict[str, object]:
        done.append(1)
        return {"number": len(done)}

    key = new_key()
    first = run_once(claim(key), work, actor=system_actor(), now=NOW)
    again = run_once(claim(key), work, actor=system_actor(), now=NOW)
    assert first.result == again.result == {"number": 1}
    assert (first.replayed, again.replayed) == (False, True)


def test_a_key_means_something_else_in_another_scope(db_session) -> None:
    key = new_key()
    run_once(claim(key), dict, actor=system_actor(), now=NOW)
    other = run_once(claim(key, scope="other"), dict, actor=system_actor(), now=NOW)
    assert not other.replayed


def test_another_request_under_the_same_key_is_refused(db_session) -> None:
    key = new_key()
    run_once(claim(key), lambda: {"a": 1}, actor=system_actor(), now=NOW)
    with pytest.raises(IdempotencyConflictError) as refusal:
        run_once(claim(key, amount=2), dict, actor=system_actor(), now=NOW)
    assert refusal.value.data["result"] == {"a": 1}


def test_failed_work_leaves_no_claim(db_session) -> None:
    key = new_key()
    with pytest.raises(ZeroDivisionError):
        run_once(claim(key), lambda: {"x": 1 // 0}, actor=system_actor(), now=NOW)
    assert not run_once(claim(key), dict, actor=system_actor(), now=NOW).replayed


def test_only_keys_whose_time_is_over_are_forgotten(db_session) -> None:
    old, new = new_key(), new_key()
    run_once(claim(old), dict, actor=system_actor(), now=NOW - kept_for() - dt.timedelta(1))
    run_once(claim(new), dict, actor=system_actor(), now=NOW)
    assert expire_idempotency_keys(now=NOW) == 1
    assert session().scalars(sa.select(IdempotencyKey.key)).all() == [new]


def test_numbers_of_a_series_have_no_gaps(db_session) -> None:
    numbers = [next_number("test", 2026) for _ in range(3)]
    undone = session().begin_nested()
    next_number("test", 2026)
    undone.rollback()
    assert [*numbers, next_number("test", 2026)] == [1, 2, 3, 4]
    assert next_number("test", 2027) == 1


def test_partitions_are_made_ahead_and_only_once(db_session) -> None:
    ahead = NOW + dt.timedelta(days=3000)
    made = ensure_partitions(now=ahead)
    assert {outcome.outcome for outcome in made} >= {"created"}
    assert not any(outcome.skipped for outcome in made)
    assert {outcome.outcome for outcome in ensure_partitions(now=ahead)} == {"exists"}
