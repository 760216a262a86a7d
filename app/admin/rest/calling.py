"""Operations over REST: ``POST /api/v1/<domain>/<operation>`` with the command as JSON.

The command of a service says all there is to say: its types are the checks of the body and its
description. ``key`` is the header ``Idempotency-Key``, and what only a screen can give (a
supervisor's PIN) isn't offered.
"""

from __future__ import annotations

import datetime as dt
import inspect
import uuid
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cached_property
from typing import Any, get_type_hints

from flask import Response, jsonify
from flask_appbuilder.api import BaseApi, expose
from flask_appbuilder.security.decorators import permission_name, protect
from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema, to_jsonable_python

from app.admin.registry import Domain, Operation
from app.admin.rest.once import given_key, mark
from app.admin.rest.saving import json_body
from app.admin.rest.shapes import Json
from app.i18n import gettext as _
from app.problems import Problem, ProblemError, bad_request
from app.security.rights import current_actor
from app.services.identity.approve_with_pin import Approval
from app.services.platform.run_once import Answer

BIGINT = 2**63
NOT_OFFERED = (Approval,)
STRICT = ConfigDict(extra="forbid")


class Called:
    """What the signature of a service tells: its command, and the body that makes one."""

    def __init__(self, operation: Operation) -> None:
        self.service = operation.service
        self.right = operation.right
        hints = get_type_hints(operation.service)
        self.command: Any = next(hint for hint in hints.values() if is_dataclass(hint))
        self.name = operation.service.__name__

    @cached_property
    def has_key(self) -> bool:
        return any(field.name == "key" for field in fields(self.command))

    @cached_property
    def body(self) -> type[BaseModel]:
        """The command without its key, as a model that refuses what it doesn't know."""
        hints = get_type_hints(self.command)
        wanted: dict[str, Any] = {
            field.name: (hints[field.name], _default(field))
            for field in fields(self.command)
            if field.name != "key" and not _is_ours(hints[field.name])
        }
        return create_model(self.command.__name__, __config__=STRICT, **wanted)

    def call(self, body: Any) -> Any:
        """Run the service; raises ProblemError for a body that is no command, and what it does."""
        if not isinstance(body, dict):
            raise bad_request(_("Send a JSON object."))
        if any(_is_too_large(value) for value in _leaves(body)):
            raise bad_request(_("The request could not be understood."))
        try:
            given = self.body.model_validate(body)
        except ValidationError as error:
            raise ProblemError(_problem(error)) from None
        values = {name: getattr(given, name) for name in type(given).model_fields}
        if self.has_key:
            values["key"] = given_key() or str(uuid.uuid4())
        command = self.command(**values)
        return self.service(command, actor=current_actor(), now=dt.datetime.now(dt.UTC))


class OperationApi(BaseApi):
    """Base of the addresses of operations; :func:`api_of` makes the subclasses."""

    called: Called
    version = "v1"

    def add_api_spec(self, api_spec: Any) -> None:
        """Described by :func:`describe_operation`."""

    @expose("", methods=["POST"])
    @protect()
    @permission_name("post")
    def post(self) -> Response:
        """Do it; what the service gives is the result."""
        result = self.called.call(json_body())
        if isinstance(result, Answer):
            return mark(jsonify(result=result.result), result)
        return jsonify(result=to_jsonable_python(result) if result is not None else {})


def api_of(domain: Domain, operation: Operation) -> type[OperationApi]:
    """The API of one operation; its right is that of the screen that does the same."""
    called = Called(operation)
    resource, _colon, action = operation.right.rpartition(":")
    title = "".join(part.title() for part in called.name.split("_"))
    return type(
        f"{title}Api",
        (OperationApi,),
        {
            "called": called,
            "resource_name": f"{domain.name}/{called.name}",
            "class_permission_name": resource,
            "method_permission_name": {"post": action},
            "openapi_spec_tag": f"{domain.label}: operations",
            "allow_browser_login": True,
        },
    )


def describe_operation(api: OperationApi, document: Json) -> None:
    """Add the path and schemas of an operation to the OpenAPI document."""
    called = api.called
    schemas = document["components"]["schemas"]
    shape = called.body.model_json_schema(
        ref_template="#/components/schemas/{model}", schema_generator=_OpenApiSchema
    )
    schemas |= shape.pop("$defs", {})
    schemas[called.command.__name__] = shape
    summary, _blank, details = (inspect.getdoc(called.service) or "").partition("\n")
    document["paths"][api.route_base] = {
        "post": {
            "operationId": called.name,
            "summary": summary,
            "description": details.strip(),
            "tags": [api.openapi_spec_tag],
            "security": [{"jwt": []}, {"api_key": []}, {"session": [], "csrf": []}],
            "parameters": [{"$ref": "#/components/parameters/Idempotency-Key"}]
            if called.has_key
            else [],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": {"$ref": f"#/components/schemas/{called.command.__name__}"}
                    }
                },
            },
            "responses": {
                "200": {
                    "description": "What was done",
                    "content": {
                        "application/json": {
                            "schema": {"type": "object", "properties": {"result": {}}}
                        }
                    },
                }
            },
        }
    }


class _OpenApiSchema(GenerateJsonSchema):
    """JSON Schema as OpenAPI 3.0 has it: no type null; amounts are texts."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Json:
        inner = self.generate_inner(schema["schema"])
        kept = {"allOf": [inner]} if "$ref" in inner else inner
        return kept | {"nullable": True}

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> Json:  # noqa: ARG002 - the base's
        return {"type": "string", "format": "decimal"}


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return ... if field.default is MISSING else field.default


def _is_ours(hint: Any) -> bool:
    return any(hint == ours or hint == ours | None for ours in NOT_OFFERED)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)
    else:
        yield value


def _is_too_large(value: Any) -> bool:
    """What no column holds: numbers beyond bigint, and the character that texts can't have."""
    if isinstance(value, str):
        return "\0" in value
    return isinstance(value, int | float) and not -BIGINT <= value < BIGINT


def _problem(error: ValidationError) -> Problem:
    found: dict[str, Any] = {}
    for mistake in error.errors(include_url=False, include_input=False):
        found.setdefault(".".join(map(str, mistake["loc"])), _sentence(mistake["type"]))
    return Problem(422, "invalid", _("Some fields need your attention."), found)


def _sentence(kind: str) -> str:
    if kind == "missing":
        return _("This field is required.")
    if kind == "extra_forbidden":
        return _("There is no such field.")
    return _("This value is not allowed.")
