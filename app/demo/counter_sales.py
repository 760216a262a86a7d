"""One sale at the till after the other: basket, tender, stock, points, document, and returns."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.demo.accounts import POINT_WORTH
from app.demo.baskets import Line
from app.demo.fiscal import ANONYMOUS, Issued, Paper
from app.demo.floor import Floor, Visit
from app.demo.offers import Offer
from app.demo.rows import NULL, line, moment, soles
from app.demo.stockroom import sale_suffix
from app.demo.tills import Till
from models.sales import Order, OrderItem, OrderPayment, OrderPromotion, OrderStatusChange

METHODS = ("cash", "yape", "card", "plin")
METHOD_WEIGHTS = (54, 22, 18, 6)
NOTES = (10, 5_00, 10_00, 20_00, 50_00, 100_00)
KNOWN_CUSTOMER = 0.45
WALLET_SHARE, POINTS_SHARE, SPLIT_SHARE = 0.15, 0.06, 0.03
LEAST_POINTS = 50
FULL_RETURN, ANY_RETURN = 0.010, 0.018
LAST_RETURN_DAYS = 10


@dataclass(slots=True)
class Sale:
    """A completed sale, as a later return needs it; amounts in céntimos."""

    id: int
    number: str
    visit: Visit
    till: Till
    customer: int | None
    lines: list[Line]
    tenders: list[tuple[str, int]]
    earned: int = 0
    document: Issued | None = None
    returned: tuple[Line, ...] = ()

    @property
    def paid(self) -> int:
        return sum(amount for _method, amount in self.tenders)

    @property
    def is_whole_return(self) -> bool:
        return len(self.returned) == len(self.lines)


class Counter:
    """Sells at the tills of one day after the other."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.dice = floor.dice
        self.due: dict[dt.date, list[Sale]] = defaultdict(list)

    def sell(self, visit: Visit, offers: Sequence[Offer], receipt: str | None) -> None:
        """Ring up a basket; ``receipt`` is the state of the printed one, None when none is made."""
        floor, shop, day = self.floor, visit.shop, visit.day
        offer, coupon, percents = floor.offers.choose(offers, visit.articles)
        lines = floor.baskets.price(visit.articles, percents)
        customer = floor.some_customer() if self.dice.random() < KNOWN_CUSTOMER else None
        tenders, rounding = self._tender(sum(one.net for one in lines), customer)
        till = floor.tills.session(shop, day)
        sale = Sale(floor.next_order(), floor.ticket(shop), visit, till, customer, lines, tenders)
        sale.returned = self._plan_return(sale)
        when = moment(day, visit.second)
        for one in lines:
            floor.stock.sell(shop, one.index, one.quantity, day)
        self._write_order(sale, rounding, when, receipt)
        self._write_lines(sale, when)
        self._pay(sale, when)
        if offer is not None:
            off = soles(sum(one.discount for one in lines))
            floor.out.lines[OrderPromotion].append(line(sale.id, offer.promotion_id, coupon, off))

    def take_returns(self, day: dt.date) -> None:
        """What customers bring back that day."""
        for number, sale in enumerate(self.due.pop(day, ())):
            self._take_back(sale, day, 11 * 3600 + 420 * number)

    def _tender(self, total: int, customer: int | None) -> tuple[list[tuple[str, int]], int]:
        """Tenders with what was kept of each, and the rounding of a sale paid in cash alone."""
        dice, accounts = self.dice, self.floor.accounts
        if customer is not None:
            wallet, points = accounts.wallets.get(customer), accounts.points.get(customer)
            if wallet and wallet.balance >= total and dice.random() < WALLET_SHARE:
                return [("wallet", total)], 0
            if points and points.balance >= LEAST_POINTS and dice.random() < POINTS_SHARE:
                used = min(points.balance, total // 2 // POINT_WORTH)
                if used:
                    return [("points", used * POINT_WORTH), ("card", total - used * POINT_WORTH)], 0
        method = dice.choices(METHODS, METHOD_WEIGHTS)[0]
        if method == "cash":
            return [("cash", total - total % 10)], -(total % 10)
        if dice.random() < SPLIT_SHARE and total > 20_00:  # noqa: PLR2004 - worth splitting
            return [("cash", 10_00), (method, total - 10_00)], 0
        return [(method, total)], 0

    def _plan_return(self, sale: Sale) -> tuple[Line, ...]:
        """Which lines will come back; known now, so that the order is written once."""
        chance = self.dice.random()
        if chance > ANY_RETURN or len(sale.tenders) > 1:
            return ()
        day = sale.visit.day + dt.timedelta(days=self.dice.randint(1, LAST_RETURN_DAYS))
        if day >= self.floor.world.today:
            return ()
        self.due[day].append(sale)
        return tuple(sale.lines) if chance < FULL_RETURN else tuple(sale.lines[:1])

    def _write_order(self, sale: Sale, rounding: int, when: str, receipt: str | None) -> None:
        floor, lines = self.floor, sale.lines
        gross, off = sum(one.gross for one in lines), sum(one.discount for one in lines)
        tax = sum(one.tax for one in lines)
        buyer = floor.buyers.get(sale.customer, ANONYMOUS) if sale.customer else ANONYMOUS
        kind = "01" if buyer[0] == "6" else "03"
        status, payment = "completed", "paid"
        if sale.returned:
            status = "returned" if sale.is_whole_return else "completed"
            payment = "refunded" if sale.is_whole_return else "partially_refunded"
        floor.out.lines[Order].append(
            f"{sale.id}\t{sale.number}\t{sale.customer or NULL}\t{sale.till.shop.id}\t"
            f"{sale.till.user}\t{sale.till.id}\tpos\t{status}\t{payment}\t{NULL}\t{soles(gross)}\t"
            f"{soles(off)}\t{soles(tax)}\t0\t{soles(rounding)}\t{soles(gross - off + rounding)}\t"
            f"{kind}\t{receipt or NULL}\t{when}\n"
        )
        floor.out.lines[OrderStatusChange].append(
            f"{sale.id}\tdraft\tcompleted\t{sale.till.user}\t{NULL}\t{when}\n"
        )
        if floor.fiscal.covers(sale.visit.day):
            paper = Paper(kind, sale.id, buyer, gross - off, tax, _taxed_base(lines))
            sale.document = floor.fiscal.issue(sale.visit.shop, paper, sale.visit.day, when)

    def _write_lines(self, sale: Sale, when: str) -> None:
        floor, out = self.floor, self.floor.out.lines[OrderItem]
        suffix = sale_suffix(sale.till.user, sale.id, when)
        for one in sale.lines:
            article = floor.articles[one.index]
            back = one.quantity if one in sale.returned else 0
            out.append(
                f"{sale.id}\t{article.variant_id}\t{article.sku}\t{article.description}\t"
                f"{one.quantity}\t{back}\t{soles(article.price)}\t{soles(one.discount)}\t"
                f"{article.tax_code}\t{article.rate}\t{soles(one.tax)}\t"
                f"{'returned' if back else 'active'}\n"
            )
            floor.stock.write_sale(one.index, one.quantity, sale.till.shop.id, suffix)

    def _pay(self, sale: Sale, when: str) -> None:
        floor, spent = self.floor, 0
        for number, (method, amount) in enumerate(sale.tenders):
            tendered, change = NULL, 0
            if method == "cash":
                note = NOTES[int(self.dice.random() * len(NOTES))]
                handed = -(-amount // note) * note
                tendered, change = soles(handed), handed - amount
                sale.till.cash += amount
            elif method == "wallet" and sale.customer:
                floor.accounts.debit(sale.customer, amount, sale.number, when)
            elif method == "points" and sale.customer:
                floor.accounts.redeem(sale.customer, amount // POINT_WORTH, sale.id, when)
                spent = amount
            operation = NULL
            if method in ("yape", "plin", "card"):
                operation = str(int(self.dice.random() * 90_000_000) + 10_000_000)
            floor.out.lines[OrderPayment].append(
                f"{sale.id}\t{sale.till.id}\t{method}\t{soles(amount)}\t{tendered}\t"
                f"{soles(change)}\t{operation}\tcompleted\tdemo:{sale.id}:{number}\t{when}\n"
            )
        if sale.customer:
            sale.earned = floor.accounts.earn(sale.customer, sale.paid - spent, sale.id, when)

    def _take_back(self, sale: Sale, day: dt.date, second: int) -> None:
        """Goods to the shelf, money back the way it came, points taken back, a credit note."""
        floor, when = self.floor, moment(day, second)
        till = floor.tills.session(sale.visit.shop, day)
        suffix = sale_suffix(till.user, sale.id, when)
        for one in sale.returned:
            floor.stock.take_back(sale.visit.shop, one.index, one.quantity, suffix)
        net, method = sum(one.net for one in sale.returned), sale.tenders[0][0]
        refund = sale.paid if sale.is_whole_return else net - (net % 10 if method == "cash" else 0)
        if method == "cash":
            till.cash -= refund
        elif method == "wallet" and sale.customer:
            floor.accounts.refund(sale.customer, refund, sale.number, when)
        floor.out.lines[OrderPayment].append(
            line(
                sale.id, till.id, method, soles(-refund), None, 0, None, "completed",
                f"demo:{sale.id}:refund", when,
            )
        )  # fmt: skip
        if sale.is_whole_return:
            floor.out.lines[OrderStatusChange].append(
                line(
                    sale.id, "completed", "returned", floor.world.users["manager"],
                    "Devolución del cliente", when,
                )
            )  # fmt: skip
        if sale.customer and sale.earned:
            back = sale.earned * refund // sale.paid
            floor.accounts.take_back(sale.customer, back, sale.id, when)
        if sale.document:
            tax, base = sum(one.tax for one in sale.returned), _taxed_base(sale.returned)
            paper = Paper("07", sale.id, sale.document.buyer, net, tax, base, sale.document)
            floor.fiscal.issue(sale.visit.shop, paper, day, when)


def _taxed_base(lines: Sequence[Line]) -> int:
    return sum(one.net - one.tax for one in lines if one.tax)
