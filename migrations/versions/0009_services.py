"""Service catalogue, jobs, tasks and time."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_priorities",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the priority"),
        sa.Column(
            "level", sa.Integer(), nullable=False, comment="Rank; a higher one is more urgent"
        ),
        sa.Column("color", sa.Text(), nullable=True, comment="Colour of the priority"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_priorities")),
        sa.UniqueConstraint("level", name=op.f("uq_job_priorities_level")),
        sa.UniqueConstraint("name", name=op.f("uq_job_priorities_name")),
        schema="services",
        comment="Priorities of jobs",
    )
    op.create_table(
        "job_statuses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the status"),
        sa.Column(
            "description", sa.Text(), nullable=True, comment="What a job in this status means"
        ),
        sa.Column(
            "is_active_status",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Jobs in this status are being worked on",
        ),
        sa.Column(
            "is_completed_status",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Jobs in this status are done",
        ),
        sa.Column("color", sa.Text(), nullable=True, comment="Colour of the column"),
        sa.Column(
            "display_order",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Position, lowest first",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "NOT (is_active_status AND is_completed_status)",
            name=op.f("ck_job_statuses_active_or_completed"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_statuses")),
        sa.UniqueConstraint("name", name=op.f("uq_job_statuses_name")),
        schema="services",
        comment="Statuses of jobs: the columns of the board",
    )
    op.create_table(
        "service_categories",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the category"),
        sa.Column("description", sa.Text(), nullable=True, comment="What belongs in the category"),
        sa.Column(
            "parent_id", sa.Uuid(), nullable=True, comment="Category above; empty at the top"
        ),
        sa.Column("icon", sa.Text(), nullable=True, comment="Tabler icon name, such as tools"),
        sa.Column("color", sa.Text(), nullable=True, comment="Colour of the category"),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Offered on services",
        ),
        sa.Column(
            "display_order",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Position, lowest first",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was last changed",
        ),
        sa.CheckConstraint(
            "parent_id <> id", name=op.f("ck_service_categories_not_its_own_parent")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["services.service_categories.id"],
            name=op.f("fk_service_categories_parent_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_categories")),
        schema="services",
        comment="Categories of services, as a tree",
    )
    op.create_index(
        op.f("ix_service_categories_parent_id"),
        "service_categories",
        ["parent_id"],
        schema="services",
    )
    op.create_table(
        "task_priorities",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the priority"),
        sa.Column(
            "level", sa.Integer(), nullable=False, comment="Rank; a higher one is more urgent"
        ),
        sa.Column("color", sa.Text(), nullable=True, comment="Colour of the priority"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_priorities")),
        sa.UniqueConstraint("level", name=op.f("uq_task_priorities_level")),
        sa.UniqueConstraint("name", name=op.f("uq_task_priorities_name")),
        schema="services",
        comment="Priorities of tasks",
    )
    op.create_table(
        "task_statuses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the status"),
        sa.Column(
            "is_completed",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Tasks in this status are done",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Offered on tasks",
        ),
        sa.Column(
            "display_order",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Position, lowest first",
        ),
        sa.Column("color", sa.Text(), nullable=True, comment="Colour of the status"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_statuses")),
        sa.UniqueConstraint("name", name=op.f("uq_task_statuses_name")),
        schema="services",
        comment="Statuses of tasks",
    )
    op.create_table(
        "products",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="Name, as printed on quotes and invoices"
        ),
        sa.Column(
            "code",
            sa.Text(),
            nullable=False,
            comment="Short code, unique among the services on offer",
        ),
        sa.Column("description", sa.Text(), nullable=True, comment="What the customer gets"),
        sa.Column("category_id", sa.Uuid(), nullable=True, comment="Category"),
        sa.Column(
            "unit_price",
            sa.Numeric(precision=14, scale=4),
            server_default="0",
            nullable=False,
            comment="Price of one unit, before tax",
        ),
        sa.Column(
            "cost_price",
            sa.Numeric(precision=14, scale=4),
            server_default="0",
            nullable=False,
            comment="What one unit costs the business",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            server_default="PEN",
            nullable=False,
            comment="Currency of the amounts",
        ),
        sa.Column(
            "service_type",
            sa.Text(),
            server_default="fixed_price",
            nullable=False,
            comment="How the service is sold",
        ),
        sa.Column(
            "billing_cycle",
            sa.Text(),
            server_default="one_time",
            nullable=False,
            comment="What one unit of the price covers",
        ),
        sa.Column(
            "estimated_hours",
            sa.Numeric(precision=10, scale=2),
            nullable=True,
            comment="Work that one unit takes, hours",
        ),
        sa.Column(
            "service_duration_days",
            sa.Integer(),
            nullable=True,
            comment="Calendar days from start to delivery",
        ),
        sa.Column(
            "setup_fee",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Charged once, at the start",
        ),
        sa.Column(
            "track_inventory",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Using it takes stock of the goods variant it points to",
        ),
        sa.Column(
            "variant_id",
            sa.BigInteger(),
            nullable=True,
            comment="Goods variant whose stock is used",
        ),
        sa.Column(
            "stock_quantity",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Available stock of the goods variant, all locations",
        ),
        sa.Column(
            "low_stock_threshold",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Stock below this is low",
        ),
        sa.Column(
            "has_tiered_pricing",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The price depends on the quantity",
        ),
        sa.Column(
            "pricing_tiers",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment='{"mode": "volume" or "graduated", "tiers": [{"from": 1, "unit_price": "10.00"}]}',
        ),
        sa.Column(
            "required_skills",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="Skills that who does the work needs",
        ),
        sa.Column(
            "complexity_level", sa.Integer(), nullable=True, comment="From 1 (simple) to 5 (hard)"
        ),
        sa.Column(
            "prerequisites",
            sa.Text(),
            nullable=True,
            comment="What the customer must have or do first",
        ),
        sa.Column(
            "is_taxable",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Tax is added to the price",
        ),
        sa.Column(
            "tax_category",
            sa.Text(),
            server_default="10",
            nullable=False,
            comment="How IGV treats it, SUNAT catalogue 07",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Offered on deals, quotes and invoices",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was last changed",
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the row was deleted; empty while it is live",
        ),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True, comment="Who deleted the row"),
        sa.Column("deletion_reason", sa.Text(), nullable=True, comment="Why the row was deleted"),
        sa.CheckConstraint(
            "billing_cycle IN ('one_time', 'hourly', 'weekly', 'monthly', 'quarterly', 'yearly')",
            name=op.f("ck_products_billing_cycle_choice"),
        ),
        sa.CheckConstraint(
            "currency IN ('PEN', 'USD', 'EUR')", name=op.f("ck_products_currency_choice")
        ),
        sa.CheckConstraint(
            "pricing_tiers <> '{}' OR NOT has_tiered_pricing", name=op.f("ck_products_tiers_given")
        ),
        sa.CheckConstraint(
            "service_type IN ('fixed_price', 'time_and_materials', 'subscription', 'goods')",
            name=op.f("ck_products_service_type_choice"),
        ),
        sa.CheckConstraint(
            "tax_category IN ('10', '20', '30', '40')", name=op.f("ck_products_tax_category_choice")
        ),
        sa.CheckConstraint(
            "complexity_level >= 1 AND complexity_level <= 5",
            name=op.f("ck_products_complexity_level_range"),
        ),
        sa.CheckConstraint("cost_price >= 0", name=op.f("ck_products_cost_price_range")),
        sa.CheckConstraint("estimated_hours >= 0", name=op.f("ck_products_estimated_hours_range")),
        sa.CheckConstraint(
            "low_stock_threshold >= 0", name=op.f("ck_products_low_stock_threshold_range")
        ),
        sa.CheckConstraint(
            "service_duration_days >= 0", name=op.f("ck_products_service_duration_days_range")
        ),
        sa.CheckConstraint("setup_fee >= 0", name=op.f("ck_products_setup_fee_range")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_products_unit_price_range")),
        sa.CheckConstraint(
            "variant_id IS NOT NULL OR NOT track_inventory",
            name=op.f("ck_products_stock_has_variant"),
        ),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["services.service_categories.id"],
            name=op.f("fk_products_category_id"),
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_products_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["catalog.product_variants.id"], name=op.f("fk_products_variant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        schema="services",
        comment="Services on offer, and goods sold with them",
    )
    op.create_index(op.f("ix_products_category_id"), "products", ["category_id"], schema="services")
    op.create_index(
        "ix_products_code_trgm",
        "products",
        ["code"],
        schema="services",
        postgresql_using="gin",
        postgresql_ops={"code": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("ix_products_created_at_id"), "products", ["created_at", "id"], schema="services"
    )
    op.create_index(op.f("ix_products_deleted_by"), "products", ["deleted_by"], schema="services")
    op.create_index(
        "ix_products_name_trgm",
        "products",
        ["name"],
        schema="services",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_products_variant_id"), "products", ["variant_id"], schema="services")
    op.create_index(
        "uq_products_code_live",
        "products",
        ["code"],
        unique=True,
        schema="services",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "jobs",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column(
            "job_number",
            sa.Text(),
            nullable=False,
            comment="Number, gapless in its year, such as JOB-2026-00042",
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="What is to be done, in one line"),
        sa.Column("description", sa.Text(), nullable=True, comment="What is to be done, in full"),
        sa.Column("deal_id", sa.Uuid(), nullable=True, comment="Deal that the job came from"),
        sa.Column(
            "customer_company_id", sa.Uuid(), nullable=True, comment="Company the work is for"
        ),
        sa.Column(
            "customer_contact_id",
            sa.Uuid(),
            nullable=True,
            comment="Contact to talk to, or the private customer",
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True, comment="Who made the row"),
        sa.Column(
            "assigned_to", sa.BigInteger(), nullable=True, comment="Who is responsible for the job"
        ),
        sa.Column("status_id", sa.BigInteger(), nullable=False, comment="Status"),
        sa.Column("priority_id", sa.BigInteger(), nullable=True, comment="Priority"),
        sa.Column("start_date", sa.Date(), nullable=True, comment="Day the work is to begin"),
        sa.Column("due_date", sa.Date(), nullable=True, comment="Day the work is to be done by"),
        sa.Column(
            "estimated_hours",
            sa.Numeric(precision=10, scale=2),
            nullable=True,
            comment="Work planned, hours",
        ),
        sa.Column(
            "actual_hours",
            sa.Numeric(precision=10, scale=2),
            server_default="0",
            nullable=False,
            comment="Work done by the time entries, hours",
        ),
        sa.Column(
            "completion_percentage",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="How much is done, percent",
        ),
        sa.Column(
            "completion_is_manual",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The percentage was set by hand and no longer follows the tasks",
        ),
        sa.Column("requirements", sa.Text(), nullable=True, comment="What the customer needs"),
        sa.Column("deliverables", sa.Text(), nullable=True, comment="What the customer gets"),
        sa.Column(
            "special_instructions",
            sa.Text(),
            nullable=True,
            comment="What whoever does the work must know",
        ),
        sa.Column(
            "required_skills",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="Skills that who does the work needs",
        ),
        sa.Column(
            "estimated_cost",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Cost planned",
        ),
        sa.Column(
            "actual_cost",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Cost so far: time, products and expenses",
        ),
        sa.Column(
            "billable_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="What can be invoiced so far",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            server_default="PEN",
            nullable=False,
            comment="Currency of the amounts",
        ),
        sa.Column(
            "depends_on_job_id",
            sa.Uuid(),
            nullable=True,
            comment="Job that has to be completed before this one starts",
        ),
        sa.Column(
            "blocking_reason", sa.Text(), nullable=True, comment="What keeps the job from going on"
        ),
        sa.Column(
            "started_at", sa.DateTime(timezone=True), nullable=True, comment="When the work began"
        ),
        sa.Column(
            "completed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the work was done",
        ),
        sa.Column(
            "approved_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the finished work was approved",
        ),
        sa.Column(
            "approved_by", sa.BigInteger(), nullable=True, comment="Who approved the finished work"
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was last changed",
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the row was deleted; empty while it is live",
        ),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True, comment="Who deleted the row"),
        sa.Column("deletion_reason", sa.Text(), nullable=True, comment="Why the row was deleted"),
        sa.CheckConstraint(
            "currency IN ('PEN', 'USD', 'EUR')", name=op.f("ck_jobs_currency_choice")
        ),
        sa.CheckConstraint("actual_cost >= 0", name=op.f("ck_jobs_actual_cost_range")),
        sa.CheckConstraint("actual_hours >= 0", name=op.f("ck_jobs_actual_hours_range")),
        sa.CheckConstraint("billable_amount >= 0", name=op.f("ck_jobs_billable_amount_range")),
        sa.CheckConstraint(
            "completed_at >= started_at", name=op.f("ck_jobs_completed_after_start")
        ),
        sa.CheckConstraint(
            "completed_at IS NOT NULL OR approved_at IS NULL",
            name=op.f("ck_jobs_approved_is_completed"),
        ),
        sa.CheckConstraint(
            "completion_percentage >= 0 AND completion_percentage <= 100",
            name=op.f("ck_jobs_completion_percentage_range"),
        ),
        sa.CheckConstraint("depends_on_job_id <> id", name=op.f("ck_jobs_not_its_own_predecessor")),
        sa.CheckConstraint("due_date >= start_date", name=op.f("ck_jobs_due_after_start")),
        sa.CheckConstraint("estimated_cost >= 0", name=op.f("ck_jobs_estimated_cost_range")),
        sa.CheckConstraint("estimated_hours >= 0", name=op.f("ck_jobs_estimated_hours_range")),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["identity.users.id"],
            name=op.f("fk_jobs_approved_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["assigned_to"],
            ["identity.users.id"],
            name=op.f("fk_jobs_assigned_to"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["identity.users.id"],
            name=op.f("fk_jobs_created_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["customer_company_id"], ["crm.companies.id"], name=op.f("fk_jobs_customer_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_contact_id"], ["crm.contacts.id"], name=op.f("fk_jobs_customer_contact_id")
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["crm.deals.id"], name=op.f("fk_jobs_deal_id")),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_jobs_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["depends_on_job_id"], ["services.jobs.id"], name=op.f("fk_jobs_depends_on_job_id")
        ),
        sa.ForeignKeyConstraint(
            ["priority_id"], ["services.job_priorities.id"], name=op.f("fk_jobs_priority_id")
        ),
        sa.ForeignKeyConstraint(
            ["status_id"], ["services.job_statuses.id"], name=op.f("fk_jobs_status_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("job_number", name=op.f("uq_jobs_job_number")),
        schema="services",
        comment="Work done for customers",
    )
    op.create_index(op.f("ix_jobs_approved_by"), "jobs", ["approved_by"], schema="services")
    op.create_index(op.f("ix_jobs_assigned_to"), "jobs", ["assigned_to"], schema="services")
    op.create_index(op.f("ix_jobs_created_at_id"), "jobs", ["created_at", "id"], schema="services")
    op.create_index(op.f("ix_jobs_created_by"), "jobs", ["created_by"], schema="services")
    op.create_index(
        op.f("ix_jobs_customer_company_id"), "jobs", ["customer_company_id"], schema="services"
    )
    op.create_index(
        op.f("ix_jobs_customer_contact_id"), "jobs", ["customer_contact_id"], schema="services"
    )
    op.create_index(op.f("ix_jobs_deal_id"), "jobs", ["deal_id"], schema="services")
    op.create_index(op.f("ix_jobs_deleted_by"), "jobs", ["deleted_by"], schema="services")
    op.create_index(
        op.f("ix_jobs_depends_on_job_id"), "jobs", ["depends_on_job_id"], schema="services"
    )
    op.create_index(
        op.f("ix_jobs_due_date"),
        "jobs",
        ["due_date"],
        schema="services",
        postgresql_where=sa.text("completed_at IS NULL"),
    )
    op.create_index(
        "ix_jobs_job_number_trgm",
        "jobs",
        ["job_number"],
        schema="services",
        postgresql_using="gin",
        postgresql_ops={"job_number": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_jobs_priority_id"), "jobs", ["priority_id"], schema="services")
    op.create_index(op.f("ix_jobs_status_id"), "jobs", ["status_id"], schema="services")
    op.create_index(
        "ix_jobs_title_trgm",
        "jobs",
        ["title"],
        schema="services",
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    )
    op.create_table(
        "job_assignments",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("job_id", sa.Uuid(), nullable=False, comment="Job"),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="Who was assigned"),
        sa.Column(
            "role_in_job", sa.Text(), nullable=True, comment="Part in the job, such as supervisor"
        ),
        sa.Column("assigned_by", sa.BigInteger(), nullable=True, comment="Who made the assignment"),
        sa.Column(
            "assigned_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the assignment began",
        ),
        sa.Column(
            "removed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the assignment ended; empty while it holds",
        ),
        sa.CheckConstraint(
            "removed_at >= assigned_at", name=op.f("ck_job_assignments_removed_after_assigned")
        ),
        sa.ForeignKeyConstraint(
            ["assigned_by"],
            ["identity.users.id"],
            name=op.f("fk_job_assignments_assigned_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["services.jobs.id"],
            name=op.f("fk_job_assignments_job_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity.users.id"], name=op.f("fk_job_assignments_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_assignments")),
        schema="services",
        comment="Who works or worked on each job",
    )
    op.create_index(
        op.f("ix_job_assignments_assigned_by"),
        "job_assignments",
        ["assigned_by"],
        schema="services",
    )
    op.create_index(
        op.f("ix_job_assignments_job_id"), "job_assignments", ["job_id"], schema="services"
    )
    op.create_index(
        op.f("ix_job_assignments_user_id"), "job_assignments", ["user_id"], schema="services"
    )
    op.create_index(
        "uq_job_assignments_current",
        "job_assignments",
        ["job_id", "user_id"],
        unique=True,
        schema="services",
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "job_products",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("job_id", sa.Uuid(), nullable=False, comment="Job"),
        sa.Column("product_id", sa.Uuid(), nullable=False, comment="Service or goods used"),
        sa.Column(
            "quantity",
            sa.Numeric(precision=14, scale=4),
            server_default="1",
            nullable=False,
            comment="Units or hours",
        ),
        sa.Column(
            "unit_price",
            sa.Numeric(precision=14, scale=4),
            server_default="0",
            nullable=False,
            comment="Price of one unit, before tax",
        ),
        sa.Column("notes", sa.Text(), nullable=True, comment="Remarks on the line"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_job_products_quantity_range")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_job_products_unit_price_range")),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["services.jobs.id"],
            name=op.f("fk_job_products_job_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["services.products.id"], name=op.f("fk_job_products_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_products")),
        schema="services",
        comment="Services and goods used on each job",
    )
    op.create_index(op.f("ix_job_products_job_id"), "job_products", ["job_id"], schema="services")
    op.create_index(
        op.f("ix_job_products_product_id"), "job_products", ["product_id"], schema="services"
    )
    op.create_table(
        "tasks",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="What is to be done, in one line"),
        sa.Column("description", sa.Text(), nullable=True, comment="What is to be done, in full"),
        sa.Column("assigned_to", sa.BigInteger(), nullable=True, comment="Who is to do it"),
        sa.Column("created_by", sa.BigInteger(), nullable=True, comment="Who made the row"),
        sa.Column("priority_id", sa.BigInteger(), nullable=True, comment="Priority"),
        sa.Column("status_id", sa.BigInteger(), nullable=False, comment="Status"),
        sa.Column(
            "due_date",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it is to be done by",
        ),
        sa.Column(
            "estimated_minutes", sa.Integer(), nullable=True, comment="Work planned, minutes"
        ),
        sa.Column(
            "actual_minutes",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Work done, minutes",
        ),
        sa.Column(
            "completed_at", sa.DateTime(timezone=True), nullable=True, comment="When it was done"
        ),
        sa.Column(
            "progress_percentage",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="How much is done, percent",
        ),
        sa.Column("notes", sa.Text(), nullable=True, comment="Remarks while it is open"),
        sa.Column("completion_notes", sa.Text(), nullable=True, comment="How it ended"),
        sa.Column("contact_id", sa.Uuid(), nullable=True, comment="Contact it is about"),
        sa.Column("company_id", sa.Uuid(), nullable=True, comment="Company it is about"),
        sa.Column("lead_id", sa.Uuid(), nullable=True, comment="Lead it is about"),
        sa.Column("deal_id", sa.Uuid(), nullable=True, comment="Deal it is about"),
        sa.Column("job_id", sa.Uuid(), nullable=True, comment="Job it is about"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was last changed",
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the row was deleted; empty while it is live",
        ),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True, comment="Who deleted the row"),
        sa.Column("deletion_reason", sa.Text(), nullable=True, comment="Why the row was deleted"),
        sa.CheckConstraint("actual_minutes >= 0", name=op.f("ck_tasks_actual_minutes_range")),
        sa.CheckConstraint("estimated_minutes >= 0", name=op.f("ck_tasks_estimated_minutes_range")),
        sa.CheckConstraint(
            "progress_percentage >= 0 AND progress_percentage <= 100",
            name=op.f("ck_tasks_progress_percentage_range"),
        ),
        sa.ForeignKeyConstraint(
            ["assigned_to"],
            ["identity.users.id"],
            name=op.f("fk_tasks_assigned_to"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["crm.companies.id"],
            name=op.f("fk_tasks_company_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["crm.contacts.id"],
            name=op.f("fk_tasks_contact_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["identity.users.id"],
            name=op.f("fk_tasks_created_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["crm.deals.id"], name=op.f("fk_tasks_deal_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_tasks_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["services.jobs.id"], name=op.f("fk_tasks_job_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["crm.leads.id"], name=op.f("fk_tasks_lead_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["priority_id"], ["services.task_priorities.id"], name=op.f("fk_tasks_priority_id")
        ),
        sa.ForeignKeyConstraint(
            ["status_id"], ["services.task_statuses.id"], name=op.f("fk_tasks_status_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        schema="services",
        comment="Things to do, on their own or for a job, deal, lead or customer",
    )
    op.create_index(op.f("ix_tasks_assigned_to"), "tasks", ["assigned_to"], schema="services")
    op.create_index(op.f("ix_tasks_company_id"), "tasks", ["company_id"], schema="services")
    op.create_index(op.f("ix_tasks_contact_id"), "tasks", ["contact_id"], schema="services")
    op.create_index(
        op.f("ix_tasks_created_at_id"), "tasks", ["created_at", "id"], schema="services"
    )
    op.create_index(op.f("ix_tasks_created_by"), "tasks", ["created_by"], schema="services")
    op.create_index(op.f("ix_tasks_deal_id"), "tasks", ["deal_id"], schema="services")
    op.create_index(op.f("ix_tasks_deleted_by"), "tasks", ["deleted_by"], schema="services")
    op.create_index(
        "ix_tasks_inbox",
        "tasks",
        ["assigned_to", "due_date"],
        schema="services",
        postgresql_where=sa.text("completed_at IS NULL AND deleted_at IS NULL"),
    )
    op.create_index(op.f("ix_tasks_job_id"), "tasks", ["job_id"], schema="services")
    op.create_index(op.f("ix_tasks_lead_id"), "tasks", ["lead_id"], schema="services")
    op.create_index(op.f("ix_tasks_priority_id"), "tasks", ["priority_id"], schema="services")
    op.create_index(op.f("ix_tasks_status_id"), "tasks", ["status_id"], schema="services")
    op.create_index(
        "ix_tasks_title_trgm",
        "tasks",
        ["title"],
        schema="services",
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    )
    op.create_table(
        "task_reminders",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("task_id", sa.Uuid(), nullable=False, comment="Task"),
        sa.Column(
            "remind_at", sa.DateTime(timezone=True), nullable=False, comment="When to remind"
        ),
        sa.Column(
            "reminder_type",
            sa.Text(),
            server_default="in_app",
            nullable=False,
            comment="How to remind",
        ),
        sa.Column(
            "is_sent",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The reminder was given",
        ),
        sa.Column(
            "sent_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the reminder was given",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "reminder_type IN ('in_app', 'email')",
            name=op.f("ck_task_reminders_reminder_type_choice"),
        ),
        sa.CheckConstraint(
            "is_sent = (sent_at IS NOT NULL)", name=op.f("ck_task_reminders_sent_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["services.tasks.id"],
            name=op.f("fk_task_reminders_task_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_reminders")),
        sa.UniqueConstraint(
            "task_id",
            "remind_at",
            "reminder_type",
            name=op.f("uq_task_reminders_task_id_remind_at_reminder_type"),
        ),
        schema="services",
        comment="Reminders of tasks; each is sent once",
    )
    op.create_index(
        "ix_task_reminders_due",
        "task_reminders",
        ["remind_at"],
        schema="services",
        postgresql_where=sa.text("NOT is_sent"),
    )
    op.create_table(
        "time_entries",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=False, comment="Who worked"),
        sa.Column("job_id", sa.Uuid(), nullable=True, comment="Job worked on"),
        sa.Column("task_id", sa.Uuid(), nullable=True, comment="Task worked on"),
        sa.Column(
            "start_time", sa.DateTime(timezone=True), nullable=False, comment="When the work began"
        ),
        sa.Column(
            "end_time",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the work ended; empty while the timer runs",
        ),
        sa.Column(
            "duration_minutes",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Time counted after rounding, minutes",
        ),
        sa.Column("description", sa.Text(), nullable=True, comment="What was done"),
        sa.Column(
            "is_billable",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="May be invoiced to the customer",
        ),
        sa.Column(
            "hourly_rate",
            sa.Numeric(precision=14, scale=4),
            server_default="0",
            nullable=False,
            comment="Price of an hour, before tax",
        ),
        sa.Column(
            "billable_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Time counted at the hourly rate; zero when not billable",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            server_default="PEN",
            nullable=False,
            comment="Currency of the amounts",
        ),
        sa.Column(
            "is_approved",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Approved, and so locked against changes",
        ),
        sa.Column("approved_by", sa.BigInteger(), nullable=True, comment="Who approved it"),
        sa.Column(
            "approved_at", sa.DateTime(timezone=True), nullable=True, comment="When it was approved"
        ),
        sa.Column(
            "invoice_line_item_id",
            sa.Uuid(),
            nullable=True,
            comment="Invoice line that bills it; empty while it is unbilled",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was last changed",
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the row was deleted; empty while it is live",
        ),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True, comment="Who deleted the row"),
        sa.Column("deletion_reason", sa.Text(), nullable=True, comment="Why the row was deleted"),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(user_id, user_id, '[]')"), "&&"),
            (sa.text("tstzrange(start_time, end_time)"), "&&"),
            where=sa.text("deleted_at IS NULL"),
            using="gist",
            name="ex_time_entries_no_overlap",
        ),
        sa.CheckConstraint(
            "currency IN ('PEN', 'USD', 'EUR')", name=op.f("ck_time_entries_currency_choice")
        ),
        sa.CheckConstraint(
            "billable_amount >= 0", name=op.f("ck_time_entries_billable_amount_range")
        ),
        sa.CheckConstraint(
            "duration_minutes >= 0", name=op.f("ck_time_entries_duration_minutes_range")
        ),
        sa.CheckConstraint("end_time >= start_time", name=op.f("ck_time_entries_ends_after_start")),
        sa.CheckConstraint(
            "end_time IS NOT NULL OR NOT is_approved",
            name=op.f("ck_time_entries_approved_has_ended"),
        ),
        sa.CheckConstraint("hourly_rate >= 0", name=op.f("ck_time_entries_hourly_rate_range")),
        sa.CheckConstraint(
            "is_approved = (approved_at IS NOT NULL)",
            name=op.f("ck_time_entries_approved_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["identity.users.id"],
            name=op.f("fk_time_entries_approved_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_time_entries_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["services.jobs.id"], name=op.f("fk_time_entries_job_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["services.tasks.id"], name=op.f("fk_time_entries_task_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity.users.id"], name=op.f("fk_time_entries_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_entries")),
        schema="services",
        comment="Time worked on jobs and tasks",
    )
    op.create_index(
        op.f("ix_time_entries_approved_by"), "time_entries", ["approved_by"], schema="services"
    )
    op.create_index(
        op.f("ix_time_entries_deleted_by"), "time_entries", ["deleted_by"], schema="services"
    )
    op.create_index(
        op.f("ix_time_entries_invoice_line_item_id"),
        "time_entries",
        ["invoice_line_item_id"],
        schema="services",
    )
    op.create_index(op.f("ix_time_entries_job_id"), "time_entries", ["job_id"], schema="services")
    op.create_index(
        op.f("ix_time_entries_start_time_id"),
        "time_entries",
        ["start_time", "id"],
        schema="services",
    )
    op.create_index(op.f("ix_time_entries_task_id"), "time_entries", ["task_id"], schema="services")
    op.create_index(
        op.f("ix_time_entries_user_id_start_time"),
        "time_entries",
        ["user_id", "start_time"],
        schema="services",
    )
    op.create_index(
        "uq_time_entries_running",
        "time_entries",
        ["user_id"],
        unique=True,
        schema="services",
        postgresql_where=sa.text("end_time IS NULL AND deleted_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("time_entries", schema="services")
    op.drop_table("task_reminders", schema="services")
    op.drop_table("tasks", schema="services")
    op.drop_table("job_products", schema="services")
    op.drop_table("job_assignments", schema="services")
    op.drop_table("jobs", schema="services")
    op.drop_table("products", schema="services")
    op.drop_table("task_statuses", schema="services")
    op.drop_table("task_priorities", schema="services")
    op.drop_table("service_categories", schema="services")
    op.drop_table("job_statuses", schema="services")
    op.drop_table("job_priorities", schema="services")
