"""Column types that carry their foreign key, default or rule, shared by the services schemas.

A column of a type that brings its own ``info`` must not be given another: SQLAlchemy would merge
the two in place, and so change the constant that other columns use.
"""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Annotated

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NOT_NEGATIVE, READONLY, Info
from models.currency import CURRENCIES, DEFAULT_CURRENCY
from models.defaults import ZERO
from models.identity import USERS, current_user_id

COMPANIES = "crm.companies.id"
CONTACTS = "crm.contacts.id"
LEADS = "crm.leads.id"
DEALS = "crm.deals.id"
JOBS = "services.jobs.id"
SERVICE_PRODUCTS = "services.products.id"

COLOR: Info = {"color": True}
URL: Info = {"url": True}

_OF_CURRENCY: Info = NOT_NEGATIVE | {"currency": "currency"}

Yes = Annotated[bool, mapped_column(default=True, server_default=sa.true())]
No = Annotated[bool, mapped_column(default=False, server_default=sa.false())]

Currency = Annotated[
    str,
    mapped_column(
        default=DEFAULT_CURRENCY,
        server_default=DEFAULT_CURRENCY,
        info=CURRENCIES,
        comment="Currency of the amounts",
    ),
]
# Amounts of a row that has a ``currency``; a derived one is computed by the system.
Amount = Annotated[
    Decimal,
    mapped_column(sa.Numeric(14, 2), default=ZERO, server_default="0", info=_OF_CURRENCY),
]
DerivedAmount = Annotated[
    Decimal,
    mapped_column(
        sa.Numeric(14, 2), default=ZERO, server_default="0", info=READONLY | _OF_CURRENCY
    ),
]
# Amounts of a line, in the currency of its document.
LineAmount = Annotated[
    Decimal,
    mapped_column(sa.Numeric(14, 2), default=ZERO, server_default="0", info=NOT_NEGATIVE),
]
DerivedLineAmount = Annotated[
    Decimal,
    mapped_column(
        sa.Numeric(14, 2), default=ZERO, server_default="0", info=READONLY | NOT_NEGATIVE
    ),
]
LinePrice = Annotated[
    Decimal,
    mapped_column(sa.Numeric(14, 4), default=ZERO, server_default="0", info=NOT_NEGATIVE),
]
LineQuantity = Annotated[
    Decimal,
    mapped_column(sa.Numeric(14, 4), default=Decimal(1), server_default="1", info=NOT_NEGATIVE),
]
SortOrder = Annotated[
    int, mapped_column(default=0, server_default="0", comment="Position, lowest first")
]

# A person whose account may go while the row stays.
Person = Annotated[int, mapped_column(sa.ForeignKey(USERS, ondelete="SET NULL"), index=True)]
Creator = Annotated[
    int,
    mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"),
        index=True,
        default=current_user_id,
        info=READONLY,
        comment="Who made the row",
    ),
]
Editor = Annotated[
    int,
    mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"),
        index=True,
        default=current_user_id,
        onupdate=current_user_id,
        info=READONLY,
        comment="Who last changed the row",
    ),
]

# References that keep what they point to from being removed.
ToCompany = Annotated[uuid.UUID, mapped_column(sa.ForeignKey(COMPANIES), index=True)]
ToContact = Annotated[uuid.UUID, mapped_column(sa.ForeignKey(CONTACTS), index=True)]
ToDeal = Annotated[uuid.UUID, mapped_column(sa.ForeignKey(DEALS), index=True)]
ToJob = Annotated[uuid.UUID, mapped_column(sa.ForeignKey(JOBS), index=True)]
ToServiceProduct = Annotated[uuid.UUID, mapped_column(sa.ForeignKey(SERVICE_PRODUCTS), index=True)]


class About:
    """What a task, activity or document is about; it outlives what it was about."""

    contact_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey(CONTACTS, ondelete="SET NULL"),
        index=True,
        comment="Contact it is about",
        sort_order=50,
    )
    company_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey(COMPANIES, ondelete="SET NULL"),
        index=True,
        comment="Company it is about",
        sort_order=51,
    )
    lead_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey(LEADS, ondelete="SET NULL"),
        index=True,
        comment="Lead it is about",
        sort_order=52,
    )
    deal_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey(DEALS, ondelete="SET NULL"),
        index=True,
        comment="Deal it is about",
        sort_order=53,
    )
    job_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey(JOBS, ondelete="SET NULL"),
        index=True,
        comment="Job it is about",
        sort_order=54,
    )
