"""Tables of what people keep for themselves and say about records."""

from __future__ import annotations

from app.admin.registry import Domain

DOMAIN = Domain(name="workspace", label="Workspace", icon="layout-board", tables=())
