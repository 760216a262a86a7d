"""What a promotion does, in a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from app.admin.describe import describe
from app.domain.promotions.conditions import Conditions, ConditionsError, Goods, read_conditions
from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from app.i18n import ngettext
from models.sales import Order, Promotion
from views.sales.formats import money
from views.sales.promotion_names import Names, read_names

DAYS = (
    _l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"), _l("Saturday"),
    _l("Sunday"),
)  # fmt: skip
WHY_NOT = {
    "coupon": _l("It starts with a coupon only."),
    "channel": _l("It isn't for sales of this kind."),
    "location": _l("It isn't for this location."),
    "segment": _l("It isn't for this customer."),
    "first_purchase": _l("It is for a first purchase."),
    "weekday": _l("It isn't for that day."),
    "hours": _l("It isn't for that time of day."),
    "goods": _l("Nothing in the cart is what it is for."),
    "min_quantity": _l("There are too few pieces in the cart."),
    "min_amount": _l("The cart is too small."),
    "exclusive": _l("It can't be combined with what applied before it."),
    "nothing": _l("There are too few pieces, or nothing is left to take off."),
}
FREE = Decimal(100)


def sentences_of(promotions: Sequence[Promotion]) -> dict[int, str]:
    """What each promotion does, by key; the statements don't depend on how many there are."""
    read: dict[int, Conditions] = {}
    for one in promotions:
        try:
            read[one.id] = read_conditions(one.conditions, one.type)
        except ConditionsError:
            continue
    names = read_names(read.values())
    return {
        one.id: sentence(one.type, one.value, read[one.id], names)
        if one.id in read
        else _("Its conditions can't be read.")
        for one in promotions
    }


def sentence(kind: str, value: Decimal, wanted: Conditions, names: Names) -> str:
    """“10 % off all of Bebidas, Mondays and Tuesdays, 18:00–21:00.”"""
    parts = [_effect(kind, value, wanted, names), *_limits(wanted), *_when(wanted, names)]
    return ", ".join(filter(None, parts)) + "."


def _effect(kind: str, value: Decimal, wanted: Conditions, names: Names) -> str:
    goods = _goods(wanted.goods, names)
    percent = f"{value.normalize():f}"
    if kind == "percent":
        return _("%(percent)s %% off %(goods)s", percent=percent, goods=goods)
    if kind == "fixed_amount":
        return _("%(amount)s off %(goods)s", amount=money(value), goods=goods)
    if kind == "buy_x_get_y":
        return _bought(percent, value, wanted, goods)
    if kind == "nth_item":
        number = f"{wanted.nth}"
        return _(
            "each %(number)s. piece of %(goods)s with %(percent)s %% off",
            number=number,
            goods=goods,
            percent=percent,
        )
    if kind == "bundle_price":
        parts = [f"{one.quantity} × {_goods(one.goods, names)}" for one in wanted.bundle]
        return _("%(goods)s together for %(amount)s", goods=_and(parts), amount=money(value))
    return _("free delivery with %(goods)s", goods=goods)


def _bought(percent: str, value: Decimal, wanted: Conditions, goods: str) -> str:
    values = {"buy": wanted.buy, "get": wanted.get, "goods": goods, "percent": percent}
    if value >= FREE:
        return _("for %(buy)s bought of %(goods)s, %(get)s more free", **values)
    return _("for %(buy)s bought of %(goods)s, %(get)s more with %(percent)s %% off", **values)


def _goods(goods: Goods, names: Names) -> str:
    return _("everything") if goods.everything else _or(names.of_goods(goods))


def _limits(wanted: Conditions) -> Iterable[str]:
    if wanted.min_amount is not None:
        yield _("from %(amount)s up", amount=money(wanted.min_amount))
    if wanted.min_quantity is not None:
        count = wanted.min_quantity
        yield ngettext("from %(num)s piece up", "from %(num)s pieces up", count)
    if wanted.max_discount is not None:
        yield _("at most %(amount)s off", amount=money(wanted.max_discount))
    if wanted.max_times is not None:
        times = wanted.max_times
        yield ngettext("at most %(num)s time a sale", "at most %(num)s times a sale", times)


def _when(wanted: Conditions, names: Names) -> Iterable[str]:
    if wanted.weekdays:
        yield _and([day_name(day) for day in sorted(wanted.weekdays)])
    if wanted.hours:
        yield _and([f"{start:%H:%M}–{end:%H:%M}" for start, end in wanted.hours])
    if wanted.locations:
        where = _or([names.locations.get(key, f"#{key}") for key in sorted(wanted.locations)])
        yield _("at %(places)s", places=where)
    if wanted.channels:
        yield _("for sales by %(channels)s", channels=_or(_channels(wanted.channels)))
    if wanted.segments:
        yield _("for customers of %(segments)s", segments=_or(sorted(wanted.segments)))
    if wanted.first_purchase:
        yield _("on a first purchase")
    if wanted.coupon:
        yield _("with a coupon")
    if wanted.exclusive:
        yield _("not with other promotions")
    if not wanted.stackable:
        yield _("not on goods that are discounted already")


def channel_names() -> dict[str, str]:
    return {code: _(label) for code, label in describe(Order).fields["channel"].choices.items()}


def type_names() -> dict[str, str]:
    choices: Any = describe(Promotion).fields["type"].choices
    return {code: _(label) for code, label in choices.items()}


def day_name(number: int) -> str:
    """1 is Monday."""
    return str(DAYS[number - 1])


def state_of(one: Promotion, now: dt.datetime) -> tuple[str, str]:
    """(state, in words): whether it applies now, will, did, or is switched off."""
    if not one.is_active:
        return "draft", _("Switched off")
    if one.start_date > now:
        return "pending", _("Will start")
    if one.end_date is not None and one.end_date <= now:
        return "expired", _("Over")
    return "active", _("In use")


def _channels(codes: Iterable[str]) -> list[str]:
    names = channel_names()
    return [names.get(code, code) for code in sorted(codes)]


def _and(parts: Sequence[str]) -> str:
    return _listed(parts, _("%(first)s and %(last)s"))


def _or(parts: Sequence[str]) -> str:
    return _listed(parts, _("%(first)s or %(last)s"))


def _listed(parts: Sequence[str], last_two: str) -> str:
    if len(parts) < 2:  # noqa: PLR2004 - one needs no word between
        return "".join(parts)
    return last_two % {"first": ", ".join(parts[:-1]), "last": parts[-1]}
