"""Translation for code outside the web part, and the compiled catalogues.

English sentences are the message ids. ``app/translations`` holds the Spanish catalogue; its
compiled form is made when missing or older than the source.
"""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask_babel import force_locale, get_locale, gettext, lazy_gettext, ngettext

TRANSLATIONS = Path(__file__).parent / "translations"
LANGUAGES = {"es": {"flag": "pe", "name": "Español"}, "en": {"flag": "us", "name": "English"}}

__all__ = [
    "LANGUAGES",
    "TRANSLATIONS",
    "compile_catalogues",
    "current_language",
    "force_locale",
    "gettext",
    "lazy_gettext",
    "ngettext",
]


def current_language() -> str:
    """``es`` or ``en``: the language that texts are now translated to."""
    language = getattr(get_locale(), "language", "es")
    return language if language in LANGUAGES else "es"


def compile_catalogues() -> None:
    """Write ``messages.mo`` beside each ``messages.po`` that is newer; safe when several
    processes do it at once (each writes its own file and renames it)."""
    for source in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as handle:
            catalogue = read_po(handle, locale=source.parent.parent.name)
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        with draft.open("wb") as handle:
            write_mo(handle, catalogue)
        draft.replace(target)
