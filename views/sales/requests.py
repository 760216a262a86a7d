"""What the screens of the till take from a request, as plain values or a refusal."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request

from app.errors import DomainError
from app.i18n import lazy_gettext as _
from app.services.sales.checkout import MOST_LINES, Checkout, SaleLine
from app.services.sales.errors import InvalidAmountError, InvalidSaleError

KEY = re.compile(r"[0-9A-Za-z-]{8,64}")
BIGINT = 2**63


class InvalidKeyError(DomainError):
    """The page didn't name the request, so it can't be told from a repetition."""

    code = "invalid_key"

    def __init__(self) -> None:
        super().__init__(_("The page is not complete: reload it and try again."))


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def form_key() -> str:
    """The hidden field that makes a form safe to send twice."""
    return _key(request.form.get("key"))


def form_amount(name: str) -> Decimal:
    """An amount as people write it: ``1234.5``, ``1,234.50``, ``1234,50``, ``S/ 20``."""
    text = re.sub(r"[\s ]|^S/", "", request.form.get(name, "").strip())
    text = text.replace(",", ".") if re.fullmatch(r"-?\d+,\d{1,2}", text) else text.replace(",", "")
    try:
        return Decimal(text)
    except InvalidOperation:
        sentence = _("This is not an amount.")
        raise InvalidAmountError(sentence, fields={name: str(sentence)}) from None


def form_id(name: str) -> int:
    """The key of a row; 0, which is nothing's, when it isn't one."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0  # noqa: PLR2004 - bigint


def checkout_command() -> Checkout:
    """The cart in the request's JSON; :class:`InvalidSaleError` when it isn't one."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("lines"), list):
        raise InvalidSaleError(_("The cart could not be understood."))
    lines = body["lines"]
    if len(lines) > MOST_LINES:
        raise InvalidSaleError(_("A sale has %(count)s lines at most.", count=MOST_LINES))
    return Checkout(
        key=_key(body.get("key")),
        cash_session_id=_whole(body.get("cash_session_id")),
        lines=tuple(_line(line) for line in lines),
        expected_total=_amount(body.get("expected_total")),
        cash_received=_amount(body.get("cash_received")),
    )


def _line(line: Any) -> SaleLine:
    if not isinstance(line, dict):
        raise InvalidSaleError(_("The cart could not be understood."))
    return SaleLine(_whole(line.get("variant_id")), _whole(line.get("quantity")))


def _key(value: Any) -> str:
    if not isinstance(value, str) or not KEY.fullmatch(value):
        raise InvalidKeyError
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= BIGINT:
        raise InvalidSaleError(_("Quantities are whole numbers."))
    return value


def _amount(value: Any) -> Decimal:
    """Amounts travel as text, so that no float comes near them."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{1,12}(\.\d{1,4})?", value, re.ASCII):
        raise InvalidSaleError(_("Amounts are numbers with two decimals."))
    return Decimal(value)
