"""Partitions are made ahead of time, again and again, whatever is there already."""

from __future__ import annotations

import threading

import psycopg
import pytest

from tests.models.rows import insert

ENSURE = "SELECT parent, partition, outcome FROM platform.ensure_partitions(%s, %s)"
SPAN = ["2031-01-15", "2031-03-01"]
EXPECTED = {
    "inventory.inventory_movements_p2031_01",
    "inventory.inventory_movements_p2031_02",
    "inventory.inventory_movements_p2031_03",
    "platform.audit_logs_p2031_01",
    "platform.audit_logs_p2031_02",
    "platform.audit_logs_p2031_03",
    "customers.loyalty_movements_p2031",
}


def _outcomes(connection: psycopg.Connection, span: list[str] = SPAN) -> dict[str, str]:
    return {partition: outcome for _, partition, outcome in connection.execute(ENSURE, span)}


def _audit(connection: psycopg.Connection, created_at: str) -> int:
    return insert(
        connection,
        "platform.audit_logs",
        table_name="sales.orders",
        action="insert",
        created_at=created_at,
    )


def _partition_of(connection: psycopg.Connection, row: int) -> str:
    found = connection.execute(
        "SELECT tableoid::regclass::text FROM platform.audit_logs WHERE id = %s", [row]
    ).fetchone()
    assert found is not None
    return found[0]


def test_missing_partitions_are_made(sql):
    created = {name for name, outcome in _outcomes(sql).items() if outcome == "created"}
    assert created == EXPECTED


def test_asking_again_makes_nothing_and_does_not_fail(sql):
    _outcomes(sql)
    assert set(_outcomes(sql).values()) == {"exists"}


@pytest.mark.parametrize(
    ("moment", "partition"),
    [
        ("2031-01-01 00:00+00", "platform.audit_logs_p2031_01"),
        ("2031-01-31 23:59:59.999999+00", "platform.audit_logs_p2031_01"),
        ("2031-02-01 00:00+00", "platform.audit_logs_p2031_02"),
        ("2029-12-31 23:59+00", "platform.audit_logs_default"),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "America/Lima"])
def test_rows_go_to_their_month_in_utc(sql, moment, partition, zone):
    sql.execute("SELECT set_config('TimeZone', %s, true)", [zone])
    _outcomes(sql)
    assert _partition_of(sql, _audit(sql, moment)) == partition


def test_rows_in_the_default_partition_stop_only_their_own_month(sql):
    row = _audit(sql, "2031-02-10 12:00+00")
    outcomes = _outcomes(sql)
    assert outcomes["platform.audit_logs_p2031_02"].startswith("skipped")
    others = EXPECTED - {"platform.audit_logs_p2031_02"}
    assert {outcomes[name] for name in others} == {"created"}
    assert _partition_of(sql, row) == "platform.audit_logs_default"


def test_a_partition_of_another_name_for_the_same_time_is_told(sql):
    sql.execute(
        "CREATE TABLE platform.audit_by_hand PARTITION OF platform.audit_logs "
        "FOR VALUES FROM ('2031-01-01 00:00+00') TO ('2031-01-08 00:00+00')"
    )
    assert _outcomes(sql)["platform.audit_logs_p2031_01"].startswith("skipped")


def test_now_and_the_next_months_have_partitions_after_migrating(sql):
    made = _outcomes(sql, ["2031-01-01", "2030-12-31"])  # an empty span: default partitions only
    assert set(made.values()) == {"exists"}
    row = insert(sql, "platform.audit_logs", table_name="sales.orders", action="insert")
    assert "_p" in _partition_of(sql, row)


def test_two_callers_at_once_make_each_partition_once(fresh_database):
    outcomes: list[dict[str, str]] = []
    failures: list[Exception] = []

    def call() -> None:
        try:
            with psycopg.connect(fresh_database) as connection:
                outcomes.append(_outcomes(connection))
        except psycopg.Error as error:
            failures.append(error)

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    created = [name for found in outcomes for name in found if found[name] == "created"]
    assert sorted(created) == sorted(EXPECTED)
