"""The frame of each page as its reader has it: favourites, theme and density.

One statement a page, and only for pages with the frame. What somebody looks at is noted after the
answer has been sent, so that it costs the page nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from app.actor import Actor, acting_as
from app.security.rights import current_actor, may, right_to_open
from app.services.workspace.read_shell import DENSITY, THEME, KeptPage, PersonalFrame, read_shell
from app.services.workspace.recent_records import NoteVisit, note_visit

log = structlog.get_logger(__name__)
THEMES = ("light", "dark", "auto")
DENSITIES = ("comfortable", "compact")
OK = 200
PASSING = frozenset({"after", "before", "_l_"})


@dataclass(frozen=True, slots=True)
class Favourite:
    """A favourite as the navigation shows it; ``active`` marks the page that is open."""

    title: str
    url: str
    icon: str
    active: bool


def init_app(app: Flask) -> None:
    """Give the templates ``favourites``, ``page_theme``, ``page_density`` and ``page_address``."""
    app.jinja_env.globals.update(
        favourites=favourites,
        page_theme=page_theme,
        page_density=page_density,
        page_address=page_address,
        is_favourite=is_favourite,
    )
    app.after_request(_note_visit_later)


def frame() -> PersonalFrame:
    """What the signed-in reader keeps and prefers, read once a request; nothing for others."""
    user = g.get("user")
    if user is None or not user.is_authenticated:
        return PersonalFrame()
    if "personal_frame" not in g:
        g.personal_frame = read_shell(user.id)
    kept: PersonalFrame = g.personal_frame
    return kept


def forget_frame() -> None:
    """Read it again: this request has changed it."""
    g.pop("personal_frame", None)


def page_theme() -> str:
    """``light`` or ``dark``; empty to follow the system. Pages without a reader ask the cookie."""
    theme = frame().preferred(THEME, THEMES) or request.cookies.get("theme", "")
    return theme if theme in ("light", "dark") else ""


def page_density() -> str:
    """``compact``, or empty for the usual."""
    return "compact" if frame().preferred(DENSITY, DENSITIES) == "compact" else ""


def page_address() -> str:
    """The address of this page as a favourite keeps it: without its place in a long list."""
    kept = [(k, v) for k, v in request.args.items(multi=True) if k not in PASSING]
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def favourites() -> list[Favourite]:
    """The reader's favourites that the reader may still open."""
    here = page_address()
    return [
        Favourite(page.title, page.url, screen.icon, page.url == here)
        for page in frame().favourites
        if (screen := screen_of(page)) is not None
    ]


def is_favourite() -> bool:
    """Whether this page is one of the reader's favourites."""
    here = page_address()
    return any(page.url == here for page in frame().favourites)


@dataclass(frozen=True, slots=True)
class Screen:
    icon: str


def screen_of(page: KeptPage) -> Screen | None:
    """What the address opens; None when nothing, or nothing for this reader."""
    endpoint = _endpoint_of(current_app._get_current_object(), urlsplit(page.url).path)  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's proxy
    if not endpoint:
        return None
    name, _dot, method = endpoint.rpartition(".")
    view = _views().get(name)
    if view is None:
        return None
    right = _right_of(view, method)
    return Screen(icon_of(view)) if not right or may(right) else None


@lru_cache(maxsize=5000)
def _endpoint_of(app: Flask, path: str) -> str:
    try:
        endpoint, _values = app.url_map.bind("localhost").match(path, method="GET")
    except HTTPException:
        return ""
    return str(endpoint)


def _views() -> dict[str, Any]:
    if "views_by_endpoint" not in g:
        views = current_app.appbuilder.baseviews  # type: ignore[attr-defined]
        g.views_by_endpoint = {view.endpoint: view for view in views}
    found: dict[str, Any] = g.views_by_endpoint
    return found


def _right_of(view: Any, method: str) -> str:
    if getattr(getattr(view, method, None), "_permission_name", None) is None:
        return ""
    action = view.get_method_permission(method)
    return f"{view.class_permission_name}:{action}" if action else right_to_open(view)


def icon_of(view: Any) -> str:
    """Icon of a generated view's table, else of the view's menu entry."""
    table = getattr(view, "table", None)
    if table is not None:
        return str(table.icon)
    for item in current_app.appbuilder.menu.get_list():  # type: ignore[attr-defined]
        for entry in (item, *item.childs):
            if entry.baseview is view:
                return str(entry.icon or item.icon or "")
    return "point"


def remember_visit(table_name: str, record_key: str, title: str) -> None:
    """Note the record, which the page shows, among those that the reader looked at last.

    Not while an administrator acts as somebody else.
    """
    if g.get("impersonator_id") is None:
        g.visit = NoteVisit(table_name, record_key, title)


def _note_visit_later(response: Response) -> Response:
    visit: NoteVisit | None = g.get("visit")
    if visit is not None and response.status_code == OK:
        actor, app = current_actor(), current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's proxy
        response.call_on_close(_note(app, visit, actor))
    return response


def _note(app: Flask, visit: NoteVisit, actor: Actor) -> Callable[[], None]:
    def note() -> None:
        with app.app_context(), acting_as(actor):
            try:
                note_visit(visit, actor=actor, now=dt.datetime.now(dt.UTC))
            except SQLAlchemyError:
                log.warning("a visit couldn't be noted", exc_info=True)

    return note
