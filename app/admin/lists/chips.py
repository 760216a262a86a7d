"""The filters in force as chips: in words, each with the list without it."""

from __future__ import annotations

import json

from app.admin.describe import Description
from app.admin.lists.address import Address
from app.admin.lists.request import ListRequest
from app.admin.lists.tree import Group
from app.admin.lists.words import FilterWords
from app.admin.pages import FilterBox, FilterChip


def filter_box(
    wanted: ListRequest, description: Description, address: Address, fields_url: str
) -> FilterBox:
    """The chips, and what the filter builder starts with."""
    words = FilterWords(description.fields)
    own = [
        FilterChip(words.condition(f.condition), address.without(f.argument, f.value))
        for f in wanted.filters
    ]
    parts = wanted.tree.all_of()
    grouped = [
        FilterChip(
            words.part(part),
            address.filtered_by(Group("and", (*parts[:n], *parts[n + 1 :]))),
        )
        for n, part in enumerate(parts)
    ]
    return FilterBox(
        fields_url=fields_url,
        hidden_args=address.unfiltered_pairs("q"),
        tree=wanted.conditions.text(),
        titles=json.dumps(words.titles, ensure_ascii=False),
        chips=(*own, *grouped),
    )
