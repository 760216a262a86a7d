"""Reading settings: as their type, without SQL, and never older than a second."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal

import psycopg
import pytest
import sqlalchemy as sa

from app.db import atomic, session
from app.extensions import db
from app.seed.files import read
from app.services.platform.read_setting import (
    UnknownSettingError,
    read_public_settings,
    read_setting,
)
from app.settings import cache
from app.settings.cache import settings_cache
from models.platform import SystemSetting
from tests.services.settings import change, row_of


def test_a_setting_is_its_value_then_its_default_then_the_callers(db_session):
    assert read_setting("company.name", "c") == "Qhatu"
    change("company.name", "a")
    assert read_setting("company.name", "c") == "a"
    assert read_setting("company.phone", "c") == "c"


def test_a_key_that_nobody_knows_is_a_mistake_of_the_program(db_session):
    with pytest.raises(UnknownSettingError, match=r"no\.such"):
        read_setting("no.such", "default")


def test_a_setting_that_is_not_seeded_yet_has_its_shipped_default(db_session):
    db_session.execute(
        sa.delete(SystemSetting).where(SystemSetting.setting_key == "sales.cash_tolerance")
    )
    assert read_setting("sales.cash_tolerance") == Decimal("10.00")


def test_reading_again_costs_no_sql(db_session, count_statements):
    read_setting("company.name")
    with count_statements() as statements:
        for _ in range(100):
            read_setting("company.name")
            read_setting("sales.cash_tolerance")
            read_public_settings()
    assert statements == []


@pytest.mark.parametrize("way", ["row", "statement", "sql"])
def test_the_transaction_that_changes_a_setting_reads_the_new_value(db_session, way):
    assert read_setting("company.phone", "") == ""
    with atomic() as current:
        if way == "row":
            row_of("company.phone").setting_value = "1"
        elif way == "statement":
            current.execute(
                sa.update(SystemSetting)
                .where(SystemSetting.setting_key == "company.phone")
                .values(setting_value="1")
            )
        else:
            current.execute(
                sa.text(
                    "UPDATE platform.system_settings SET setting_value = '\"1\"'"
                    " WHERE setting_key = 'company.phone'"
                )
            )
        assert read_setting("company.phone") == "1"
    assert read_setting("company.phone") == "1"


def test_what_is_rolled_back_is_forgotten(db_session):
    def work() -> None:
        with atomic():
            row_of("company.phone").setting_value = "1"
            assert read_setting("company.phone") == "1"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert read_setting("company.phone", "") == ""


def test_a_list_that_somebody_changed_in_place_stays_as_it_was_for_others(db_session):
    read_setting("billing.reminder_days").append(99)
    assert 99 not in read_setting("billing.reminder_days")


def test_only_public_settings_are_public(db_session):
    found = read_public_settings()
    assert found["company.currency"] == "PEN"
    assert set(found) == {
        row["setting_key"] for row in read("platform")["system_settings"] if row.get("is_public")
    }


# -- other processes

READER = """
import sys, time
from app.factory import create_app
from app.db import session
from app.services.platform.read_setting import read_setting

app = create_app()
with app.app_context():
    def value():
        found = read_setting("company.phone", "none")
        session().rollback()  # no transaction stays open between two reads
        return found
    seen = value()
    print(seen, flush=True)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if (now := value()) != seen:
            seen = now
            print(seen, time.time(), flush=True)
"""


@pytest.mark.parametrize("change", ["service", "sql"])
def test_another_process_sees_a_change_within_a_second(
    make_app, fresh_database, environment, change
):
    app = make_app(fresh_database)
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", READER],
        env={**os.environ, **environment, "DATABASE_URL": fresh_database},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline().strip() == "none"
        with app.app_context():
            for number in ("1", "2", "3"):
                _change_phone(number, by_sql=change == "sql")
                changed_at = time.time()
                value, seen_at = process.stdout.readline().split()
                assert value == number
                assert float(seen_at) - changed_at < 1
    finally:
        process.kill()
        process.wait()


def test_a_change_is_seen_when_the_listener_lost_its_connection(make_app, fresh_database):
    app = make_app(fresh_database)
    with app.app_context():
        listener = settings_cache().listener
        listener.start()
        _until(lambda: listener.hears)
        with atomic() as current:
            current.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'qhatu settings' AND datname = current_database()"
                )
            )
        _until(lambda: not listener.hears)
        read_setting("company.phone")
        session().rollback()
        changed_at = time.monotonic()
        _by_another_program(fresh_database)
        _until(lambda: read_setting("company.phone", "") == "9")
        assert time.monotonic() - changed_at < 1.5


def _until(true: Callable[[], object]) -> None:
    until = time.monotonic() + 10
    while not true():
        session().rollback()
        assert time.monotonic() < until


def _by_another_program(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE platform.system_settings SET setting_value = '\"9\"'"
            " WHERE setting_key = 'company.phone'"
        )


def _change_phone(number: str, *, by_sql: bool) -> None:
    if not by_sql:
        change("company.phone", number)
        return
    with atomic() as current:
        current.connection().exec_driver_sql(
            "UPDATE platform.system_settings SET setting_value = %s::jsonb"
            " WHERE setting_key = 'company.phone'",
            (f'"{number}"',),
        )


def test_a_process_that_listens_reads_without_sql(make_app, fresh_database):
    app = make_app(fresh_database)
    with app.app_context():
        kept = settings_cache()
        kept.listener.start()
        until = time.monotonic() + 5
        while not kept.listener.hears and time.monotonic() < until:
            read_setting("company.name")
        assert kept.listener.hears
        read_setting("company.name")
        before = kept._kept
        kept._kept = cache._Kept(before.snapshot, before.read_at - 5)
        read_setting("company.name")
        assert kept._kept.snapshot is before.snapshot
        session().rollback()
        thread = kept.listener._thread
    with app.app_context():
        db.engine.dispose()
    assert not thread.is_alive()
