"""Keeping pages at hand: the star of each page, and the page that puts them in order."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_login import login_required

from app import shell
from app.errors import DomainError
from app.i18n import gettext as _
from app.redirects import local_path
from app.security.rights import current_actor
from app.services.workspace.favourites import (
    AddFavourite,
    add_favourite,
    arrange_favourites,
    remove_favourite,
)


class FavouritesView(BaseView):
    """One's own; needs no right but a session."""

    route_base = "/favourites"
    default_view = "page"

    @expose("/")
    @login_required
    def page(self) -> Any:
        return self.render_template("workspace/favourites.html", title=_("Favourites"))

    @expose("/add", methods=["POST"])
    @login_required
    def add(self) -> Any:
        """Keep the page at ``url`` under ``title`` (which may end with the name of the site)."""
        command = AddFavourite(_url(), _without_site(request.form.get("title", "")))
        try:
            add_favourite(command, actor=current_actor(), now=_now())
        except DomainError as error:
            if _by_script():
                raise
            flash(error.message, "warning")
        return self._answer()

    @expose("/remove", methods=["POST"])
    @login_required
    def remove(self) -> Any:
        remove_favourite(_url(), actor=current_actor(), now=_now())
        return self._answer()

    @expose("/arrange", methods=["POST"])
    @login_required
    def arrange(self) -> Any:
        """The addresses in their new order, as ``url`` repeated; or one ``up`` by a place."""
        urls = request.form.getlist("url")
        if moved := request.form.get("up"):
            urls = _up([page.url for page in shell.frame().favourites], moved)
        arrange_favourites(urls, actor=current_actor(), now=_now())
        return self._answer()

    def _answer(self) -> Any:
        """The list of the navigation for scripts, else back to where one was."""
        shell.forget_frame()
        if _by_script():
            return self.render_template("workspace/favourites_nav.html")
        return redirect(local_path(request.form.get("next"), url_for(".page")))


def _url() -> str:
    return local_path(request.form.get("url"), "")


def _by_script() -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _without_site(title: str) -> str:
    return title.removesuffix(" · Qhatu").strip()


def _up(urls: list[str], moved: str) -> list[str]:
    if moved not in urls:
        return urls
    place = max(urls.index(moved) - 1, 0)
    urls.remove(moved)
    return [*urls[:place], moved, *urls[place:]]


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
