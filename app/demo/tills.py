"""The cash drawers: one session per shop and day, counted in the evening."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from app.demo.rows import moment
from app.demo.world import OPENING_HOUR, Place, World, at, cents
from models.sales import CashMovement, CashSession

FLOAT = 200_00
CLOSING_HOUR = 21
TO_SAFE = 1_000_00  # when there is more in the drawer, most of it goes to the safe
TOLERANCE = 10_00
DIFFERENCES = (0, 0, 0, 0, 0, 0, 10, -10, 50, -50, 100, -200, -1500)


@dataclass(slots=True)
class Till:
    """An open session; ``cash`` is what sales brought and refunds took, in céntimos."""

    id: int
    shop: Place
    user: int
    day: dt.date
    cash: int = 0


@dataclass
class Tills:
    world: World
    dice: random.Random
    open: dict[int, Till] = field(default_factory=dict)
    sessions: list[dict[str, Any]] = field(default_factory=list)
    movements: list[dict[str, Any]] = field(default_factory=list)

    def session(self, shop: int, day: dt.date) -> Till:
        """The shop's session of the day, opened when first asked for."""
        if shop not in self.open:
            cashiers = [self.world.users["cashier"], self.world.users["cashier2"]]
            key = next(self.world.bulk.ids(CashSession))
            user = cashiers[shop % len(cashiers)]
            self.open[shop] = Till(key, self.world.shops[shop], user, day)
        return self.open[shop]

    def close_all(self, day: dt.date) -> None:
        """Count the drawers of the day."""
        for till in self.open.values():
            self._close(till, self.world.past(at(day, CLOSING_HOUR, 5)))
        self.open.clear()

    def flush(self) -> None:
        """Write the closed sessions; must come before the orders that name them."""
        self.world.bulk.add(CashSession, self.sessions)
        self.world.bulk.add(CashMovement, self.movements)
        self.sessions, self.movements = [], []

    def _close(self, till: Till, closed_at: dt.datetime) -> None:
        moved = self._move(till, closed_at)
        expected = FLOAT + till.cash + moved
        difference = max(self.dice.choice(DIFFERENCES), -expected)
        large = abs(difference) > TOLERANCE
        self.sessions.append(
            {
                "id": till.id,
                "user_id": till.user,
                "location_id": till.shop.id,
                "opened_at": moment(till.day, OPENING_HOUR * 3600 - 600),
                "closed_at": closed_at,
                "starting_cash": cents(FLOAT),
                "expected_cash": cents(expected),
                "actual_cash": cents(expected + difference),
                "status": "closed",
                "approved_by": self.world.users["manager"] if large else None,
                "approved_at": closed_at if large else None,
                "notes": "Diferencia revisada con la cajera" if large else None,
            }
        )

    def _move(self, till: Till, closed_at: dt.datetime) -> int:
        """Cash to the safe and change brought in; gives what that adds to the drawer."""
        drawer, added = FLOAT + till.cash, 0
        if drawer < 0:  # refunds took more than there was
            added = -drawer + FLOAT
            self._write(till, "in", added, "Efectivo para devoluciones", closed_at)
        elif self.dice.random() < 0.1:  # noqa: PLR2004 - now and then
            added = 50_00
            self._write(till, "in", added, "Sencillo para vueltos", closed_at)
        if drawer > TO_SAFE:
            out = (drawer - FLOAT) // 100_00 * 100_00
            self._write(till, "out", out, "Entrega a caja fuerte", closed_at)
            added -= out
        return added

    def _write(self, till: Till, kind: str, amount: int, reason: str, when: dt.datetime) -> None:
        self.movements.append(
            {
                "session_id": till.id,
                "user_id": till.user,
                "type": kind,
                "amount": cents(amount),
                "reason": reason,
                "created_at": when - dt.timedelta(minutes=5),
            }
        )
