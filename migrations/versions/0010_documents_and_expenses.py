"""Documents and expenses."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_categories",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the category"),
        sa.Column("description", sa.Text(), nullable=True, comment="What belongs in the category"),
        sa.Column(
            "parent_id", sa.BigInteger(), nullable=True, comment="Category above; empty at the top"
        ),
        sa.Column("icon", sa.Text(), nullable=True, comment="Tabler icon name, such as file-text"),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Offered on documents",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "parent_id <> id", name=op.f("ck_document_categories_not_its_own_parent")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["documents.document_categories.id"],
            name=op.f("fk_document_categories_parent_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_categories")),
        sa.UniqueConstraint("name", name=op.f("uq_document_categories_name")),
        schema="documents",
        comment="Categories of documents, as a tree",
    )
    op.create_index(
        op.f("ix_document_categories_parent_id"),
        "document_categories",
        ["parent_id"],
        schema="documents",
    )
    op.create_table(
        "expense_categories",
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
        sa.Column(
            "monthly_budget",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="Budget of a month, in the currency of the business",
        ),
        sa.Column(
            "yearly_budget",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="Budget of a year, in the currency of the business",
        ),
        sa.Column(
            "is_tax_deductible",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Lowers the income tax",
        ),
        sa.Column(
            "tax_category", sa.Text(), nullable=True, comment="Account or class for the tax return"
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Offered on expenses",
        ),
        sa.Column(
            "requires_approval",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Expenses need approval before they are paid",
        ),
        sa.Column(
            "approval_threshold",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="Above it a manager approves too, in the currency of the business",
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
            "approval_threshold >= 0", name=op.f("ck_expense_categories_approval_threshold_range")
        ),
        sa.CheckConstraint(
            "monthly_budget >= 0", name=op.f("ck_expense_categories_monthly_budget_range")
        ),
        sa.CheckConstraint(
            "parent_id <> id", name=op.f("ck_expense_categories_not_its_own_parent")
        ),
        sa.CheckConstraint(
            "yearly_budget >= 0", name=op.f("ck_expense_categories_yearly_budget_range")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["expenses.expense_categories.id"],
            name=op.f("fk_expense_categories_parent_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expense_categories")),
        sa.UniqueConstraint("name", name=op.f("uq_expense_categories_name")),
        schema="expenses",
        comment="Categories of expenses with budgets and approval rules",
    )
    op.create_index(
        op.f("ix_expense_categories_parent_id"),
        "expense_categories",
        ["parent_id"],
        schema="expenses",
    )
    op.create_table(
        "documents",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name to show"),
        sa.Column(
            "original_filename", sa.Text(), nullable=False, comment="File name as it was uploaded"
        ),
        sa.Column(
            "file_path",
            sa.Text(),
            nullable=False,
            comment="Key of the file in the document storage",
        ),
        sa.Column("file_size", sa.BigInteger(), nullable=False, comment="Size, bytes"),
        sa.Column(
            "mime_type",
            sa.Text(),
            nullable=False,
            comment="Type found in the content, such as application/pdf",
        ),
        sa.Column(
            "file_hash", sa.Text(), nullable=False, comment="SHA-256 of the content, hexadecimal"
        ),
        sa.Column("category_id", sa.BigInteger(), nullable=True, comment="Category"),
        sa.Column(
            "tags",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="Words to find it by",
        ),
        sa.Column("description", sa.Text(), nullable=True, comment="What it holds"),
        sa.Column("uploaded_by", sa.BigInteger(), nullable=True, comment="Who uploaded it"),
        sa.Column(
            "is_public",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Whoever has a link that has not expired may read it",
        ),
        sa.Column(
            "version_number",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="Version, from 1",
        ),
        sa.Column(
            "parent_document_id",
            sa.Uuid(),
            nullable=True,
            comment="First version of the file; empty on the first version itself",
        ),
        sa.Column(
            "access_permissions",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="Who else may read or change it: user and role ids by right",
        ),
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
        sa.CheckConstraint("file_size >= 0", name=op.f("ck_documents_file_size_range")),
        sa.CheckConstraint(
            "parent_document_id <> id", name=op.f("ck_documents_not_its_own_parent")
        ),
        sa.CheckConstraint("version_number >= 1", name=op.f("ck_documents_version_number_range")),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["documents.document_categories.id"],
            name=op.f("fk_documents_category_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["crm.companies.id"],
            name=op.f("fk_documents_company_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["crm.contacts.id"],
            name=op.f("fk_documents_contact_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["crm.deals.id"], name=op.f("fk_documents_deal_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_documents_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["services.jobs.id"], name=op.f("fk_documents_job_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["crm.leads.id"], name=op.f("fk_documents_lead_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["parent_document_id"],
            ["documents.documents.id"],
            name=op.f("fk_documents_parent_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"],
            ["identity.users.id"],
            name=op.f("fk_documents_uploaded_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint(
            "parent_document_id",
            "version_number",
            name=op.f("uq_documents_parent_document_id_version_number"),
        ),
        schema="documents",
        comment="Files, each version of one as a row",
    )
    op.create_index(
        op.f("ix_documents_category_id"), "documents", ["category_id"], schema="documents"
    )
    op.create_index(
        op.f("ix_documents_company_id"), "documents", ["company_id"], schema="documents"
    )
    op.create_index(
        op.f("ix_documents_contact_id"), "documents", ["contact_id"], schema="documents"
    )
    op.create_index(
        op.f("ix_documents_created_at_id"), "documents", ["created_at", "id"], schema="documents"
    )
    op.create_index(op.f("ix_documents_deal_id"), "documents", ["deal_id"], schema="documents")
    op.create_index(
        op.f("ix_documents_deleted_by"), "documents", ["deleted_by"], schema="documents"
    )
    op.create_index(op.f("ix_documents_file_hash"), "documents", ["file_hash"], schema="documents")
    op.create_index(op.f("ix_documents_job_id"), "documents", ["job_id"], schema="documents")
    op.create_index(op.f("ix_documents_lead_id"), "documents", ["lead_id"], schema="documents")
    op.create_index(
        "ix_documents_name_trgm",
        "documents",
        ["name"],
        schema="documents",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_documents_original_filename_trgm",
        "documents",
        ["original_filename"],
        schema="documents",
        postgresql_using="gin",
        postgresql_ops={"original_filename": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("ix_documents_tags"), "documents", ["tags"], schema="documents", postgresql_using="gin"
    )
    op.create_index(
        op.f("ix_documents_uploaded_by"), "documents", ["uploaded_by"], schema="documents"
    )
    op.create_table(
        "expenses",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column(
            "expense_number",
            sa.Text(),
            nullable=True,
            comment="Gapless number, given when it is submitted",
        ),
        sa.Column("category_id", sa.Uuid(), nullable=False, comment="Category"),
        sa.Column(
            "amount",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="Amount spent, tax included",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            server_default="PEN",
            nullable=False,
            comment="Currency of the amounts",
        ),
        sa.Column(
            "exchange_rate",
            sa.Numeric(precision=14, scale=6),
            server_default="1",
            nullable=False,
            comment="Currency of the business for one unit of the expense's",
        ),
        sa.Column("expense_date", sa.Date(), nullable=False, comment="Date on the receipt"),
        sa.Column("description", sa.Text(), nullable=True, comment="What it was for"),
        sa.Column("reference_number", sa.Text(), nullable=True, comment="Number on the receipt"),
        sa.Column("vendor_name", sa.Text(), nullable=True, comment="Who was paid"),
        sa.Column(
            "vendor_contact", sa.Text(), nullable=True, comment="Telephone or e-mail of the vendor"
        ),
        sa.Column(
            "tax_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Tax within the amount",
        ),
        sa.Column(
            "is_billable_to_client",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="To be invoiced to a customer",
        ),
        sa.Column("client_company_id", sa.Uuid(), nullable=True, comment="Company it is billed to"),
        sa.Column("client_contact_id", sa.Uuid(), nullable=True, comment="Contact it is billed to"),
        sa.Column("job_id", sa.Uuid(), nullable=True, comment="Job it was spent on"),
        sa.Column(
            "markup_percentage",
            sa.Numeric(precision=7, scale=4),
            server_default="0",
            nullable=False,
            comment="Added when it is invoiced, percent",
        ),
        sa.Column("payment_method", sa.Text(), nullable=True, comment="How the vendor was paid"),
        sa.Column(
            "payment_status",
            sa.Text(),
            server_default="unpaid",
            nullable=False,
            comment="Whether the money was given back or paid",
        ),
        sa.Column("paid_date", sa.Date(), nullable=True, comment="When it was reimbursed or paid"),
        sa.Column(
            "status",
            sa.Text(),
            server_default="draft",
            nullable=False,
            comment="Where it is on the way to approval",
        ),
        sa.Column("submitted_by", sa.BigInteger(), nullable=True, comment="Who spent the money"),
        sa.Column("approved_by", sa.BigInteger(), nullable=True, comment="Who approved it"),
        sa.Column(
            "approved_at", sa.DateTime(timezone=True), nullable=True, comment="When it was approved"
        ),
        sa.Column("rejection_reason", sa.Text(), nullable=True, comment="Why it was rejected"),
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
        sa.CheckConstraint(
            "(payment_status = 'unpaid') = (paid_date IS NULL)",
            name=op.f("ck_expenses_paid_has_date"),
        ),
        sa.CheckConstraint(
            "currency IN ('PEN', 'USD', 'EUR')", name=op.f("ck_expenses_currency_choice")
        ),
        sa.CheckConstraint(
            "payment_method IN ('cash', 'personal_card', 'company_card', 'bank_transfer', 'digital_wallet')",
            name=op.f("ck_expenses_payment_method_choice"),
        ),
        sa.CheckConstraint(
            "payment_status IN ('unpaid', 'reimbursed', 'paid')",
            name=op.f("ck_expenses_payment_status_choice"),
        ),
        sa.CheckConstraint(
            "status <> 'approved' OR approved_at IS NOT NULL",
            name=op.f("ck_expenses_approved_has_time"),
        ),
        sa.CheckConstraint(
            "status <> 'rejected' OR rejection_reason IS NOT NULL",
            name=op.f("ck_expenses_rejected_has_reason"),
        ),
        sa.CheckConstraint(
            "status = 'draft' OR expense_number IS NOT NULL", name=op.f("ck_expenses_numbered")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'manager_review', 'approved', 'rejected')",
            name=op.f("ck_expenses_status_choice"),
        ),
        sa.CheckConstraint(
            "NOT is_billable_to_client OR num_nonnulls(client_company_id, client_contact_id) > 0",
            name=op.f("ck_expenses_billable_has_client"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_expenses_amount_positive")),
        sa.CheckConstraint("exchange_rate > 0", name=op.f("ck_expenses_exchange_rate_positive")),
        sa.CheckConstraint(
            "markup_percentage >= 0", name=op.f("ck_expenses_markup_percentage_range")
        ),
        sa.CheckConstraint("tax_amount <= amount", name=op.f("ck_expenses_tax_within_amount")),
        sa.CheckConstraint("tax_amount >= 0", name=op.f("ck_expenses_tax_amount_range")),
        sa.ForeignKeyConstraint(
            ["approved_by"],
            ["identity.users.id"],
            name=op.f("fk_expenses_approved_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["expenses.expense_categories.id"],
            name=op.f("fk_expenses_category_id"),
        ),
        sa.ForeignKeyConstraint(
            ["client_company_id"], ["crm.companies.id"], name=op.f("fk_expenses_client_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_contact_id"], ["crm.contacts.id"], name=op.f("fk_expenses_client_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_expenses_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["job_id"], ["services.jobs.id"], name=op.f("fk_expenses_job_id")),
        sa.ForeignKeyConstraint(
            ["submitted_by"],
            ["identity.users.id"],
            name=op.f("fk_expenses_submitted_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expenses")),
        sa.UniqueConstraint("expense_number", name=op.f("uq_expenses_expense_number")),
        schema="expenses",
        comment="Money spent for the business",
    )
    op.create_index(op.f("ix_expenses_approved_by"), "expenses", ["approved_by"], schema="expenses")
    op.create_index(op.f("ix_expenses_category_id"), "expenses", ["category_id"], schema="expenses")
    op.create_index(
        op.f("ix_expenses_client_company_id"), "expenses", ["client_company_id"], schema="expenses"
    )
    op.create_index(
        op.f("ix_expenses_client_contact_id"), "expenses", ["client_contact_id"], schema="expenses"
    )
    op.create_index(op.f("ix_expenses_deleted_by"), "expenses", ["deleted_by"], schema="expenses")
    op.create_index(
        op.f("ix_expenses_expense_date_id"), "expenses", ["expense_date", "id"], schema="expenses"
    )
    op.create_index(
        "ix_expenses_expense_number_trgm",
        "expenses",
        ["expense_number"],
        schema="expenses",
        postgresql_using="gin",
        postgresql_ops={"expense_number": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("ix_expenses_invoice_line_item_id"),
        "expenses",
        ["invoice_line_item_id"],
        schema="expenses",
    )
    op.create_index(op.f("ix_expenses_job_id"), "expenses", ["job_id"], schema="expenses")
    op.create_index(
        "ix_expenses_reference_number_trgm",
        "expenses",
        ["reference_number"],
        schema="expenses",
        postgresql_using="gin",
        postgresql_ops={"reference_number": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("ix_expenses_submitted_by"), "expenses", ["submitted_by"], schema="expenses"
    )
    op.create_index(
        "ix_expenses_to_approve",
        "expenses",
        ["status", "created_at"],
        schema="expenses",
        postgresql_where=sa.text("status IN ('submitted', 'manager_review')"),
    )
    op.create_index(
        "ix_expenses_vendor_name_trgm",
        "expenses",
        ["vendor_name"],
        schema="expenses",
        postgresql_using="gin",
        postgresql_ops={"vendor_name": "gin_trgm_ops"},
    )
    op.create_table(
        "expense_attachments",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="Key",
        ),
        sa.Column("expense_id", sa.Uuid(), nullable=False, comment="Expense"),
        sa.Column("document_id", sa.Uuid(), nullable=False, comment="File"),
        sa.Column(
            "attachment_type",
            sa.Text(),
            server_default="receipt",
            nullable=False,
            comment="What the file is",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "attachment_type IN ('receipt', 'invoice', 'other')",
            name=op.f("ck_expense_attachments_attachment_type_choice"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.documents.id"],
            name=op.f("fk_expense_attachments_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["expense_id"],
            ["expenses.expenses.id"],
            name=op.f("fk_expense_attachments_expense_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expense_attachments")),
        sa.UniqueConstraint(
            "expense_id", "document_id", name=op.f("uq_expense_attachments_expense_id_document_id")
        ),
        schema="expenses",
        comment="Receipts and other files of expenses",
    )
    op.create_index(
        op.f("ix_expense_attachments_document_id"),
        "expense_attachments",
        ["document_id"],
        schema="expenses",
    )


def downgrade() -> None:
    op.drop_table("expense_attachments", schema="expenses")
    op.drop_table("expenses", schema="expenses")
    op.drop_table("documents", schema="documents")
    op.drop_table("expense_categories", schema="expenses")
    op.drop_table("document_categories", schema="documents")
