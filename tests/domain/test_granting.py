"""Nobody gives what they don't have."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.access_policy import (
    LIMITS,
    SCOPES,
    UNLIMITED,
    AccessPolicy,
    GrantedRole,
    RolePolicy,
)
from app.domain.granting import Excess, beyond, beyond_rights

DEALS = frozenset({"crm.deals:read", "crm.deals:update"})


def role(rights=DEALS, **policy) -> GrantedRole:
    return GrantedRole("Role", frozenset(rights), RolePolicy(**policy))


def holder(*roles: GrantedRole) -> tuple[AccessPolicy, frozenset[str]]:
    return AccessPolicy(roles), frozenset().union(*(r.rights for r in roles))


def test_a_right_that_the_giver_lacks_is_beyond():
    assert beyond(*holder(role({"crm.deals:read"})), role()) == (
        Excess("right", "crm.deals", "crm.deals:update"),
    )


def test_wider_rows_than_the_giver_sees_are_beyond():
    mine = role(scope={"*": "team"})
    assert beyond(*holder(mine), role(scope={"crm.deals": "own"})) == ()
    assert beyond(*holder(mine), role()) == (Excess("scope", "crm.deals", "all"),)


def test_a_field_that_the_giver_does_not_see_is_beyond_unless_the_role_hides_it_too():
    mine = role(hidden={"crm.deals": frozenset({"value"})})
    assert Excess("field", "crm.deals", "value") in beyond(*holder(mine), role())
    assert beyond(*holder(mine), mine) == ()


def test_a_field_that_the_giver_may_not_change_may_be_given_to_read():
    mine = role(readonly={"crm.deals": frozenset({"value"})})
    assert beyond(*holder(mine), role({"crm.deals:read"})) == ()
    assert beyond(*holder(mine), role()) == (Excess("field", "crm.deals", "value"),)


def test_higher_amounts_are_beyond_but_not_for_a_right_added_to_a_role():
    mine = role(limits={"refund_amount": Decimal(50)})
    more = role(limits={"refund_amount": Decimal(51)})
    assert beyond(*holder(mine), more) == (Excess("limit", "", "refund_amount"),)
    assert beyond_rights(*holder(mine), more) == []


def test_only_what_gets_more_generous_counts_against_an_earlier_policy():
    mine = role(scope={"*": "own"}, limits={"refund_amount": Decimal(10)})
    before = RolePolicy(limits={"refund_amount": Decimal(100)})
    kept = role(limits={"refund_amount": Decimal(90)})
    assert beyond(*holder(mine), kept, before) == ()
    raised = role(limits={"refund_amount": Decimal(101)})
    assert beyond(*holder(mine), raised, before) == (Excess("limit", "", "refund_amount"),)


def test_the_system_may_give_everything():
    assert beyond(UNLIMITED, frozenset(), role(limits={"refund_amount": Decimal(9)})) == ()


policies = st.builds(
    RolePolicy,
    scope=st.dictionaries(st.sampled_from(["*", "crm.deals"]), st.sampled_from(SCOPES)),
    limits=st.dictionaries(st.sampled_from(LIMITS), st.integers(0, 9).map(Decimal)),
    hidden=st.dictionaries(
        st.just("crm.deals"), st.frozensets(st.sampled_from(["value", "title"]))
    ),
    readonly=st.dictionaries(
        st.just("crm.deals"), st.frozensets(st.sampled_from(["value", "title"]))
    ),
)
roles = st.builds(
    GrantedRole, st.just("R"), st.frozensets(st.sampled_from(sorted(DEALS))), policies
)


# A busy machine is no reason to fail.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PATIENT
@given(mine=roles, given_=roles)
def test_whoever_gets_what_may_be_given_can_do_no_more_than_the_giver(mine, given_):
    mine_all, held = holder(mine)
    if beyond(mine_all, held, given_):
        return
    other = AccessPolicy((given_,))
    assert given_.rights <= held
    for right in given_.rights:
        table, _, action = right.rpartition(":")
        assert SCOPES.index(other.scope(table, action)) <= SCOPES.index(
            mine_all.scope(table, action)
        )
        if action == "read":
            assert mine_all.hidden(table) <= other.hidden(table)
        else:
            assert mine_all.readonly(table, action) <= other.readonly(table, action)
    for name in LIMITS:
        assert other.limit(name) <= mine_all.limit(name)


@PATIENT
@given(mine=roles)
def test_one_may_always_give_ones_own_role(mine):
    assert beyond(*holder(mine), mine) == ()
