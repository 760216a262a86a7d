"""What a step of an import came to, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel.numbers import format_decimal

from app.admin.exchange.import_rows import Outcome
from app.i18n import gettext as _
from app.i18n import ngettext
from app.locale import user_locale


def result_of(step: str, outcome: Outcome | None, *, written: bool) -> dict[str, Any]:
    """The result that the work keeps; empty when an earlier worker had done it all."""
    if outcome is None:
        return {}
    return {
        "step": step,
        "written": written,
        "rows": outcome.rows,
        "created": outcome.created,
        "updated": outcome.updated,
        "unchanged": outcome.unchanged,
        "failed": len(outcome.failures),
    }


def told(result: Mapping[str, Any]) -> str:
    """For who started it: of a check what would happen, of an import what did."""
    if "step" not in result:
        return ""  # kept by a version that told nothing
    if result["step"] == "undo":
        return _undone(int(result["undone"]), int(result["refused"]))
    counts = ", ".join(
        f"{label}: {format_decimal(result[name], locale=user_locale())}"
        for name, label in _labels(to_come=not result["written"])
        if result[name]
    )
    failed = int(result["failed"])
    if not result["written"] and result["step"] == "run":
        return ngettext(
            "Nothing was imported: %(num)s row has mistakes.",
            "Nothing was imported: %(num)s rows have mistakes.",
            failed,
        )
    return f"{counts}." if counts else _("The file has no rows.")


def _labels(*, to_come: bool) -> list[tuple[str, str]]:
    return [
        ("created", _("To add") if to_come else _("Added")),
        ("updated", _("To change") if to_come else _("Changed")),
        ("unchanged", _("As they are")),
        ("failed", _("With mistakes")),
    ]


def _undone(undone: int, refused: int) -> str:
    text = ngettext("%(num)s record was taken back.", "%(num)s records were taken back.", undone)
    return f"{text} {_('Left as they are')}: {refused}." if refused else text
