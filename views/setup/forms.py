"""What each of the first steps asks."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import DecimalField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.i18n import lazy_gettext as _l
from models.currency import CURRENCIES

MONEY = {"data-kind": "percent"}


class CompanyForm(FlaskForm):
    trade_name = StringField(
        _l("Trade name"),
        [InputRequired(), Length(max=120)],
        description=_l("As customers know the business"),
    )
    legal_name = StringField(
        _l("Registered name"),
        [InputRequired(), Length(max=200)],
        description=_l("As registered with SUNAT"),
    )
    ruc = StringField(
        _l("RUC"), [InputRequired(), Length(max=20)], render_kw={"inputmode": "numeric"}
    )
    ubigeo = StringField(
        _l("Ubigeo"),
        [Length(max=6)],
        render_kw={"inputmode": "numeric"},
        description=_l("Code of the district, 6 digits"),
    )
    address = StringField(_l("Address"), [Length(max=300)])
    phone = StringField(_l("Telephone"), [Length(max=40)])
    email = StringField(_l("E-mail address"), [Length(max=200)])


class MoneyForm(FlaskForm):
    currency = SelectField(
        _l("Currency"), choices=[(code, label) for code, label in CURRENCIES["choices"].items()]
    )
    igv_rate = DecimalField(
        _l("IGV"),
        [InputRequired(), NumberRange(min=Decimal(0), max=Decimal(100))],
        render_kw=MONEY,
        description=_l("Rate of the sales tax that prices contain"),
    )
    time_zone = SelectField(
        _l("Time zone"),
        choices=sorted(available_timezones()),
        description=_l("Days begin and end by it"),
    )
    cash_tolerance = DecimalField(
        _l("Cash difference allowed"),
        [InputRequired(), NumberRange(min=Decimal(0))],
        description=_l("A larger difference at the close of a till waits for approval"),
    )


class LocationForm(FlaskForm):
    name = StringField(_l("Name of the place"), [InputRequired(), Length(max=120)])
    code = StringField(
        _l("Short code"),
        [InputRequired(), Length(max=12)],
        description=_l("Begins the numbers of its orders, such as LIM1"),
    )
    address = StringField(_l("Address"), [Length(max=300)])
    establishment_code = StringField(
        _l("Establishment code"),
        [InputRequired(), Length(max=4)],
        description=_l("As registered with SUNAT; 0000 is the main office"),
    )
    series_03 = StringField(_l("Series of boletas"), [Optional(), Length(max=4)])
    series_01 = StringField(_l("Series of facturas"), [Optional(), Length(max=4)])
    series_nv = StringField(_l("Series of internal notes"), [Optional(), Length(max=4)])


class PersonForm(FlaskForm):
    first_name = StringField(_l("First name"), [InputRequired(), Length(max=100)])
    last_name = StringField(_l("Last name"), [InputRequired(), Length(max=100)])
    email = StringField(
        _l("E-mail address"),
        [InputRequired(), Length(max=200)],
        description=_l("A link to set a password is sent there"),
    )
    role_id = SelectField(_l("Role"), coerce=int)
