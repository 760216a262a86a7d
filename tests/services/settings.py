"""Changing settings in tests."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.actor import system_actor
from app.db import session
from app.services.platform.change_settings import ChangeSettings, SettingChange, change_settings
from models.platform import SystemSetting
from tests.services.shop import NOW


def change(key: str, value: object, based_on: dt.datetime | None = None) -> tuple[str, ...]:
    command = ChangeSettings((SettingChange(key, value, based_on),))
    return change_settings(command, actor=system_actor(), now=NOW)


def row_of(key: str) -> SystemSetting:
    statement = sa.select(SystemSetting).where(SystemSetting.setting_key == key)
    return session().scalars(statement.execution_options(populate_existing=True)).one()
