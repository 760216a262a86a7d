"""Settings: typed, checked at every door, kept by each process until somebody changes one."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.actor import Actor, system_actor
from app.db import atomic, session
from app.i18n import force_locale
from app.seed.files import LANGUAGES, in_language, read
from app.services.platform.change_settings import (
    ChangeSettings,
    InvalidSettingError,
    SettingChange,
    SettingNotFoundError,
    StaleSettingError,
    WhoComesInError,
    change_settings,
)
from app.services.platform.read_setting import (
    read_setting,
)
from app.settings.definitions import DefinitionError, check_definition
from app.settings.rules import fault
from app.settings.text import from_text, to_text
from models.identity import Permission, User
from models.platform import SystemSetting
from tests.services.settings import change, row_of
from tests.services.shop import NOW

ROOT = Path(__file__).parents[2]
SEED = read("platform")["system_settings"]
READS = re.compile(r"read_setting\(\s*[\"']([a-z0-9_.]+)[\"']")


@pytest.fixture
def add(db_session):
    """Add a setting of a type, with rules and a default."""

    def add_(kind: str, default: object = None, **rules: object) -> str:
        key = f"test.{kind}"
        with atomic() as current:
            current.add(
                SystemSetting(
                    setting_key=key,
                    setting_type=kind,
                    default_value=default,
                    validation_rules=rules,
                )
            )
        return key

    return add_


# -- the seed


@pytest.mark.parametrize("row", SEED, ids=lambda row: row["setting_key"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_that_comes_along_is_defined_well_and_named(row, language):
    check_definition(in_language(row, language))
    assert in_language(row, language)["label"]
    assert in_language(row, language)["description"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"setting_type": "colour"},
        {"default_value": "7"},
        {"default_value": 99},
        {"validation_rules": {"type": "whole"}},
        {"validation_rules": {"type": "integer", "format": "odd"}},
        {"is_encrypted": True},
    ],
)
def test_a_wrong_definition_is_refused(wrong):
    right = {
        "setting_key": "test.thing",
        "setting_type": "integer",
        "default_value": 7,
        "validation_rules": {"type": "integer", "maximum": 10},
    }
    check_definition(right)
    with pytest.raises(DefinitionError):
        check_definition({**right, **wrong})


def test_every_key_that_programs_read_comes_with_the_product():
    known = {row["setting_key"] for row in SEED}
    read_keys = {
        (key, path.name)
        for folder in ("app", "views", "jobs", "reports")
        for path in (ROOT / folder).rglob("*.py")
        for key in READS.findall(path.read_text(encoding="utf-8"))
    }
    assert read_keys
    assert {(key, name) for key, name in read_keys if key not in known} == set()


# -- types and rules


@pytest.mark.parametrize(
    ("kind", "value", "python"),
    [
        ("text", "a", "a"),
        ("choice", "a", "a"),
        ("integer", 5, 5),
        ("decimal", "5.10", Decimal("5.10")),
        ("boolean", False, False),
        ("date", "2026-02-28", dt.date(2026, 2, 28)),
        ("time", "08:30", dt.time(8, 30)),
        ("list", [1, 2], [1, 2]),
        ("json", {"a": [1]}, {"a": [1]}),
    ],
)
def test_a_setting_is_read_as_its_type_and_set_as_either(add, kind, value, python):
    key = add(kind)
    assert read_setting(key) is None
    change(key, value)
    found = read_setting(key)
    assert (found, type(found)) == (python, type(python))
    change(key, None)
    change(key, python)
    assert read_setting(key) == python


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 5),
        ("text", "a\x00b"),
        ("text", "half \ud800"),
        ("text", "x" * 70_000),
        ("integer", "5"),
        ("integer", True),
        ("integer", 5.5),
        ("integer", 2**60),
        ("decimal", 5.5),
        ("decimal", "1e3"),
        ("decimal", "NaN"),
        ("boolean", 1),
        ("date", "2026-02-30"),
        ("date", "28/02/2026"),
        ("time", "25:00"),
        ("list", {"a": 1}),
        ("json", float("nan")),
    ],
)
def test_a_value_of_another_type_is_refused(add, kind, value):
    key = add(kind)
    with pytest.raises(InvalidSettingError) as refusal:
        change(key, value)
    assert refusal.value.fields[key]
    assert row_of(key).setting_value is None


@pytest.mark.parametrize(
    ("kind", "rules", "value"),
    [
        ("integer", {"minimum": 1, "maximum": 5}, 6),
        ("decimal", {"minimum": 0, "maximum": 100}, "100.01"),
        ("decimal", {"multipleOf": 0.01}, "1.005"),
        ("text", {"minLength": 2}, "a"),
        ("text", {"maxLength": 2}, "abc"),
        ("text", {"pattern": "^pk_"}, "sk_1"),
        ("text", {"format": "email"}, "ana@"),
        ("text", {"format": "uri"}, "javascript:alert(1)"),
        ("text", {"format": "color"}, "red"),
        ("text", {"format": "time-zone"}, "America/Cuzco"),
        ("text", {"format": "ruc"}, "20100070971"),
        ("choice", {"enum": ["a", "b"]}, "c"),
        ("list", {"items": {"type": "integer"}}, [1, "2"]),
        ("list", {"uniqueItems": True}, ["a", "a"]),
        ("json", {"type": "object", "required": ["a"]}, {"b": 1}),
        ("json", {"additionalProperties": False, "properties": {"a": {}}}, {"b": 1}),
    ],
)
def test_the_rules_hold_for_every_type(kind, rules, value):
    assert fault(kind, value, rules)


def test_a_backslash_is_only_a_backslash():
    assert fault("text", "a\\u0000b", {}) is None
    assert fault("text", "a\\\x00b", {})


def test_a_refusal_says_where_and_never_repeats_the_value():
    rules = {"properties": {"a": {"properties": {"b": {"type": "integer"}}}}}
    with force_locale("en"):
        told = fault("json", {"a": {"b": "s3cret"}}, rules)
    assert told == "a.b: Enter a whole number."


def test_rules_fetch_nothing_from_elsewhere(monkeypatch):
    monkeypatch.setattr("urllib.request.urlopen", lambda *_a, **_k: pytest.fail("fetched"))
    with pytest.raises(Exception, match="Unresolvable"):
        fault("json", {}, {"$ref": "http://127.0.0.1/schema.json"})


@pytest.mark.parametrize(
    ("kind", "text", "rules", "value"),
    [
        ("integer", " 12 ", {}, 12),
        ("decimal", "12,50", {}, "12.50"),
        ("boolean", "yes", {}, True),
        ("list", "1\n-3\n", {"items": {"type": "integer"}}, [1, -3]),
        ("list", '["a"]', {}, ["a"]),
        ("json", '{"a": 1}', {}, {"a": 1}),
        ("text", "", {}, None),
    ],
)
def test_what_people_type_becomes_json_and_back(kind, text, rules, value):
    assert from_text(kind, text, rules) == value
    assert from_text(kind, to_text(kind, value, rules), rules) == value


def test_broken_json_is_told_by_line():
    with force_locale("en"), pytest.raises(ValueError, match="line 2"):
        from_text("json", '{"a": 1,\n"b"}', {})


# -- changing


def test_all_wrong_values_are_told_at_once_and_none_is_saved(db_session):
    command = ChangeSettings(
        (
            SettingChange("sales.cash_tolerance", "-1"),
            SettingChange("company.email", "nobody"),
            SettingChange("company.phone", "999"),
        )
    )
    with pytest.raises(InvalidSettingError) as refusal:
        change_settings(command, actor=system_actor(), now=NOW)
    assert set(refusal.value.fields) == {"sales.cash_tolerance", "company.email"}
    assert read_setting("company.phone", "") == ""


def test_the_default_is_kept_as_none_and_only_changes_count(db_session):
    assert change("sales.cash_tolerance", "10.0") == ()
    assert change("sales.cash_tolerance", "12.00") == ("sales.cash_tolerance",)
    assert change("sales.cash_tolerance", "12.00") == ()
    assert change("sales.cash_tolerance", "10.00") == ("sales.cash_tolerance",)
    assert row_of("sales.cash_tolerance").setting_value is None


def test_a_change_says_who_made_it(db_session):
    admin = session().scalar(sa.select(User.id).where(User.username == "admin"))
    actor = system_actor()
    command = ChangeSettings((SettingChange("company.phone", "1"),))
    change_settings(command, actor=type(actor)(user_id=admin, name="Admin"), now=NOW)
    assert row_of("company.phone").updated_by == admin


def test_only_who_may_do_everything_decides_who_comes_in_from_outside(db_session):
    keeper = Actor(user_id=1, name="Keeper", rights=frozenset({"platform.settings:update"}))
    command = ChangeSettings((SettingChange("security.oidc_default_role", "Admin"),))
    with pytest.raises(WhoComesInError):
        change_settings(command, actor=keeper, now=NOW)
    everything = frozenset(db_session.scalars(sa.select(Permission.slug)))
    change_settings(command, actor=replace(keeper, rights=everything), now=NOW)
    assert read_setting("security.oidc_default_role") == "Admin"


def test_a_change_based_on_an_older_value_is_refused_whoever_changed_it(db_session):
    seen = row_of("company.phone").updated_at
    db_session.execute(
        sa.text(
            "UPDATE platform.system_settings SET setting_value = '\"1\"'"
            " WHERE setting_key = 'company.phone'"
        )
    )
    with pytest.raises(StaleSettingError):
        change("company.phone", "2", seen)
    change("company.phone", "2", row_of("company.phone").updated_at)
    assert read_setting("company.phone") == "2"


def test_notes_of_the_system_and_unknown_keys_can_not_be_changed(db_session):
    for key in ("platform.seeded", "no.such"):
        with pytest.raises(SettingNotFoundError):
            change(key, {})


@pytest.mark.parametrize(
    ("key", "json"),
    [
        ("sales.cash_tolerance", "5"),
        ("sales.cash_tolerance", '"five"'),
        ("sales.allow_internal_note", '"true"'),
        ("sales.idempotency_hours", "1.5"),
        ("billing.reminder_days", "{}"),
        ("company.name", "true"),
        ("payments.stripe_secret_key", '"sk_plain"'),
    ],
)
def test_plain_sql_can_not_set_a_value_of_another_type_or_a_secret_in_plain(db_session, key, json):
    statement = sa.text(
        "UPDATE platform.system_settings SET setting_value = CAST(:json AS jsonb)"
        " WHERE setting_key = :key"
    )
    with pytest.raises(sa.exc.IntegrityError):
        db_session.execute(statement, {"json": json, "key": key})
