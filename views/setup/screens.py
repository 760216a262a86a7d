"""The first steps: company, money, place, people, and a look at what comes next.

For who may do everything. Each step is saved by itself and may be skipped and repeated; until they
are finished or left the start page leads here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from app.security.rights import current_actor, may
from app.services.first_run.add_person import AddPerson, add_person
from app.services.first_run.read_progress import finish_set_up, is_set_up, read_progress
from app.services.first_run.set_up_company import SetUpCompany, first_issuer, set_up_company
from app.services.first_run.set_up_location import SetUpLocation, set_up_location
from app.services.platform.change_settings import ChangeSettings, SettingChange, change_settings
from app.services.platform.read_setting import read_setting
from models.identity import Role, User, UserRole
from models.inventory import Location
from views.setup.forms import CompanyForm, LocationForm, MoneyForm, PersonForm

RIGHT = "platform.first_run:update"
MONEY = {
    "currency": "company.currency",
    "igv_rate": "tax.igv_rate",
    "time_zone": "company.time_zone",
    "cash_tolerance": "sales.cash_tolerance",
}


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    label: Any
    icon: str


STEPS = (
    Step("company", _l("Company"), "building-store"),
    Step("money", _l("Money and tax"), "coins"),
    Step("place", _l("Place and series"), "map-pin"),
    Step("people", _l("People"), "users"),
    Step("done", _l("Start"), "rocket"),
)


class SetupView(BaseView):
    route_base = "/setup"
    class_permission_name = "platform.first_run"
    base_permissions = ("can_update",)
    default_view = "begin"

    @expose("/")
    @has_access
    @permission_name("update")
    def begin(self) -> Any:
        """Go on at the first step that isn't done."""
        done = read_progress()
        missing = [
            name
            for name, is_done in (
                ("company", done.company),
                ("place", done.location and done.series),
                ("people", done.people),
            )
            if not is_done
        ]
        return redirect(url_for(".step", name=missing[0] if missing else "done"))

    @expose("/<name>", methods=["GET", "POST"])
    @has_access
    @permission_name("update")
    def step(self, name: str) -> Any:
        if name not in ASKED:
            abort(404)
        ask, save = ASKED[name]
        form = ask()
        if request.method == "POST" and form.validate():
            try:
                return redirect(url_for(".step", name=save(form)))
            except DomainError as error:
                _tell(form, error)
        status = 422 if form.errors else 200
        return self.render_template("setup/step.html", **_page(name), form=form), status

    @expose("/done")
    @has_access
    @permission_name("update")
    def done(self) -> Any:
        """What is there now, and where to go on."""
        return self.render_template("setup/done.html", **_page("done"), done=read_progress())

    @expose("/finish", methods=["POST"])
    @has_access
    @permission_name("update")
    def finish(self) -> Any:
        """The steps are over, or left for later."""
        finish_set_up(actor=current_actor(), now=_now())
        return redirect(url_for("HomeView.index"))


def setup_is_open() -> bool:
    """Whether the reader may set the business up, and nobody has finished or left that; no SQL."""
    return not is_set_up() and may(RIGHT)


def setup_is_untouched() -> bool:
    """Whether nothing of the business is there yet."""
    return read_progress().nothing


def _page(name: str) -> dict[str, Any]:
    place = next(number for number, step in enumerate(STEPS) if step.name == name)
    following = STEPS[place + 1].name if place + 1 < len(STEPS) else ""
    before = STEPS[place - 1].name if place else ""
    return {
        "title": _("First steps"),
        "steps": STEPS,
        "step": STEPS[place],
        "place": place,
        "following": following,
        "before": before,
        "people": _people() if name == "people" else (),
    }


def _tell(form: Any, error: DomainError) -> None:
    """Put the sentences beside their fields; one without a field is said above."""
    by_setting = {setting: field for field, setting in MONEY.items()}
    by_setting |= {f"company.{name}": name for name in ("ruc", "ubigeo", "email", "phone")}
    by_setting |= {"company.name": "trade_name"}
    told = {by_setting.get(name, name): text for name, text in error.fields.items()}
    for name, sentence in told.items():
        if name in form:
            form[name].errors = [sentence]
    if not set(told) & set(form._fields):
        form.form_errors.append(error.message)


def _ask_company() -> CompanyForm:
    issuer = first_issuer()
    known = {
        "trade_name": read_setting("company.name") if issuer else "",
        "legal_name": read_setting("company.legal_name") or "",
        "ruc": read_setting("company.ruc") or "",
        "ubigeo": read_setting("company.ubigeo") or "",
        "address": read_setting("company.address") or "",
        "phone": read_setting("company.phone") or "",
        "email": read_setting("company.email") or "",
    }
    return CompanyForm(data=known)


def _save_company(form: CompanyForm) -> str:
    command = SetUpCompany(**{name: (form[name].data or "").strip() for name in COMPANY})
    set_up_company(command, actor=current_actor(), now=_now())
    return "money"


COMPANY = ("trade_name", "legal_name", "ruc", "address", "ubigeo", "phone", "email")


def _ask_money() -> MoneyForm:
    return MoneyForm(data={name: read_setting(key) for name, key in MONEY.items()})


def _save_money(form: MoneyForm) -> str:
    changes = tuple(SettingChange(key, form[name].data) for name, key in MONEY.items())
    change_settings(ChangeSettings(changes), actor=current_actor(), now=_now())
    return "place"


def _ask_place() -> LocationForm:
    first = session().scalar(sa.select(Location).order_by(Location.id).limit(1))
    known = {
        "name": first.name if first else "",
        "code": first.code if first else "",
        "address": (first.address if first else read_setting("company.address")) or "",
        "establishment_code": first.establishment_code if first else "0000",
    }
    series = {"series_03": "B001", "series_01": "F001", "series_nv": "N001"}
    return LocationForm(data=known | series)


def _save_place(form: LocationForm) -> str:
    series = {kind: form[f"series_{kind.lower()}"].data or "" for kind in ("03", "01", "NV")}
    command = SetUpLocation(
        name=form.name.data or "",
        code=form.code.data or "",
        address=form.address.data or "",
        establishment_code=form.establishment_code.data or "",
        series=series,
    )
    set_up_location(command, actor=current_actor(), now=_now())
    return "people"


def _ask_person() -> PersonForm:
    form = PersonForm()
    roles = session().execute(sa.select(Role.id, Role.name).order_by(Role.id))
    form.role_id.choices = [(key, name) for key, name in roles if name != "Public"]
    return form


def _save_person(form: PersonForm) -> str:
    command = AddPerson(
        first_name=form.first_name.data or "",
        last_name=form.last_name.data or "",
        email=form.email.data or "",
        role_id=form.role_id.data,
    )
    add_person(command, actor=current_actor(), now=_now())
    flash(_("A link to set a password is on its way to %(email)s.", email=command.email), "success")
    return "people"


def _people() -> list[tuple[str, str]]:
    """(name, role) of those who have an account."""
    statement = (
        sa.select(User.full_name, Role.name)
        .outerjoin(UserRole, UserRole.user_id == User.id)
        .outerjoin(Role, Role.id == UserRole.role_id)
        .order_by(User.id)
        .limit(20)
    )
    return [(name, role or "") for name, role in session().execute(statement)]


ASKED: dict[str, tuple[Callable[[], Any], Callable[[Any], str]]] = {
    "company": (_ask_company, _save_company),
    "money": (_ask_money, _save_money),
    "place": (_ask_place, _save_place),
    "people": (_ask_person, _save_person),
}


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
