"""The OpenAPI document: made at the first request, then kept, for it never changes in a process."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from flask import Response, abort, current_app, request
from flask_appbuilder.api import BaseApi, expose
from flask_appbuilder.api.manager import OpenApi as FabOpenApi
from flask_appbuilder.api.manager import SwaggerView as FabSwaggerView
from flask_appbuilder.security.decorators import permission_name, protect

from app.admin.rest.api import TableApi
from app.admin.rest.calling import OperationApi, describe_operation
from app.admin.rest.operations import READING, WRITING, describe_table
from app.admin.rest.parts import HEADERS, PARAMETERS, RESPONSES, SCHEMAS, SECURITY
from app.admin.rest.shapes import Json

RESOURCE = "platform.api"
INTRODUCTION = (
    "The resources of all tables. What you may read and change is what your roles allow, here as "
    "on the screens. docs/api.md has a quick start, the operators of filters, and every error."
)


class OpenApi(FabOpenApi):
    """FAB's document of all our APIs."""

    class_permission_name = RESOURCE
    method_permission_name = {"get": "read"}  # noqa: RUF012 - FAB's attribute
    openapi_spec_tag = "Description"

    @expose("/<version>/_openapi")
    @protect()
    @permission_name("get")
    def get(self, version: str) -> Response:
        """The OpenAPI description of a version of the API
        ---
        get:
          summary: This description
          parameters:
          - in: path
            name: version
            required: true
            description: Version of the API
            schema: {type: string, enum: [v1]}
          - If-None-Match
          responses:
            200:
              description: The OpenAPI description
              content: {application/json: {schema: {type: object}}}
            304: {$ref: '#/components/responses/304'}
            401: {$ref: '#/components/responses/401'}
            404: {$ref: '#/components/responses/404'}
        """
        kept = text_of(version)
        if kept is None:
            abort(404)
        text, tag = kept
        response = current_app.response_class(text, mimetype="application/json")
        response.set_etag(tag)
        response.make_conditional(request)
        return response


@cache
def text_of(version: str) -> tuple[bytes, str] | None:
    """(the document as JSON, its ETag); None for a version that isn't there."""
    document = document_of(version)
    if document is None:
        return None
    text = current_app.json.dumps(document, separators=(",", ":")).encode()
    return text, hashlib.sha256(text).hexdigest()[:24]


@cache
def document_of(version: str) -> Json | None:
    """The description as JSON values; the same for everybody, whatever they may read."""
    views = current_app.appbuilder.baseviews  # type: ignore[attr-defined]
    apis = [view for view in views if isinstance(view, BaseApi) and view.version == version]
    if not apis:
        return None
    document = _described_by_docstrings([api for api in apis if not isinstance(api, TableApi)])
    for api in apis:
        if isinstance(api, TableApi):
            describe_table(api, document)
        if isinstance(api, OperationApi):
            describe_operation(api, document)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(path, method, operation)
    document["components"]["responses"].update(RESPONSES)
    return document


def _described_by_docstrings(apis: list[Any]) -> Json:
    spec = FabOpenApi._create_api_spec("v1")  # noqa: SLF001 - FAB offers no public way
    for api in apis:
        api.add_api_spec(spec)
    document: Json = spec.to_dict()
    document["info"] = {
        "title": "Qhatu",
        "version": "v1",
        "description": INTRODUCTION,
    }
    document["servers"] = [{"url": "/"}]
    tags = [getattr(api, "openapi_spec_tag", None) or api.endpoint for api in apis]
    document["tags"] = [{"name": tag} for tag in dict.fromkeys(tags)]
    components = document.setdefault("components", {})
    components["schemas"] = components.get("schemas", {}) | SCHEMAS
    components["parameters"] = PARAMETERS
    components["headers"] = HEADERS
    components["securitySchemes"] = SECURITY
    components.setdefault("responses", {})
    return document


def _complete(path: str, method: str, operation: Json) -> None:
    """What holds for every operation: an id, who may call it, how it may be refused."""
    parts = path.removeprefix("/api/").replace("{", "").replace("}", "").strip("/")
    operation.setdefault("operationId", f"{method}_{parts.replace('/', '_')}")
    if operation.get("security") and "jwt_refresh" not in str(operation["security"]):
        operation["security"] = READING if method == "get" else WRITING
    possible = {"400", "413", "429", "500", "503"}
    if operation.get("security"):
        possible |= {"401", "403"}
    if method != "get":
        possible |= {"409", "415", "422", "428"}
    if "{" in path:
        possible.add("404")
    responses = operation["responses"]
    for status in sorted(possible):
        responses[status] = {"$ref": f"#/components/responses/{status}"}
    for status in list(responses):
        if not isinstance(status, str):
            responses[str(status)] = responses.pop(status)


class ApiReferenceView(FabSwaggerView):
    """The readable reference of the API."""

    class_permission_name = RESOURCE
    method_permission_name = {"show": "read"}  # noqa: RUF012 - FAB's attribute
