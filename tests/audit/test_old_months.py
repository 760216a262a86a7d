"""Old months leave the audit log by setting; they stay readable and unchangeable."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg.errors import InsufficientPrivilege, RestrictViolation

from app.db import session
from app.services.platform.detach_audit_partitions import detach_audit_partitions
from jobs.schedule import SCHEDULE
from models.platform import SystemSetting
from tests.conftest import owner_url

ROOT = Path(__file__).parents[2]
NOW = dt.datetime(2031, 7, 15, 12, tzinfo=dt.UTC)
OLD = ["archive.audit_logs_p2031_01", "archive.audit_logs_p2031_02"]


@pytest.fixture
def keep_months(db_session):
    def keep(months: int) -> None:
        session().execute(sa.text("SELECT platform.ensure_partitions('2031-01-01', '2031-08-01')"))
        session().execute(
            sa.update(SystemSetting)
            .where(SystemSetting.setting_key == "security.audit_months")
            .values(setting_value=months)
        )
        session().commit()

    return keep


def test_months_older_than_the_setting_go_to_the_archive(keep_months):
    keep_months(4)
    gone = detach_audit_partitions(now=NOW)
    assert gone[-2:] == OLD
    assert detach_audit_partitions(now=NOW) == [], "once"
    left = session().scalars(
        sa.text(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent = 'platform.audit_logs'::regclass"
        )
    )
    assert "platform.audit_logs_p2031_03" in set(left)


def test_by_default_months_are_kept_for_years(keep_months):
    keep_months(0)
    assert detach_audit_partitions(now=NOW) == []
    default = session().scalar(
        sa.select(SystemSetting.default_value).where(
            SystemSetting.setting_key == "security.audit_months"
        )
    )
    assert default >= 12


def test_what_is_in_the_archive_can_be_read_and_not_changed(fresh_database):
    with psycopg.connect(owner_url(fresh_database)) as owner:
        owner.execute("SELECT platform.ensure_partitions('2031-01-01', '2031-01-31')")
        owner.execute(
            "INSERT INTO platform.audit_logs (table_name, action, created_at)"
            " VALUES ('sales.orders', 'insert', '2031-01-10')"
        )
        owner.execute("SELECT platform.detach_audit_partitions('2031-02-01')")
        with pytest.raises(RestrictViolation), owner.transaction():
            owner.execute("DELETE FROM archive.audit_logs_p2031_01")
    with psycopg.connect(fresh_database) as application:
        found = application.execute("SELECT count(*) FROM archive.audit_logs_p2031_01").fetchone()
        assert found == (1,)
        for statement in ("DELETE FROM {}", "DROP TABLE {}", "INSERT INTO {} DEFAULT VALUES"):
            with pytest.raises(InsufficientPrivilege), application.transaction():
                application.execute(statement.format("archive.audit_logs_p2031_01"))


def test_a_month_is_brought_back_as_the_documentation_says(sql):
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    (statements,) = re.findall(r"```sql\n(ALTER TABLE archive.*?)```", text, re.DOTALL)
    sql.execute("SELECT platform.ensure_partitions('2026-01-01', '2026-01-31')")
    sql.execute(
        "INSERT INTO platform.audit_logs (table_name, action, created_at)"
        " VALUES ('sales.orders', 'insert', '2026-01-10')"
    )
    count = "SELECT count(*) FROM platform.audit_logs WHERE created_at < '2026-02-01'"
    before = sql.execute(count).fetchone()
    sql.execute("SELECT platform.detach_audit_partitions('2026-02-01')")
    assert sql.execute(count).fetchone() != before
    sql.execute(statements)
    assert sql.execute(count).fetchone() == before
    with pytest.raises(RestrictViolation):
        sql.execute("DELETE FROM platform.audit_logs WHERE created_at < '2026-02-01'")


def test_it_is_done_every_day():
    assert "detach_audit_partitions" in {entry.job.__name__ for entry in SCHEDULE}
