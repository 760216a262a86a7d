"""The filters that a table offers above its list."""

from __future__ import annotations

import json
from collections.abc import Iterator

from app.admin.lists.address import Address
from app.admin.lists.request import FILTER, ListRequest
from app.admin.pages import ShortcutLink
from app.admin.registry import Table
from app.i18n import gettext as _


def shortcuts(table: Table, address: Address, wanted: ListRequest) -> Iterator[ShortcutLink]:
    """Links that set the filter in place of the one there is; that of the one in use takes it
    away."""
    now = wanted.conditions.text()
    for shortcut in table.shortcuts:
        text = json.dumps({"and": shortcut.conditions}, separators=(",", ":"))
        active = text == now
        url = address.url(**{FILTER: "" if active else text})
        yield ShortcutLink(_(shortcut.label), url, active)
