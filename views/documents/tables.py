"""Screens of files and their categories."""

from __future__ import annotations

from app.admin.registry import Domain, Table
from models.documents import (
    Document,
    DocumentCategory,
)

DOMAIN = Domain(
    name="documents",
    label="Documents",
    icon="folder",
    tables=(
        Table(
            Document,
            icon="file",
            list_columns=(
                "name",
                "category_id",
                "mime_type",
                "file_size",
                "version_number",
                "uploaded_by",
                "created_at",
            ),
            search_columns=(
                "name",
                "original_filename",
            ),
            order=("created_at", "desc"),
        ),
        Table(
            DocumentCategory,
            icon="folders",
            list_columns=(
                "name",
                "parent_id",
                "description",
                "is_active",
            ),
            order=("name", "asc"),
        ),
    ),
)
