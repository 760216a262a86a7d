"""A customer is found by document, or added: at the till, without leaving it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import session
from app.domain.identity_documents import NONE
from app.i18n import lazy_gettext as _
from app.services.customers.check_customer_document import check_customer_document
from app.services.customers.errors import InvalidCustomerError
from app.services.platform.run_once import Claim, run_once
from models.customers import Customer

SCOPE = "customers.add"
LONGEST_NAME = 200
LONGEST_ADDRESS = 254
LONGEST_PHONE = 50


@dataclass(frozen=True, slots=True)
class AddCustomer:
    """``doc_type`` is one of SUNAT's catalogue 06, "0" for none; ``full_name`` may be empty where
    the customer with that document is there already. ``key`` makes it safe to send twice."""

    key: str
    doc_type: str
    doc_number: str | None = None
    full_name: str = ""
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """``added`` tells that the customer wasn't there before."""

    id: int
    full_name: str
    added: bool


def add_customer(command: AddCustomer, *, actor: Actor, now: dt.datetime) -> FoundCustomer:
    """The live customer with that document, else a new one; two at once get the same.

    Raises :class:`~app.services.customers.errors.InvalidDocumentError` and
    :class:`InvalidCustomerError` (no name, an e-mail address that is somebody else's), each beside
    its field.
    """
    number = check_customer_document(command.doc_type, command.doc_number)
    claim = Claim(SCOPE, command.key, command)
    answer = run_once(claim, lambda: _find_or_add(command, number, now), actor=actor, now=now)
    return FoundCustomer(**answer.result)


def _find_or_add(command: AddCustomer, number: str | None, now: dt.datetime) -> dict[str, Any]:
    found = _find(command.doc_type, number)
    if found is not None:
        return found
    added = (
        session()
        .execute(
            insert(Customer)
            .values(
                doc_type=command.doc_type,
                doc_number=number,
                full_name=_name(command),
                email=_email(command),
                phone=_phone(command),
                created_at=now,
            )
            .on_conflict_do_nothing()
            .returning(Customer.id, Customer.full_name)
        )
        .one_or_none()
    )
    if added is not None:
        return {"id": added.id, "full_name": added.full_name, "added": True}
    found = _find(command.doc_type, number)  # somebody else added it at the same time
    if found is None:
        raise _taken(number)
    return found


def _find(doc_type: str, number: str | None) -> dict[str, Any] | None:
    """The customer with that document; who has none is nobody in particular."""
    if doc_type == NONE:
        return None
    found = session().execute(
        sa.select(Customer.id, Customer.full_name).where(
            Customer.doc_number == number, Customer.doc_type == doc_type
        )
    )
    row = found.one_or_none()
    return None if row is None else {"id": row.id, "full_name": row.full_name, "added": False}


def _taken(number: str | None) -> InvalidCustomerError:
    """What another customer has already: the number, as that of another document, or the e-mail."""
    other = sa.select(Customer.id).where(Customer.doc_number == number, Customer.doc_type != NONE)
    if number and session().scalar(other.limit(1)) is not None:
        return _refusal("doc_number", _("Another customer has this number on another document."))
    return _refusal("email", _("Another customer has this e-mail address."))


def _name(command: AddCustomer) -> str:
    name = " ".join(command.full_name.split())
    if not name:
        raise _refusal("full_name", _("Enter the customer's name."))
    if len(name) > LONGEST_NAME:
        raise _refusal("full_name", _("This name is too long."))
    return name


def _email(command: AddCustomer) -> str | None:
    address = (command.email or "").strip()
    local, _at, domain = address.rpartition("@")
    if len(address) > LONGEST_ADDRESS:
        raise _refusal("email", _("This is too long."))
    if address and (not local or "." not in domain or len(address.split()) != 1):
        raise _refusal("email", _("This is not an e-mail address."))
    return address or None


def _phone(command: AddCustomer) -> str | None:
    number = (command.phone or "").strip()
    if len(number) > LONGEST_PHONE:
        raise _refusal("phone", _("This is too long."))
    return number or None


def _refusal(field: str, sentence: object) -> InvalidCustomerError:
    return InvalidCustomerError(sentence, fields={field: str(sentence)})
