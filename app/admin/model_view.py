"""The generated view of one table, put together from its screens.

FAB's ModelView gives routes, rights and menus; what is shown and saved comes from the table's
description. Each kind of screen is a class of its own beside what it needs: ``lists``, ``boards``,
``forms``, ``records``.
"""

from __future__ import annotations

from typing import Any

from flask_appbuilder import ModelView

from app.admin.boards.calendar_screens import CalendarScreens
from app.admin.boards.chart_screens import ChartScreens
from app.admin.boards.gallery_screens import GalleryScreens
from app.admin.boards.kanban_screens import KanbanScreens
from app.admin.boards.tree_screens import TreeScreens
from app.admin.bulk.inline import InlineScreens
from app.admin.bulk.screens import BulkScreens
from app.admin.bulk.trash_screens import TrashScreens
from app.admin.exchange.export_screens import ExportScreens
from app.admin.exchange.import_screens import ImportScreens
from app.admin.files.screens import FileScreens
from app.admin.forms.screens import FormScreens
from app.admin.interface import AdminInterface
from app.admin.lists.aids import ListAids
from app.admin.lists.screens import ListScreens
from app.admin.lists.view_screens import ViewScreens
from app.admin.permissions import TablePermissions
from app.admin.records.history import HistoryScreens
from app.admin.records.screens import RecordScreens
from app.admin.registry import Domain, Table


class TableView(
    TablePermissions,
    ListScreens,
    ListAids,
    ViewScreens,
    KanbanScreens,
    CalendarScreens,
    TreeScreens,
    GalleryScreens,
    ChartScreens,
    BulkScreens,
    InlineScreens,
    TrashScreens,
    ExportScreens,
    ImportScreens,
    FormScreens,
    FileScreens,
    RecordScreens,
    HistoryScreens,
    ModelView,
):
    """Base of every generated view; ``app.admin.build`` makes the subclasses."""

    datamodel: AdminInterface
    domain: Domain
    table: Table
    # FAB's action routes load rows past the base filters; its download serves any upload.
    exclude_route_methods = {"action", "action_post", "download"}  # noqa: RUF012 - FAB's attribute

    def _init_properties(self) -> None:
        self.related_views: Any = []
        self._related_views: Any = []

    def _init_forms(self) -> None:
        """Forms are made when first shown."""

    def _init_titles(self) -> None:
        """Titles are translated per request."""
