"""The first page after signing in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask_appbuilder import IndexView, expose
from flask_login import current_user, login_required

from app.i18n import gettext as _
from app.security.rights import current_actor
from app.services.workspace.preferences import read_preference, set_preference
from views.home.tiles import PREFERENCE, arrangement, as_preference, tile_named
from views.setup.screens import setup_is_open, setup_is_untouched


class HomeView(IndexView):
    """Each tile is a fragment of its own: a slow one keeps nobody waiting for the others."""

    index_template = "home.html"

    @expose("/")
    def index(self) -> Any:
        if not current_user.is_authenticated:
            return redirect(self.appbuilder.get_url_for_login)
        open_steps = setup_is_open()
        if open_steps and setup_is_untouched():
            return redirect(url_for("SetupView.begin"))
        tiles = arrangement(read_preference(g.user.id, PREFERENCE))
        return self.render_template(self.index_template, tiles=tiles, setup_is_open=open_steps)

    @expose("/home/tile/<name>")
    @login_required
    def tile(self, name: str) -> Any:
        tile = tile_named(name)
        if tile is None:
            abort(404)
        return self.render_template(tile.template, tile=tile, shown=tile.draw())

    @expose("/home/arrange", methods=["POST"])
    @login_required
    def arrange(self) -> Any:
        """The names of the tiles in their order as ``order``, those to be seen as ``shown``; or
        ``reset`` for the order that comes with the product."""
        if request.form.get("reset"):
            value = None
        else:
            order, shown = request.form.getlist("order"), set(request.form.getlist("shown"))
            value = as_preference(order, [name for name in order if name not in shown])
        set_preference(PREFERENCE, value, actor=current_actor(), now=dt.datetime.now(dt.UTC))
        flash(_("Your start page is arranged."), "success")
        return redirect(url_for(".index"))
