"""The tables as the API has them."""

from __future__ import annotations

from app.admin.describe import describe
from views.domains import DOMAINS

TABLES = {describe(t.model).resource: t for domain in DOMAINS for t in domain.tables}


def path_of(resource: str) -> str:
    return f"/api/v1/{resource.replace('.', '/')}/"
