"""All benchmarks, one after the other: ``python -m benchmarks``; each prints JSON lines."""

from __future__ import annotations

import runpy

for name in (
    "app_start",
    "permission_sync",
    "permission_matrix",
    "demo_load",
    "list_page",
    "global_search",
    "screens",
    "import_rows",
    "promotions",
    "checkout",
    "hot_sku",
    "product_search",
    "sunat_documents",
    "sunat_summary",
    "document_pdfs",
    "bulk_prices",
    "audit_overhead",
    "audit_viewer",
):
    runpy.run_module(f"benchmarks.{name}", run_name="__main__")
