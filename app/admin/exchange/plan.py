"""How a file goes into a table: chosen by a person step by step, kept as JSON with the import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from app.admin.describe import Field
from app.admin.exchange.convert import Way, as_words, choice_codes
from app.admin.exchange.formats import date_order, decimal_mark
from app.admin.exchange.table_file import TableFile
from app.locale import user_timezone

SAMPLE = 500
MARKS, ORDERS = ("auto", ".", ","), ("auto", "dmy", "mdy")


@dataclass(frozen=True, slots=True)
class Plan:
    """``columns`` has a column's name (or "") per heading; ``key`` the columns that find an
    existing record, empty to add only. ``file`` is how the file is read; ``mark`` and ``order``
    are "auto" or what the person says of its numbers and dates."""

    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    mark: str = "auto"
    order: str = "auto"
    file: tuple[tuple[str, str], ...] = ()
    good_only: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": list(self.columns),
            "key": list(self.key),
            "mark": self.mark,
            "order": self.order,
            "file": dict(self.file),
            "good_only": self.good_only,
        }

    @classmethod
    def of(cls, options: dict[str, Any]) -> Plan:
        return cls(
            tuple(options.get("columns", ())),
            tuple(options.get("key", ())),
            options.get("mark", "auto"),
            options.get("order", "auto"),
            tuple(sorted(options.get("file", {}).items())),
            bool(options.get("good_only")),
        )

    def ways(self, fields: dict[str, Field], sample: Sequence[Sequence[Any]]) -> dict[str, Way]:
        """How each column is written, judged by the first rows where the person leaves it open."""
        zone = ZoneInfo(user_timezone())
        found = {}
        for place, name in enumerate(self.columns):
            if not name:
                continue
            field = fields[name]
            texts = [as_words(row[place]) for row in sample if isinstance(row[place], str)]
            found[name] = Way(
                zone,
                _decided(self.mark, decimal_mark, texts, wanted=field.numeric),
                _decided(self.order, date_order, texts, wanted=field.kind in ("date", "datetime")),
                choice_codes(field) if field.kind == "choice" else {},
            )
        return found


def _decided(asked: str, judge: Any, texts: Iterable[str], *, wanted: bool) -> str:
    return str(judge(texts)) if asked == "auto" and wanted else asked.replace("auto", ".")


def first_rows(table: TableFile, number: int = SAMPLE) -> list[tuple[int, Sequence[Any]]]:
    return list(islice(table.rows, number))
