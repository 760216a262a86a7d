"""What the screens of the till take from a request, as plain values or a refusal."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request

from app.admin.rest.calling import Called
from app.errors import DomainError
from app.i18n import lazy_gettext as _
from app.services.customers.add_customer import AddCustomer, add_customer
from app.services.identity.approve_with_pin import ApproveWithPin
from app.services.sales.checkout import DISCOUNT, DISCOUNT_LIMIT, Checkout, checkout
from app.services.sales.errors import InvalidAmountError, InvalidSaleError
from app.services.sales.exchange_order import ExchangeOrder, exchange_order
from app.services.sales.park_sale import ParkSale, park_sale
from app.services.sales.price_cart import Cart, check_cart, price_cart
from app.services.sales.recall_quotation import RecallQuotation, recall_quotation
from app.services.sales.recall_sale import RecallSale, recall_sale
from app.services.sales.save_quotation import SaveQuotation, save_quotation
from views.sales.approvals import open_approval

KEY = re.compile(r"[0-9A-Za-z-]{8,64}")
PERCENT = re.compile(r"\d{1,3}(\.\d{1,2})?", re.ASCII)
_CHECKOUT, _CART, _CUSTOMER = Called(checkout), Called(price_cart), Called(add_customer)
_PARK, _RECALL = Called(park_sale), Called(recall_sale)
_QUOTE, _QUOTATION = Called(save_quotation), Called(recall_quotation)
_EXCHANGE = Called(exchange_order)


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
    """The cart in the request's JSON, with the approval that came with it.

    Raises :class:`InvalidSaleError`, :class:`InvalidKeyError` and ProblemError when it isn't one.
    """
    body = _json()
    key = _key(body.pop("key", None))
    approval = open_approval(body.pop("approval", ""), key)
    command: Checkout = _CHECKOUT.command_of(body, key)
    return replace(command, approval=approval)


def exchange_command() -> ExchangeOrder:
    """The same for a cart that goods pay for which are brought back; raises the same."""
    body = _json()
    key = _key(body.pop("key", None))
    discount = open_approval(body.pop("approval", ""), key)
    refund = open_approval(body.pop("refund_approval", ""), key)
    command: ExchangeOrder = _EXCHANGE.command_of(body, key)
    return replace(command, approval=discount, refund_approval=refund)


def cart_to_price(location_id: int) -> Cart:
    """The cart in the request's JSON, as it is while it is filled."""
    cart: Cart = _CART.command_of(_json() | {"location_id": location_id}, "")
    check_cart(cart)
    return cart


@dataclass(frozen=True, slots=True)
class WantedApproval:
    """``key`` is the sale's that it is for."""

    key: str
    command: ApproveWithPin


def approval_command() -> WantedApproval:
    """Who is asked to approve how many percent off, from the request's JSON."""
    body = _json()
    percent = str(body.get("percent", ""))
    command = ApproveWithPin(
        str(body.get("approver", ""))[:200],
        str(body.get("pin", ""))[:20],
        DISCOUNT,
        limit=DISCOUNT_LIMIT,
        amount=Decimal(percent) if PERCENT.fullmatch(percent) else Decimal(100),
    )
    return WantedApproval(_key(body.get("key")), command)


def customer_command() -> AddCustomer:
    command: AddCustomer = _keyed(_CUSTOMER)
    return command


def park_command() -> ParkSale:
    """The cart in the request's JSON, and what to call it."""
    command: ParkSale = _keyed(_PARK)
    return command


def recall_command() -> RecallSale:
    command: RecallSale = _keyed(_RECALL)
    return command


def quote_command() -> SaveQuotation:
    command: SaveQuotation = _keyed(_QUOTE)
    return command


def quotation_command() -> RecallQuotation:
    command: RecallQuotation = _QUOTATION.command_of(_json(), "")
    return command


def _keyed(called: Called) -> Any:
    body = _json()
    return called.command_of(body, _key(body.pop("key", None)))


def _json() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise InvalidSaleError(_("The cart could not be understood."))
    return dict(body)


def _key(value: Any) -> str:
    if not isinstance(value, str) or not KEY.fullmatch(value):
        raise InvalidKeyError
    return value
