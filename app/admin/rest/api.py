"""The generated REST resource of one table, with the same rights and rules as its screens.

``GET /api/v1/<schema>/<table>/?q=(rison)`` with FAB's arguments (``filters``, ``order_column``,
``order_direction``, ``page``, ``page_size``, ``columns``) and ours: ``search`` and ``after``, the
token of the next page that each answer carries. ``PUT`` changes the fields given; a table with a
version wants the version the change is based on (428 without, 409 when it is older).
"""

from __future__ import annotations

import sys
from typing import Any

from flask import jsonify, make_response, request
from flask_appbuilder import ModelRestApi
from flask_appbuilder.api import expose, safe
from flask_appbuilder.security.decorators import permission_name, protect
from marshmallow import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from app.admin.access import may_see, readable
from app.admin.database_errors import Refusal, explain, explain_deletion
from app.admin.describe import Description
from app.admin.forms.form import writable
from app.admin.forms.writing import write
from app.admin.interface import AdminInterface
from app.admin.lists.filters import FilterConverter, FilterError
from app.admin.lists.listing import Listing, Order
from app.admin.permissions import TablePermissions
from app.admin.registry import Domain, Table
from app.admin.rest.rison import rison
from app.admin.rest.schemas import read_schema, write_schema
from app.db import atomic
from app.errors import DomainError
from app.i18n import gettext as _

DEFAULT_PAGE, MAX_PAGE = 25, 200
MAX_OFFSET = 10_000_000
LIST_ARGUMENTS = {
    "type": "object",
    "properties": {
        "columns": {"type": "array", "items": {"type": "string"}},
        "filters": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"col": {"type": "string"}, "opr": {"type": "string"}, "value": {}},
                "required": ["col", "opr"],
            },
        },
        "search": {"type": "string"},
        "order_column": {"type": "string"},
        "order_direction": {"type": "string", "enum": ["asc", "desc"]},
        "page": {"type": "integer", "minimum": 0},
        "page_size": {"type": "integer", "minimum": 1},
        "after": {"type": "string"},
    },
}


class TableApi(TablePermissions, ModelRestApi):
    """Base of every generated API; ``app.admin.build`` makes the subclasses."""

    datamodel: AdminInterface
    domain: Domain
    table: Table
    apispec_parameter_schemas = {"list_arguments": LIST_ARGUMENTS}  # noqa: RUF012 - FAB's attribute

    def _init_properties(self) -> None:
        """What FAB reads off the model is described already."""

    def _init_titles(self) -> None:
        """The API has no titles."""

    def _init_model_schemas(self) -> None:
        """Schemas are made when first used."""

    @property
    def description(self) -> Description:
        return self.datamodel.description

    def response_500(self, message: str | None = None) -> Any:
        """FAB's ``safe`` answers each error alike; ours tell a busy database from a mistake."""
        if (error := sys.exc_info()[1]) is not None:
            raise error
        return super().response_500(message)

    def add_apispec_components(self, api_spec: Any) -> None:
        model = self.description.model
        self.list_model_schema = read_schema(model)()
        # A class of its own: apispec warns when one schema is described under two names.
        self.show_model_schema = type(f"{model.__name__}Item", (read_schema(model),), {})()
        self.add_model_schema = write_schema(model, adding=True)()
        self.edit_model_schema = write_schema(model, adding=False)(partial=True)
        super().add_apispec_components(api_spec)

    # -- reading

    def get_list_headless(self, **kwargs: Any) -> Any:
        """One page: ``count`` (and whether it is an estimate), ``ids``, ``result``, ``after``."""
        args = kwargs.get("rison", {})
        try:
            listing = self._listing(args)
            order = self._order(args)
            size = min(args.get("page_size", DEFAULT_PAGE), MAX_PAGE)
            offset = min(args.get("page", 0) * size, MAX_OFFSET)
            page = listing.page(order, size, after=args.get("after", ""), offset=offset)
            schema = self._read_schema(args.get("columns"))
        except FilterError as error:
            return self.response_400(message=error.message)
        count, estimated = listing.count(page)
        return self.response(
            200,
            count=count,
            count_is_estimate=estimated,
            ids=[self.datamodel.key_of(row) for row in page.rows],
            after=page.after,
            result=schema.dump(page.rows, many=True),
        )

    def _listing(self, args: dict[str, Any]) -> Listing:
        listing = Listing(self.description)
        converter = FilterConverter(self.datamodel)
        for item in args.get("filters", []):
            offered = {f.arg_name: f for f in converter.convert(item["col"])}
            if item["opr"] not in offered:
                raise FilterError(
                    _(
                        "The filter “%(name)s” doesn't exist here.",
                        name=f"{item['col']} {item['opr']}",
                    )
                )
            chosen = offered[item["opr"]]
            listing.statement = chosen.apply(listing.statement, item.get("value", ""))
        columns = self.table.searched
        if args.get("search", "").strip() and columns:
            listing.search(args["search"].strip()[:200], columns)
        return listing

    def _order(self, args: dict[str, Any]) -> Order:
        column = args.get("order_column")
        if column is None:
            return self.table.default_order
        field = self.description.fields.get(column)
        if field is None or not may_see(field) or not field.sortable:
            raise FilterError(_("The list can't be ordered by “%(name)s”.", name=column))
        return Order(column, descending=args.get("order_direction") == "desc")

    def _read_schema(self, columns: list[str] | None) -> Any:
        schema = read_schema(self.description.model)
        known = {field.name for field in readable(self.description)}
        if not columns:
            return schema(only=known)
        if unknown := set(columns) - known:
            raise FilterError(_("There is no column “%(name)s”.", name=min(unknown)))
        return schema(only=columns)

    @expose("/<pk>", methods=["GET"])
    @protect()
    @safe
    @permission_name("get")
    def get(self, pk: str) -> Any:
        """One row
        ---
        get:
          summary: One row by its key
          parameters:
          - {in: path, name: pk, schema: {type: string}, required: true}
          responses:
            200:
              description: The row
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      id: {type: string}
                      result: {$ref: '#/components/schemas/{{self.__class__.__name__}}.get'}
            401: {$ref: '#/components/responses/401'}
            403: {$ref: '#/components/responses/403'}
            404: {$ref: '#/components/responses/404'}
        """
        row = self.datamodel.find(pk)
        if row is None:
            return self.response_404()
        result = self._read_schema(None).dump(row)
        return self.response(200, id=self.datamodel.key_of(row), result=result)

    @expose("/", methods=["GET"])
    @protect()
    @safe
    @permission_name("get")
    @rison(LIST_ARGUMENTS)
    def get_list(self, **kwargs: Any) -> Any:
        """A page of rows
        ---
        get:
          summary: A page of rows, filtered, searched and ordered
          parameters:
          - in: query
            name: q
            content:
              application/json:
                schema: {$ref: '#/components/schemas/list_arguments'}
          responses:
            200:
              description: The page
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      count: {type: integer}
                      count_is_estimate: {type: boolean}
                      ids: {type: array, items: {type: string}}
                      after: {type: string}
                      result:
                        type: array
                        items:
                          $ref: '#/components/schemas/{{self.__class__.__name__}}.get_list'
            400: {$ref: '#/components/responses/400'}
            401: {$ref: '#/components/responses/401'}
            403: {$ref: '#/components/responses/403'}
        """
        return self.get_list_headless(**kwargs)

    @expose("/_info", methods=["GET"])
    @protect()
    @safe
    @permission_name("info")
    def info(self) -> Any:
        """The columns
        ---
        get:
          summary: What the columns are, and which filters they offer
          responses:
            200:
              description: The columns
              content: {application/json: {schema: {type: object}}}
            401: {$ref: '#/components/responses/401'}
        """
        converter = FilterConverter(self.datamodel)
        both = [writable(self.description, adding=adding) for adding in (True, False)]
        changeable = {field.name for fields in both for field in fields}
        columns = [
            {
                "name": field.name,
                "label": _(field.label),
                "help": _(field.help) if field.help else "",
                "kind": field.kind,
                "required": field.required,
                "readonly": field.name not in changeable,
                "choices": {value: _(label) for value, label in field.choices.items()},
                "filters": [f.arg_name for f in converter.convert(field.name)],
            }
            for field in readable(self.description)
        ]
        return self.response(200, name=self.description.resource, columns=columns)

    # -- writing

    def post_headless(self) -> Any:
        """Add a row; 201 with its id, 422 with a message per field."""
        values, refused = self._load(write_schema(self.description.model, adding=True)())
        if refused is not None:
            return refused
        row = self.datamodel.obj(**values)
        if (refusal := self._save(row)) is not None:
            return self._refuse(refusal)
        result = self._read_schema(None).dump(row)
        return self.response(201, id=self.datamodel.key_of(row), result=result)

    def put_headless(self, pk: Any) -> Any:
        """Change the given fields of a row."""
        row = self.datamodel.find(pk, "update")
        if row is None:
            return self.response_404()
        schema = write_schema(self.description.model, adding=False)(partial=True)
        values, refused = self._load(schema, without=("version",))
        if refused is not None:
            return refused
        based_on = request.get_json().get("version")
        if self.description.versioned and based_on is None:
            message = _("Say which version the change is based on.")
            return self._refuse(Refusal("version_required", message, status=428))
        refusal = self._save(row, values, based_on)
        if refusal is not None:
            return self._refuse(refusal)
        result = self._read_schema(None).dump(row)
        return self.response(200, id=self.datamodel.key_of(row), result=result)

    def delete_headless(self, pk: Any) -> Any:
        """Delete a row (softly where the table keeps deleted rows); 409 when it is in use."""
        row = self.datamodel.find(pk, "delete")
        if row is None:
            return self.response_404()
        try:
            with atomic():
                self.table.rules().before_delete(row)
                self.datamodel.delete(row)
        except (SQLAlchemyError, DomainError) as error:
            return self._refuse(explain_deletion(error, self.description))
        return self.response(200, message=_("Deleted."))

    def _load(self, schema: Any, without: tuple[str, ...] = ()) -> tuple[dict[str, Any], Any]:
        """(values, None) or ({}, the answer that says what is wrong)."""
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            return {}, self.response_400(message=_("Send a JSON object."))
        adding = not schema.partial
        may_set = {field.name for field in writable(self.description, adding=adding)}
        if fixed := [n for n in body if n in schema.fields and n not in may_set]:
            text = _("You may not set this field.")
            message = _("Some fields need your attention.")
            fields = dict.fromkeys(fixed, text)
            return {}, self._refuse(Refusal("invalid", message, fields))
        try:
            loaded = schema.load({k: v for k, v in body.items() if k not in without})
        except ValidationError as error:
            message = _("Some fields need your attention.")
            return {}, self._refuse(Refusal("invalid", message, dict(error.messages_dict)))
        return loaded, None

    def _save(
        self, row: Any, values: dict[str, Any] | None = None, version: Any = None
    ) -> Refusal | None:
        try:
            with atomic() as session:
                if values is not None:
                    session.refresh(row, with_for_update=True)
                    if self.description.versioned and version != row.version:
                        message = _("Version %(version)s is not the latest.", version=version)
                        return Refusal("stale_version", message, status=409)
                for name, value in (values or {}).items():
                    setattr(row, name, value)
                write(self.table, row, adding=values is None)
        except (SQLAlchemyError, DomainError) as error:
            return explain(error, self.description)
        return None

    def _refuse(self, refusal: Refusal) -> Any:
        body = {"code": refusal.code, "message": refusal.message, "fields": refusal.fields}
        return make_response(jsonify(body), refusal.status)
