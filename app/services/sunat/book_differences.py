"""The statements that find what the books and SUNAT don't agree on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.domain.document_kinds import CREDIT_NOTES, PRINTED, SALES
from app.domain.document_states import EXCEPTION, PENDING, REJECTED, SENT, SIGNED, WITHOUT_EFFECT
from app.domain.tenders import CASH
from app.services.platform.read_setting import read_setting
from models.billing import Invoice
from models.sales import Order, OrderPayment, OrderReturn
from models.sunat import ElectronicDocument

PATIENCE: Final = dt.timedelta(days=1)
INTERNAL_NOTE: Final = "NV"
PAID: Final = ("paid", "partially_refunded")
ISSUED: Final = ("sent", "viewed", "partially_paid", "paid", "overdue")
UNDECIDED: Final = (PENDING, SIGNED, SENT, EXCEPTION)
CENT: Final = Decimal("0.01")
COLUMNS: Final = ("number", "day", "model", "key", "state", "currency", "books", "sunat")


@dataclass(frozen=True, slots=True)
class Period:
    """The days, and their moments in the zone of the business; ``coin`` is what cash is rounded to,
    a céntimo where it isn't."""

    first: dt.date
    last: dt.date
    since: dt.datetime
    until: dt.datetime
    late: dt.date
    zone: str
    coin: Decimal
    reader: Reader

    @classmethod
    def of(cls, first: dt.date, last: dt.date, actor: Actor, now: dt.datetime) -> Period:
        name = read_setting("company.time_zone")
        zone = ZoneInfo(name)
        since = dt.datetime.combine(first, dt.time(), zone)
        until = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)
        late = (now.astimezone(zone) - PATIENCE).date()
        coin = max(Decimal(read_setting("sales.cash_rounding")), CENT)
        return cls(first, last, since, until, late, name, coin, Reader.of(actor))

    def day(self, moment: Any) -> Any:
        return sa.cast(sa.func.timezone(self.zone, moment), sa.Date)

    def within(self, moment: Any) -> sa.ColumnElement[bool]:
        result: sa.ColumnElement[bool] = sa.and_(moment >= self.since, moment < self.until)
        return result


def _line(about: Any = None, **columns: Any) -> sa.Select[Any]:
    """The columns of a difference, in their order; ``about`` is the key column of the record."""
    nothing, empty = sa.cast(sa.null(), sa.Numeric(14, 2)), sa.literal("")
    record: dict[str, Any] = {"model": empty, "key": empty}
    if about is not None:
        model = sa.literal(about.class_.__table__.fullname)
        record = {"model": model, "key": sa.cast(about, sa.Text)}
    given: dict[str, Any] = {"state": empty, "currency": empty, "books": nothing, "sunat": nothing}
    given |= record | columns
    return sa.select(*(given[name].label(name) for name in COLUMNS))


def _sold_without(period: Period) -> sa.Select[Any]:
    """Sales that are paid and have no factura or boleta that counts."""
    order = Order
    line = _line(
        order.id, number=order.order_number, day=period.day(order.created_at), state=order.status,
        currency=order.currency, books=order.grand_total - order.cash_rounding,
    )  # fmt: skip
    line = line.where(
        period.within(order.created_at),
        order.status.not_in(["draft", "cancelled"]),
        order.payment_status.in_(PAID),
        order.document_type != INTERNAL_NOTE,
        order.grand_total > 0,
        ~_has(ElectronicDocument.order_id == order.id, SALES, order),
    )
    return _scoped(line, Order, period)


def _invoiced_without(period: Period) -> sa.Select[Any]:
    """Services invoices that customers have, without a document that counts."""
    invoice = Invoice
    line = _line(
        invoice.id, number=invoice.invoice_number, day=invoice.invoice_date,
        state=invoice.status, currency=invoice.currency, books=invoice.total_amount,
    )  # fmt: skip
    line = line.where(
        invoice.invoice_date.between(period.first, period.last),
        invoice.status.in_(ISSUED),
        ~_has(ElectronicDocument.invoice_id == invoice.id, SALES, invoice),
    )
    return _scoped(line, Invoice, period)


def _returned_without(period: Period) -> sa.Select[Any]:
    """Returns whose nota de crédito is still due, or came to nothing."""
    back, order = OrderReturn, Order
    line = _line(
        back.id, number=back.number, day=period.day(back.created_at), state=back.kind,
        currency=order.currency, books=back.amount,
    )  # fmt: skip
    line = line.join(order, order.id == back.order_id).where(
        period.within(back.created_at),
        back.amount > 0,
        _has(ElectronicDocument.order_id == order.id, SALES, order),
        ~_has(ElectronicDocument.return_id == back.id, CREDIT_NOTES, back),
    )
    return _scoped(line, OrderReturn, period)


def _not_accepted(period: Period) -> sa.Select[Any]:
    """Documents that SUNAT hasn't decided on a day after, or rejected with none in their place."""
    row = ElectronicDocument
    line = _line(
        row.id, number=_number(row), day=row.issue_date, state=row.sunat_status,
        currency=row.currency, sunat=row.total_amount,
    )  # fmt: skip
    again = aliased(row)
    corrected = sa.exists().where(
        again.order_id.is_not_distinct_from(row.order_id),
        again.return_id.is_not_distinct_from(row.return_id),
        again.invoice_id.is_not_distinct_from(row.invoice_id),
        again.document_type == row.document_type,
        again.sunat_status.not_in(WITHOUT_EFFECT),
    )
    late = sa.and_(row.issue_date <= period.late, row.sunat_status.in_(UNDECIDED))
    line = line.where(
        row.issue_date.between(period.first, period.last),
        sa.or_(late, sa.and_(row.sunat_status == REJECTED, ~corrected.correlate(row))),
    )
    return _scoped(line, ElectronicDocument, period)


def _amounts_differ(period: Period) -> sa.Select[Any]:
    """Documents that come to something else than the sale, invoice or return they are about.

    A return of what was paid in cash gives back whole coins, its note is to the céntimo.
    """
    row, order, invoice, back = ElectronicDocument, Order, Invoice, OrderReturn
    cash = sa.exists().where(OrderPayment.order_id == order.id, OrderPayment.method == CASH)
    in_coins = sa.and_(row.return_id.is_not(None), cash.correlate(order))
    books = sa.case(
        (row.return_id.is_not(None), back.amount),
        (row.invoice_id.is_not(None), invoice.total_amount),
        else_=order.grand_total - order.cash_rounding,
    )
    line = _line(
        row.id, number=_number(row), day=row.issue_date, state=row.sunat_status,
        currency=row.currency, books=books, sunat=row.total_amount,
    )  # fmt: skip
    about_all = sa.and_(row.document_type.in_(SALES), row.return_id.is_(None))
    about_return = sa.and_(row.document_type.in_(CREDIT_NOTES), row.return_id.is_not(None))
    line = (
        line.outerjoin(order, order.id == row.order_id)
        .outerjoin(invoice, invoice.id == row.invoice_id)
        .outerjoin(back, back.id == row.return_id)
        .where(
            row.issue_date.between(period.first, period.last),
            row.sunat_status.not_in(WITHOUT_EFFECT),
            sa.or_(about_all, about_return),
            sa.func.abs(books - row.total_amount) >= sa.case((in_coins, period.coin), else_=CENT),
        )
    )
    return _scoped(line, ElectronicDocument, period)


def _gaps(period: Period) -> sa.Select[Any]:
    """Numbers of a series that no document has, before one issued in the period."""
    row = ElectronicDocument
    numbers = (
        sa.select(
            row.series,
            row.issue_date,
            row.correlative_number.label("number"),
            sa.func.lag(row.correlative_number, 1, 0)
            .over(
                partition_by=(row.company_id, row.document_type, row.series),
                order_by=row.correlative_number,
            )
            .label("before"),
        )
        .where(row.document_type.in_(PRINTED))
        .subquery()
        .c
    )
    first, last = numbers.before + 1, numbers.number - 1
    missing = sa.case(
        (first == last, sa.func.concat(numbers.series, "-", first)),
        else_=sa.func.concat(numbers.series, "-", first, " – ", numbers.series, "-", last),
    )
    return _line(number=missing, day=numbers.issue_date).where(
        numbers.number > numbers.before + 1,
        numbers.issue_date.between(period.first, period.last),
    )


KINDS: Final[Mapping[str, Callable[[Period], sa.Select[Any]]]] = MappingProxyType(
    {
        "sale_without_document": _sold_without,
        "invoice_without_document": _invoiced_without,
        "return_without_note": _returned_without,
        "not_accepted": _not_accepted,
        "amount_differs": _amounts_differ,
        "gap": _gaps,
    }
)


def _has(condition: Any, kinds: tuple[str, ...], of: Any) -> Any:
    """Whether there is a document of these kinds that counts."""
    row = ElectronicDocument
    return (
        sa.exists()
        .where(condition, row.document_type.in_(kinds), row.sunat_status.not_in(WITHOUT_EFFECT))
        .correlate(of)
    )


def _number(row: Any) -> Any:
    return sa.func.concat(row.series, "-", row.correlative_number)


def _scoped(statement: sa.Select[Any], model: Any, period: Period) -> sa.Select[Any]:
    found: sa.Select[Any] = scoped(statement, model, period.reader)
    return found
