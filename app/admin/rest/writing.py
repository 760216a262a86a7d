"""The writing half of a table's REST resource: one row, or up to a thousand."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, jsonify
from flask_appbuilder.api import expose
from flask_appbuilder.security.decorators import permission_name, protect

from app.admin.interface import AdminInterface
from app.admin.registry import Table
from app.admin.rest.bulk import ADDING, CHANGING, DELETING, Bulk, LockedRows, Work, run
from app.admin.rest.once import act_once, mark
from app.admin.rest.reading import MOST_WITH_ONE, as_json
from app.admin.rest.saving import RowWriter, json_body, refusals
from app.admin.rest.selection import select
from app.admin.rest.tags import require_state, tag_of
from app.db import atomic, session
from app.i18n import gettext as _


class WritingApi:
    """Mixed into the generated API of a table."""

    datamodel: AdminInterface
    table: Table

    @property
    def _writer(self) -> RowWriter:
        return RowWriter(self.datamodel, self.table)

    @expose("/", methods=["POST"])
    @protect()
    @permission_name("post")
    def post(self) -> Response:
        """Add a row; with an Idempotency-Key once, however often it is sent."""
        body = json_body()

        def add() -> dict[str, Any]:
            return {"id": self.datamodel.key_of(self._writer.create(body))}

        with refusals(self.datamodel.description):
            answer = act_once(add, body)
        key = answer.result["id"]
        row = self.datamodel.find(key)
        if row is None:  # deleted since it was added, or given away
            return mark(_created(jsonify(id=key, result=None)), answer)
        return mark(_created(self._shown(row)), answer)

    @expose("/<pk>", methods=["PUT"])
    @protect()
    @permission_name("put")
    def put(self, pk: str) -> Response:
        """Change the given columns of a row."""
        return self._change(pk)

    @expose("/<pk>", methods=["PATCH"])
    @protect()
    @permission_name("patch")
    def patch(self, pk: str) -> Response:
        """Change the given columns of a row."""
        return self._change(pk)

    def _change(self, pk: str) -> Response:
        body = json_body()
        with refusals(self.datamodel.description), atomic():
            row = self._locked(pk, "update")
            require_state(row)
            self._writer.change(row, body)
        return self._shown(row)

    @expose("/<pk>", methods=["DELETE"])
    @protect()
    @permission_name("delete")
    def delete(self, pk: str) -> Response:
        """Delete a row, softly where the table keeps deleted rows."""
        with refusals(self.datamodel.description, deleting=True), atomic():
            row = self._locked(pk, "delete")
            require_state(row)
            self._writer.remove(row)
        return jsonify(message=_("Deleted."))

    def _locked(self, pk: str, action: str) -> Any:
        row = self.datamodel.find(pk, action)
        if row is None:
            abort(404)
        session().refresh(row, with_for_update=True)
        return row

    def _shown(self, row: Any) -> Response:
        selection = select(self.datamodel.description)
        (shown,) = as_json([row], selection, most=MOST_WITH_ONE)
        response = jsonify(id=self.datamodel.key_of(row), result=shown)
        response.set_etag(tag_of(row, selection, shown))
        return response

    @expose("/bulk", methods=["POST"])
    @protect()
    @permission_name("post_bulk")
    def post_bulk(self) -> Response:
        """Add up to a thousand rows; with an Idempotency-Key once."""
        body = json_body()
        bulk = Bulk.read(body, ADDING)
        writer, key_of = self._writer, self.datamodel.key_of
        work = Work(lambda item: key_of(writer.create(item)), writer.description, 201)
        return self._answer(lambda: run(bulk, work), body)

    @expose("/bulk", methods=["PATCH"])
    @protect()
    @permission_name("patch_bulk")
    def patch_bulk(self) -> Response:
        """Change up to a thousand rows, each named by its ``id``."""
        body = json_body()
        bulk = Bulk.read(body, CHANGING)

        def change() -> dict[str, Any]:
            ids = [item["id"] for item in bulk.items]
            rows = LockedRows(self.datamodel, ids, "update")

            def one(item: dict[str, Any]) -> str:
                row = rows.row(item["id"])
                self._writer.change(row, {k: v for k, v in item.items() if k != "id"})
                return self.datamodel.key_of(row)

            return run(bulk, Work(one, self.datamodel.description, 200))

        return self._answer(change, body)

    @expose("/bulk", methods=["DELETE"])
    @protect()
    @permission_name("delete_bulk")
    def delete_bulk(self) -> Response:
        """Delete up to a thousand rows."""
        body = json_body()
        bulk = Bulk.read(body, DELETING)

        def delete() -> dict[str, Any]:
            rows = LockedRows(self.datamodel, bulk.items, "delete")

            def one(key: Any) -> str:
                row = rows.row(key)
                self._writer.remove(row)
                session().flush()  # the database's refusal belongs to this row
                return str(key)

            return run(bulk, Work(one, self.datamodel.description, 200, deleting=True))

        return self._answer(delete, body)

    def _answer(self, work: Any, body: Any) -> Response:
        answer = act_once(work, body)
        response = jsonify(answer.result["body"])
        response.status_code = answer.result["status"]
        return mark(response, answer)


def _created(response: Response) -> Response:
    response.status_code = 201
    return response
