"""Orders by web and telephone: from confirmed to delivered, some of them still under way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from app.demo.baskets import Line, tax_in
from app.demo.floor import Floor, Visit
from app.demo.rows import line, moment, soles
from app.demo.stockroom import sale_suffix
from models.sales import Order, OrderItem, OrderPayment, OrderStatusChange

IGV = 18
DELIVERY = 10_00
# Seconds from the order to each state.
STEPS = (
    ("confirmed", 300),
    ("paid", 3600),
    ("picking", 4 * 3600),
    ("shipped", 24 * 3600),
    ("delivered", 48 * 3600),
    ("completed", 72 * 3600),
)
STATES = tuple(name for name, _seconds in STEPS)
# What an order may be by its age in days; older ones are completed.
STATES_BY_AGE: tuple[tuple[str, ...], ...] = (
    ("confirmed",),
    ("confirmed", "paid"),
    ("paid", "picking", "shipped"),
    ("picking", "shipped"),
    ("shipped", "delivered"),
    ("delivered", "completed"),
)
CANCELLED = 0.06
LEFT_THE_SHOP = ("shipped", "delivered", "completed")


class RemoteSales:
    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.dice = floor.dice
        self._numbers = floor.world.bulk.counter("sales.order_number_seq")

    def sell(self, visit: Visit) -> None:
        """Take an order and bring it as far as its age allows."""
        floor, dice, day, second = self.floor, self.dice, visit.day, visit.second
        order_id, number = floor.next_order(), f"PED-{next(self._numbers):08d}"
        lines = floor.baskets.price(visit.articles, [0] * len(visit.articles))
        state, history = self._history((floor.world.today - day).days)
        delivered = dice.random() < 0.7  # noqa: PLR2004 - most want delivery
        shipping = DELIVERY if delivered else 0
        goods, tax = sum(one.gross for one in lines), sum(one.tax for one in lines)
        user = floor.world.users["seller"]
        is_paid = "paid" in dict(history)
        floor.out.lines[Order].append(
            line(
                order_id, number, floor.some_customer(), floor.world.shops[visit.shop].id, user,
                None,
                dice.choice(("web", "web", "phone")), state, "paid" if is_paid else "unpaid",
                "delivery" if delivered else "pickup", soles(goods), 0,
                soles(tax + tax_in(shipping, IGV)), soles(shipping), 0, soles(goods + shipping),
                "03", None, moment(day, second),
            )
        )  # fmt: skip
        self._write_history(order_id, user, history, day, second)
        if is_paid:
            self._pay(order_id, goods + shipping, moment(day, second + dict(history)["paid"]))
        self._write_lines(order_id, lines, cancelled=state == "cancelled")
        self._move(visit, order_id, state, lines)

    def _history(self, age: int) -> tuple[str, list[tuple[str, int]]]:
        """The state it is in, and the steps that led there with their seconds."""
        if age > 0 and self.dice.random() < CANCELLED:
            return "cancelled", [STEPS[0], ("cancelled", 2 * 3600)]
        choices = STATES_BY_AGE[age] if age < len(STATES_BY_AGE) else ("completed",)
        state = self.dice.choice(choices)
        return state, list(STEPS[: STATES.index(state) + 1])

    def _write_history(
        self, order_id: int, user: int, history: list[tuple[str, int]], day: dt.date, second: int
    ) -> None:
        before = "draft"
        for state, seconds in history:
            reason = "El cliente desistió" if state == "cancelled" else None
            self.floor.out.lines[OrderStatusChange].append(
                line(order_id, before, state, user, reason, moment(day, second + seconds))
            )
            before = state

    def _pay(self, order_id: int, amount: int, when: str) -> None:
        method = self.dice.choice(("transfer", "yape", "card"))
        operation = int(self.dice.random() * 90_000_000) + 10_000_000
        self.floor.out.lines[OrderPayment].append(
            line(
                order_id, None, method, soles(amount), None, 0, operation, "completed",
                f"demo:{order_id}:0", when,
            )
        )  # fmt: skip

    def _write_lines(self, order_id: int, lines: Sequence[Line], *, cancelled: bool) -> None:
        status = "cancelled" if cancelled else "active"
        for one in lines:
            article = self.floor.articles[one.index]
            self.floor.out.lines[OrderItem].append(
                f"{order_id}\t{article.variant_id}\t{article.sku}\t{article.description}\t"
                f"{one.quantity}\t0\t{soles(article.price)}\t0\t{article.tax_code}\t"
                f"{article.rate}\t{soles(one.tax)}\t{status}\n"
            )

    def _move(self, visit: Visit, order_id: int, state: str, lines: Sequence[Line]) -> None:
        """What left the shop was sold; what was ordered but didn't leave is reserved."""
        if state == "cancelled":
            return
        stock, keeper = self.floor.stock, self.floor.world.users["warehouse"]
        shop, day = visit.shop, visit.day
        if state in LEFT_THE_SHOP:
            when = moment(day, visit.second + dict(STEPS)["shipped"])
            suffix = sale_suffix(keeper, order_id, when)
            for one in lines:
                stock.sell(shop, one.index, one.quantity, day)
                stock.write_sale(one.index, one.quantity, stock.places[shop].id, suffix)
            return
        suffix = sale_suffix(keeper, order_id, moment(day, visit.second + 300))
        for one in lines:
            stock.reserve(shop, one.index, one.quantity, suffix, day)
