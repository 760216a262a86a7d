"""Periods seen from today."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.periods import NAMED, UNITS, Period, days_of, period

SUNDAY = dt.date(2026, 3, 1)
DAYS = st.dates(dt.date(1980, 1, 1), dt.date(2200, 1, 1))


@pytest.mark.parametrize(
    ("name", "first", "end"),
    [
        ("today", "2026-03-01", "2026-03-02"),
        ("yesterday", "2026-02-28", "2026-03-01"),
        ("tomorrow", "2026-03-02", "2026-03-03"),
        ("this_week", "2026-02-23", "2026-03-02"),
        ("last_week", "2026-02-16", "2026-02-23"),
        ("next_week", "2026-03-02", "2026-03-09"),
        ("last_month", "2026-02-01", "2026-03-01"),
        ("this_quarter", "2026-01-01", "2026-04-01"),
        ("last_quarter", "2025-10-01", "2026-01-01"),
        ("next_year", "2027-01-01", "2028-01-01"),
        ("last_7_days", "2026-02-23", "2026-03-02"),
        ("next_7_days", "2026-03-01", "2026-03-08"),
        ("last_1_days", "2026-03-01", "2026-03-02"),
    ],
)
def test_a_period_has_these_days(name, first, end):
    assert period(name, SUNDAY) == Period(dt.date.fromisoformat(first), dt.date.fromisoformat(end))


@given(DAYS, st.sampled_from(UNITS))
def test_periods_of_a_unit_follow_each_other_and_this_one_has_today(today, unit):
    last, this, following = (period(f"{w}_{unit}", today) for w in ("last", "this", "next"))
    assert last.end == this.first
    assert this.end == following.first
    assert this.first <= today < this.end


@given(DAYS, st.sampled_from(NAMED))
def test_no_period_is_empty(today, name):
    found = period(name, today)
    assert found.first < found.end


@pytest.mark.parametrize(
    "name", ["", "this_day", "last_0_days", "last_99999_days", "last_٣_days", "LAST_WEEK", "a_b"]
)
def test_other_words_are_no_period(name):
    assert period(name, SUNDAY) is None
    assert days_of(name) is None
