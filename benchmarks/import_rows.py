"""Importing and exporting 100,000 products: seconds, and how much memory the process took.

    python -m benchmarks.import_rows [--rows 100000]

On a scratch database that syncs to disk, with audit. Check, import, export as CSV and XLSX, undo:
each as the worker does it, in the name of an administrator.
"""

from __future__ import annotations

import argparse
import csv
import io
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from benchmarks.scratch import report, scratch_app

HEADINGS = ("sku", "name", "slug", "description", "base_price", "cost_price", "status", "brand_id")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with scratch_app() as app:
        from app.db import atomic
        from models.catalog import Brand
        from models.identity import Role, User, UserRole

        with atomic() as session:
            session.add_all(Brand(name=f"Brand {n}") for n in range(50))
            user = User(username="bench", email="bench@example.com", first_name="B", last_name="B")
            session.add(user)
            session.flush()  # the role needs the user's key
            role = session.scalar(sa.select(Role.id).where(Role.name == "Admin"))
            session.add(UserRole(user_id=user.id, role_id=role))
            user_id = user.id
        run(app, user_id, rows)


def run(app: Any, user_id: int, rows: int) -> None:
    from app.security.on_behalf import Person, on_behalf_of

    with on_behalf_of(Person(user_id, "en", "00000000-0000-4000-8000-000000000000")):
        view = next(v for v in app.appbuilder.baseviews if v.endpoint == "ProductView")
        batch = prepare(view, rows, user_id)
        for step in ("check", "run"):
            with measured(f"import_{step}", rows):
                work(step, batch)
        for form in ("csv", "xlsx"):
            with measured(f"export_{form}", rows):
                export(view, form)
        with measured("import_undo", rows):
            work("undo", batch)


def prepare(view: Any, rows: int, user_id: int) -> Any:
    from app.admin.describe import describe
    from app.admin.exchange.plan import Plan
    from app.db import atomic
    from app.storage import storage
    from models.catalog import Product
    from models.workspace import ImportBatch

    names = [name for name in HEADINGS if name in describe(Product).fields]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    for number in range(rows):
        values = {
            "sku": f"SKU-{number:07d}",
            "name": f"Product number {number}",
            "slug": f"product-{number}",
            "description": f"Description of the product {number}",
            "base_price": f"{number % 900 + 1}.50",
            "cost_price": f"{number % 500}.25",
            "status": "active",
            "brand_id": f"Brand {number % 50}",
        }
        writer.writerow([values[name] for name in names])
    storage().put("imports/bench", text.getvalue().encode())
    with atomic() as session:
        batch = ImportBatch(
            table_name=view.description.resource,
            file_name="bench.csv",
            file_key="imports/bench",
            user_id=user_id,
            options=Plan(columns=tuple(names)).as_json(),
        )
        session.add(batch)
    return batch.id


def work(step: str, batch_id: Any) -> None:
    from app.admin.exchange.import_work import import_table
    from app.db import session
    from models.workspace import ImportBatch

    class Silent:
        def __call__(self, *_: Any, **__: Any) -> None: ...
        def check(self) -> None: ...

    class Asked:
        def __init__(self) -> None:
            self.params = {"batch": str(batch_id), "table": "catalog.products", "step": step}

    import_table(Asked(), Silent())  # type: ignore[arg-type]
    batch = session().get(ImportBatch, batch_id, populate_existing=True)
    report("import_rows", step=step, state=batch.state, created=batch.created, failed=batch.failed)


def export(view: Any, form: str) -> None:
    import tempfile

    from app.admin.bulk.selection import Selection
    from app.admin.exchange.export_file import write_export
    from app.admin.exchange.export_request import ExportRequest
    from app.admin.exchange.export_rows import ExportRows

    columns = ("name", "slug", "base_price", "status", "brand_id", "created_at")
    with tempfile.TemporaryFile() as file:
        write_export(ExportRows(view, ExportRequest(Selection("", None), columns, form)), file)


@contextmanager
def measured(name: str, rows: int) -> Iterator[None]:
    before, start = peak(), time.perf_counter()
    yield
    seconds = time.perf_counter() - start
    report(
        "exchange",
        case=name,
        rows=rows,
        seconds=round(seconds, 1),
        rows_a_second=round(rows / seconds),
        peak_mb=round(peak()),
        grown_mb=round(peak() - before),
    )


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
