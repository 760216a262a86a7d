"""What somebody typed into a form and hasn't saved yet."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import Mapped, mapped_column

from models.base import SECRET, Base, CreatedAt, IdentityKey, now, table_args, unaudited
from models.identity import USERS

DRAFT_BYTES = 200_000


class FormDraft(IdentityKey, CreatedAt, Base):
    """Neither ERD has it: what was typed must outlive a closed browser and a dead battery, on
    whichever computer the person comes back to."""

    __tablename__ = "form_drafts"
    __table_args__ = table_args(
        "workspace",
        sa.UniqueConstraint("user_id", "table_name", "record_id"),
        sa.Index(None, "saved_at"),
        sa.CheckConstraint(f"octet_length(form::text) <= {2 * DRAFT_BYTES}", name="small"),
        comment="Forms that were begun and not saved, one per user and record",
        **unaudited("What nobody has saved has changed nothing"),
    )
    __title__ = ("table_name", "record_id")
    __plural__ = "Form drafts"
    __owners__ = ("user_id",)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey(USERS, ondelete="CASCADE"), comment="Who typed it"
    )
    table_name: Mapped[str] = mapped_column(comment="Table of the form, such as crm.companies")
    record_id: Mapped[str] = mapped_column(
        default="", server_default="", comment="Key of the record; blank for a new one"
    )
    form: Mapped[list[Any]] = mapped_column(
        pg.JSONB, info=SECRET, comment="Names and values of the inputs, in their order"
    )
    saved_at: Mapped[dt.datetime] = mapped_column(
        server_default=now, comment="When the draft was last kept"
    )
