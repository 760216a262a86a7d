"""The screens of saved views: the dialog about them, and the forms in it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import parse_qsl

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from werkzeug.datastructures import MultiDict

from app.admin.access import reader
from app.admin.lists.address import with_query
from app.admin.lists.settings import read_settings, remember
from app.admin.lists.view_menu import ICONS, query_to_keep, url_of_view
from app.admin.pages import SavedViewRow
from app.admin.screens import TableScreens, is_fragment
from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.redirects import local_path
from app.security.rights import current_actor
from app.services.workspace.change_view import SHARE, ChangeView, change_view, remove_view
from app.services.workspace.find_views import find_views
from app.services.workspace.keep_view import KeepView, ViewContent, keep_view
from models.identity import User


class ViewScreens(TableScreens):
    """Mixed into the generated view of a table; whoever may read the table may keep views of it."""

    @expose("/list/views", methods=["GET"])
    @has_access
    def list_views(self) -> Any:
        """Keep what the address shows, and change the views that there are."""
        screen = _screen(request.args)
        args = MultiDict(pair for pair in request.args.items(multi=True) if pair[0] != "screen")
        actor = current_actor()
        found = find_views(self.description.resource, actor.user_id)
        settings = read_settings(self.description.resource)
        shared_default = next((saved.id for saved in found if saved.is_default), 0)
        opens = shared_default if settings.view is None else settings.view
        current = args.get("view", 0, type=int)
        owners = _names({saved.user_id for saved in found})
        rows = [
            SavedViewRow(
                id=saved.id,
                name=saved.name,
                owner=owners.get(saved.user_id, ""),
                mine=saved.user_id == actor.user_id,
                shared=saved.is_shared,
                default=saved.is_default,
                opens=saved.id == opens,
                may_change=saved.user_id == actor.user_id or actor.may(SHARE),
            )
            for saved in found
        ]
        return self.render_template(
            "admin/list_views.html",
            title=_(self.description.plural),
            rows=rows,
            current=next((row for row in rows if row.id == current and row.may_change), None),
            opens_with_none=settings.view == 0 or not opens,
            may_share=actor.may(SHARE),
            screen=screen,
            back=with_query(f"{self.endpoint}.{screen}", args.to_dict(flat=False)),
            keep_url=url_for(f"{self.endpoint}.keep_view"),
            change_url=url_for(f"{self.endpoint}.change_view"),
            fragment=is_fragment(),
        )

    @expose("/list/views/keep", methods=["POST"])
    @has_access
    def keep_view(self) -> Any:
        """Keep the address in ``next`` under a name; opens the new view."""
        actor, now = current_actor(), dt.datetime.now(dt.UTC)
        content = _content(request.form)
        command = KeepView(self.description.resource, request.form.get("name", ""), content)
        try:
            view_id = keep_view(command, actor=actor, now=now)
            if request.form.get("share") and actor.may(SHARE):
                sharing = ChangeView(view_id, self.description.resource, is_shared=True)
                change_view(sharing, actor=actor, now=now)
        except DomainError as error:
            flash(error.message, "warning")
            return redirect(self._back())
        flash(_("The view “%(name)s” is kept.", name=command.name.strip()), "success")
        return redirect(self._url_of(view_id))

    @expose("/list/views/change", methods=["POST"])
    @has_access
    def change_view(self) -> Any:
        """What the button pressed says: ``do`` is rename, overwrite, share, unshare, default,
        no_default, open_with or remove."""
        view_id = request.form.get("view", 0, type=int)
        try:
            told, target = self._change(view_id, request.form.get("do", ""))
        except DomainError as error:
            told, target = error.message, ""
            flash(told, "warning")
            return redirect(self._back())
        flash(told, "success")
        return redirect(target or self._back())

    def _change(self, view_id: int, what: str) -> tuple[str, str]:
        """Do it; gives a sentence and where to go (empty: back)."""
        resource, actor, now = self.description.resource, current_actor(), dt.datetime.now(dt.UTC)
        if what == "remove":
            remove_view(view_id, resource, actor=actor)
            return _("The view was removed."), url_for(f"{self.endpoint}.list", view=0)
        if what == "open_with":
            remember(resource, view=view_id)
            return _("Your list opens with it from now on."), ""
        changes: dict[str, Any] = {
            "rename": {"name": request.form.get("name", "")},
            "overwrite": {"content": _content(request.form)},
            "share": {"is_shared": True},
            "unshare": {"is_shared": False},
            "default": {"is_default": True},
            "no_default": {"is_default": False},
        }
        change_view(ChangeView(view_id, resource, **changes.get(what, {})), actor=actor, now=now)
        return _("The view was changed."), self._url_of(view_id) if what == "overwrite" else ""

    def _back(self) -> str:
        return local_path(request.form.get("next"), url_for(f"{self.endpoint}.list", view=0))

    def _url_of(self, view_id: int) -> str:
        found = find_views(self.description.resource, reader().user_id)
        saved = next((view for view in found if view.id == view_id), None)
        return url_of_view(self, saved) if saved is not None else self._back()


def _screen(args: MultiDict[str, str]) -> str:
    screen = args.get("screen", "list")
    return screen if screen in ICONS else "list"


def _content(form: MultiDict[str, str]) -> ViewContent:
    """What the address that was open shows."""
    query = local_path(form.get("next"), "").partition("?")[2]
    kept, columns = query_to_keep(MultiDict(parse_qsl(query)))
    return ViewContent(kept, columns, _screen(form))


def _names(keys: set[int]) -> dict[int, str]:
    """Whose views they are, in one statement."""
    statement = sa.select(User.id, User.full_name).where(User.id.in_(keys))
    return dict(session().execute(statement).all())
