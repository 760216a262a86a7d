"""Which tables are seeded, in which order, and by what their rows are recognised."""

from __future__ import annotations

from dataclasses import dataclass

from models.base import Base
from models.billing import (
    InvoiceTemplate,
    PaymentMethod,
    QuoteStatus,
    RecurringFrequency,
    RefundReason,
)
from models.crm import ActivityType, DealStage, DealType, LeadSource, LeadStatus, Tag
from models.documents import DocumentCategory
from models.expenses import ExpenseCategory
from models.messaging import EmailTemplate, NotificationTemplate
from models.platform import SystemSetting
from models.sales import OrderStatusTransition
from models.services import JobPriority, JobStatus, ServiceCategory, TaskPriority, TaskStatus


@dataclass(frozen=True, slots=True)
class SeedTable:
    """A table whose rows are recognised by the columns of ``key``.

    ``per_language`` tables have a column ``language`` and get each row once in each.
    """

    model: type[Base]
    key: tuple[str, ...] = ("name",)
    per_language: bool = False

    @property
    def schema(self) -> str:
        return str(self.model.__table__.schema)

    @property
    def name(self) -> str:
        return self.model.__tablename__

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"


SEEDED = (
    SeedTable(SystemSetting, key=("setting_key",)),
    SeedTable(OrderStatusTransition, key=("from_status", "to_status")),
    SeedTable(LeadSource),
    SeedTable(LeadStatus),
    SeedTable(DealStage),
    SeedTable(DealType),
    SeedTable(ActivityType),
    SeedTable(Tag),
    SeedTable(ServiceCategory),
    SeedTable(JobStatus),
    SeedTable(JobPriority),
    SeedTable(TaskPriority),
    SeedTable(TaskStatus),
    SeedTable(DocumentCategory),
    SeedTable(ExpenseCategory),
    SeedTable(QuoteStatus, key=("code",)),
    SeedTable(PaymentMethod, key=("code",)),
    SeedTable(RefundReason),
    SeedTable(RecurringFrequency),
    SeedTable(InvoiceTemplate, key=("template_type", "name")),
    SeedTable(EmailTemplate, key=("template_type", "language", "name"), per_language=True),
    SeedTable(NotificationTemplate, key=("template_id", "channel", "language"), per_language=True),
)
