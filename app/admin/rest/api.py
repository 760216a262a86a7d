"""The generated REST resource of one table, with the same rights and rules as its screens.

docs/api.md tells how it is used. A program signs in with a token or an API key; a page of ours may
use it with its session and the CSRF token.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Response, abort, has_request_context, jsonify, request
from flask_appbuilder import ModelRestApi
from flask_appbuilder.api import expose
from flask_appbuilder.security.decorators import permission_name, protect
from sqlalchemy.orm import load_only

from app.admin.access import readable
from app.admin.describe import Description
from app.admin.forms.form import writable
from app.admin.interface import AdminInterface
from app.admin.lists.filters import FilterConverter, FilterError
from app.admin.lists.listing import Listing, Page
from app.admin.lists.tree import parse_filter
from app.admin.permissions import TablePermissions
from app.admin.registry import Domain, Table
from app.admin.rest.arguments import Condition, ListArguments, names_given, read_arguments
from app.admin.rest.reading import MOST_IN_A_LIST, MOST_WITH_ONE, as_json, columns_of
from app.admin.rest.relations import relations_of
from app.admin.rest.rison import LIST_ARGUMENTS, rison
from app.admin.rest.selection import select
from app.admin.rest.tags import tag_of, unless_known
from app.admin.rest.writing import WritingApi
from app.db import session
from app.i18n import gettext as _
from app.security.rights import may_read
from app.session import INCLUDE_DELETED


class TableApi(TablePermissions, WritingApi, ModelRestApi):
    """Base of every generated API; ``app.admin.build`` makes the subclasses."""

    datamodel: AdminInterface
    domain: Domain
    table: Table

    def _init_properties(self) -> None:
        """What FAB reads off the model is described already."""

    def _init_titles(self) -> None:
        """The API has no titles."""

    def _init_model_schemas(self) -> None:
        """Schemas are made when first used."""

    def add_api_spec(self, api_spec: Any) -> None:
        """Described by ``app.admin.rest.openapi``, from the model rather than from docstrings."""

    @property
    def allow_browser_login(self) -> bool:
        """Whether the session of a browser will do: not for who sends credentials."""
        return has_request_context() and "Authorization" not in request.headers

    @property
    def description(self) -> Description:
        return self.datamodel.description

    @expose("/<pk>", methods=["GET"])
    @protect()
    @permission_name("get")
    def get(self, pk: str) -> Response:
        """One row, with its ETag; 304 when the caller has it."""
        selection = self._selection(
            names_given(request.args, "fields"), names_given(request.args, "expand")
        )
        row = self.datamodel.find(pk)
        if row is None:
            abort(404)
        (shown,) = as_json([row], selection, most=MOST_WITH_ONE)
        answer = jsonify(id=self.datamodel.key_of(row), result=shown)
        return unless_known(answer, tag_of(row, selection, shown))

    @expose("/", methods=["GET"])
    @protect()
    @permission_name("get")
    @rison(LIST_ARGUMENTS)
    def get_list(self, **kwargs: Any) -> Response:
        """A page of rows, filtered, searched and ordered."""
        default = self.table.default_order
        asked = read_arguments(request.args, kwargs["rison"], self.description, default)
        selection = self._selection(asked.fields, asked.expand)
        listing = self._listing(asked)
        if not selection.whole:
            loaded = columns_of(selection, asked.order.column)
            listing.statement = listing.statement.options(load_only(*loaded))
        page = listing.page(asked.order, asked.size, after=asked.after, offset=asked.offset)
        count, estimated = _count(listing, page, asked.count)
        following = _address_of_next(page)
        answer = jsonify(
            count=count,
            count_is_estimate=estimated,
            ids=[self.datamodel.key_of(row) for row in page.rows],
            after=page.after,
            next=following,
            result=as_json(page.rows, selection, most=MOST_IN_A_LIST),
        )
        if following:
            answer.headers["Link"] = f'<{following}>; rel="next"'
        return unless_known(answer)

    def _selection(self, fields: Any, expand: Any) -> Any:
        return select(self.description, fields, expand)

    def _listing(self, asked: ListArguments) -> Listing:
        listing = Listing(self.description)
        converter = FilterConverter(self.datamodel)
        for condition in asked.conditions:
            listing.statement = _narrowed(listing.statement, condition, converter)
        group, mistakes = parse_filter(asked.tree, self.datamodel)
        if mistakes:
            raise FilterError(mistakes[0])
        if group.parts:
            listing.statement = listing.statement.where(group.sql())
        columns = self.table.searched
        if asked.search and columns:
            listing.search(asked.search, columns)
        return listing

    @expose("/_info", methods=["GET"])
    @protect()
    @permission_name("info")
    def info(self) -> Response:
        """What the columns are, which filters they offer, and what belongs to a row."""
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
        shown = {field.name for field in readable(self.description)}
        relations = [
            {"name": relation.name, "table": str(relation.model.__table__.fullname)}
            | {"many": relation.many}
            for relation in relations_of(self.description.model).values()
            if may_read(relation.model) and (relation.many or relation.field.name in shown)
        ]
        return jsonify(name=self.description.resource, columns=columns, relations=relations)


def _narrowed(statement: Any, condition: Condition, converter: FilterConverter) -> Any:
    for offered in converter.convert(condition.column):
        if offered.arg_name == condition.operator:
            return offered.apply(statement, condition.value)
    name = f"{condition.column} {condition.operator}"
    raise FilterError(_("The filter “%(name)s” doesn't exist here.", name=name))


def _count(listing: Listing, page: Page, how: str) -> tuple[int | None, bool]:
    """(number of rows, whether it is an estimate)."""
    if how == "none":
        return None, False
    if how == "estimate":
        return listing.count(page)
    bare = listing.statement.with_only_columns(
        sa.literal_column("1").label("one"), maintain_column_froms=True
    ).subquery()
    statement = sa.select(sa.func.count()).select_from(bare)
    return int(session().scalar(statement, execution_options=INCLUDE_DELETED) or 0), False


def _address_of_next(page: Page) -> str | None:
    if not page.after:
        return None
    kept = [pair for pair in request.args.items(multi=True) if pair[0] != "cursor"]
    return f"{request.base_url}?{urlencode([*kept, ('cursor', page.after)])}"
