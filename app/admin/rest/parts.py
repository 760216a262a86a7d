"""Parts that all operations of the OpenAPI description share."""

from __future__ import annotations

from app.admin.rest.arguments import COUNTS, DEFAULT_SIZE, MAX_SIZE, PLAIN
from app.admin.rest.rison import LIST_ARGUMENTS
from app.admin.rest.shapes import Json
from app.problems import CATALOGUE, MEDIA_TYPE

_STATUSES = {
    "400": "The request can't be understood",
    "401": "Not signed in",
    "403": "No right to do this",
    "404": "Nothing there, or nothing you may see",
    "409": "Changed meanwhile, in use, or the Idempotency-Key was used for something else",
    "412": "The row isn't in the state that If-Match names",
    "413": "Too large",
    "415": "Not JSON",
    "422": "Refused: a rule or a field says no",
    "428": "The state that the change is based on is missing",
    "429": "Too many requests",
    "500": "A mistake of ours",
    "503": "Too slow, too busy or not ready",
}
PROBLEM: Json = {
    "type": "object",
    "description": "A refusal, as RFC 9457 has it",
    "required": ["type", "title", "status", "detail", "instance", "code", "message"],
    "properties": {
        "type": {"type": "string", "description": "What is wrong, for programs: /problems/<code>"},
        "title": {"type": "string", "description": "What kind of problem it is"},
        "status": {"type": "integer", "description": "The HTTP status"},
        "detail": {"type": "string", "description": "One sentence in the reader's language"},
        "instance": {"type": "string", "description": "Which request it was, as in the logs"},
        "code": {"type": "string", "description": "The end of type"},
        "message": {"type": "string", "description": "The same as detail"},
        "fields": {"type": "object", "description": "What is wrong with a column, by its name"},
        "data": {"type": "object", "description": "The facts behind the refusal"},
    },
}
OUTCOME: Json = {
    "type": "object",
    "properties": {
        "index": {"type": "integer", "description": "Place in the request, from 0"},
        "status": {"type": "integer", "description": "What a request of its own would answer"},
        "id": {"type": "string", "description": "Key of the row; empty for one not added"},
        "problem": {"$ref": "#/components/schemas/Problem"},
    },
}
SCHEMAS: Json = {"Problem": PROBLEM, "BulkOutcome": OUTCOME, "ListArguments": LIST_ARGUMENTS}
SECURITY: Json = {
    "jwt": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The access_token of POST /api/v1/security/login; an API key will do too",
    },
    "jwt_refresh": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The refresh_token, for POST /api/v1/security/refresh only",
    },
    "api_key": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "A key made under Profile → API keys",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "qhatu",
        "description": "The session of a browser that is signed in (over HTTPS __Host-qhatu)",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRFToken",
        "description": "With a session, for what changes something: the token of the page",
    },
}
_PLAIN_SCHEMAS: Json = {
    "limit": {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": DEFAULT_SIZE},
    "count": {"type": "string", "enum": [*COUNTS], "default": COUNTS[0]},
}
_PLAIN_EXAMPLES = {
    "filter": '{"or":[["id","gt",100],["id","eq",7]]}',
    "sort": "-created_at",
    "limit": 50,
    "count": "none",
}


def _header_parameter(name: str, description: str, example: str) -> Json:
    return {
        "name": name,
        "in": "header",
        "description": description,
        "schema": {"type": "string"},
        "example": example,
    }


PARAMETERS: Json = {
    **{
        name: {
            "name": name,
            "in": "query",
            "description": text,
            "schema": _PLAIN_SCHEMAS.get(name, {"type": "string"}),
            **({"example": _PLAIN_EXAMPLES[name]} if name in _PLAIN_EXAMPLES else {}),
        }
        for name, text in PLAIN.items()
        if name != "expand"
    },
    "q": {
        "name": "q",
        "in": "query",
        "description": "The same in Rison or JSON, for programs written for Flask-AppBuilder",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ListArguments"}}},
    },
    "pk": {
        "name": "pk",
        "in": "path",
        "required": True,
        "description": "Key of the row; the parts of a key of several columns joined by ~",
        "schema": {"type": "string", "minLength": 1},
    },
    "If-Match": _header_parameter(
        "If-Match", "Act only while the row has this ETag, else 412", '"0f3c9a7be2d14c5f8a6b1c2d"'
    ),
    "If-None-Match": _header_parameter(
        "If-None-Match", "Answer 304 while this ETag holds", '"0f3c9a7be2d14c5f8a6b1c2d"'
    ),
    "Idempotency-Key": _header_parameter(
        "Idempotency-Key",
        "The same key with the same request gives the same answer and acts once",
        "import-2026-03-14-row-17",
    ),
}


def _header(description: str, example: str) -> Json:
    return {"description": description, "schema": {"type": "string"}, "example": example}


HEADERS: Json = {
    "ETag": _header("The state that was read, for If-Match", '"0f3c9a7be2d14c5f8a6b1c2d"'),
    "Link": _header("The next page", '<http://localhost:8080/api/v1/…>; rel="next"'),
    "Retry-After": _header("Seconds after which to ask again", "17"),
    "RateLimit-Policy": _header("Requests a minute", '"minute";q=600;w=60'),
    "RateLimit": _header("Requests that are left, seconds until more are", '"minute";r=599;t=41'),
    "Idempotency-Replayed": _header("true: it had been done before", "true"),
}


def _problem(status: str, description: str) -> Json:
    code = next((c for c, (known, _t) in CATALOGUE.items() if str(known) == status), "refused")
    example = {
        "type": f"/problems/{code}",
        "title": description,
        "status": int(status),
        "detail": f"{description}.",
        "instance": "urn:request:5f0c1d2e3b4a59687766554433221100",
        "code": code,
        "message": f"{description}.",
        "fields": {},
        "data": {},
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {MEDIA_TYPE: {"schema": schema, "example": example}}
    answer: Json = {"description": description, "content": content}
    if status == "429":
        names = ("Retry-After", "RateLimit-Policy", "RateLimit")
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return answer


def _json(description: str, properties: Json, example: Json) -> Json:
    schema = {"type": "object", "properties": properties}
    content = {"application/json": {"schema": schema, "example": example}}
    return {"description": description, "content": content}


_TEXT: Json = {"type": "string"}
_LIST: Json = {"type": "array", "items": {"type": "object"}}
RESPONSES: Json = {
    **{status: _problem(status, text) for status, text in _STATUSES.items()},
    "304": {"description": "What you have is the latest"},
    "Info": _json(
        "The columns",
        {"name": _TEXT, "columns": _LIST, "relations": _LIST},
        {"name": "catalog.brands", "columns": [], "relations": []},
    ),
    "Bulk": {
        **_json(
            "What became of each row",
            {
                "succeeded": {"type": "integer"},
                "failed": {"type": "integer"},
                "result": {"type": "array", "items": {"$ref": "#/components/schemas/BulkOutcome"}},
            },
            {"succeeded": 1, "failed": 0, "result": [{"index": 0, "status": 201, "id": "17"}]},
        ),
        "headers": {"Idempotency-Replayed": {"$ref": "#/components/headers/Idempotency-Replayed"}},
    },
}
