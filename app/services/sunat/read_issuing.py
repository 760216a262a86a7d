"""Who issues a document at a location, of which kinds, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from app.db import session
from app.domain.identity_documents import NONE, RUC, DocumentError, check_document
from app.services.platform.read_setting import read_setting
from app.session import INCLUDE_DELETED
from app.sunat import ANONYMOUS, Address, Customer, Issuer
from models import billing, customers
from models.inventory import Location
from models.sunat import DocumentSequence, IssuingCompany

SHORTEST_NAME: Final = 3
"""SUNAT takes no shorter names of persons and businesses, and no shorter addresses."""
LONGEST_ADDRESS: Final = 200


@dataclass(frozen=True, slots=True)
class Issuing:
    """``kinds`` are those (catalogue 01) that a series of the location gives numbers to.

    ``customer`` is as a document names them; ``credit_days`` is when they pay what they buy on
    credit.
    """

    company_id: int
    location_id: int | None
    issuer: Issuer
    kinds: frozenset[str]
    customer: Customer
    credit_days: int

    @property
    def is_identified(self) -> bool:
        """Whether the customer has said who they are, as SUNAT wants it on a large boleta."""
        return self.customer.doc_type != NONE

    @property
    def has_ruc(self) -> bool:
        return self.customer.doc_type == RUC


def read_issuing(location_id: int | None, customer_id: int | None = None) -> Issuing | None:
    """What a document of the location for the customer says of both; None without an issuer.

    The first issuer with a series for the location, else the first there is. One statement.
    """
    company, series = IssuingCompany, DocumentSequence
    kinds = (
        sa.select(sa.func.array_agg(series.document_type.distinct()))
        .where(
            series.company_id == company.id,
            series.is_active,
            sa.or_(series.location_id == location_id, series.location_id.is_(None)),
        )
        .scalar_subquery()
    )
    buyer = customers.Customer
    statement = (
        sa.select(company, Location.establishment_code, kinds.label("kinds"))
        .add_columns(buyer.doc_type, buyer.doc_number, buyer.full_name)
        .add_columns(_address().label("address"), _credit_days().label("credit_days"))
        .select_from(company)
        .outerjoin(Location, Location.id == location_id)
        .outerjoin(buyer, buyer.id == customer_id)
        .order_by(kinds.is_(None), company.id)
        .limit(1)
    )
    found = session().execute(statement, execution_options=INCLUDE_DELETED).one_or_none()
    if found is None:
        return None
    days = found.credit_days
    return Issuing(
        company_id=found.IssuingCompany.id,
        location_id=location_id,
        issuer=issuer_of(found.IssuingCompany, found.establishment_code or "0000"),
        kinds=frozenset(found.kinds or ()),
        customer=customer_of(found.doc_type, found.doc_number, found.full_name, found.address),
        credit_days=days if days is not None else read_setting("billing.payment_terms_days"),
    )


def issuer_of(company: IssuingCompany, establishment: str) -> Issuer:
    """The business as its documents name it."""
    address = _long_enough(company.address)[:LONGEST_ADDRESS]
    return Issuer(
        company.ruc,
        words(company.raz_social),
        _long_enough(company.trade_name),
        Address(address, company.ubigeo or "") if address or company.ubigeo else None,
        establishment,
    )


def customer_of(
    doc_type: str | None, number: str | None, name: str | None, address: str | None = None
) -> Customer:
    """The customer as documents name them; who has no right document isn't identified."""
    named = _long_enough(name)
    if doc_type is None or not named:
        return ANONYMOUS
    try:
        checked = check_document(doc_type, number)
    except DocumentError:
        checked = None
    if doc_type == NONE or checked is None:
        return Customer(ANONYMOUS.doc_type, ANONYMOUS.number, named)
    line = _long_enough(address)[:LONGEST_ADDRESS]
    return Customer(doc_type, checked, named, Address(line) if line else None)


def words(text: str | None) -> str:
    """The text in one line, without spaces at its ends or doubled ones."""
    return " ".join((text or "").split())


def _long_enough(text: str | None) -> str:
    line = words(text)
    return line if len(line) >= SHORTEST_NAME else ""


def _address() -> sa.ScalarSelect[str]:
    row = customers.CustomerAddress
    return (
        sa.select(sa.func.concat_ws(", ", row.address_line, row.district, row.city))
        .where(row.customer_id == customers.Customer.id)
        .order_by(row.is_default.desc(), row.id)
        .limit(1)
        .scalar_subquery()
    )


def _credit_days() -> sa.ScalarSelect[int]:
    """Terms of the business that the customer is in the CRM."""
    row = billing.CustomerBillingInfo
    return (
        sa.select(row.payment_terms_days)
        .where(row.customer_company_id == customers.Customer.company_id)
        .order_by(row.created_at.desc(), row.id)
        .limit(1)
        .scalar_subquery()
    )
