"""What ``type`` of an error leads to: ``/problems/<code>``, and the list of all codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort
from flask_appbuilder import BaseView, expose

from app.errors import DomainError
from app.problems import CATALOGUE, title_of


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its code, the HTTP status it comes with, and what it means."""

    code: str
    status: int
    title: str


class ProblemsView(BaseView):
    """Read by whoever writes a program against the API; the same for all, so without a right."""

    route_base = "/problems"
    default_view = "index"

    @expose("/")
    def index(self) -> Any:
        """All codes."""
        return self.render_template("problems.html", chosen=None, kinds=all_kinds())

    @expose("/<code>")
    def show(self, code: str) -> Any:
        """One code; 404 for none of ours."""
        kinds = all_kinds()
        chosen = next((kind for kind in kinds if kind.code == code), None)
        if chosen is None:
            abort(404)
        return self.render_template("problems.html", chosen=chosen, kinds=kinds)


def all_kinds() -> list[Kind]:
    """Every code in the order of statuses: the general ones, and those of single operations."""
    statuses = {code: status for code, (status, _title) in CATALOGUE.items()}
    for reason in _reasons(DomainError):
        statuses.setdefault(reason.code, reason.status)
    kinds = (Kind(code, status, title_of(code, status)) for code, status in statuses.items())
    return sorted(kinds, key=lambda kind: (kind.status, kind.code))


def _reasons(parent: type[DomainError]) -> set[type[DomainError]]:
    found = {parent}
    for child in parent.__subclasses__():
        found |= _reasons(child)
    return found
