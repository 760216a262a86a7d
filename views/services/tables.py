"""Screens of the service catalog, jobs, tasks and time."""

from __future__ import annotations

from app.admin.registry import Child, Domain, LineAmount, Table
from models.services import (
    Job,
    JobAssignment,
    JobPriority,
    JobProduct,
    JobStatus,
    ServiceCategory,
    ServiceProduct,
    Task,
    TaskPriority,
    TaskReminder,
    TaskStatus,
    TimeEntry,
)
from views.services.rules import JobRules

DOMAIN = Domain(
    name="services",
    label="Services",
    icon="tools",
    tables=(
        Table(
            Job,
            children=(
                Child(
                    JobProduct,
                    ("product_id", "quantity", "unit_price", "notes"),
                    amount=LineAmount("quantity", "unit_price"),
                ),
            ),
            icon="briefcase",
            rules=JobRules,
            list_columns=(
                "job_number",
                "title",
                "customer_company_id",
                "status_id",
                "priority_id",
                "assigned_to",
                "due_date",
                "completion_percentage",
            ),
            order=("created_at", "desc"),
        ),
        Table(
            Task,
            children=(Child(TaskReminder, ("remind_at", "reminder_type")),),
            icon="checklist",
            list_columns=(
                "title",
                "assigned_to",
                "status_id",
                "priority_id",
                "due_date",
                "progress_percentage",
                "job_id",
            ),
            order=("created_at", "desc"),
        ),
        Table(
            TimeEntry,
            icon="clock",
            list_columns=(
                "start_time",
                "user_id",
                "job_id",
                "task_id",
                "duration_minutes",
                "is_billable",
                "billable_amount",
                "is_approved",
            ),
            order=("start_time", "desc"),
        ),
        Table(
            ServiceProduct,
            icon="package",
            list_columns=(
                "code",
                "name",
                "category_id",
                "service_type",
                "billing_cycle",
                "unit_price",
                "currency",
                "is_active",
            ),
            search_columns=(
                "name",
                "code",
            ),
            order=("name", "asc"),
        ),
        Table(
            ServiceCategory,
            icon="hierarchy",
            list_columns=(
                "name",
                "parent_id",
                "display_order",
                "is_active",
            ),
            order=("display_order", "asc"),
        ),
        Table(
            JobProduct,
            icon="list-details",
            list_columns=(
                "job_id",
                "product_id",
                "quantity",
                "unit_price",
                "notes",
            ),
        ),
        Table(
            JobAssignment,
            icon="user-check",
            list_columns=(
                "job_id",
                "user_id",
                "role_in_job",
                "assigned_by",
                "assigned_at",
                "removed_at",
            ),
            order=("assigned_at", "desc"),
            read_only=True,
        ),
        Table(
            TaskReminder,
            icon="bell",
            list_columns=(
                "task_id",
                "remind_at",
                "reminder_type",
                "is_sent",
                "sent_at",
            ),
            order=("remind_at", "asc"),
        ),
        Table(
            JobStatus,
            icon="status-change",
            list_columns=(
                "display_order",
                "name",
                "is_active_status",
                "is_completed_status",
                "color",
            ),
            order=("display_order", "asc"),
        ),
        Table(
            JobPriority,
            icon="urgent",
            list_columns=(
                "level",
                "name",
                "color",
            ),
            order=("level", "desc"),
        ),
        Table(
            TaskStatus,
            icon="list-check",
            list_columns=(
                "display_order",
                "name",
                "is_completed",
                "is_active",
                "color",
            ),
            order=("display_order", "asc"),
        ),
        Table(
            TaskPriority,
            icon="flag",
            list_columns=(
                "level",
                "name",
                "color",
            ),
            order=("level", "desc"),
        ),
    ),
)
