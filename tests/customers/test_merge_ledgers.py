"""Whatever happens to two customers and in between, nothing is gained or lost by merging them."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import DomainError
from app.services.customers.adjust_points import AdjustPoints, adjust_points
from app.services.customers.adjust_wallet import AdjustWallet, adjust_wallet
from app.services.customers.errors import MergeNotUndoableError
from app.services.customers.merge_customers import MergeCustomers, merge_customers
from app.services.customers.undo_merge import UndoMerge, undo_merge
from tests.customers.people import SYSTEM, add_person, points_of, wallet_of
from tests.services.shop import NOW, new_key

OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["points", "wallet", "merge", "undo"]), st.booleans(), st.integers(-9, 30)
    ),
    max_size=16,
)


class Two:
    """Two customers; ``alive`` are those that aren't merged away, ``merges`` those to undo."""

    def __init__(self) -> None:
        self.keys = [add_person(), add_person()]
        self.alive, self.merges = set(self.keys), []
        self.points, self.money = 0, Decimal(0)

    def points_by_hand(self, key: int, number: int) -> None:
        adjust_points(AdjustPoints(new_key(), key, number, "x"), actor=SYSTEM, now=NOW)
        self.points += number

    def money_by_hand(self, key: int, number: int) -> None:
        command = AdjustWallet(new_key(), key, Decimal(number), "x")
        adjust_wallet(command, actor=SYSTEM, now=NOW)
        self.money += number

    def merge(self, source: int, target: int) -> None:
        command = MergeCustomers(new_key(), source, target)
        self.merges.append(merge_customers(command, actor=SYSTEM, now=NOW).result["merge_id"])
        self.alive = {target}

    def undo(self) -> None:
        if self.merges:
            try:
                undo_merge(UndoMerge(self.merges[-1]), actor=SYSTEM, now=NOW)
            except MergeNotUndoableError:
                return
            self.merges.pop()
            self.alive = set(self.keys)


@given(OPERATIONS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_is_gained_or_lost(db_session, operations) -> None:
    two = Two()
    for name, second, number in operations:
        one, other = two.keys[second], two.keys[not second]
        try:
            if name == "undo":
                two.undo()
            elif name == "merge":
                two.merge(one, other)
            elif name == "points":
                two.points_by_hand(one, number)
            else:
                two.money_by_hand(one, number)
        except DomainError:
            pass  # not enough, nothing, or merged away: it must leave no trace
        points, money = [points_of(key) for key in two.keys], [wallet_of(key) for key in two.keys]
        assert all(balance == ledger >= 0 for balance, ledger in (*points, *money))
        assert (sum(b for b, _ in points), sum(b for b, _ in money)) == (two.points, two.money)
        for key in set(two.keys) - two.alive:
            assert (points_of(key)[0], wallet_of(key)[0]) == (0, 0)
