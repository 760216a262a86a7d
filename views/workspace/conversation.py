"""Talking about records: comments, whom they may mention, and following."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import flash, jsonify, redirect, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_login import login_required

from app.admin.records.comments import shown_comments
from app.db import session
from app.errors import DomainError
from app.http_errors import wants_json
from app.i18n import gettext as _
from app.security.rights import current_actor
from app.services.workspace.add_comment import AddComment, add_comment
from app.services.workspace.delete_comment import delete_comment
from app.services.workspace.edit_comment import edit_comment
from app.services.workspace.find_people_to_mention import find_people_to_mention
from app.services.workspace.set_following import set_following
from app.services.workspace.subjects import Subject, require_subject
from models.workspace import Comment


class ConversationView(BaseView):
    """What the record pages post. Programs (``Accept: application/json``) get the comment as HTML
    for the page, or a problem; a browser without scripts goes back to the record."""

    route_base = "/conversation"
    class_permission_name = "workspace.comments"
    default_view = "people"

    @expose("/comment", methods=["POST"])
    @has_access
    @permission_name("create")
    def comment(self) -> Any:
        """Say something about a record that one may read."""
        table, key = request.form.get("table", ""), request.form.get("record", "")
        actor = current_actor()
        subject = require_subject(table, key, actor=actor)
        try:
            command = AddComment(table, key, request.form.get("body", ""))
            made = add_comment(command, actor=actor, now=_now())
        except DomainError as error:
            return _refused(error, subject)
        return self._answer(subject, made)

    @expose("/comment/<int:pk>", methods=["POST"])
    @has_access
    @permission_name("create")
    def edit(self, pk: int) -> Any:
        """Change the words of a comment of one's own."""
        edited = edit_comment(pk, request.form.get("body", ""), actor=current_actor(), now=_now())
        return self._answer(edited, pk)

    @expose("/comment/<int:pk>/delete", methods=["POST"])
    @has_access
    @permission_name("create")
    def delete(self, pk: int) -> Any:
        """Take a comment of one's own away."""
        return self._deleted(pk)

    @expose("/comment/<int:pk>/remove", methods=["POST"])
    @has_access
    @permission_name("delete")
    def remove(self, pk: int) -> Any:
        """Take anybody's comment away."""
        return self._deleted(pk)

    @expose("/people")
    @has_access
    @permission_name("create")
    def people(self) -> Any:
        """Users whom a comment on the record may mention, by the beginning of their name."""
        table, key = request.args.get("table", ""), request.args.get("record", "")
        text = request.args.get("q", "")[:100]
        found = find_people_to_mention(table, key, text, actor=current_actor())
        return jsonify(people=[{"username": p.username, "name": p.name} for p in found])

    @expose("/follow", methods=["POST"])
    @login_required
    def follow(self) -> Any:
        """Follow a record that one may read, or stop."""
        table, key = request.form.get("table", ""), request.form.get("record", "")
        following = request.form.get("following") == "1"
        actor = current_actor()
        set_following(table, key, following=following, actor=actor, now=_now())
        subject = require_subject(table, key, actor=actor)
        if wants_json():
            return jsonify(following=following)
        flash(
            _("You follow this record now.") if following else _("You no longer follow it."),
            "success",
        )
        return redirect(subject.path)

    def _answer(self, subject: Subject, comment_id: int) -> Any:
        if not wants_json():
            return redirect(f"{subject.path}#comment-{comment_id}")
        comment = session().scalars(sa.select(Comment).where(Comment.id == comment_id)).one()
        shown = shown_comments([comment])[comment_id]
        return jsonify(
            id=comment_id, html=self.render_template("admin/comment_item.html", comment=shown)
        )

    def _deleted(self, pk: int) -> Any:
        subject = delete_comment(pk, actor=current_actor(), now=_now())
        return jsonify(id=pk) if wants_json() else redirect(subject.path)


def _refused(error: DomainError, subject: Subject) -> Any:
    """A browser without scripts goes back to the record with the sentence."""
    if wants_json():
        raise error
    flash(error.message, "danger")
    return redirect(subject.path)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def register_conversation(appbuilder: Any) -> None:
    """Register what the record pages post to."""
    appbuilder.add_view_no_menu(ConversationView)
