"""The search over everything: a page of its own, and what the palette (Ctrl-K) shows."""

from __future__ import annotations

from typing import Any

from flask import g, request
from flask_appbuilder import BaseView, expose
from flask_login import login_required

from app import shell
from app.i18n import gettext as _
from app.search.commands import find_actions, find_screens
from app.search.find import Found, Group, Hit, find_records
from app.search.query import Query, read_query
from views.workspace.recent import recent_hits

IN_PALETTE, ON_PAGE = 4, 20
OF_ONE_KIND = 25
PLACES = 6
COMMANDS = 6
SUGGESTED = 8


class SearchView(BaseView):
    """Needs no right of its own: whatever is found, the person may read."""

    route_base = "/search"
    default_view = "page"

    @expose("/")
    @login_required
    def page(self) -> Any:
        """Everything found, on a page that works without scripts."""
        query = read_query(request.args.get("q", ""))
        found = _find(query, ON_PAGE)
        groups = _all_groups(query, found) if query.text else _suggestions()
        return self.render_template(
            "workspace/search.html",
            title=_("Search"),
            typed=request.args.get("q", ""),
            groups=groups,
            found=found,
            query=query,
        )

    @expose("/results")
    @login_required
    def results(self) -> Any:
        """The options of the palette, as a fragment."""
        query = read_query(request.args.get("q", ""))
        found = _find(query, IN_PALETTE)
        groups = _all_groups(query, found) if query.text or query.commands else _suggestions()
        return self.render_template(
            "workspace/results.html", groups=groups, found=found, query=query
        )


def _find(query: Query, per_place: int) -> Found:
    if query.commands or not query.text:
        return Found()
    many = OF_ONE_KIND if query.kind else per_place
    return find_records(query, per_place=many, most_places=PLACES)


def _all_groups(query: Query, found: Found) -> list[Group]:
    """Screens and actions come first where only they are asked for, else after exact matches."""
    if query.kind:
        return list(found.groups)
    screens = find_screens(query.text, COMMANDS)
    actions = find_actions(query.text, COMMANDS * (4 if query.commands else 1))
    commands = [group for group in (screens, actions) if group is not None]
    if found.similar:
        return [*commands, *found.groups]
    return [*found.groups[:2], *commands, *found.groups[2:]]


def _suggestions() -> list[Group]:
    """Before anything is typed: what is at hand."""
    kept = [Hit(page.title, page.url, page.icon) for page in shell.favourites()]
    recent = recent_hits(g.user.id, SUGGESTED)
    groups = [
        Group(_("Favourites"), tuple(kept[:SUGGESTED])),
        Group(_("Recent"), tuple(recent)),
    ]
    screens = find_screens("", SUGGESTED) if not kept and not recent else None
    actions = find_actions("", COMMANDS)
    groups += [group for group in (screens, actions) if group is not None]
    return [group for group in groups if group.hits]
