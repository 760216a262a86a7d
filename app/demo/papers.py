"""A few real files: contracts, reports and receipts, in the document storage."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import sqlalchemy as sa

from app.demo.clients import Client
from app.demo.work import JobDone
from app.demo.world import World, at, new_uuid
from app.storage import storage
from models.documents import Document, DocumentCategory
from models.expenses import Expense, ExpenseAttachment

CONTRACTS, REPORTS, RECEIPTS = 12, 12, 12


def add_papers(world: World, clients: list[Client], jobs: list[JobDone]) -> None:
    """Add documents as plain text; their files are overwritten by a second load."""
    dice, categories = world.dice("papers"), world.lookup(DocumentCategory)
    rows: list[dict[str, Any]] = []
    for client in dice.sample(clients, CONTRACTS):
        text = f"CONTRATO DE SERVICIOS\n\nCliente: {client.name}\nRUC: {client.ruc}\n"
        row = _document(
            world, new_uuid(dice, at(client.since, 11)), f"Contrato {client.name}", text
        )
        row |= {"category_id": categories["Contracts"], "company_id": client.id}
        rows.append(row)
    done = [job for job in jobs if job.completed]
    for job in dice.sample(done, min(REPORTS, len(done))):
        text = f"INFORME DE TRABAJO {job.number}\n\n{job.deal.name}\nHoras: {job.hours}\n"
        row = _document(world, new_uuid(dice, at(job.due, 17)), f"Informe {job.number}", text)
        row |= {"category_id": categories["Job reports"], "job_id": job.id}
        rows.append({**row, "company_id": job.client.id})
    receipts = _receipts(world, categories["Expenses"])
    for group in (rows[:CONTRACTS], rows[CONTRACTS:], [row for _expense, row in receipts]):
        world.bulk.add(Document, group)
    world.bulk.add(
        ExpenseAttachment,
        [{"expense_id": expense, "document_id": row["id"]} for expense, row in receipts],
    )


def _receipts(world: World, category: int) -> list[tuple[uuid.UUID, dict[str, Any]]]:
    """A file for some of the latest expenses."""
    dice = world.dice("receipts")
    latest = world.bulk.session.execute(
        sa.select(
            Expense.id, Expense.vendor_name, Expense.amount, Expense.reference_number,
            Expense.created_at,
        )
        .where(Expense.status != "draft")
        .order_by(Expense.created_at.desc(), Expense.id)
        .limit(RECEIPTS)
    )  # fmt: skip
    receipts = []
    for expense, vendor, amount, reference, made in latest:
        text = f"COMPROBANTE {reference}\n\n{vendor}\nTotal: S/ {amount}\n"
        row = _document(world, new_uuid(dice, made), f"Comprobante {reference}", text)
        receipts.append((expense, {**row, "category_id": category}))
    return receipts


def _document(world: World, key: uuid.UUID, name: str, text: str) -> dict[str, Any]:
    content = text.encode()
    path = f"documents/demo/{key}.txt"
    storage().put(path, content)
    return {
        "id": key,
        "name": name,
        "original_filename": f"{name}.txt",
        "file_path": path,
        "file_size": len(content),
        "mime_type": "text/plain",
        "file_hash": hashlib.sha256(content).hexdigest(),
        "tags": ["demo"],
        "uploaded_by": world.users["accountant"],
    }
