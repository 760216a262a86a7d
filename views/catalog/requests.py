"""What the screens of the catalogue take from a request, as plain values or a refusal."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from flask import request

from app.admin.exchange.convert import as_words, clean, folded
from app.admin.exchange.formats import decimal_mark, parse_number
from app.admin.exchange.table_file import TableFile, UnreadableFileError, read_table
from app.errors import DomainError
from app.i18n import gettext as _
from app.i18n import ngettext
from app.services.catalog.prepare_prices import ListedPrice, PreparePrices
from app.services.platform.read_setting import read_setting

KEY = re.compile(r"[0-9A-Za-z-]{8,64}")
MEGABYTE = 1024 * 1024
MISTAKES_SHOWN = 50
# Headings that the columns of a price list may have, without accents and signs.
SKU = {"sku", "codigo", "code", "cod"}
PRICE = {"price", "newprice", "precio", "precionuevo", "nuevoprecio", "pvp"}


class FormError(DomainError):
    """What was typed can't be understood; ``fields`` names the input."""

    code = "invalid_form"


class PriceListError(FormError):
    """The file can't be used; ``mistakes`` has a sentence for each bad row."""

    code = "invalid_price_list"

    def __init__(self, message: object, mistakes: tuple[str, ...] = ()) -> None:
        super().__init__(message, fields={"file": str(message)}, mistakes=list(mistakes))


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def form_key() -> str:
    """The hidden input that makes a form safe to send twice."""
    key = request.form.get("key", "")
    if not KEY.fullmatch(key):
        raise FormError(_("The page is not complete: reload it and try again."))
    return key


def number(name: str, default: str = "0") -> Decimal:
    """A number as people write it: ``12.5``, ``-12,5``, ``1,234.50``, ``S/ 20``."""
    text = request.form.get(name, "").strip() or default
    try:
        return parse_number(text, decimal_mark([text]))
    except ValueError as error:
        raise FormError(str(error), fields={name: str(error)}) from None


def whole(name: str, default: int = 0) -> int:
    """A whole number that isn't huge."""
    text = request.form.get(name, "").strip()
    if not text:
        return default
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        sentence = _("This must be a whole number.")
        raise FormError(sentence, fields={name: sentence})
    return int(text)


def chosen(name: str) -> int | None:
    """The key of a row, None for none."""
    text = request.values.get(name, "")
    return int(text) if re.fullmatch(r"\d{1,18}", text, re.ASCII) else None


def prices_asked() -> PreparePrices:
    """The form of a bulk price change; a file that was sent says all by itself."""
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        return PreparePrices(form_key(), prices=_price_list(sent.read()))
    if request.form.get("how") == "file":
        raise PriceListError(_("Choose a file."))
    ending = request.form.get("ending", "")
    return PreparePrices(
        key=form_key(),
        kind=request.form.get("kind", "percent"),
        value=number("value"),
        ending=number("ending") if ending else None,
        category_id=chosen("category_id"),
        brand_id=chosen("brand_id"),
        product_id=chosen("product_id"),
        search=request.form.get("search", "")[:200],
    )


def _price_list(content: bytes) -> tuple[ListedPrice, ...]:
    """The rows of a CSV or XLSX file; :class:`PriceListError` tells every bad one."""
    most = read_setting("imports.max_megabytes")
    if len(content) > most * MEGABYTE:
        raise PriceListError(_("The file is larger than %(most)s MB.", most=most))
    try:
        table = read_table(content, {})
        places = _places(table)
        rows = [(n, clean(cells[places[0]]), clean(cells[places[1]])) for n, cells in table.rows]
    except UnreadableFileError as error:
        raise PriceListError(error.message) from None
    mark = decimal_mark([price for _n, _sku, price in rows if isinstance(price, str)])
    listed, mistakes = [], []
    for place, sku, price in rows:
        try:
            listed.append(_listed(sku, price, mark))
        except ValueError as error:
            mistakes.append(_("Row %(number)s: %(mistake)s", number=place, mistake=error))
    if mistakes:
        text = ngettext(
            "%(num)s row can't be used; nothing was prepared.",
            "%(num)s rows can't be used; nothing was prepared.",
            len(mistakes),
        )
        raise PriceListError(text, tuple(mistakes[:MISTAKES_SHOWN]))
    if not listed:
        raise PriceListError(_("The file has no prices."))
    return tuple(listed)


def _places(table: TableFile) -> tuple[int, int]:
    headings = [folded(heading) for heading in table.headings]
    found = [next((p for p, h in enumerate(headings) if h in known), -1) for known in (SKU, PRICE)]
    if -1 in found:
        raise PriceListError(_("The first row must have the headings “sku” and “price”."))
    return found[0], found[1]


def _listed(sku: object, price: object, mark: str) -> ListedPrice:
    if sku is None or not as_words(sku).strip():
        raise ValueError(_("The SKU is missing."))
    if price is None:
        raise ValueError(_("The price is missing."))
    amount = round(parse_number(price, mark), 2)
    if amount < 0:
        raise ValueError(_("The price is below zero."))
    return ListedPrice(as_words(sku).strip(), amount)
