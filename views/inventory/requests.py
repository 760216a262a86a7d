"""What the screens of stock take from a request, as plain values or a refusal."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from flask import request

from app.errors import DomainError
from app.i18n import gettext as _
from app.services.inventory.find_variants import FoundVariant, read_variants
from views.sales.requests import KEY, InvalidKeyError

LARGEST = 2**31
MOST_LINES = 1000


class InvalidLinesError(DomainError):
    """Some lines can't be read; ``lines`` has a sentence for each, by variant."""

    code = "invalid_lines"

    def __init__(self, lines: dict[int, str]) -> None:
        self.lines = lines
        super().__init__(_("Some lines need your attention."), lines=lines)


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A line of a form as it was typed; all texts. ``number`` and ``money`` read them."""

    variant_id: int
    quantity: str
    cost: str
    seen_version: str
    seen_on_hand: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of a form with what is known of its variant, and what is wrong with it."""

    variant: FoundVariant
    quantity: str = ""
    cost: str = ""
    error: str = ""


def form_key() -> str:
    """The hidden field that makes a form safe to send twice."""
    key = request.form.get("key", "")
    if not KEY.fullmatch(key):
        raise InvalidKeyError
    return key


def typed_lines() -> list[TypedLine]:
    """The lines of the form, in the order of the page."""
    form = request.form
    columns = [form.getlist(name)[:MOST_LINES] for name in ("quantity", "cost")]
    columns += [form.getlist(name)[:MOST_LINES] for name in ("seen_version", "seen_on_hand")]
    variants = form.getlist("variant_id")[:MOST_LINES]
    padded = [(column + [""] * len(variants))[: len(variants)] for column in columns]
    return [
        TypedLine(int(key), *texts)
        for key, *texts in zip(variants, *padded, strict=True)
        if key.isascii() and key.isdigit() and len(key) < 19  # noqa: PLR2004 - bigint
    ]


def whole_numbers(lines: list[TypedLine], *, signed: bool = False) -> dict[int, int]:
    """Pieces by variant; :class:`InvalidLinesError` names the lines that have none.

    ``signed`` numbers may be below zero, and are never zero; others are from zero up.
    """
    wrong, found = {}, {}
    for line in lines:
        text = line.quantity.strip().replace("−", "-")
        pattern = r"[+-]?\d{1,9}" if signed else r"\d{1,9}"
        if not re.fullmatch(pattern, text, re.ASCII) or (signed and int(text) == 0):
            wrong[line.variant_id] = _("Type a whole number of pieces.")
        else:
            found[line.variant_id] = int(text)
    if wrong:
        raise InvalidLinesError(wrong)
    return found


def costs(lines: list[TypedLine]) -> dict[int, Decimal | None]:
    """Unit costs by variant, None where none was typed; up to four decimals."""
    wrong: dict[int, str] = {}
    found: dict[int, Decimal | None] = {}
    for line in lines:
        text = re.sub(r"[\s,]|^S/", "", line.cost.strip())
        try:
            cost = Decimal(text) if text else None
        except InvalidOperation:
            cost = Decimal(-1)
        if cost is not None and not (cost.is_finite() and 0 <= cost < LARGEST):
            wrong[line.variant_id] = _("This is not an amount.")
        found[line.variant_id] = cost if cost is None else round(cost, 4)
    if wrong:
        raise InvalidLinesError(wrong)
    return found


def shown_lines(location_id: int | None, errors: dict[int, str]) -> list[ShownLine]:
    """The lines of a refused form again, with the stock as it is now."""
    lines = {line.variant_id: line for line in typed_lines()}
    known = {variant.variant_id: variant for variant in read_variants(lines, location_id)}
    return [
        ShownLine(known[key], line.quantity, line.cost, errors.get(key, ""))
        for key, line in lines.items()
        if key in known
    ]


def errors_by_line(error: DomainError) -> dict[int, str]:
    """A sentence for each line that the refusal names."""
    if isinstance(error, InvalidLinesError):
        return error.lines
    return dict(_sentences(error.data.get("lines")))


def _sentences(lines: object) -> Iterator[tuple[int, str]]:
    for line in lines if isinstance(lines, list) else ():
        if "seen" in line:
            yield (
                line["variant_id"],
                _(
                    "You saw %(seen)s, now there are %(now)s. Save again if it still holds.",
                    seen=line["seen"],
                    now=line["on_hand"],
                ),
            )
        elif "available" in line:
            yield line["variant_id"], _("Only %(count)s available", count=line["available"])


def asked_id(name: str) -> int | None:
    """A key in the address; None when there is none."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None  # noqa: PLR2004 - bigint


def asked_date(name: str, default: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return default
