"""Companies, the contacts who work there, and their tags."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    EMAIL,
    MULTILINE,
    NOT_NEGATIVE,
    READONLY,
    Base,
    CreatedAt,
    IdentityKey,
    Json,
    Money,
    SoftDelete,
    Timestamps,
    UuidKey,
    choices,
    table_args,
    trigram,
)
from models.columns import COLOR, URL, Person, ToCompany, Yes
from models.defaults import EMPTY_OBJECT


class Address:
    """Postal address of a company or contact."""

    address_line_1: Mapped[str | None] = mapped_column(comment="Street and number", sort_order=50)
    address_line_2: Mapped[str | None] = mapped_column(
        comment="Floor, office or urbanisation", sort_order=51
    )
    city: Mapped[str | None] = mapped_column(comment="City or district", sort_order=52)
    state: Mapped[str | None] = mapped_column(comment="Department or region", sort_order=53)
    postal_code: Mapped[str | None] = mapped_column(comment="Postal code", sort_order=54)
    country: Mapped[str | None] = mapped_column(
        default="PE",
        server_default="PE",
        comment="Country, two letters (ISO 3166)",
        sort_order=55,
    )


class Company(UuidKey, Address, Timestamps, SoftDelete, Base):
    __tablename__ = "companies"
    __table_args__ = table_args(
        "crm",
        sa.Index(None, "created_at", "id"),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_code"),
        *trigram("companies", "name", "email", "phone"),
        comment="Companies that buy services or may do so",
    )
    __title__ = ("name",)
    __owners__ = ("owner_id",)
    name: Mapped[str] = mapped_column(comment="Trading name or registered name")
    industry: Mapped[str | None] = mapped_column(comment="Line of business")
    website: Mapped[str | None] = mapped_column(info=URL, comment="Address of the website")
    phone: Mapped[str | None] = mapped_column(comment="Main telephone")
    email: Mapped[str | None] = mapped_column(info=EMAIL, comment="General e-mail address")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What is worth knowing about the company"
    )
    employees_count: Mapped[int | None] = mapped_column(
        info=NOT_NEGATIVE, comment="Number of employees"
    )
    annual_revenue: Mapped[Money | None] = mapped_column(
        info=NOT_NEGATIVE, comment="Yearly revenue, in the currency of the business"
    )
    company_size: Mapped[str | None] = mapped_column(
        info=choices("micro", "small", "medium", "large"),
        comment="Size class, by employees or revenue",
    )
    owner_id: Mapped[Person | None] = mapped_column(comment="Who looks after the company")
    logo_url: Mapped[str | None] = mapped_column(info=URL, comment="Address of the logo")
    timezone: Mapped[str] = mapped_column(
        default="America/Lima",
        server_default="America/Lima",
        comment="Time zone, such as America/Lima",
    )
    contacts: Mapped[list[Contact]] = relationship(
        back_populates="company", foreign_keys="Contact.company_id"
    )


class Contact(UuidKey, Address, Timestamps, SoftDelete, Base):
    __tablename__ = "contacts"
    __table_args__ = table_args(
        "crm",
        sa.Index(None, "created_at", "id"),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_code"),
        *trigram("contacts", "first_name", "last_name", "email", "phone", "mobile"),
        comment="People at companies, and private persons",
    )
    __title__ = ("first_name", "last_name")
    __owners__ = ("owner_id",)
    first_name: Mapped[str] = mapped_column(comment="First name")
    last_name: Mapped[str | None] = mapped_column(comment="Last name")
    email: Mapped[str | None] = mapped_column(info=EMAIL, comment="E-mail address")
    phone: Mapped[str | None] = mapped_column(comment="Landline or office telephone")
    mobile: Mapped[str | None] = mapped_column(comment="Mobile telephone, also for WhatsApp")
    job_title: Mapped[str | None] = mapped_column(comment="Position at the company")
    department: Mapped[str | None] = mapped_column(comment="Department of the company")
    company_id: Mapped[ToCompany | None] = mapped_column(
        comment="Company the contact works for; empty for a private person"
    )
    owner_id: Mapped[Person | None] = mapped_column(comment="Who looks after the contact")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What is worth knowing about the contact"
    )
    date_of_birth: Mapped[dt.date | None] = mapped_column(comment="Date of birth")
    social_profiles: Mapped[Json] = mapped_column(
        default=dict,
        server_default=EMPTY_OBJECT,
        comment="Addresses by network, such as linkedin",
    )
    preferred_contact_method: Mapped[str | None] = mapped_column(
        info=choices("email", "phone", "mobile", "whatsapp", email="E-mail", whatsapp="WhatsApp"),
        comment="How the contact wants to be reached",
    )
    is_active: Mapped[Yes] = mapped_column(comment="Still to be contacted")
    lead_source: Mapped[str | None] = mapped_column(
        comment="Where the contact came from, as first told"
    )
    last_contacted_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="Latest activity with the contact"
    )
    company: Mapped[Company | None] = relationship(
        back_populates="contacts", foreign_keys=[company_id]
    )
    tags: Mapped[list[Tag]] = relationship(
        secondary=lambda: ContactTag.__table__,
        back_populates="contacts",
        order_by="Tag.name",
        passive_deletes=True,
    )


class Tag(IdentityKey, CreatedAt, Base):
    __tablename__ = "tags"
    __table_args__ = table_args("crm", comment="Tags to group contacts by")
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the tag")
    color: Mapped[str | None] = mapped_column(info=COLOR, comment="Colour of the tag")
    description: Mapped[str | None] = mapped_column(info=MULTILINE, comment="When to use the tag")
    tag_type: Mapped[str | None] = mapped_column(
        comment="Group that the tag is listed under, such as interest or segment"
    )
    contacts: Mapped[list[Contact]] = relationship(
        secondary=lambda: ContactTag.__table__, back_populates="tags", passive_deletes=True
    )


class ContactTag(UuidKey, CreatedAt, Base):
    __tablename__ = "contact_tags"
    __parents__ = ("contact_id",)
    __table_args__ = table_args(
        "crm", sa.UniqueConstraint("contact_id", "tag_id"), comment="Tags of each contact"
    )
    contact_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("crm.contacts.id", ondelete="CASCADE"), comment="Contact"
    )
    tag_id: Mapped[int] = mapped_column(
        sa.ForeignKey("crm.tags.id", ondelete="CASCADE"), index=True, comment="Tag"
    )
