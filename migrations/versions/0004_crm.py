"""Companies, contacts, leads, deals and activities."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity_types",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the type"),
        sa.Column("icon", sa.Text(), nullable=True, comment="Tabler icon name, such as phone"),
        sa.Column("color", sa.Text(), nullable=True, comment="Colour of the icon"),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Offered on new activities",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_types")),
        sa.UniqueConstraint("name", name=op.f("uq_activity_types_name")),
        schema="crm",
        comment="Types of activity, such as call or meeting",
    )
    op.create_table(
        "deal_stages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the stage"),
        sa.Column(
            "description",
            sa.Text(),
            nullable=True,
            comment="What must be true of a deal in this stage",
        ),
        sa.Column(
            "probability",
            sa.Numeric(precision=7, scale=4),
            server_default="0",
            nullable=False,
            comment="Chance of winning that deals get on entering the stage, percent",
        ),
        sa.Column(
            "display_order",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Position, lowest first",
        ),
        sa.Column(
            "is_closed",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Deals in this stage are decided",
        ),
        sa.Column(
            "is_won",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Deals in this stage are won",
        ),
        sa.Column("color", sa.Text(), nullable=True, comment="Colour of the column"),
        sa.Column(
            "rotting_after_days",
            sa.Integer(),
            nullable=True,
            comment="Days after which a deal is marked as stale; empty for never",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint("is_closed OR NOT is_won", name=op.f("ck_deal_stages_won_is_closed")),
        sa.CheckConstraint(
            "probability >= 0 AND probability <= 100", name=op.f("ck_deal_stages_probability_range")
        ),
        sa.CheckConstraint(
            "rotting_after_days >= 1", name=op.f("ck_deal_stages_rotting_after_days_range")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_stages")),
        sa.UniqueConstraint("name", name=op.f("uq_deal_stages_name")),
        schema="crm",
        comment="Stages of the deal pipeline",
    )
    op.create_table(
        "deal_types",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the type"),
        sa.Column("description", sa.Text(), nullable=True, comment="What counts as this type"),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Offered on deals",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_types")),
        sa.UniqueConstraint("name", name=op.f("uq_deal_types_name")),
        schema="crm",
        comment="Types of deal",
    )
    op.create_table(
        "lead_sources",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the source"),
        sa.Column("description", sa.Text(), nullable=True, comment="What counts as this source"),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Offered on new leads",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_sources")),
        sa.UniqueConstraint("name", name=op.f("uq_lead_sources_name")),
        schema="crm",
        comment="Where leads come from",
    )
    op.create_table(
        "lead_statuses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the status"),
        sa.Column(
            "description", sa.Text(), nullable=True, comment="What a lead in this status means"
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Offered on leads",
        ),
        sa.Column(
            "is_converted",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Given to a lead that became a deal",
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_statuses")),
        sa.UniqueConstraint("name", name=op.f("uq_lead_statuses_name")),
        schema="crm",
        comment="Statuses that a lead goes through",
    )
    op.create_table(
        "tags",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the tag"),
        sa.Column("color", sa.Text(), nullable=True, comment="Colour of the tag"),
        sa.Column("description", sa.Text(), nullable=True, comment="When to use the tag"),
        sa.Column(
            "tag_type",
            sa.Text(),
            nullable=True,
            comment="Group that the tag is listed under, such as interest or segment",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("name", name=op.f("uq_tags_name")),
        schema="crm",
        comment="Tags to group contacts by",
    )
    op.create_table(
        "companies",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Trading name or registered name"),
        sa.Column("industry", sa.Text(), nullable=True, comment="Line of business"),
        sa.Column("website", sa.Text(), nullable=True, comment="Address of the website"),
        sa.Column("phone", sa.Text(), nullable=True, comment="Main telephone"),
        sa.Column("email", sa.Text(), nullable=True, comment="General e-mail address"),
        sa.Column(
            "description",
            sa.Text(),
            nullable=True,
            comment="What is worth knowing about the company",
        ),
        sa.Column("employees_count", sa.Integer(), nullable=True, comment="Number of employees"),
        sa.Column(
            "annual_revenue",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="Yearly revenue, in the currency of the business",
        ),
        sa.Column(
            "company_size", sa.Text(), nullable=True, comment="Size class, by employees or revenue"
        ),
        sa.Column(
            "owner_id", sa.BigInteger(), nullable=True, comment="Who looks after the company"
        ),
        sa.Column("logo_url", sa.Text(), nullable=True, comment="Address of the logo"),
        sa.Column(
            "timezone",
            sa.Text(),
            server_default="America/Lima",
            nullable=False,
            comment="Time zone, such as America/Lima",
        ),
        sa.Column("address_line_1", sa.Text(), nullable=True, comment="Street and number"),
        sa.Column(
            "address_line_2", sa.Text(), nullable=True, comment="Floor, office or urbanisation"
        ),
        sa.Column("city", sa.Text(), nullable=True, comment="City or district"),
        sa.Column("state", sa.Text(), nullable=True, comment="Department or region"),
        sa.Column("postal_code", sa.Text(), nullable=True, comment="Postal code"),
        sa.Column(
            "country",
            sa.Text(),
            server_default="PE",
            nullable=True,
            comment="Country, two letters (ISO 3166)",
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
            "company_size IN ('micro', 'small', 'medium', 'large')",
            name=op.f("ck_companies_company_size_choice"),
        ),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("ck_companies_country_code")),
        sa.CheckConstraint("annual_revenue >= 0", name=op.f("ck_companies_annual_revenue_range")),
        sa.CheckConstraint("employees_count >= 0", name=op.f("ck_companies_employees_count_range")),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_companies_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["identity.users.id"],
            name=op.f("fk_companies_owner_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
        schema="crm",
        comment="Companies that buy services or may do so",
    )
    op.create_index(
        op.f("ix_companies_created_at_id"), "companies", ["created_at", "id"], schema="crm"
    )
    op.create_index(op.f("ix_companies_deleted_by"), "companies", ["deleted_by"], schema="crm")
    op.create_index(
        "ix_companies_email_trgm",
        "companies",
        ["email"],
        schema="crm",
        postgresql_using="gin",
        postgresql_ops={"email": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_companies_name_trgm",
        "companies",
        ["name"],
        schema="crm",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_companies_owner_id"), "companies", ["owner_id"], schema="crm")
    op.create_index(
        "ix_companies_phone_trgm",
        "companies",
        ["phone"],
        schema="crm",
        postgresql_using="gin",
        postgresql_ops={"phone": "gin_trgm_ops"},
    )
    op.create_table(
        "contacts",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("first_name", sa.Text(), nullable=False, comment="First name"),
        sa.Column("last_name", sa.Text(), nullable=True, comment="Last name"),
        sa.Column("email", sa.Text(), nullable=True, comment="E-mail address"),
        sa.Column("phone", sa.Text(), nullable=True, comment="Landline or office telephone"),
        sa.Column(
            "mobile", sa.Text(), nullable=True, comment="Mobile telephone, also for WhatsApp"
        ),
        sa.Column("job_title", sa.Text(), nullable=True, comment="Position at the company"),
        sa.Column("department", sa.Text(), nullable=True, comment="Department of the company"),
        sa.Column(
            "company_id",
            sa.Uuid(),
            nullable=True,
            comment="Company the contact works for; empty for a private person",
        ),
        sa.Column(
            "owner_id", sa.BigInteger(), nullable=True, comment="Who looks after the contact"
        ),
        sa.Column(
            "description",
            sa.Text(),
            nullable=True,
            comment="What is worth knowing about the contact",
        ),
        sa.Column("date_of_birth", sa.Date(), nullable=True, comment="Date of birth"),
        sa.Column(
            "social_profiles",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="Addresses by network, such as linkedin",
        ),
        sa.Column(
            "preferred_contact_method",
            sa.Text(),
            nullable=True,
            comment="How the contact wants to be reached",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Still to be contacted",
        ),
        sa.Column(
            "lead_source",
            sa.Text(),
            nullable=True,
            comment="Where the contact came from, as first told",
        ),
        sa.Column(
            "last_contacted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Latest activity with the contact",
        ),
        sa.Column("address_line_1", sa.Text(), nullable=True, comment="Street and number"),
        sa.Column(
            "address_line_2", sa.Text(), nullable=True, comment="Floor, office or urbanisation"
        ),
        sa.Column("city", sa.Text(), nullable=True, comment="City or district"),
        sa.Column("state", sa.Text(), nullable=True, comment="Department or region"),
        sa.Column("postal_code", sa.Text(), nullable=True, comment="Postal code"),
        sa.Column(
            "country",
            sa.Text(),
            server_default="PE",
            nullable=True,
            comment="Country, two letters (ISO 3166)",
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
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("ck_contacts_country_code")),
        sa.CheckConstraint(
            "preferred_contact_method IN ('email', 'phone', 'mobile', 'whatsapp')",
            name=op.f("ck_contacts_preferred_contact_method_choice"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["crm.companies.id"], name=op.f("fk_contacts_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_contacts_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["identity.users.id"],
            name=op.f("fk_contacts_owner_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        schema="crm",
        comment="People at companies, and private persons",
    )
    op.create_index(op.f("ix_contacts_company_id"), "contacts", ["company_id"], schema="crm")
    op.create_index(
        op.f("ix_contacts_created_at_id"), "contacts", ["created_at", "id"], schema="crm"
    )
    op.create_index(op.f("ix_contacts_deleted_by"), "contacts", ["deleted_by"], schema="crm")
    op.create_index(
        "ix_contacts_email_trgm",
        "contacts",
        ["email"],
        schema="crm",
        postgresql_using="gin",
        postgresql_ops={"email": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_contacts_first_name_trgm",
        "contacts",
        ["first_name"],
        schema="crm",
        postgresql_using="gin",
        postgresql_ops={"first_name": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_contacts_last_name_trgm",
        "contacts",
        ["last_name"],
        schema="crm",
        postgresql_using="gin",
        postgresql_ops={"last_name": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_contacts_mobile_trgm",
        "contacts",
        ["mobile"],
        schema="crm",
        postgresql_using="gin",
        postgresql_ops={"mobile": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_contacts_owner_id"), "contacts", ["owner_id"], schema="crm")
    op.create_index(
        "ix_contacts_phone_trgm",
        "contacts",
        ["phone"],
        schema="crm",
        postgresql_using="gin",
        postgresql_ops={"phone": "gin_trgm_ops"},
    )
    op.create_table(
        "contact_tags",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("contact_id", sa.Uuid(), nullable=False, comment="Contact"),
        sa.Column("tag_id", sa.BigInteger(), nullable=False, comment="Tag"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["crm.contacts.id"],
            name=op.f("fk_contact_tags_contact_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["crm.tags.id"], name=op.f("fk_contact_tags_tag_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_tags")),
        sa.UniqueConstraint("contact_id", "tag_id", name=op.f("uq_contact_tags_contact_id_tag_id")),
        schema="crm",
        comment="Tags of each contact",
    )
    op.create_index(op.f("ix_contact_tags_tag_id"), "contact_tags", ["tag_id"], schema="crm")
    op.create_table(
        "leads",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column(
            "title",
            sa.Text(),
            nullable=False,
            comment="What the lead is interested in, in one line",
        ),
        sa.Column(
            "contact_id",
            sa.Uuid(),
            nullable=True,
            comment="Who is interested; may be empty until the lead is converted",
        ),
        sa.Column("status_id", sa.BigInteger(), nullable=False, comment="Status"),
        sa.Column("source_id", sa.BigInteger(), nullable=True, comment="Where the lead came from"),
        sa.Column("owner_id", sa.BigInteger(), nullable=True, comment="Who works on the lead"),
        sa.Column("description", sa.Text(), nullable=True, comment="What is known of the lead"),
        sa.Column(
            "estimated_value",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Value of the deal it may become",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            server_default="PEN",
            nullable=False,
            comment="Currency of the amounts",
        ),
        sa.Column(
            "probability",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Chance of winning, percent",
        ),
        sa.Column(
            "expected_close_date",
            sa.Date(),
            nullable=True,
            comment="When the customer is expected to decide",
        ),
        sa.Column(
            "lead_score",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Points by the scoring rules of the settings; more is better",
        ),
        sa.Column(
            "temperature",
            sa.Text(),
            server_default="cold",
            nullable=False,
            comment="How keen the lead is",
        ),
        sa.Column("requirements", sa.Text(), nullable=True, comment="What the customer needs"),
        sa.Column(
            "budget_range",
            sa.Text(),
            nullable=True,
            comment="Budget as the customer put it, such as 5,000 to 10,000",
        ),
        sa.Column(
            "decision_timeframe",
            sa.Text(),
            nullable=True,
            comment="When the customer wants to decide, such as within 3 months",
        ),
        sa.Column(
            "decision_makers", sa.Text(), nullable=True, comment="Who decides at the customer"
        ),
        sa.Column(
            "last_activity_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Latest activity on the lead",
        ),
        sa.Column(
            "converted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the lead became a deal",
        ),
        sa.Column(
            "converted_to_deal_id", sa.Uuid(), nullable=True, comment="Deal that the lead became"
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
            "currency IN ('PEN', 'USD', 'EUR')", name=op.f("ck_leads_currency_choice")
        ),
        sa.CheckConstraint(
            "temperature IN ('cold', 'warm', 'hot')", name=op.f("ck_leads_temperature_choice")
        ),
        sa.CheckConstraint(
            "(converted_at IS NULL) = (converted_to_deal_id IS NULL)",
            name=op.f("ck_leads_converted_to_a_deal"),
        ),
        sa.CheckConstraint("estimated_value >= 0", name=op.f("ck_leads_estimated_value_range")),
        sa.CheckConstraint("lead_score >= 0", name=op.f("ck_leads_lead_score_range")),
        sa.CheckConstraint(
            "probability >= 0 AND probability <= 100", name=op.f("ck_leads_probability_range")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["crm.contacts.id"], name=op.f("fk_leads_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_leads_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["identity.users.id"], name=op.f("fk_leads_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["crm.lead_sources.id"], name=op.f("fk_leads_source_id")
        ),
        sa.ForeignKeyConstraint(
            ["status_id"], ["crm.lead_statuses.id"], name=op.f("fk_leads_status_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leads")),
        sa.UniqueConstraint("converted_to_deal_id", name=op.f("uq_leads_converted_to_deal_id")),
        schema="crm",
        comment="Interest that may become a deal",
    )
    op.create_index(op.f("ix_leads_contact_id"), "leads", ["contact_id"], schema="crm")
    op.create_index(op.f("ix_leads_created_at_id"), "leads", ["created_at", "id"], schema="crm")
    op.create_index(op.f("ix_leads_deleted_by"), "leads", ["deleted_by"], schema="crm")
    op.create_index(op.f("ix_leads_owner_id"), "leads", ["owner_id"], schema="crm")
    op.create_index(op.f("ix_leads_source_id"), "leads", ["source_id"], schema="crm")
    op.create_index(op.f("ix_leads_status_id"), "leads", ["status_id"], schema="crm")
    op.create_index(
        "ix_leads_title_trgm",
        "leads",
        ["title"],
        schema="crm",
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    )
    op.create_table(
        "deals",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="What is being sold to whom, in one line"
        ),
        sa.Column("company_id", sa.Uuid(), nullable=True, comment="Company that would buy"),
        sa.Column("contact_id", sa.Uuid(), nullable=True, comment="Who decides or asks"),
        sa.Column("lead_id", sa.Uuid(), nullable=True, comment="Lead that the deal came from"),
        sa.Column("owner_id", sa.BigInteger(), nullable=True, comment="Who works on the deal"),
        sa.Column("stage_id", sa.BigInteger(), nullable=False, comment="Stage of the pipeline"),
        sa.Column(
            "stage_changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the deal entered its stage",
        ),
        sa.Column("type_id", sa.BigInteger(), nullable=True, comment="Type of deal"),
        sa.Column(
            "amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Value of the deal; the sum of its products when it has any",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            server_default="PEN",
            nullable=False,
            comment="Currency of the amounts",
        ),
        sa.Column(
            "probability",
            sa.Numeric(precision=7, scale=4),
            server_default="0",
            nullable=False,
            comment="Chance of winning, percent",
        ),
        sa.Column(
            "probability_is_manual",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The chance was set by hand and no longer follows the stage",
        ),
        sa.Column(
            "expected_close_date",
            sa.Date(),
            nullable=True,
            comment="When the customer is expected to decide",
        ),
        sa.Column("actual_close_date", sa.Date(), nullable=True, comment="When it was decided"),
        sa.Column("description", sa.Text(), nullable=True, comment="What is known of the deal"),
        sa.Column("requirements", sa.Text(), nullable=True, comment="What the customer needs"),
        sa.Column("competitors", sa.Text(), nullable=True, comment="Who else is bidding"),
        sa.Column(
            "next_steps", sa.Text(), nullable=True, comment="What has to happen next, and by whom"
        ),
        sa.Column(
            "is_won",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The customer said yes",
        ),
        sa.Column("lost_reason", sa.Text(), nullable=True, comment="Why the customer said no"),
        sa.Column(
            "closed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the deal was marked won or lost",
        ),
        sa.Column(
            "last_activity_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Latest activity on the deal",
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
            "currency IN ('PEN', 'USD', 'EUR')", name=op.f("ck_deals_currency_choice")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_deals_amount_range")),
        sa.CheckConstraint(
            "closed_at IS NOT NULL OR NOT is_won", name=op.f("ck_deals_won_is_closed")
        ),
        sa.CheckConstraint(
            "probability >= 0 AND probability <= 100", name=op.f("ck_deals_probability_range")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["crm.companies.id"], name=op.f("fk_deals_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["crm.contacts.id"], name=op.f("fk_deals_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_deals_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["crm.leads.id"], name=op.f("fk_deals_lead_id")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["identity.users.id"], name=op.f("fk_deals_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"], ["crm.deal_stages.id"], name=op.f("fk_deals_stage_id")
        ),
        sa.ForeignKeyConstraint(["type_id"], ["crm.deal_types.id"], name=op.f("fk_deals_type_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deals")),
        schema="crm",
        comment="Sales in progress, from first offer to won or lost",
    )
    op.create_index(op.f("ix_deals_company_id"), "deals", ["company_id"], schema="crm")
    op.create_index(op.f("ix_deals_contact_id"), "deals", ["contact_id"], schema="crm")
    op.create_index(op.f("ix_deals_created_at_id"), "deals", ["created_at", "id"], schema="crm")
    op.create_index(op.f("ix_deals_deleted_by"), "deals", ["deleted_by"], schema="crm")
    op.create_index(
        op.f("ix_deals_expected_close_date"), "deals", ["expected_close_date"], schema="crm"
    )
    op.create_index(op.f("ix_deals_lead_id"), "deals", ["lead_id"], schema="crm")
    op.create_index(
        "ix_deals_name_trgm",
        "deals",
        ["name"],
        schema="crm",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_deals_owner_id"), "deals", ["owner_id"], schema="crm")
    op.create_index(
        "ix_deals_pipeline",
        "deals",
        ["stage_id", "expected_close_date"],
        schema="crm",
        postgresql_where=sa.text("closed_at IS NULL AND deleted_at IS NULL"),
    )
    op.create_index(op.f("ix_deals_stage_id"), "deals", ["stage_id"], schema="crm")
    op.create_index(op.f("ix_deals_type_id"), "deals", ["type_id"], schema="crm")
    op.create_table(
        "deal_products",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("deal_id", sa.Uuid(), nullable=False, comment="Deal"),
        sa.Column("product_id", sa.Uuid(), nullable=False, comment="Service offered"),
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
            comment="Price of one unit before discounts",
        ),
        sa.Column(
            "discount_percent",
            sa.Numeric(precision=7, scale=4),
            server_default="0",
            nullable=False,
            comment="Discount on the line, percent",
        ),
        sa.Column(
            "discount_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Further discount on the line, as an amount",
        ),
        sa.Column(
            "line_total",
            sa.Numeric(precision=14, scale=2),
            sa.Computed(
                "round(quantity * unit_price * (1 - discount_percent / 100), 2) - discount_amount",
                persisted=True,
            ),
            nullable=False,
            comment="Quantity times price less both discounts, before tax",
        ),
        sa.Column("notes", sa.Text(), nullable=True, comment="Remarks on the line"),
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
            "discount_amount >= 0", name=op.f("ck_deal_products_discount_amount_range")
        ),
        sa.CheckConstraint(
            "discount_percent >= 0 AND discount_percent <= 100",
            name=op.f("ck_deal_products_discount_percent_range"),
        ),
        sa.CheckConstraint(
            "line_total >= 0", name=op.f("ck_deal_products_line_total_not_negative")
        ),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_deal_products_quantity_range")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_deal_products_unit_price_range")),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["crm.deals.id"], name=op.f("fk_deal_products_deal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_products")),
        schema="crm",
        comment="Services offered in each deal",
    )
    op.create_index(op.f("ix_deal_products_deal_id"), "deal_products", ["deal_id"], schema="crm")
    op.create_index(
        op.f("ix_deal_products_product_id"), "deal_products", ["product_id"], schema="crm"
    )
    op.create_table(
        "activities",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("type_id", sa.BigInteger(), nullable=False, comment="Type of activity"),
        sa.Column("user_id", sa.BigInteger(), nullable=True, comment="Who did it"),
        sa.Column("subject", sa.Text(), nullable=False, comment="What it was about, in one line"),
        sa.Column("description", sa.Text(), nullable=True, comment="What was said or done"),
        sa.Column(
            "start_time",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it began or will begin",
        ),
        sa.Column(
            "end_time",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it ended or will end",
        ),
        sa.Column(
            "duration_minutes", sa.Integer(), nullable=True, comment="How long it took, minutes"
        ),
        sa.Column("direction", sa.Text(), nullable=True, comment="Who approached whom"),
        sa.Column("outcome", sa.Text(), nullable=True, comment="How it went"),
        sa.Column("next_action", sa.Text(), nullable=True, comment="What was agreed to do next"),
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
        sa.CheckConstraint(
            "direction IN ('inbound', 'outbound', 'internal')",
            name=op.f("ck_activities_direction_choice"),
        ),
        sa.CheckConstraint(
            "outcome IN ('completed', 'no_answer', 'left_message', 'interested', 'not_interested', 'rescheduled', 'cancelled')",
            name=op.f("ck_activities_outcome_choice"),
        ),
        sa.CheckConstraint(
            "duration_minutes >= 0", name=op.f("ck_activities_duration_minutes_range")
        ),
        sa.CheckConstraint("end_time >= start_time", name=op.f("ck_activities_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["crm.companies.id"],
            name=op.f("fk_activities_company_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["crm.contacts.id"],
            name=op.f("fk_activities_contact_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["crm.deals.id"], name=op.f("fk_activities_deal_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_activities_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["crm.leads.id"], name=op.f("fk_activities_lead_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["type_id"], ["crm.activity_types.id"], name=op.f("fk_activities_type_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["identity.users.id"],
            name=op.f("fk_activities_user_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
        schema="crm",
        comment="Calls, meetings, e-mails and notes",
    )
    op.create_index(op.f("ix_activities_company_id"), "activities", ["company_id"], schema="crm")
    op.create_index(op.f("ix_activities_contact_id"), "activities", ["contact_id"], schema="crm")
    op.create_index(op.f("ix_activities_deal_id"), "activities", ["deal_id"], schema="crm")
    op.create_index(op.f("ix_activities_deleted_by"), "activities", ["deleted_by"], schema="crm")
    op.create_index(op.f("ix_activities_job_id"), "activities", ["job_id"], schema="crm")
    op.create_index(op.f("ix_activities_lead_id"), "activities", ["lead_id"], schema="crm")
    op.create_index(
        op.f("ix_activities_start_time_id"), "activities", ["start_time", "id"], schema="crm"
    )
    op.create_index(
        "ix_activities_subject_trgm",
        "activities",
        ["subject"],
        schema="crm",
        postgresql_using="gin",
        postgresql_ops={"subject": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_activities_type_id"), "activities", ["type_id"], schema="crm")
    op.create_index(op.f("ix_activities_user_id"), "activities", ["user_id"], schema="crm")


def downgrade() -> None:
    op.drop_table("activities", schema="crm")
    op.drop_table("deal_products", schema="crm")
    op.drop_table("deals", schema="crm")
    op.drop_table("leads", schema="crm")
    op.drop_table("contact_tags", schema="crm")
    op.drop_table("contacts", schema="crm")
    op.drop_table("companies", schema="crm")
    op.drop_table("tags", schema="crm")
    op.drop_table("lead_statuses", schema="crm")
    op.drop_table("lead_sources", schema="crm")
    op.drop_table("deal_types", schema="crm")
    op.drop_table("deal_stages", schema="crm")
    op.drop_table("activity_types", schema="crm")
