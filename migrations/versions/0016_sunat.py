"""Electronic documents and their series."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "companies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("ruc", sa.Text(), nullable=False, comment="RUC, 11 digits"),
        sa.Column(
            "raz_social", sa.Text(), nullable=False, comment="Registered name (razón social)"
        ),
        sa.Column("trade_name", sa.Text(), nullable=True, comment="Name the public knows"),
        sa.Column("address", sa.Text(), nullable=True, comment="Fiscal address"),
        sa.Column(
            "ubigeo",
            sa.Text(),
            nullable=True,
            comment="Code of the district of the fiscal address, 6 digits",
        ),
        sa.Column(
            "certificate_path",
            sa.Text(),
            nullable=True,
            comment="Where the signing certificate is kept",
        ),
        sa.Column(
            "certificate_password",
            sa.Text(),
            nullable=True,
            comment="Password of the certificate, encrypted",
        ),
        sa.Column(
            "certificate_expires_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the certificate stops being valid",
        ),
        sa.Column(
            "sol_user", sa.Text(), nullable=True, comment="User for SUNAT's services (clave SOL)"
        ),
        sa.Column(
            "sol_pass", sa.Text(), nullable=True, comment="Password for SUNAT's services, encrypted"
        ),
        sa.CheckConstraint("ruc ~ '^[0-9]{11}$'", name=op.f("ck_companies_ruc_format")),
        sa.CheckConstraint("ubigeo ~ '^[0-9]{6}$'", name=op.f("ck_companies_ubigeo_format")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
        sa.UniqueConstraint("ruc", name=op.f("uq_companies_ruc")),
        schema="sunat",
        comment="Businesses that issue electronic documents",
    )
    op.create_table(
        "document_sequences",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("company_id", sa.BigInteger(), nullable=False, comment="Issuer"),
        sa.Column("document_type", sa.Text(), nullable=False, comment="Kind of document"),
        sa.Column(
            "series",
            sa.Text(),
            nullable=False,
            comment="Series, such as F001 for facturas or B001 for boletas",
        ),
        sa.Column(
            "location_id",
            sa.BigInteger(),
            nullable=True,
            comment="Location that uses the series; empty for all",
        ),
        sa.Column(
            "current_number",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Last number given",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="New documents may use it",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When a number was last given",
        ),
        sa.Column(
            "version",
            sa.BigInteger(),
            server_default="1",
            nullable=False,
            comment="Moves on each change; a save based on an older one is refused",
        ),
        sa.CheckConstraint(
            "document_type IN ('01', '03', '07', '08', 'NV', 'RC', 'RA')",
            name=op.f("ck_document_sequences_document_type_choice"),
        ),
        sa.CheckConstraint(
            "series ~ '^[A-Z0-9]{4,8}$'", name=op.f("ck_document_sequences_series_format")
        ),
        sa.CheckConstraint(
            "current_number >= 0", name=op.f("ck_document_sequences_current_number_range")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["sunat.companies.id"], name=op.f("fk_document_sequences_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["inventory.locations.id"],
            name=op.f("fk_document_sequences_location_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_sequences")),
        sa.UniqueConstraint(
            "company_id",
            "document_type",
            "series",
            name=op.f("uq_document_sequences_company_id_document_type_series"),
        ),
        schema="sunat",
        comment="Series of documents and the last number given in each, without gaps",
    )
    op.create_index(
        op.f("ix_document_sequences_location_id"),
        "document_sequences",
        ["location_id"],
        schema="sunat",
    )
    op.create_table(
        "electronic_documents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("order_id", sa.BigInteger(), nullable=True, comment="Order it is about"),
        sa.Column("invoice_id", sa.Uuid(), nullable=True, comment="Services invoice it is about"),
        sa.Column("credit_note_id", sa.Uuid(), nullable=True, comment="Credit note it is about"),
        sa.Column(
            "reference_document_id",
            sa.BigInteger(),
            nullable=True,
            comment="Document that this note corrects",
        ),
        sa.Column("company_id", sa.BigInteger(), nullable=False, comment="Issuer"),
        sa.Column(
            "document_type",
            sa.Text(),
            nullable=False,
            comment="Kind of document (SUNAT catalogue 01)",
        ),
        sa.Column("series", sa.Text(), nullable=False, comment="Series, such as F001"),
        sa.Column(
            "correlative_number", sa.Integer(), nullable=False, comment="Number in the series"
        ),
        sa.Column("issue_date", sa.Date(), nullable=False, comment="Date of issue in Peru"),
        sa.Column(
            "customer_doc_type",
            sa.Text(),
            nullable=True,
            comment="Customer's identity document (SUNAT catalogue 06) at issue",
        ),
        sa.Column(
            "customer_doc_number",
            sa.Text(),
            nullable=True,
            comment="Customer's document number at issue",
        ),
        sa.Column("customer_name", sa.Text(), nullable=True, comment="Customer's name at issue"),
        sa.Column(
            "currency",
            sa.Text(),
            server_default="PEN",
            nullable=False,
            comment="Currency of the amounts",
        ),
        sa.Column(
            "total_amount",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Total to pay",
        ),
        sa.Column(
            "total_igv",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="IGV contained in the total",
        ),
        sa.Column(
            "total_gravado",
            sa.Numeric(precision=14, scale=2),
            server_default="0",
            nullable=False,
            comment="Taxed amount without IGV (operaciones gravadas)",
        ),
        sa.Column(
            "sunat_status",
            sa.Text(),
            server_default="PENDING",
            nullable=False,
            comment="State with SUNAT",
        ),
        sa.Column("sunat_code", sa.Text(), nullable=True, comment="Code of SUNAT's last answer"),
        sa.Column("sunat_message", sa.Text(), nullable=True, comment="What SUNAT said last"),
        sa.Column(
            "attempts",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="How often it was sent",
        ),
        sa.Column(
            "next_attempt_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it is tried next",
        ),
        sa.Column("xml_url", sa.Text(), nullable=True, comment="Signed XML"),
        sa.Column("pdf_url", sa.Text(), nullable=True, comment="Printed form as PDF"),
        sa.Column("cdr_url", sa.Text(), nullable=True, comment="SUNAT's receipt (CDR)"),
        sa.Column("hash_cpe", sa.Text(), nullable=True, comment="Digest value of the signed XML"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
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
            "currency IN ('PEN', 'USD', 'EUR')",
            name=op.f("ck_electronic_documents_currency_choice"),
        ),
        sa.CheckConstraint(
            "document_type IN ('01', '03', '07', '08', 'RC', 'RA')",
            name=op.f("ck_electronic_documents_document_type_choice"),
        ),
        sa.CheckConstraint(
            "document_type IN ('RC', 'RA') OR num_nonnulls(order_id, invoice_id, credit_note_id) >= 1",
            name=op.f("ck_electronic_documents_has_a_source"),
        ),
        sa.CheckConstraint(
            "sunat_status IN ('PENDING', 'SIGNED', 'SENT', 'ACCEPTED', 'OBSERVED', 'REJECTED', 'EXCEPTION', 'VOIDING', 'VOIDED')",
            name=op.f("ck_electronic_documents_sunat_status_choice"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_electronic_documents_attempts_range")),
        sa.CheckConstraint(
            "correlative_number >= 1 AND correlative_number <= 99999999",
            name=op.f("ck_electronic_documents_correlative_number_range"),
        ),
        sa.CheckConstraint(
            "reference_document_id <> id",
            name=op.f("ck_electronic_documents_not_its_own_reference"),
        ),
        sa.CheckConstraint(
            "total_amount >= 0", name=op.f("ck_electronic_documents_total_amount_range")
        ),
        sa.CheckConstraint(
            "total_gravado >= 0", name=op.f("ck_electronic_documents_total_gravado_range")
        ),
        sa.CheckConstraint("total_igv >= 0", name=op.f("ck_electronic_documents_total_igv_range")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["sunat.companies.id"], name=op.f("fk_electronic_documents_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["credit_note_id"],
            ["billing.credit_notes.id"],
            name=op.f("fk_electronic_documents_credit_note_id"),
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_electronic_documents_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["billing.invoices.id"], name=op.f("fk_electronic_documents_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales.orders.id"], name=op.f("fk_electronic_documents_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["reference_document_id"],
            ["sunat.electronic_documents.id"],
            name=op.f("fk_electronic_documents_reference_document_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_electronic_documents")),
        sa.UniqueConstraint(
            "company_id",
            "document_type",
            "series",
            "correlative_number",
            name=op.f("uq_electronic_documents_company_id_document_type_series_correlative_number"),
        ),
        schema="sunat",
        comment="Facturas, boletas, notes and summaries sent to SUNAT",
    )
    op.create_index(
        op.f("ix_electronic_documents_created_at_id"),
        "electronic_documents",
        ["created_at", "id"],
        schema="sunat",
    )
    op.create_index(
        op.f("ix_electronic_documents_credit_note_id"),
        "electronic_documents",
        ["credit_note_id"],
        schema="sunat",
    )
    op.create_index(
        "ix_electronic_documents_customer_doc_number_trgm",
        "electronic_documents",
        ["customer_doc_number"],
        schema="sunat",
        postgresql_using="gin",
        postgresql_ops={"customer_doc_number": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_electronic_documents_customer_name_trgm",
        "electronic_documents",
        ["customer_name"],
        schema="sunat",
        postgresql_using="gin",
        postgresql_ops={"customer_name": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("ix_electronic_documents_deleted_by"),
        "electronic_documents",
        ["deleted_by"],
        schema="sunat",
    )
    op.create_index(
        op.f("ix_electronic_documents_invoice_id"),
        "electronic_documents",
        ["invoice_id"],
        schema="sunat",
    )
    op.create_index(
        op.f("ix_electronic_documents_issue_date_id"),
        "electronic_documents",
        ["issue_date", "id"],
        schema="sunat",
    )
    op.create_index(
        op.f("ix_electronic_documents_order_id"),
        "electronic_documents",
        ["order_id"],
        schema="sunat",
    )
    op.create_index(
        op.f("ix_electronic_documents_reference_document_id"),
        "electronic_documents",
        ["reference_document_id"],
        schema="sunat",
    )
    op.create_index(
        op.f("ix_electronic_documents_series_correlative_number"),
        "electronic_documents",
        ["series", "correlative_number"],
        schema="sunat",
    )
    op.create_index(
        "ix_electronic_documents_unfinished",
        "electronic_documents",
        ["next_attempt_at"],
        schema="sunat",
        postgresql_where=sa.text(
            "sunat_status IN ('PENDING', 'SIGNED', 'SENT', 'EXCEPTION', 'VOIDING')"
        ),
    )
    op.create_table(
        "voided_documents",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("document_id", sa.BigInteger(), nullable=False, comment="Document"),
        sa.Column(
            "reason", sa.Text(), nullable=False, comment="Why it is voided, at least 3 characters"
        ),
        sa.Column(
            "ticket_sunat",
            sa.Text(),
            nullable=True,
            comment="Ticket under which SUNAT handles the request",
        ),
        sa.Column(
            "status",
            sa.Text(),
            server_default="PENDING",
            nullable=False,
            comment="State of the request",
        ),
        sa.Column(
            "voided_at", sa.DateTime(timezone=True), nullable=True, comment="When SUNAT accepted it"
        ),
        sa.CheckConstraint(
            "status IN ('PENDING', 'SENT', 'ACCEPTED', 'REJECTED')",
            name=op.f("ck_voided_documents_status_choice"),
        ),
        sa.CheckConstraint("length(reason) >= 3", name=op.f("ck_voided_documents_reason_length")),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["sunat.electronic_documents.id"],
            name=op.f("fk_voided_documents_document_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voided_documents")),
        sa.UniqueConstraint("document_id", name=op.f("uq_voided_documents_document_id")),
        schema="sunat",
        comment="Documents that were, or are to be, voided with SUNAT",
    )
    op.create_index(
        op.f("ix_voided_documents_voided_at_id"),
        "voided_documents",
        ["voided_at", "id"],
        schema="sunat",
    )


def downgrade() -> None:
    op.drop_table("voided_documents", schema="sunat")
    op.drop_table("electronic_documents", schema="sunat")
    op.drop_table("document_sequences", schema="sunat")
    op.drop_table("companies", schema="sunat")
