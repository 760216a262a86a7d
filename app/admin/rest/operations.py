"""The OpenAPI description of one table's resource, made from its model."""

from __future__ import annotations

from typing import Any

from app.admin.describe import Description, Field
from app.admin.lists.filters import BY_KIND, Empty, NotEmpty
from app.admin.rest.arguments import PLAIN
from app.admin.rest.bulk import MOST, MULTI_STATUS
from app.admin.rest.relations import relations_of
from app.admin.rest.shapes import (
    Json,
    change_example,
    example_of,
    new_example,
    new_schema,
    row_schema,
    values_schema,
)

READING: list[Json] = [{"jwt": []}, {"api_key": []}, {"session": []}]
WRITING: list[Json] = [{"jwt": []}, {"api_key": []}, {"session": [], "csrf": []}]
KEY = {"$ref": "#/components/parameters/pk"}
# Method of the class → (HTTP method, end of the path, end of the operation's id).
ROUTES = {
    "get_list": ("get", "/", "list"),
    "post": ("post", "/", "create"),
    "info": ("get", "/_info", "info"),
    "post_bulk": ("post", "/bulk", "create_many"),
    "patch_bulk": ("patch", "/bulk", "change_many"),
    "delete_bulk": ("delete", "/bulk", "delete_many"),
    "get": ("get", "/{pk}", "get"),
    "patch": ("patch", "/{pk}", "change"),
    "put": ("put", "/{pk}", "update"),
    "delete": ("delete", "/{pk}", "delete"),
}


def describe_table(api: Any, document: Json) -> None:
    """Add the paths, schemas and tag of a generated API to the document."""
    table = _TableDescription(api.description, api.openapi_spec_tag)
    document["tags"].append({"name": table.tag, "description": table.comment})
    document["components"]["schemas"].update(table.schemas(writable=not api.read_only))
    for method, (verb, path, name) in ROUTES.items():
        if method not in api.exclude_route_methods:
            operation = getattr(table, method)() | {
                "operationId": f"{table.name.replace('.', '_')}_{name}",
                "tags": [table.tag],
                "security": READING if verb == "get" else WRITING,
            }
            document["paths"].setdefault(f"{api.route_base}{path}", {})[verb] = operation


class _TableDescription:
    def __init__(self, description: Description, tag: str) -> None:
        self.description = description
        self.tag = tag
        self.name = description.resource
        self.comment = description.model.__table__.comment or description.plural
        self.plural = description.plural.lower()
        self.label = description.label.lower()

    def schemas(self, *, writable: bool) -> Json:
        found = {self.name: row_schema(self.description), f"{self.name}.filters": self._filters()}
        if writable:
            found[f"{self.name}.new"] = new_schema(self.description)
            found[f"{self.name}.values"] = values_schema(self.description)
        return found

    def _filters(self) -> Json:
        """One argument per column; its operators are in brackets behind its name."""
        properties = {
            field.name: {
                "type": "string",
                "description": field.help or field.label,
                "x-operators": operators,
            }
            for field in self.description.visible
            if (operators := _operators(field))
        }
        return {
            "type": "object",
            "properties": properties,
            "additionalProperties": {"type": "string"},
        }

    # -- reading

    def get_list(self) -> Json:
        page = {
            "count": _nullable("integer", "How many there are; null with count=none"),
            "count_is_estimate": {"type": "boolean"},
            "ids": {"type": "array", "items": {"type": "string"}},
            "after": {"type": "string", "description": "Cursor of the next page; empty at the end"},
            "next": _nullable("string", "Address of the next page; null at the end"),
            "result": {"type": "array", "items": self._ref()},
        }
        return {
            "summary": f"A page of {self.plural}",
            "description": f"{self.comment}. Filtered, searched and ordered.",
            "parameters": [
                self._filter_parameter(),
                *({"$ref": f"#/components/parameters/{n}"} for n in PLAIN if n != "expand"),
                self._expand(),
                {"$ref": "#/components/parameters/q"},
                {"$ref": "#/components/parameters/If-None-Match"},
            ],
            "responses": {
                "200": _answer("The page", page, ("ETag", "Link")),
                "304": {"$ref": "#/components/responses/304"},
            },
        }

    def _filter_parameter(self) -> Json:
        return {
            "name": "filters",
            "in": "query",
            "style": "form",
            "explode": True,
            "description": "A condition per column, all must hold: status=paid for equal, "
            "total[gte]=100 with one of the column's x-operators",
            "schema": {"$ref": f"#/components/schemas/{self.name}.filters"},
        }

    def _expand(self) -> Json:
        names = sorted(relations_of(self.description.model))
        return {
            "name": "expand",
            "in": "query",
            "style": "form",
            "explode": False,
            "description": PLAIN["expand"],
            "schema": {
                "type": "array",
                "items": {"type": "string", **({"enum": names} if names else {})},
            },
        }

    def get(self) -> Json:
        return {
            "summary": f"One {self.label}",
            "parameters": [
                KEY,
                {"$ref": "#/components/parameters/fields"},
                self._expand(),
                {"$ref": "#/components/parameters/If-None-Match"},
            ],
            "responses": {
                "200": self._row("The row"),
                "304": {"$ref": "#/components/responses/304"},
            },
        }

    def info(self) -> Json:
        return {
            "summary": f"What the columns of {self.plural} are",
            "description": "Labels, choices, operators and relations, as far as you may see them",
            "parameters": [],
            "responses": {"200": {"$ref": "#/components/responses/Info"}},
        }

    # -- writing

    def post(self) -> Json:
        return {
            "summary": f"Add a {self.label}",
            "parameters": [{"$ref": "#/components/parameters/Idempotency-Key"}],
            "requestBody": _body(self._ref(".new")),
            "responses": {"201": self._row("Added", "Idempotency-Replayed")},
        }

    def patch(self) -> Json:
        return {
            "summary": f"Change a {self.label}",
            "description": "The given columns; the others stay as they are",
            "parameters": [KEY, {"$ref": "#/components/parameters/If-Match"}],
            "requestBody": _body(self._changes(), change_example(self.description)),
            "responses": {"200": self._row("Changed"), "412": _problem("412")},
        }

    def put(self) -> Json:
        return {**self.patch(), "description": "The same as PATCH"}

    def delete(self) -> Json:
        trash = " It can be restored from the trash." if self.description.soft_delete else ""
        message = {"message": {"type": "string", "example": "Deleted."}}
        return {
            "summary": f"Delete a {self.label}",
            "description": f"Refused while something still uses it.{trash}",
            "parameters": [KEY, {"$ref": "#/components/parameters/If-Match"}],
            "responses": {
                "200": _answer("Deleted", message),
                "412": _problem("412"),
            },
        }

    def post_bulk(self) -> Json:
        example = {"rows": [new_example(self.description)], "partial": False}
        return self._bulk("Add", "rows", self._ref(".new"), example, "201")

    def patch_bulk(self) -> Json:
        key = {"id": self._key_example()}
        item = {
            "type": "object",
            "properties": {"id": {"type": "string"}, **self._changes_properties()},
            "required": ["id"],
        }
        example = {"rows": [key | change_example(self.description)], "partial": True}
        return self._bulk("Change", "rows", item, example, "200")

    def delete_bulk(self) -> Json:
        example = {"ids": [self._key_example()]}
        return self._bulk("Delete", "ids", {"type": "string"}, example, "200")

    def _bulk(self, verb: str, name: str, item: Json, example: Json, status: str) -> Json:
        schema = {
            "type": "object",
            "properties": {
                name: {"type": "array", "minItems": 1, "maxItems": MOST, "items": item},
                "partial": {"type": "boolean", "description": "Keep what is good, tell the rest"},
            },
            "required": [name],
            "additionalProperties": False,
        }
        return {
            "summary": f"{verb} up to {MOST} {self.plural}",
            "description": "All or none, unless partial",
            "parameters": [{"$ref": "#/components/parameters/Idempotency-Key"}],
            "requestBody": _body(schema, example),
            "responses": {
                status: {"$ref": "#/components/responses/Bulk"},
                str(MULTI_STATUS): {"$ref": "#/components/responses/Bulk"},
            },
        }

    # -- parts

    def _ref(self, part: str = "") -> Json:
        return {"$ref": f"#/components/schemas/{self.name}{part}"}

    def _changes(self) -> Json:
        if not self.description.versioned:
            return self._ref(".values")
        return {"type": "object", "properties": self._changes_properties()}

    def _changes_properties(self) -> Json:
        properties: Json = dict(values_schema(self.description)["properties"])
        if self.description.versioned:
            text = "The version that the change is based on; without it If-Match is needed"
            properties["version"] = {"type": "integer", "description": text}
        return properties

    def _row(self, text: str, *headers: str) -> Json:
        properties = {"id": {"type": "string", "description": "Its key"}, "result": self._ref()}
        return _answer(text, properties, ("ETag", *headers))

    def _key_example(self) -> str:
        fields = self.description.fields
        return "~".join(str(example_of(fields[name])) for name in self.description.keys)


def _operators(field: Field) -> list[str]:
    emptiness = (Empty, NotEmpty) if field.nullable else ()
    return [kind.arg_name for kind in (*BY_KIND.get(field.kind, ()), *emptiness)]


def _answer(text: str, properties: Json, headers: tuple[str, ...] = ()) -> Json:
    content = {"schema": {"type": "object", "properties": properties}}
    named = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    return {"description": text, "content": {"application/json": content}} | (
        {"headers": named} if named else {}
    )


def _body(schema: Json, example: Json | None = None) -> Json:
    content = {"schema": schema} | ({"example": example} if example is not None else {})
    return {"required": True, "content": {"application/json": content}}


def _problem(status: str) -> Json:
    return {"$ref": f"#/components/responses/{status}"}


def _nullable(kind: str, text: str) -> Json:
    return {"type": kind, "nullable": True, "description": text}
