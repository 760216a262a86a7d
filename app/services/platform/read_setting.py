"""Settings that administrators change while the system runs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.db import session
from models.platform import SystemSetting


def read_setting(key: str, default: Any = None) -> Any:
    """The setting's value, else the default in its row, else ``default``."""
    row = (
        session()
        .execute(
            sa.select(SystemSetting.setting_value, SystemSetting.default_value).where(
                SystemSetting.setting_key == key
            )
        )
        .first()
    )
    if row is None:
        return default
    chosen = row.setting_value if row.setting_value is not None else row.default_value
    return default if chosen is None else chosen
