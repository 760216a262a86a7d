"""Electronic documents keep what they say, what happened to them, and the hashes of their files."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

DOCUMENTS = "electronic_documents"
EVENTS = "document_events"
VOIDED = "voided_documents"
# column → what it refers to
REFERENCES = {
    "return_id": ("sales", "order_returns", "Return it is about"),
    "summary_id": ("sunat", DOCUMENTS, "Daily summary that told SUNAT of it"),
}
ASKED = {
    "summary_id": ("sunat", DOCUMENTS, "Voiding notice or summary that asks for it"),
    "requested_by": ("identity", "users", "Who asked for it"),
}
AMOUNTS = {
    "total_exonerado": "Exonerated amount (operaciones exoneradas)",
    "total_inafecto": "Unaffected amount (operaciones inafectas)",
    "total_exportacion": "Exported amount (exportación)",
    "total_gratuito": "What is given free is worth (operaciones gratuitas)",
    "total_isc": "Selective consumption tax (ISC)",
    "total_icbper": "Tax on plastic bags (ICBPER)",
    "total_otros": "Charges that no tax is taken of",
}
TIMES = {"sent_at": "When it was last sent", "answered_at": "When SUNAT decided"}
TEXTS = {
    "ticket_sunat": "Ticket under which SUNAT handles a summary or voiding",
    "xml_sha256": "SHA-256 of the kept XML",
    "pdf_sha256": "SHA-256 of the kept PDF",
    "cdr_sha256": "SHA-256 of the kept receipt (CDR)",
}
STATES = (
    "'PENDING', 'SIGNED', 'SENT', 'ACCEPTED', 'OBSERVED', 'REJECTED', 'EXCEPTION', 'VOIDING', "
    "'VOIDED'"
)


def _add(table: str, column: sa.Column) -> None:
    op.add_column(table, column, schema="sunat")


def _refer(table: str, references: dict[str, tuple[str, str, str]]) -> None:
    for name, (schema, target, comment) in references.items():
        _add(table, sa.Column(name, sa.BigInteger(), nullable=True, comment=comment))
        op.create_foreign_key(
            op.f(f"fk_{table}_{name}"),
            table,
            target,
            [name],
            ["id"],
            source_schema="sunat",
            referent_schema=schema,
        )
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name], schema="sunat")


def upgrade() -> None:
    _refer(DOCUMENTS, REFERENCES)
    for name, comment in AMOUNTS.items():
        _add(
            DOCUMENTS,
            sa.Column(name, sa.Numeric(14, 2), server_default="0", nullable=False, comment=comment),
        )
        op.create_check_constraint(
            op.f(f"ck_{DOCUMENTS}_{name}_range"), DOCUMENTS, f"{name} >= 0", schema="sunat"
        )
    _add(
        DOCUMENTS,
        sa.Column(
            "exchange_rate",
            sa.Numeric(14, 6),
            server_default="1",
            nullable=False,
            comment="Soles for one unit of the currency on the day of issue",
        ),
    )
    _add(
        DOCUMENTS,
        sa.Column(
            "content",
            postgresql.JSONB(),
            nullable=True,
            comment="The whole document as it was issued, before signing",
        ),
    )
    for name, comment in TIMES.items():
        _add(
            DOCUMENTS,
            sa.Column(name, sa.DateTime(timezone=True), nullable=True, comment=comment),
        )
    for name, comment in TEXTS.items():
        _add(DOCUMENTS, sa.Column(name, sa.Text(), nullable=True, comment=comment))
    op.create_index(
        op.f(f"ix_{DOCUMENTS}_sunat_status_issue_date"),
        DOCUMENTS,
        ["sunat_status", "issue_date"],
        schema="sunat",
    )
    op.create_index(op.f(f"ix_{DOCUMENTS}_answered_at"), DOCUMENTS, ["answered_at"], schema="sunat")
    _events()
    _refer(VOIDED, ASKED)


def _events() -> None:
    op.create_table(
        EVENTS,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("document_id", sa.BigInteger(), nullable=False, comment="Document"),
        sa.Column(
            "happened_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When",
        ),
        sa.Column("status", sa.Text(), nullable=False, comment="State that it had then"),
        sa.Column("code", sa.Text(), comment="SUNAT's code, or that of our own check"),
        sa.Column("message", sa.Text(), comment="What was said"),
        sa.Column("user_id", sa.BigInteger(), comment="Who did it; empty for the system"),
        sa.CheckConstraint(f"status IN ({STATES})", name=op.f(f"ck_{EVENTS}_status_choice")),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{EVENTS}_{column}"))
            for column, target in (
                ("document_id", f"sunat.{DOCUMENTS}.id"),
                ("user_id", "identity.users.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{EVENTS}")),
        schema="sunat",
        comment="History of electronic documents: each state and what SUNAT said",
    )
    for columns in (["document_id", "id"], ["user_id"]):
        op.create_index(op.f(f"ix_{EVENTS}_{'_'.join(columns)}"), EVENTS, columns, schema="sunat")
    op.create_index(
        op.f(f"ix_{EVENTS}_message_trgm"),
        EVENTS,
        [sa.text("platform.folded(message) gin_trgm_ops")],
        schema="sunat",
        postgresql_using="gin",
    )
    op.execute(
        f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON sunat.{EVENTS} FOR EACH ROW "
        f"EXECUTE FUNCTION platform.refuse_change('sunat', '{EVENTS}')"
    )


def downgrade() -> None:
    op.drop_table(EVENTS, schema="sunat")
    op.drop_index(op.f(f"ix_{DOCUMENTS}_sunat_status_issue_date"), DOCUMENTS, schema="sunat")
    for name in ASKED:
        op.drop_column(VOIDED, name, schema="sunat")
    for name in (*REFERENCES, *AMOUNTS, "exchange_rate", "content", *TIMES, *TEXTS):
        op.drop_column(DOCUMENTS, name, schema="sunat")
