"""Form fields for the column kinds that WTForms doesn't know, holding what the database can."""

from __future__ import annotations

import datetime as dt
import ipaddress
import uuid
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from markupsafe import Markup, escape
from wtforms import (
    DateTimeLocalField,
    DecimalField,
    SelectField,
    StringField,
    TextAreaField,
    validators,
)
from wtforms import Field as FormField

from app.access.rows import restricted
from app.admin.access import reader
from app.admin.describe import Field, describe
from app.admin.interface import AdminInterface
from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from app.locale import user_timezone


def tidy(value: Any) -> Any:
    """Text without NUL characters (PostgreSQL can't hold them) and surrounding blanks."""
    return value.replace("\x00", "").strip() if isinstance(value, str) else value


class TextField(StringField):
    """Empty text becomes None, so that optional columns hold NULL and not ''."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = (tidy(valuelist[0]) or None) if valuelist else None


class ProseField(TextAreaField):
    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].replace("\x00", "").replace("\r\n", "\n") if valuelist else ""
        self.data = text if text.strip() else None


def within(low: Any, high: Any) -> Any:
    """A validator of inclusive bounds; either may be None."""
    if high is None:
        return validators.NumberRange(min=low, message=_l("At least %(min)s."))
    if low is None:
        return validators.NumberRange(max=high, message=_l("At most %(max)s."))
    message = _l("From %(min)s to %(max)s.")
    return validators.NumberRange(min=low, max=high, message=message)


class ExactDecimalField(DecimalField):
    """A Decimal exactly as typed; neither rounded nor in exponent notation nor infinite."""

    def __init__(
        self, *args: Any, precision: int, scale: int, least: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(*args, places=None, **kwargs)
        self.precision, self.scale, self.least = precision, scale, least

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else without_zeros(Decimal(self.data), self.least)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            self.data = exact_decimal(valuelist[0].strip(), self.precision, self.scale)
        except ValueError as error:
            self.data = None
            raise ValueError(str(error)) from None


def without_zeros(number: Decimal, least: int) -> str:
    """The number with as many decimals as it needs, ``least`` at the least."""
    whole, point, decimals = f"{number:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    return f"{whole}{point or '.'}{decimals}" if decimals else whole


def exact_decimal(text: str, precision: int, scale: int) -> Decimal:
    """``text`` as NUMERIC(precision, scale) holds it; ValueError with a sentence otherwise."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(_("This is not a number.")) from None
    if not number.is_finite():
        raise ValueError(_("This is not a number."))
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > scale and number != round(number, scale):
        raise ValueError(_("At most %(scale)s decimals.", scale=scale))
    if abs(number) >= Decimal(10) ** (precision - scale):
        raise ValueError(_("This number is too large."))
    return number


class ItemsField(TextAreaField):
    """A list of texts or UUIDs, one a line."""

    def __init__(self, *args: Any, item: Any = str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item

    def _value(self) -> str:
        if self.raw_data:
            return "\n".join(self.raw_data)
        return "\n".join(map(str, self.data or []))

    def process_formdata(self, valuelist: list[str]) -> None:
        lines = [
            line.strip() for text in valuelist for line in text.replace("\x00", "").split("\n")
        ]
        try:
            self.data = [self.item(line) for line in lines if line]
        except ValueError:
            self.data = []
            raise ValueError(_("Each line must be a UUID.")) from None


class UuidField(StringField):
    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        try:
            self.data = uuid.UUID(text) if text else None
        except ValueError:
            self.data = None
            raise ValueError(_("This is not a UUID.")) from None


class InetField(StringField):
    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = (valuelist[0].strip() or None) if valuelist else None
        if self.data:
            try:
                ipaddress.ip_interface(self.data)
            except ValueError:
                raise ValueError(_("This is not an IP address.")) from None


class ZonedDateTimeField(DateTimeLocalField):
    """Shown and typed in the user's time zone, kept in UTC."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(*args, format=formats, **kwargs)

    def process_data(self, value: dt.datetime | None) -> None:
        self.data = value.astimezone(ZoneInfo(user_timezone())) if value else None

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([text for text in valuelist if text.strip()])
        if self.data is not None and self.data.tzinfo is None:
            self.data = self.data.replace(tzinfo=ZoneInfo(user_timezone()))


class OptionalSelectField(SelectField):
    """A select whose empty choice means None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = (valuelist[0] or None) if valuelist else None

    def pre_validate(self, form: Any) -> None:
        if self.data is not None:
            super().pre_validate(form)


class RelationWidget:
    """A ``<select>`` with the current choice; the page's script searches the others by AJAX."""

    def __call__(self, field: RelationField, **attributes: Any) -> Markup:
        attributes.setdefault("id", field.id)
        attributes["data-lookup"] = url_for(field.lookup_endpoint, name=field.described.name)
        pairs = Markup(" ").join(
            Markup('{}="{}"').format(name.rstrip("_").replace("_", "-"), value)
            if value is not True
            else escape(name)
            for name, value in attributes.items()
            if value not in (None, False)
        )
        option = Markup("")
        if (chosen := field.chosen()) is not None:
            option = Markup('<option value="{}" selected>{}</option>').format(*chosen)
        return Markup('<select name="{}" {}><option value=""></option>{}</select>').format(
            field.name, pairs, option
        )


class RelationField(FormField):
    """The key of a row elsewhere; refuses keys that don't exist (any more)."""

    widget = RelationWidget()

    def __init__(
        self, *args: Any, described: Field, lookup_endpoint: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.described, self.lookup_endpoint = described, lookup_endpoint
        # Key and title of the choice, where a page with many rows has looked them all up at once.
        self.known: tuple[str, str] | None = None

    @property
    def related(self) -> AdminInterface:
        return AdminInterface(self.described.target)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        row = self.related.find(text)
        if row is None and self._kept_out_of_reach(text):
            self.data = self.object_data
            return
        if row is None:
            raise ValueError(_("Choose one from the list."))
        self.data = getattr(row, describe(self.described.target).keys[0])  # type: ignore[arg-type]

    def _kept_out_of_reach(self, text: str) -> bool:
        """Whether the record keeps pointing to a row that this person just can't see."""
        return text == str(self.object_data) and restricted(self.related.obj, reader())

    def chosen(self) -> tuple[str, str] | None:
        if self.data is None:
            return None
        if self.known is not None and self.known[0] == str(self.data):
            return self.known
        row = self.related.find(self.data, deleted=True)
        if row is None:
            return str(self.data), _("Not visible to you")
        from app.admin.titles import title_of

        return str(self.data), title_of(row)
