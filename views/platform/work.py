"""One's own work in the background: how far it is, its file, and stopping it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_login import login_required

from app.admin.work_card import work_card
from app.errors import ConflictError
from app.i18n import gettext as _
from app.redirects import local_path
from app.security.rights import current_actor
from app.services.background.cancel_work import cancel_work
from app.services.background.files import open_file
from app.services.background.find_work import find_work, own_work
from app.services.background.purge_old_work import delete_work
from app.services.background.retry_work import retry_work
from app.services.background.state import Work
from app.storage import FileMissingError

PIECE = 256 * 1024


class WorkView(BaseView):
    """One's own needs no right; that of others the right to see all jobs."""

    route_base = "/work"
    default_view = "mine"

    @expose("/")
    @login_required
    def mine(self) -> Any:
        works = [work_card(work, now=_now()) for work in own_work(current_actor())]
        title = _("My work in the background")
        return self.render_template("work/mine.html", title=title, works=works)

    @expose("/<key>")
    @login_required
    def show(self, key: str) -> Any:
        card = work_card(_found(key), now=_now())
        return self.render_template("work/show.html", work=card)

    @expose("/<key>/progress")
    @login_required
    def progress(self, key: str) -> Any:
        """The state alone, for a page that asks again and again."""
        return self.render_template("work/body.html", work=work_card(_found(key), now=_now()))

    @expose("/<key>/file")
    @login_required
    def file(self, key: str) -> Any:
        """The file that the work made: for who started it and nobody else, until it expires."""
        work = _found(key)
        if work.started_by != current_actor().user_id or not work.file_key:
            abort(404)
        try:
            content = open_file(work)
        except FileMissingError:
            abort(404)
        pieces = iter(lambda: content.read(PIECE), b"")
        answer = Response(pieces, mimetype=work.file_type)
        answer.call_on_close(content.close)
        answer.content_length = work.file_size or 0
        answer.headers.set("Content-Disposition", "attachment", filename=work.file_name)
        return answer

    @expose("/<key>/cancel", methods=["POST"])
    @login_required
    def cancel(self, key: str) -> Any:
        return self._change(key, cancel_work)

    @expose("/<key>/retry", methods=["POST"])
    @login_required
    def retry(self, key: str) -> Any:
        return self._change(key, retry_work)

    @expose("/<key>/delete", methods=["POST"])
    @login_required
    def delete(self, key: str) -> Any:
        work = _found(key)
        delete_work(work.id, actor=current_actor())
        flash(_("It was forgotten."), "success")
        return redirect(local_path(request.form.get("next"), url_for(".mine")))

    def _change(self, key: str, change: Any) -> Any:
        work = _found(key)
        try:
            change(work.id, actor=current_actor(), now=_now())
        except ConflictError as error:
            flash(error.message, "warning")
        after = local_path(request.form.get("next"), "")
        own_page = url_for(".show", key=work.id)
        return redirect(own_page if not after or after.endswith("/progress") else after)


def _found(key: str) -> Work:
    """The work, if the reader may see it; raises ``WorkNotFoundError``."""
    try:
        work_id = uuid.UUID(key)
    except ValueError:
        abort(404)
    return find_work(work_id, actor=current_actor())


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
