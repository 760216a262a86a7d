"""Rules of jobs on the generated screens."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from flask import current_app

from app.admin.rules import TableRules
from app.services.platform.next_number import next_number


class JobRules(TableRules):
    """A new job takes the next number of its year, without gaps: ``JOB-2026-00042``."""

    sets: ClassVar[frozenset[str]] = frozenset({"job_number"})

    def before_save(self, row: Any, *, adding: bool) -> None:
        if adding:
            year = dt.datetime.now(ZoneInfo(current_app.config["TIMEZONE"])).year
            row.job_number = f"JOB-{year}-{next_number('JOB', year):05d}"
