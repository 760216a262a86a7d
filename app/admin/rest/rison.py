"""The argument ``q`` of a list: Rison, or JSON, checked by a JSON Schema."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jsonschema
import prison
from flask import request

from app.i18n import gettext as _
from app.strict_json import read_json

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
# What the reader raises for an argument that ends too early, besides its own error.
MISTAKES = (prison.decoder.ParserException, IndexError, RecursionError, TypeError, ValueError)


def rison(schema: dict[str, Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a method of an API the argument as ``rison``; 400 when it isn't what ``schema`` says.

    FAB's decorator of that name answers 500 to arguments that are cut off.
    """
    validator = jsonschema.Draft202012Validator(schema)

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
            try:
                given = _read(request.args.get("q", ""))
            except ValueError:
                return self.response_400(_("The argument q is neither Rison nor JSON."))
            if (mistake := next(validator.iter_errors(given), None)) is not None:
                place = ".".join(map(str, mistake.absolute_path)) or "q"
                return self.response_400(_("The argument q is wrong at %(place)s.", place=place))
            return method(self, *args, rison=given, **kwargs)

        return wrapper

    return decorate


def _read(text: str) -> Any:
    if not text:
        return {}
    try:
        return prison.loads(text)
    except MISTAKES:
        return read_json(text)
