"""Settings that administrators change while the system runs."""

from __future__ import annotations

import json
from typing import Any

from app.encryption import decrypt
from app.seed.files import LANGUAGES, in_language
from app.settings.cache import Stored, settings_cache
from app.settings.kinds import as_python
from app.settings.texts import shipped


class UnknownSettingError(LookupError):
    """A program asks for a setting that neither the database nor the product has."""


def read_setting(key: str, default: Any = None) -> Any:
    """The setting's value as its Python type (``app.settings.kinds``), else the default of its row,
    else ``default``.

    A change is seen by all processes within a second, by the transaction that makes it at once;
    without a change it costs no SQL. A setting that a newer version brings and the database hasn't
    got yet has its shipped default. Raises :class:`UnknownSettingError` for a key nobody knows, and
    ``app.encryption.UndecipherableError`` for a secret whose key is gone.
    """
    stored = settings_cache().snapshot().get(key)
    value = _shipped_default(key) if stored is None else value_of(stored)
    return default if value is None else value


def value_of(stored: Stored) -> Any:
    """The value in force as its Python type; a secret is decrypted, and None while not set."""
    if stored.token is not None:
        return as_python(stored.kind, json.loads(decrypt(stored.token)))
    return as_python(stored.kind, stored.value)


def read_public_settings() -> dict[str, Any]:
    """JSON values of the settings that may be read without signing in, by key."""
    snapshot = settings_cache().snapshot()
    return {
        stored.key: stored.value
        for stored in sorted(snapshot.values(), key=lambda one: one.key)
        if stored.is_public and stored.token is None
    }


def _shipped_default(key: str) -> Any:
    row = shipped().get(key)
    if row is None:
        raise UnknownSettingError(f"There is no setting {key!r}.")
    row = in_language(row, LANGUAGES[0])
    return as_python(row["setting_type"], row.get("default_value"))
