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
        document = _document(version)
        return self.response_404() if document is None else self.response(200, **document)


@cache
def _document(version: str) -> dict[str, Any] | None:
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
    return document


class ApiReferenceView(FabSwaggerView):
    """The readable reference of the API."""

    class_permission_name = RESOURCE
    method_permission_name = {"show": "read"}  # noqa: RUF012 - FAB's attribute
