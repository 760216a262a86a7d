"""The reader's language, time zone and formats: what the user chose, else the browser's."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal, parse_pattern
from flask import abort, current_app, g, has_request_context, redirect, request, session
from flask_babel import get_locale, refresh

from app.i18n import LANGUAGES
from app.redirects import local_path

FORMATS = {"es": "es_PE", "en": "en"}


def user_language() -> str:
    """``es`` or ``en``: switched in the session, kept with the user, or what the browser asks."""
    if not has_request_context():
        return "es"
    chosen = request.args.get("_l_") or session.get("locale")
    if chosen in LANGUAGES:
        return str(chosen)
    language = getattr(g.get("user"), "language", None)
    if language in LANGUAGES:
        return str(language)
    return request.accept_languages.best_match(LANGUAGES) or "es"


def switch_language(locale: str) -> Any:
    """Answer to ``/lang/<locale>?next=…``: remember the language in the session and go back."""
    if locale not in LANGUAGES:
        abort(404)
    session["locale"] = locale
    refresh()
    return redirect(local_path(request.args.get("next")))


def user_locale() -> str:
    """Locale of numbers and dates: Peru writes 1,234.56 where Spain writes 1.234,56."""
    return FORMATS[user_language()]


def user_timezone() -> str:
    """IANA name of the zone in which the reader sees times."""
    zone = getattr(g.get("user"), "timezone", None) if has_request_context() else None
    return str(zone or current_app.config["TIMEZONE"])


def show_datetime(value: dt.datetime) -> str:
    return f"{_local(value):%d/%m/%Y %H:%M}"


def show_moment(value: dt.datetime) -> str:
    """To the second, where the order of things matters."""
    return f"{_local(value):%d/%m/%Y %H:%M:%S}"


def show_near(value: dt.datetime, now: dt.datetime) -> str:
    """The time alone where it is of the same day as ``now``."""
    here = _local(value)
    return f"{here:%H:%M}" if here.date() == _local(now).date() else show_datetime(value)


def show_date(value: dt.date) -> str:
    return f"{value:%d/%m/%Y}"


def show_decimal(value: Decimal | int, scale: int) -> str:
    """At least two decimals of a scaled number, never more than the column keeps."""
    return str(format_decimal(value, _pattern(scale), locale=get_locale() or FORMATS["es"]))


def _local(value: dt.datetime) -> dt.datetime:
    return value.astimezone(ZoneInfo(user_timezone()))


# A page has hundreds of numbers, and Babel reads the pattern for each.
@cache
def _pattern(scale: int) -> Any:
    decimals = "." + "0" * min(scale, 2) + "#" * max(scale - 2, 0) if scale else ""
    return parse_pattern("#,##0" + decimals)
