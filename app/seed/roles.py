"""The built-in roles: what each may do at first, and within which limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from app.seed.files import in_language, read


@dataclass(frozen=True, slots=True)
class BuiltInRole:
    """A role that set-up makes; ``rights`` are patterns of slugs, ``!`` takes away again.

    ``sales.*:read`` is reading all tables and screens of sales, ``sales.till:*`` all of the till.
    """

    name: str
    description: str
    policy: dict[str, Any] = field(default_factory=dict)
    rights: tuple[str, ...] = ()

    def may(self, slug: str) -> bool:
        """Whether the role has the right by default."""
        patterns = [right for right in self.rights if not right.startswith("!")]
        refused = [right[1:] for right in self.rights if right.startswith("!")]
        return _matches(slug, patterns) and not _matches(slug, refused)


def built_in_roles(language: str = "es") -> tuple[BuiltInRole, ...]:
    """The roles of ``data/roles.json``, described in that language; their names are fixed."""
    content = read("roles")
    common = [*content["everyone"], *(f"!{right}" for right in content["nobody"])]
    roles = []
    for row in content["roles"]:
        own = row["rights"] if "*" in row["rights"] else [*row["rights"], *common]
        words = in_language(row, language)
        roles.append(BuiltInRole(row["name"], words["description"], row["policy"], tuple(own)))
    return tuple(roles)


def _matches(slug: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(slug, pattern) for pattern in patterns)
