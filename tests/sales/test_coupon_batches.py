"""Coupons by the thousand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.db import session
from app.services.background.find_work import own_work
from app.services.platform.errors import IdempotencyConflictError
from app.services.sales.coupon_batch_work import AT_ONCE, start_coupons
from app.services.sales.coupon_codes import ALPHABET, make_codes, shortest_length
from app.services.sales.coupon_errors import (
    BatchExistsError,
    BatchNotFoundError,
    CouponBatchError,
    NoCouponPromotionError,
)
from app.services.sales.errors import CouponError
from app.services.sales.generate_coupons import GenerateCoupons, generate_coupons
from app.services.sales.live_offers import live_offers
from app.services.sales.read_coupon_batches import read_coupon_batches
from app.services.sales.void_coupons import VoidCoupons, void_coupons
from models.sales import Coupon, Promotion
from tests.background.conftest import work_on  # noqa: F401 - a fixture
from tests.rows import make_row
from tests.sales.ordering import person
from tests.services.shop import NOW, new_key

LATER = NOW + dt.timedelta(days=1)


@pytest.fixture
def offer(db_session) -> int:
    return make_row(
        Promotion, name="Ten", type="percent", value=10, is_active=True,
        conditions={"coupon": True}, start_date=NOW - dt.timedelta(days=1), end_date=None,
    ).id  # fmt: skip


@pytest.fixture
def batch(offer) -> GenerateCoupons:
    return GenerateCoupons(new_key(), offer, "Summer", 50, "SUN-", max_uses_per_customer=1)


def generate(command: GenerateCoupons):
    return generate_coupons(command, actor=person("manager"), now=NOW).result


def coupons() -> list[Coupon]:
    return list(session().scalars(sa.select(Coupon).order_by(Coupon.id)))


def test_a_batch_has_so_many_different_coupons_that_work(batch, offer):
    assert generate(replace(batch, expires_at=LATER)) == {"batch": "Summer", "coupons": 50}
    made = coupons()
    assert len({one.code for one in made}) == 50
    for one in made:
        assert one.code.startswith("SUN-")
        assert set(one.code[4:]) <= set(ALPHABET)
        assert (len(one.code), one.promotion_id, one.batch) == (12, offer, "Summer")
        assert (one.max_uses, one.max_uses_per_customer) == (1, 1)
        assert one.expires_at == LATER
    assert live_offers(NOW, made[7].code.lower()).coupon.coupon_id == made[7].id


def test_the_same_key_is_one_batch_and_a_name_is_one_batches(batch):
    assert generate(batch) == generate(batch)
    assert len(coupons()) == 50
    with pytest.raises(IdempotencyConflictError):
        generate(replace(batch, count=51))
    with pytest.raises(BatchExistsError):
        generate(replace(batch, key=new_key(), batch=" Summer "))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"batch": " "}, "batch"),
        ({"count": 0}, "count"),
        ({"count": 100_001, "length": 12}, "count"),
        ({"prefix": "ñu"}, "prefix"),
        ({"prefix": "A" * 13}, "prefix"),
        ({"length": 3}, "length"),
        ({"length": 17}, "length"),
        ({"max_uses": 0}, "max_uses"),
        ({"max_uses_per_customer": -1}, "max_uses_per_customer"),
        ({"expires_at": NOW}, "expires_at"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_the_field(batch, change, field):
    with pytest.raises(CouponBatchError) as refused:
        generate(replace(batch, **change))
    assert list(refused.value.fields) == [field]


def test_coupons_start_a_promotion_that_is_there(batch):
    with pytest.raises(NoCouponPromotionError):
        generate(replace(batch, promotion_id=batch.promotion_id + 1))


def test_codes_that_are_taken_are_made_again(batch, offer, monkeypatch):
    taken = list(make_codes("X", 4, 20))
    with_taken = iter([taken, taken])

    def codes(prefix, length, count):
        return next(with_taken, None) or list(make_codes(prefix, length, count))

    for code in set(taken):
        make_row(Coupon, promotion_id=offer, code=code)
    monkeypatch.setattr("app.services.sales.generate_coupons.make_codes", codes)
    assert generate(batch)["coupons"] == 50
    assert session().scalar(sa.select(sa.func.count()).where(Coupon.batch == "Summer")) == 50


def test_codes_cannot_be_guessed():
    assert shortest_length(1) == 3
    assert len(ALPHABET) ** shortest_length(100_000) >= 100_000_000
    assert set("IL1O0S5").isdisjoint(ALPHABET)


def test_many_are_written_in_few_statements_and_by_a_worker(batch, count_statements, work_on):  # noqa: F811
    manager = person("manager")
    command = replace(batch, count=AT_ONCE * 2 + 1)
    link = "/sales/coupon_batches/"
    work = start_coupons(command, actor=manager, now=NOW, link=link)
    with count_statements() as statements:
        assert work_on(work) == "done"
    written = [one for one in statements if one.startswith("INSERT INTO sales.coupons")]
    assert len(written) == 3
    assert session().scalar(sa.select(sa.func.count()).select_from(Coupon)) == AT_ONCE * 2 + 1
    done = own_work(manager)[0]
    assert (done.status, done.result["coupons"]) == ("done", AT_ONCE * 2 + 1)


def test_a_batch_is_made_void(batch):
    generate(batch)
    assert [(one.coupons, one.valid) for one in read_coupon_batches(NOW)] == [(50, 50)]
    void = VoidCoupons("Summer")
    assert void_coupons(void, actor=person("manager"), now=LATER) == 50
    assert void_coupons(void, actor=person("manager"), now=LATER) == 0
    assert [(one.coupons, one.valid) for one in read_coupon_batches(LATER)] == [(50, 0)]
    with pytest.raises(CouponError):
        live_offers(LATER, coupons()[0].code)
    with pytest.raises(BatchNotFoundError):
        void_coupons(VoidCoupons("Winter"), actor=person("manager"), now=NOW)


def test_the_screen_shows_an_example_makes_and_voids(offer, sign_in):
    session().commit()
    client = sign_in("manager")
    form = {
        "key": new_key(), "promotion_id": offer, "batch": "Web", "count": "20", "prefix": "w",
        "length": "8", "max_uses": "", "max_uses_per_customer": "", "expires_on": "2099-12-31",
    }  # fmt: skip
    example = client.post("/sales/coupon_batches/example", data=form).text
    assert example.count('class="coupon-code"') == 3
    assert session().scalar(sa.select(sa.func.count()).select_from(Coupon)) == 0
    wrong = client.post("/sales/coupon_batches/generate", data=form | {"count": "many"})
    assert wrong.status_code == 422
    assert 'value="Web"' in wrong.text
    made = client.post("/sales/coupon_batches/generate", data=form)
    assert made.status_code == 302
    page = client.get("/sales/coupon_batches/").text
    assert "_flt_eq_batch=Web" in page
    listed = client.get("/sales/coupons/list/?_flt_eq_batch=Web").text
    assert coupons()[0].code in listed
    large = client.post(
        "/sales/coupon_batches/generate",
        data=form | {"key": new_key(), "batch": "Large", "count": "6000"},
    )
    assert "/work/" in large.location
    assert client.post("/sales/coupon_batches/void", data={"batch": "Web"}).status_code == 302
    session().expire_all()
    assert all(one.expires_at <= dt.datetime.now(dt.UTC) for one in coupons())
