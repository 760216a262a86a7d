"""The settings form as a browser sends it."""

from __future__ import annotations

import re

import sqlalchemy as sa

from app.db import session
from models.platform import SystemSetting

FIELD = re.compile(r'<input type="hidden" name="((?:was|stamp)-[a-z_-]+)" value="([^"]*)"')


def hidden(client, group: str) -> dict[str, str]:
    """What the form of a group brings along."""
    page = client.get(f"/settings/{group}")
    assert page.status_code == 200
    return dict(FIELD.findall(page.text))


def send(client, group: str, values: dict[str, str | None], form: dict[str, str] | None = None):
    """Send the form with these values typed and all else as it was; None isn't sent at all, as a
    browser does with a switch that is off."""
    form = form or hidden(client, group)
    rows = session().scalars(sa.select(SystemSetting).where(SystemSetting.setting_group == group))
    typed = {
        row.setting_key: form.get("was-" + row.setting_key.replace(".", "-"), "")
        for row in rows
        if not row.is_encrypted
    }
    return client.post(f"/settings/{group}", data=_sent({**form, **typed, **values}))


def _sent(values: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def stored(key: str) -> SystemSetting:
    statement = sa.select(SystemSetting).where(SystemSetting.setting_key == key)
    return session().scalars(statement.execution_options(populate_existing=True)).one()
