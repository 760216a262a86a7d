"""What people read about a setting, in their language.

The texts of the settings that come with the product are in the seed file, in both languages; a row
holds those of the language the business was set up in. So a reader of another language gets the
seed's, unless somebody gave the row a text of its own.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from app.seed.files import LANGUAGES, Row, in_language, read
from models.base import humanize
from models.platform import SystemSetting


@cache
def shipped() -> dict[str, Row]:
    """The settings that come with the product, by key, in the order they are shown."""
    return {row["setting_key"]: row for row in read("platform")["system_settings"]}


def label_of(row: SystemSetting, language: str) -> str:
    """Never empty: at worst made from the key."""
    return _text(row, "label", language) or humanize(row.setting_key.rpartition(".")[2])


def help_of(row: SystemSetting, language: str) -> str:
    return _text(row, "description", language)


def choice_labels(row: SystemSetting, language: str) -> dict[str, str]:
    """Texts of the values that the setting may have, by value."""
    labels: dict[str, Any] = row.validation_rules.get("x-labels", {})
    return {value: in_language({"text": text}, language)["text"] for value, text in labels.items()}


def _text(row: SystemSetting, name: str, language: str) -> str:
    own = str(getattr(row, name) or "")
    texts = shipped().get(row.setting_key, {}).get(name)
    if not isinstance(texts, dict) or (own and own not in texts.values()):
        return own
    return str(texts[language if language in LANGUAGES else LANGUAGES[0]])
