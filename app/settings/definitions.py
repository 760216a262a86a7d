"""Whether a setting is defined well: its type, its rules, and its default by these."""

from __future__ import annotations

from typing import Any

from app.settings.kinds import KINDS
from app.settings.rules import RulesError, check_rules, fault


class DefinitionError(ValueError):
    """A setting that comes with the product is defined wrongly; ``str(error)`` says how."""


def check_definition(row: dict[str, Any]) -> None:
    """Check a row of the seed, in one language, by its column names; :class:`DefinitionError`."""
    key, kind = row["setting_key"], row["setting_type"]
    rules = row.get("validation_rules", {})
    if kind not in KINDS:
        raise DefinitionError(f"{key}: there is no type {kind!r}.")
    try:
        check_rules(rules)
    except RulesError as error:
        raise DefinitionError(f"{key}: {error}.") from None
    default = row.get("default_value")
    if default is not None and row.get("is_encrypted"):
        raise DefinitionError(f"{key}: a secret has no default.")
    if default is not None and (told := fault(kind, default, rules)) is not None:
        raise DefinitionError(f"{key}: the default can't be used. {told}")
