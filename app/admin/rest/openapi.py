"""The OpenAPI document: made at the first request, then kept, for it never changes in a process."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import current_app
from flask_appbuilder.api import BaseApi, expose, safe
from flask_appbuilder.api.manager import OpenApi as FabOpenApi
from flask_appbuilder.api.manager import SwaggerView as FabSwaggerView
from flask_appbuilder.security.decorators import permission_name, protect

RESOURCE = "platform.api"
ERROR = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {
        "code": {"type": "string", "description": "Stable, for programs"},
        "message": {"type": "string", "description": "One sentence in the reader's language"},
        "fields": {"type": "object", "description": "What is wrong with a field, by its name"},
        "data": {"type": "object", "description": "The facts behind the refusal"},
    },
}
STATUSES = {
    "400": "The request can't be understood",
    "401": "Not signed in",
    "403": "No right to do this",
    "404": "Nothing there, or nothing the user may see",
    "409": "Changed meanwhile, or in use",
    "413": "Too large",
    "415": "Not JSON",
    "422": "Refused: a rule or a field says no",
    "428": "The version that the change is based on is missing",
    "429": "Too many requests",
    "500": "A mistake of ours",
    "503": "Too slow, too busy or not ready",
}


class OpenApi(FabOpenApi):
    """FAB's document of all our APIs."""

    class_permission_name = RESOURCE
    method_permission_name = {"get": "read"}  # noqa: RUF012 - FAB's attribute

    @expose("/<version>/_openapi")
    @protect()
    @safe
    @permission_name("get")
    def get(self, version: str) -> Any:
        """The OpenAPI description of a version of the API
        ---
        get:
          summary: This description
          parameters:
          - {in: path, name: version, schema: {type: string}, required: true}
          responses:
            200:
              description: The OpenAPI description
              content: {application/json: {schema: {type: object}}}
            401: {$ref: '#/components/responses/401'}
            404: {$ref: '#/components/responses/404'}
        """
        document = document_of(version)
        return self.response_404() if document is None else self.response(200, **document)


@cache
def document_of(version: str) -> dict[str, Any] | None:
    apis = [
        view
        for view in current_app.appbuilder.baseviews  # type: ignore[attr-defined]
        if isinstance(view, BaseApi) and view.version == version
    ]
    if not apis:
        return None
    spec = FabOpenApi._create_api_spec(version)  # noqa: SLF001 - FAB offers no public way
    for api in apis:
        api.add_api_spec(spec)
    document: dict[str, Any] = spec.to_dict()
    document["servers"] = [{"url": "/"}]
    _describe_errors(document)
    _describe_amounts(document)
    return document


def _describe_errors(document: dict[str, Any]) -> None:
    """The errors as they are: FAB describes a part of them, and keys as whole numbers."""
    document["components"]["schemas"]["Error"] = ERROR
    answers = document["components"]["responses"]
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for status, sentence in STATUSES.items():
        answers[status] = {"description": sentence, "content": content}
    for methods in document["paths"].values():
        for method, operation in methods.items():
            _describe_operation(method, operation)


def _describe_amounts(document: dict[str, Any]) -> None:
    """Decimals travel as texts, so that no cent is lost in a float."""
    for schema in document["components"]["schemas"].values():
        for value in schema.get("properties", {}).values():
            if value.get("type") == "number":
                value.update(type="string", format="decimal", pattern=r"^-?[0-9]+([.][0-9]+)?$")
                value.pop("minimum", None)
                value.pop("maximum", None)


def _describe_operation(method: str, operation: dict[str, Any]) -> None:
    possible = {"400", "413", "429", "500", "503"}
    if operation.get("security"):
        possible |= {"401", "403"}
    if method != "get":
        possible |= {"409", "415", "422", "428"}
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            possible.add("404")
            if parameter["name"] == "pk":
                parameter["schema"] = {"type": "string", "minLength": 1}
    for status in sorted(possible):
        reference = {"$ref": f"#/components/responses/{status}"}
        operation["responses"].setdefault(status, reference)


class ApiReferenceView(FabSwaggerView):
    """The readable reference of the API."""

    class_permission_name = RESOURCE
    method_permission_name = {"show": "read"}  # noqa: RUF012 - FAB's attribute
