"""A valid row of any table, made from its description; special rules are written here once."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import json
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from PIL import Image
from stdnum.pe import ruc

from app.actor import Actor, acting_as, system_actor
from app.admin.describe import Description, Field, describe
from app.admin.forms.form import default_of, fields_of
from app.db import session
from models.base import Base
from models.identity import User
from models.platform import AuditLog

_numbers = itertools.count(1)
TODAY = dt.date(2026, 6, 15)
NOW = dt.datetime(2026, 6, 15, 15, 0, tzinfo=dt.UTC)


def _relation(resource: str, name: str) -> Callable[[int], Any]:
    return lambda _n: _key_of_some_row(_described(resource).fields[name])


def _new_relation(resource: str, name: str) -> Callable[[int], Any]:
    """A row of its own, where the pair must be new."""
    return lambda _n: _key_of_new_row(_described(resource).fields[name])


def _described(resource: str) -> Description:
    found = (m.class_ for m in Base.registry.mappers)
    return next(describe(m) for m in found if m.__table__.fullname == resource)


def _ruc(number: int) -> str:
    digits = f"20{number:08d}"
    return digits + ruc.calc_check_digit(digits)


HAS_CUSTOMER = (
    "billing.customer_billing_info",
    "billing.invoices",
    "billing.quotes",
    "billing.credit_notes",
    "billing.recurring_invoices",
    "portal.customer_portal_access",
)
# Columns whose rules a description can't tell: table.column → value made from a running number.
SPECIAL: dict[str, Callable[[int], Any]] = {
    # The database would make them of the names.
    "catalog.categories.slug": lambda number: f"slug-{number}",
    "catalog.products.slug": lambda number: f"slug-{number}",
    "workspace.favourites.url": lambda n: f"/page/{n}",
    **{f"{t}.customer_company_id": _relation(t, "customer_company_id") for t in HAS_CUSTOMER},
    "sunat.companies.ruc": _ruc,
    "identity.user_roles.user_id": _new_relation("identity.user_roles", "user_id"),
    "identity.user_roles.role_id": _new_relation("identity.user_roles", "role_id"),
    # Nobody gives a right that they don't have, and a right made here is nobody's.
    "identity.role_permissions.role_id": _new_relation("identity.role_permissions", "role_id"),
    "identity.role_permissions.permission_view_id": lambda _n: session().scalar(
        sa.text("SELECT id FROM identity.permissions WHERE slug = 'sales.orders:read'")
    ),
    "services.time_entries.user_id": _new_relation("services.time_entries", "user_id"),
    "messaging.notifications.user_id": _relation("messaging.notifications", "user_id"),
    "inventory.inventory_reservations.expires_at": lambda n: NOW + dt.timedelta(days=n),
    "inventory.inventory_movements.to_location_id": _relation(
        "inventory.inventory_movements", "to_location_id"
    ),
    "inventory.stock_transfers.to_location_id": _new_relation(
        "inventory.stock_transfers", "to_location_id"
    ),
    "inventory.stock_transfers.transit_location_id": _new_relation(
        "inventory.stock_transfers", "transit_location_id"
    ),
    "platform.idempotency_keys.expires_at": lambda _n: dt.datetime(2036, 1, 1, tzinfo=dt.UTC),
    "customers.customer_merge_log.target_customer_id": _new_relation(
        "customers.customer_merge_log", "target_customer_id"
    ),
    "services.job_priorities.level": lambda n: 100 + n % 900,
    "services.task_priorities.level": lambda n: 100 + n % 900,
    "services.time_entries.start_time": lambda n: NOW - dt.timedelta(hours=n),
    "services.time_entries.end_time": lambda n: NOW - dt.timedelta(hours=n, minutes=-5),
    "sales.coupons.code": lambda n: f"CODE{n}",
    "sunat.document_sequences.series": lambda n: f"F{n % 1000:03d}",
    "sunat.electronic_documents.order_id": _relation("sunat.electronic_documents", "order_id"),
    "billing.payment_reminders.reminder_type": lambda _n: "after_due",
    "billing.payment_reminders.days_offset": lambda n: n,
}


def make_row(model: type[Base], **given: Any) -> Any:
    """Insert a row with every required column (and the special ones) filled; flushed."""
    if model is AuditLog:
        return _audit_entry(given.get("user_id"))
    row = model(**{**column_values(describe(model), everything=True), **given})
    session().add(row)
    session().flush()
    return row


def _audit_entry(user_id: int | None) -> AuditLog:
    """An entry told in the user's name: nobody else may write into the audit log."""
    actor = Actor(user_id=user_id, name="Tester") if user_id else system_actor()
    told = sa.text("CALL platform.record_action('test', 'platform.audit_logs', '1', '{}')")
    with acting_as(actor):
        session().execute(told)
    newest = sa.select(AuditLog).where(AuditLog.action == "test").order_by(AuditLog.id.desc())
    return session().scalars(newest.limit(1)).one()


def owned_row(model: type[Base], user_id: int, **given: Any) -> Any:
    """A row that is the user's: by its owner columns, or by what it belongs to."""
    if model is User:
        return session().get_one(User, user_id)
    values: dict[str, Any] = {name: user_id for name in model.__owners__ if "." not in name}
    for name in model.__parents__:
        field = describe(model).fields[name]
        if not (model.__owners__ and field.nullable):
            parent = owned_row(field.target, user_id)
            values[name] = getattr(parent, describe(field.target).keys[0])
    if model.__about__:
        values["table_name"] = "catalog.brands"  # which everybody may see
    return make_row(model, **{**values, **given})


def owned_values(description: Description, user_id: int) -> dict[str, Any]:
    """Values of a new row of the user, which points to rows of the user only."""
    values = column_values(description)
    for name in list(values):
        field = description.fields[name]
        if name in description.model.__owners__:
            values[name] = user_id
        elif field.target is not None and (field.target.__owners__ or field.target.__parents__):
            row = make_row(User) if field.target is User else owned_row(field.target, user_id)
            values[name] = getattr(row, describe(field.target).keys[0])
    return values


def key_of(row: Base) -> str:
    return "~".join(str(getattr(row, name)) for name in describe(type(row)).keys)


def column_values(description: Description, *, everything: bool = False) -> dict[str, Any]:
    """Values of the columns that a new row needs; only those a form offers unless everything."""
    number = next(_numbers)
    values = {}
    for field in description.fields.values():
        name = f"{description.resource}.{field.name}"
        offered = everything or not (field.readonly or field.secret)
        if name in SPECIAL:
            if offered:
                values[field.name] = SPECIAL[name](number)
        elif offered and _is_needed(field):
            values[field.name] = _value(field, number)
    return values


def _is_needed(field: Field) -> bool:
    column = field.column
    return not (
        column.nullable
        or column.default is not None
        or column.server_default is not None
        or column.identity is not None
        or column.computed is not None
    )


def _value(field: Field, number: int) -> Any:
    if field.kind == "relation":
        return _key_of_new_row(field) if _is_unique(field) else _key_of_some_row(field)
    if field.kind == "choice":
        return next(iter(field.choices))
    return _MAKE[field.kind](field, number)


def _is_unique(field: Field) -> bool:
    """Whether the column is part of a key, so that two rows with the same value may clash."""
    table: Any = field.column.table
    keys = [
        c for c in table.constraints if isinstance(c, sa.UniqueConstraint | sa.PrimaryKeyConstraint)
    ]
    keys += [index for index in table.indexes if index.unique]
    return any(field.column.name in [c.name for c in key.columns] for key in keys)


def _key_of_new_row(field: Field) -> Any:
    return getattr(make_row(field.target), describe(field.target).keys[0])


def _key_of_some_row(field: Field) -> Any:
    target = field.target
    key = getattr(target, describe(target).keys[0])
    found = session().scalar(sa.select(key).order_by(key.desc()).limit(1))
    return found if found is not None else getattr(make_row(target), key.key)


def _text(field: Field, number: int) -> str:
    text = f"{field.name[:12]}{number}"
    return text[: field.max_length] if field.max_length else text


def _number(field: Field, number: int) -> int:
    low = int(field.minimum or 0)
    high = int(field.maximum) if field.maximum is not None else 30_000
    return max(low, min(low + number % 1000 + 1, high))


_MAKE: dict[str, Callable[[Field, int], Any]] = {
    "text": _text,
    "textarea": _text,
    "email": lambda _f, n: f"row{n}@example.com",
    "url": lambda _f, n: f"https://example.com/{n}",
    "color": lambda _f, _n: "#206bc4",
    "integer": _number,
    "decimal": lambda f, n: Decimal(_number(f, n)),
    "boolean": lambda _f, _n: True,
    "date": lambda _f, n: TODAY + dt.timedelta(days=n % 300),
    "datetime": lambda _f, n: NOW + dt.timedelta(minutes=n),
    "json": lambda _f, _n: {},
    "texts": lambda _f, _n: ["one", "two"],
    "uuids": lambda _f, _n: [],
    "uuid": lambda _f, _n: uuid.uuid4(),
    "inet": lambda _f, _n: "192.0.2.7",
    "file": lambda _f, n: f"uploads/tests/{n}.pdf",
    "image": lambda _f, n: f"uploads/tests/{n}.png",
}


def filled_form(description: Description) -> dict[str, Any]:
    """What a browser sends after filling in the required fields of an add form."""
    prefilled = {f.name: default_of(f) for f in fields_of(description, adding=True)}
    files = {f.name: a_file(f) for f in description.uploads if not f.nullable}
    return {**as_form({**prefilled, **column_values(description)}), **files}


def a_file(field: Field) -> tuple[io.BytesIO, str]:
    """A file that the column takes, as a test client sends it."""
    if field.kind == "file":
        return io.BytesIO(b"%PDF-1.7 test"), "test.pdf"
    made = io.BytesIO()
    Image.new("RGB", (4, 3), "#206bc4").save(made, "PNG")
    return io.BytesIO(made.getvalue()), "test.png"


def as_form(values: dict[str, Any]) -> dict[str, str]:
    """The values as a browser would send them."""
    sent = {name: _form_text(value) for name, value in values.items()}
    return {name: text for name, text in sent.items() if text is not None}


def _form_text(value: Any) -> str | None:
    if value is None or value is False:
        return None
    if value is True:
        return "y"
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S")
    if isinstance(value, dict):
        return json.dumps(value)
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return str(value)


def as_json(values: dict[str, Any]) -> dict[str, Any]:
    """The values as the API takes them."""
    plain = (dict, list, bool, int)
    sent = {}
    for name, value in values.items():
        if isinstance(value, dt.date):
            sent[name] = value.isoformat()
        else:
            sent[name] = value if isinstance(value, plain) or value is None else str(value)
    return sent
