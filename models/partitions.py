"""Key of the tables that are partitioned by the date of their rows.

PostgreSQL wants the partition column in the primary key, so that is (id, created_at); to the ORM
``id`` alone is the key, since one sequence numbers all partitions. The partitions themselves are
made by ``platform.ensure_partitions`` (migrations) ahead of time; a DEFAULT one catches strays.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from models.base import READONLY, now

BY_CREATED_AT = {"postgresql_partition_by": "RANGE (created_at)"}
ARCHIVE = "archive"
"""Schema of the partitions that were taken out of their table for their age; read only."""


class PartitionedKey:
    """``id`` from one sequence and the date that says which partition the row lives in."""

    id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.Identity(always=True), primary_key=True, comment="Key", sort_order=-10
    )
    created_at: Mapped[dt.datetime] = mapped_column(
        primary_key=True,
        server_default=now,
        info=READONLY,
        comment="When it happened; says which partition the row is in",
        sort_order=900,
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy passes the class
        return {"primary_key": [cls.__table__.c.id]}  # type: ignore[attr-defined]
