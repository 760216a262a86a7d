"""Addresses of a list: the same search, filters and choices with something changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from app.admin.lists.request import FILTER, PREFIX
from app.admin.lists.tree import Group

PAGING = ("after", "before")


def with_query(endpoint: str, args: Mapping[str, Sequence[str]]) -> str:
    """The address of ``endpoint`` with these arguments; whatever they are called, they are no
    orders to ``url_for`` (``_scheme``, ``_external``)."""
    query = urlencode(args, doseq=True)
    return f"{url_for(endpoint)}?{query}" if query else url_for(endpoint)


class Address:
    """The address of ``endpoint`` with the arguments of this request, from its first page on."""

    def __init__(self, endpoint: str, args: MultiDict[str, str] | None = None) -> None:
        self.endpoint = endpoint
        given = request.args if args is None else args
        self.args = {name: given.getlist(name) for name in given if name not in PAGING}

    def url(self, **changes: Any) -> str:
        """With these arguments set; an empty one is taken away."""
        return self.elsewhere(self.endpoint, **changes)

    def elsewhere(self, endpoint: str, **changes: Any) -> str:
        """The same at another endpoint."""
        kept = {name: values for name, values in self.args.items() if name not in changes}
        return with_query(endpoint, {**kept, **{n: [str(v)] for n, v in changes.items() if v}})

    def without(self, name: str, value: str) -> str:
        """Without one value of an argument that may stand there repeatedly."""
        left = [other for other in self.args.get(name, []) if other != value]
        return with_query(self.endpoint, {**self.args, name: left})

    def filtered_by(self, tree: Group) -> str:
        """With this tree in place of the one there is; filters of their own stay."""
        return self.url(**{FILTER: tree.text()})

    def pairs(self, *leaving_out: str) -> tuple[tuple[str, str], ...]:
        """(name, value) of what a form must send along."""
        return tuple(
            (name, value)
            for name, values in self.args.items()
            if name not in leaving_out
            for value in values
        )

    def unfiltered_pairs(self, *keeping: str) -> tuple[tuple[str, str], ...]:
        """(name, value) of everything but search and filters; those of ``keeping`` stay."""
        return self.pairs(*(name for name in self._narrowing() if name not in keeping))

    def unfiltered(self) -> str:
        """Without search and filters."""
        return self.url(**dict.fromkeys(self._narrowing(), ""))

    def _narrowing(self) -> list[str]:
        return [name for name in self.args if name.startswith(PREFIX) or name in ("q", FILTER)]
