"""Tables of what people keep for themselves and say about records."""

from __future__ import annotations

from app.admin.registry import Domain, Table
from models.workspace import (
    AuditReader,
    Comment,
    Favourite,
    Follower,
    FormDraft,
    Preference,
    RecentRecord,
    SavedView,
)

DOMAIN = Domain(
    name="workspace",
    label="Workspace",
    icon="layout-board",
    tables=(
        Table(
            Favourite,
            icon="star",
            list_columns=("user_id", "title", "url", "position"),
            read_only=True,
            in_menu=False,
        ),
        Table(
            RecentRecord,
            icon="history",
            list_columns=("user_id", "title", "table_name", "record_key", "viewed_at"),
            order=("viewed_at", "desc"),
            read_only=True,
            in_menu=False,
        ),
        Table(
            SavedView,
            icon="bookmarks",
            list_columns=(
                "table_name",
                "name",
                "user_id",
                "kind",
                "is_shared",
                "is_default",
                "updated_at",
            ),
            search_columns=("name",),
            order=("updated_at", "desc"),
            read_only=True,
            in_menu=False,
        ),
        Table(
            Preference,
            icon="adjustments",
            list_columns=("user_id", "preference_key", "value", "updated_at"),
            read_only=True,
            in_menu=False,
        ),
        Table(
            FormDraft,
            icon="edit",
            list_columns=("user_id", "table_name", "record_id", "saved_at"),
            order=("saved_at", "desc"),
            read_only=True,
            in_menu=False,
        ),
        Table(
            Comment,
            icon="message-circle",
            list_columns=(
                "created_at",
                "table_name",
                "record_id",
                "author_id",
                "body",
                "edited_at",
            ),
            search_columns=("body",),
            order=("created_at", "desc"),
            read_only=True,
            in_menu=False,
        ),
        Table(
            Follower,
            icon="bell-ringing",
            list_columns=("user_id", "table_name", "record_id", "reason", "is_muted", "created_at"),
            read_only=True,
            in_menu=False,
        ),
        Table(
            AuditReader,
            icon="bookmark",
            list_columns=("name", "last_id", "read_at"),
            read_only=True,
            in_menu=False,
        ),
    ),
)
