"""A year of sales in two shops, growing a little, busier on weekends and in December."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from app.demo.accounts import settle
from app.demo.baskets import read_articles
from app.demo.counter_sales import Counter
from app.demo.floor import Floor, Visit, open_floor
from app.demo.places import save_series
from app.demo.remote_sales import RemoteSales
from app.demo.stock_checks import add_alerts, count_stock
from app.demo.world import DAYS, LIMA, OPENING_HOUR, World

WEEKDAYS = (0.85, 0.8, 0.85, 0.95, 1.1, 1.4, 1.05)  # Monday first
MONTHS = {12: 1.5, 7: 1.2, 3: 1.15, 5: 1.1, 1: 0.85, 2: 0.85}
SECOND_SHOP, REMOTE = 0.42, 0.12
OPEN_SECONDS = 12 * 3600 - 600
FRESH_RECEIPTS = 20  # of the last sales, made by the worker once it runs
COUNTED_DAYS_AGO = 30


def add_orders(world: World, number: int) -> None:
    """Add so many orders with all that belongs to them, up to now."""
    articles = read_articles(world)
    floor = open_floor(world, articles, number / DAYS)
    floor.stock.stock_up(world.first_day - dt.timedelta(days=1))
    floor.flush()
    counter, remote = Counter(floor), RemoteSales(floor)
    for day, orders in _calendar(world, number):
        counter.take_returns(day)
        for visit in _visits(floor, day, orders):
            number -= 1
            if floor.dice.random() < REMOTE:
                remote.sell(visit)
            else:
                receipt = "pending" if number < FRESH_RECEIPTS else None
                counter.sell(visit, floor.offers.of_day(day), receipt)
        floor.tills.close_all(day)
        if day == world.today - dt.timedelta(days=COUNTED_DAYS_AGO):
            count_stock(floor, day)
        if floor.out.is_full:
            floor.flush()
    floor.flush()
    floor.stock.save()
    floor.offers.save()
    settle(world)
    save_series(world, floor.fiscal.last_numbers)
    add_alerts(floor)


def _visits(floor: Floor, day: dt.date, number: int) -> Iterator[Visit]:
    """The day's customers in the order of the clock."""
    dice, opening = floor.dice, OPENING_HOUR * 3600
    open_for = _open_for(floor.world, day)
    seconds = sorted(opening + int(dice.random() * open_for) for _ in range(number))
    for basket, second in zip(floor.baskets.fill(number), seconds, strict=True):
        yield Visit(1 if dice.random() < SECOND_SHOP else 0, day, second, basket)


def _calendar(world: World, number: int) -> list[tuple[dt.date, int]]:
    """How many orders on each day; they add up to ``number``."""
    days = [world.first_day + dt.timedelta(days=n) for n in range(DAYS + 1)]
    weights = [
        WEEKDAYS[day.weekday()]
        * MONTHS.get(day.month, 1.0)
        * (1 + 0.3 * position / DAYS)
        * _open_for(world, day)
        for position, day in enumerate(days)
    ]
    total, given, plan, sum_so_far = sum(weights), 0, [], 0.0
    for day, weight in zip(days, weights, strict=True):
        sum_so_far += weight
        orders = round(number * sum_so_far / total) - given
        given += orders
        plan.append((day, orders))
    return plan


def _open_for(world: World, day: dt.date) -> int:
    """Seconds that the shops were open; today not beyond a few minutes ago."""
    if day < world.today:
        return OPEN_SECONDS
    clock = world.now.astimezone(LIMA)
    so_far = (clock.hour - OPENING_HOUR) * 3600 + clock.minute * 60 - 900
    return min(max(so_far, 0), OPEN_SECONDS)
