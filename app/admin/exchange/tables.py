"""The generated view of a table by its name, for work that is done later."""

from __future__ import annotations

from typing import Any

from flask import current_app

from app.errors import NotFoundError
from app.i18n import gettext as _


def view_of(resource: str) -> Any:
    """The view of ``schema.table``; raises ``NotFoundError`` when there is none (any more)."""
    from app.admin.model_view import TableView

    builder: Any = current_app.appbuilder  # type: ignore[attr-defined]
    for view in builder.baseviews:
        if isinstance(view, TableView) and view.description.resource == resource:
            return view
    raise NotFoundError(_("There is no such table."))
