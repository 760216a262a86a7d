"""Periods that the registers are asked for."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import request

from app.db import session
from app.locale import user_timezone
from app.services.sunat.read_register import ReadRegister
from models.sunat import IssuingCompany
from views.inventory.requests import asked_id
from views.sales.requests import now

MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


def today() -> dt.date:
    """Where the reader is."""
    return now().astimezone(ZoneInfo(user_timezone())).date()


def asked_month() -> ReadRegister:
    """The month and issuer in the address; this month and the first issuer without them."""
    typed = MONTH.fullmatch(request.args.get("month", ""))
    this = today()
    year, month = (int(typed[1]), int(typed[2])) if typed else (this.year, this.month)
    if request.args.get("month") and not typed:
        month = 0  # what was typed is refused, not replaced
    return ReadRegister(year, month, asked_id("company"))


def issuers() -> list[tuple[int, str]]:
    """Those there are, as options."""
    row = IssuingCompany
    rows = session().execute(sa.select(row.id, row.ruc, row.raz_social).order_by(row.id))
    return [(key, f"{name} · {ruc}") for key, ruc, name in rows]
