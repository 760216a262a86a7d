"""An issuer with series, and customers who want documents."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal

import sqlalchemy as sa

from app.db import atomic, session
from app.services.sales.checkout import Checkout
from app.services.sunat.snapshot import load
from app.sunat import Totals, totals, validate
from app.sunat.documents import Document
from models.customers import Customer
from models.sunat import DocumentSequence, ElectronicDocument, IssuingCompany
from tests.services.shop import Shop

RUC = "20600995805"


def add_issuer(location: int | None = None, *kinds: str, ruc: str = "20100066603") -> int:
    """The business, with a series of the location for each kind, notes in both."""
    series = {"01": "F001", "03": "B001", "07": "FC01", "08": "FD01", "07B": "BC01", "08B": "BD01"}
    with atomic() as current:
        company = IssuingCompany(
            ruc=ruc, raz_social="MERCADO QHATU S.A.C.", trade_name="Qhatu",
            address="Av. Larco 345", ubigeo="150122",
        )  # fmt: skip
        current.add(company)
        current.flush()
        for kind in kinds or tuple(series):
            current.add(
                DocumentSequence(company_id=company.id, document_type=kind[:2],
                                 series=series[kind], location_id=location)
            )  # fmt: skip
        return company.id


def add_buyer(doc_type: str = "6", number: str | None = RUC, **values: object) -> int:
    name = {"6": "COMERCIAL LOS ANDES E.I.R.L.", "1": "ROSA QUISPE"}.get(doc_type, "JOHN MILLER")
    with atomic() as current:
        buyer = Customer(doc_type=doc_type, doc_number=number, **{"full_name": name, **values})
        current.add(buyer)
        current.flush()
        return buyer.id


def documents(**wanted: object) -> list[ElectronicDocument]:
    session().expire_all()
    statement = sa.select(ElectronicDocument).filter_by(**wanted).order_by(ElectronicDocument.id)
    return list(session().scalars(statement))


def content_of(row: ElectronicDocument) -> Document:
    return load(row.document_type, row.content)


def sums_of(row: ElectronicDocument) -> Totals:
    """The totals of a document that nothing is wrong with."""
    document = content_of(row)
    assert validate(document) == ()
    return totals(document)


def new_key() -> str:
    return str(uuid.uuid4())


def sale_of(shop: Shop, lines: dict[int, int], total: str, **more: object) -> Checkout:
    return replace(shop.command(lines, total, str(Decimal(total) + 1)), **more)
