"""Documents as the screens meet them: issued by the service, then in the state asked for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.actor import system_actor
from app.db import session
from app.services.platform.business_time import local_time
from app.services.sunat.write_document import Source, write_document
from app.sunat import ANONYMOUS, Customer, Invoice, Issuer, Line, Receipt
from models.sales import Order
from models.sunat import DocumentSequence, ElectronicDocument, IssuingCompany
from tests.rows import make_row

RUC = "20100066603"
COMPANY = Customer("6", "20600995805", "COMERCIAL LOS ANDES E.I.R.L.")
SERIES = (
    ("01", "F001"),
    ("03", "B001"),
    *(("07", "FC01"), ("07", "BC01"), ("08", "FD01"), ("08", "BD01")),
)


def now() -> dt.datetime:
    """The pages look at the clock themselves."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    return local_time(now()).date()


def add_issuer() -> IssuingCompany:
    """The business, once per test, with a series of each kind."""
    found = session().scalar(sa.select(IssuingCompany).where(IssuingCompany.ruc == RUC))
    if found is not None:
        return found
    row = make_row(IssuingCompany, ruc=RUC, raz_social="MERCADO QHATU S.A.C.")
    for kind, series in SERIES:
        add_series(kind, series, company_id=row.id)
    return row


def add_series(kind: str, series: str, **given: Any) -> DocumentSequence:
    row = DocumentSequence(document_type=kind, series=series, **given)
    session().add(row)
    session().flush()
    return row


def issue(kind: str = "03", **changed: Any) -> ElectronicDocument:
    """A boleta (or factura) of 118.00 with two lines; ``changed`` are columns of its row."""
    issuer = add_issuer()
    made = Invoice if kind == "01" else Receipt
    draft = made(
        issuer=Issuer(RUC, "MERCADO QHATU S.A.C."),
        customer=COMPANY if kind == "01" else ANONYMOUS,
        series="X",
        number=1,
        issued_on=changed.get("issue_date", today()),
        lines=(
            Line(description="Camisa", quantity=Decimal(2), unit_price=Decimal("50.00")),
            Line(description="Bolsa", quantity=Decimal(1), unit_price=Decimal("18.00")),
        ),
    )
    order = changed.pop("order_id", None) or make_row(Order).id
    source = Source(company_id=issuer.id, location_id=None, order_id=order)
    row = write_document(draft, source, actor=system_actor(), now=now())
    for name, value in changed.items():
        setattr(row, name, value)
    session().flush()
    return row


def accepted(kind: str = "03", **changed: Any) -> ElectronicDocument:
    """One that SUNAT has."""
    told = {"sunat_status": "ACCEPTED", "next_attempt_at": None, "attempts": 1}
    return issue(kind, **told | changed)


def state_of(row: ElectronicDocument) -> str:
    session().expire_all()
    return session().get_one(ElectronicDocument, row.id).sunat_status


def page_of(row: ElectronicDocument) -> str:
    return f"/sunat/electronic_documents/show/{row.id}"
