"""JSON in forms: as text checked against the column's schema, or as an input per fact."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator
from wtforms import TextAreaField, ValidationError
from wtforms.utils import unset_value

from app.i18n import gettext as _
from app.strict_json import read_json
from models.base import humanize


def parse_json(text: str) -> Any:
    """JSON that jsonb can hold: no NaN, no NUL; ValueError with line and column otherwise."""
    if "\\u0000" in text or "\x00" in text:
        raise ValueError(_("JSON text may not contain NUL characters."))
    try:
        return read_json(text)
    except json.JSONDecodeError as error:
        raise ValueError(
            _(
                "This is not valid JSON (line %(line)s, column %(column)s).",
                line=error.lineno,
                column=error.colno,
            )
        ) from None


class JsonField(TextAreaField):
    """JSON as text; ``schema`` is a JSON Schema (2020-12) that a new value must obey."""

    def __init__(self, *args: Any, schema: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schema = schema

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else json.dumps(self.data, indent=2, ensure_ascii=False)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        try:
            self.data = parse_json(text) if text else None
        except ValueError as error:
            raise ValueError(str(error)) from None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:  # noqa: ARG002 - WTForms'
        """A value that was there before stays allowed: the schema may be newer."""
        if self.schema is None or self.data is None or self.data == self.object_data:
            return
        if message := broken_rule(self.schema, self.data):
            raise ValidationError(message)


def broken_rule(schema: dict[str, Any], value: Any) -> str:
    """What of the schema the value breaks first, "" for nothing; schemas are our own."""
    for error in Draft202012Validator(schema).iter_errors(value):
        where = "/".join(map(str, error.absolute_path))
        text = error.message[:200]
        return _("%(where)s: %(text)s", where=where, text=text) if where else text
    return ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One input of a flat object. ``type`` is text, number, checkbox or select."""

    name: str
    id: str
    label: str
    type: str
    value: str
    unit: str = ""
    options: tuple[str, ...] = ()


class FactsField(JsonField):
    """A flat object with an input per fact; facts that the schema doesn't name are kept.

    The whole may also come as JSON text under the field's own name (a program, an older draft).
    """

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        if formdata is None or self.name in formdata:
            return
        if not any(str(key).startswith(f"{self.name}.") for key in formdata):
            self.data = self.object_data  # the form that was sent didn't have it
            return
        facts = dict(self.object_data or {})
        for name, rule in self.facts().items():
            try:
                value = _read(formdata.get(f"{self.name}.{name}", ""), rule["type"])
            except ValueError:
                label = _(humanize(name))
                self.process_errors.append(_("%(label)s: this is not a number.", label=label))
                continue
            facts.pop(name, None)
            if value is not None:
                facts[name] = value
        self.data = facts
        self.raw_data = [json.dumps(facts)]

    def facts(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = (self.schema or {})["properties"]
        return found

    def inputs(self) -> Iterator[Fact]:
        given = self.data if isinstance(self.data, dict) else {}
        for name, rule in self.facts().items():
            value = given.get(name)
            kind = {"string": "text", "boolean": "checkbox"}.get(rule["type"], "number")
            yield Fact(
                name=f"{self.name}.{name}",
                id=f"{self.id}-{name}",
                label=_(rule.get("title") or humanize(name)),
                type="select" if "enum" in rule else kind,
                value="" if value in (None, False) else "y" if value is True else str(value),
                unit=rule.get("x-unit", ""),
                options=tuple(rule.get("enum", ())),
            )


def _read(text: str, kind: str) -> Any:
    text = text.replace("\x00", "").strip()
    if kind == "boolean":
        return True if text == "y" else None
    if not text:
        return None
    if kind == "integer":
        return int(text)
    if kind == "number":
        number = float(text)
        if not math.isfinite(number):
            raise ValueError(text)
        return int(number) if number.is_integer() else number
    return text
