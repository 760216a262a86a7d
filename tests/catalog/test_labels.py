"""Labels: exact sizes, what stands on them, how many; and the page that asks."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from app.domain.barcodes import check_digit
from app.services.catalog.errors import InvalidLabelsError
from app.services.catalog.print_labels import LabelLine, PrintLabels, print_labels
from reports.labels.bars import Bars
from reports.labels.sheet import Grid
from tests.catalog.goods import NOW, add_product, manager, product_of, sku_of
from tests.pdf_text import texts

MM = 72 / 25.4


def pdf(*lines: LabelLine, **paper) -> bytes:
    command = PrintLabels(lines=lines, **paper)
    return print_labels(command, actor=manager(), now=NOW)


def pages(made: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", made))


def size(made: bytes) -> tuple[float, float]:
    box = made.split(b"/MediaBox [")[1].split(b"]")[0].split()
    return round(float(box[2]) / MM, 1), round(float(box[3]) / MM, 1)


@pytest.fixture
def variant(db_session) -> int:
    return add_product(
        "12.9",
        name="Champú Rosé " + "de un nombre muy largo " * 5,
    )[0]


def test_a_roll_has_a_page_of_its_size_for_each_label(variant):
    other = add_product("5")[0]
    made = pdf(LabelLine(variant, 3), LabelLine(other), paper="roll")
    assert pages(made) == 4
    assert size(made) == (50, 25)
    assert texts(made).count(sku_of(variant)) == 3
    assert texts(made).count(sku_of(other)) == 1


def test_a_sheet_is_filled_by_rows_and_begins_after_what_is_used(variant):
    made = pdf(LabelLine(variant, 24), skip=1)
    assert pages(made) == 2
    assert size(made) == (210, 297)


@pytest.mark.parametrize("kind", ["barcode", "shelf"])
def test_a_label_says_name_price_and_code_and_shortens_what_does_not_fit(variant, kind):
    text = texts(pdf(LabelLine(variant), paper="roll", kind=kind))
    assert "S/ 12.90" in text
    assert text[0].startswith("Champú Rosé")
    assert any(one.endswith("…") for one in text)
    assert sku_of(variant) in text


def test_labels_of_a_grid_cover_the_page_without_its_margins():
    grid = Grid(columns=3, rows=8, margin=8, gap=2)
    left, top = grid.place(23)
    assert round(left + grid.label_width, 6) == 202
    assert round(top + grid.label_height, 6) == 289


@pytest.mark.parametrize("code", ["4006381333931", "96385074", "036000291452", "ABC-1", "ñandú"])
def test_bars_stay_within_their_width(code):
    bars = Bars(code, 40 * MM, 10 * MM)
    assert bars.width <= 40 * MM
    assert bars.drawable == code.isascii()


def test_check_digits_are_those_of_the_standards_only():
    assert [check_digit(c) for c in ("400638133393x", "123", "4006381333930")] == ["", "", "1"]


@pytest.mark.parametrize(
    ("paper", "field"),
    [
        ({"columns": 0}, "columns"),
        ({"columns": 10, "margin": Decimal(30)}, "columns"),
        ({"gap": Decimal(21)}, "margin"),
        ({"skip": 24}, "skip"),
        ({"paper": "roll", "width": Decimal(5)}, "width"),
    ],
)
def test_paper_that_makes_no_sense_is_said_beside_its_field(variant, paper, field):
    with pytest.raises(InvalidLabelsError) as refused:
        pdf(LabelLine(variant), **paper)
    assert field in refused.value.fields


@pytest.mark.parametrize("quantity", [0, -1, 10_001])
def test_none_and_too_many_are_refused(variant, quantity):
    with pytest.raises(InvalidLabelsError):
        pdf(LabelLine(variant, quantity))


def test_the_page_takes_goods_from_a_product_a_search_and_a_selection(variant, sign_in):
    client = sign_in("warehouse")
    name = "Champú Rosé"
    assert name in client.get(f"/catalog/labels/?product_id={product_of(variant).id}").text
    assert name in client.get(f"/catalog/labels/?variant={variant}&variant=junk").text
    added = client.post("/catalog/labels/add", data={"q": "champu rose", "kind": "shelf"})
    assert f'name="quantity-{variant}"' in added.text
    for table, key in (("products", product_of(variant).id), ("variants", variant)):
        chosen = client.post(f"/catalog/labels/of_{table}", data={"key": str(key)})
        assert f'name="quantity-{variant}"' in chosen.text
    listed = client.get("/catalog/product_variants/list/").text
    assert "/catalog/labels/of_variants" in listed


def test_the_pdf_comes_with_the_quantities_and_a_mistake_keeps_the_page(variant, sign_in):
    client = sign_in("warehouse")
    data = {f"quantity-{variant}": "2", "kind": "shelf", "paper": "roll", "width": "60"}
    made = client.post("/catalog/labels/print", data=data)
    assert made.content_type == "application/pdf"
    assert pages(made.data) == 2
    wrong = client.post("/catalog/labels/print", data=data | {"width": "wide"})
    assert wrong.status_code == 422
    assert 'value="wide"' in wrong.text
    assert 'value="2"' in wrong.text


def test_only_those_with_the_right_print(variant, sign_in):
    assert sign_in("cashier").get("/catalog/labels/").status_code in (302, 403)
