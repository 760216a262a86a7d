"""Rules of series and documents on the generated screens."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from app.admin.cells import cell
from app.admin.describe import describe
from app.admin.rules import TableRules
from app.services.sunat.check_series import check_series, require_unused_series
from models.sunat import ElectronicDocument
from views.sunat.document_page import document_parts
from views.sunat.next_step import next_step, waits_for_person


class DocumentRules(TableRules):
    """The state with what happens next."""

    def cell(self, row: Any, name: str) -> Markup | None:
        if name != "sunat_status":
            return None
        state = cell(row, describe(ElectronicDocument).fields[name])
        waits = "yes" if waits_for_person(row) else "no"
        step = Markup('<div>{}<small class="next-step" data-waits="{}">{}</small></div>')
        return step.format(state, waits, next_step(row))

    def record_parts(self, row: Any) -> dict[str, Any]:
        return document_parts(row)


class SeriesRules(TableRules):
    """Named as SUNAT wants it; what has given numbers is switched off, not renamed or deleted."""

    def before_save(self, row: Any, *, adding: bool) -> None:
        del adding
        row.series = (row.series or "").strip().upper()
        check_series(row)

    def before_delete(self, row: Any) -> None:
        require_unused_series(row)
