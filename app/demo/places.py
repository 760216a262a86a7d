"""Where the business is: two shops, a warehouse, and the company that issues the documents."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from app.demo.identity_numbers import FreshNumbers
from app.demo.world import Place, World
from models.inventory import Location
from models.sunat import DocumentSequence, IssuingCompany

PLACES = (
    ("LIM1", "Tienda Miraflores", "Av. Los Incas 1240, Miraflores, Lima", "store", "0001"),
    ("LIM2", "Tienda Los Olivos", "Av. Las Palmeras 385, Los Olivos, Lima", "store", "0002"),
    ("ALM1", "Almacén Ate", "Av. Nicolás Ayllón 5120, Ate, Lima", "warehouse", "0003"),
)
NOTES = {"07": "C", "08": "D"}
SERIES = (
    *(("01", ""), ("03", ""), ("NV", "")),
    *((note, of) for note in NOTES for of in ("01", "03")),
)
"""Kinds of document that a shop has a series for; of notes one each for facturas and boletas."""


def add_places(world: World) -> None:
    """Add the locations and the issuing company."""
    ids = world.bulk.ids(Location)
    rows = [
        {
            "id": next(ids),
            "code": code,
            "name": name,
            "address": address,
            "type": kind,
            "establishment_code": establishment,
            "allows_sales": kind == "store",
        }
        for code, name, address, kind, establishment in PLACES
    ]
    world.bulk.add(Location, rows)
    places = [Place(int(str(row["id"])), str(row["code"]), str(row["name"])) for row in rows]
    *world.shops, world.warehouse = places
    _add_issuer(world)


def _add_issuer(world: World) -> None:
    world.issuer_id = next(world.bulk.ids(IssuingCompany))
    numbers = FreshNumbers(world.dice("issuer"), set())
    world.bulk.add(
        IssuingCompany,
        [
            {
                "id": world.issuer_id,
                "ruc": numbers.ruc_of_company(),
                "raz_social": "Comercial y Servicios Qhatu Demo S.A.C.",
                "trade_name": "Qhatu Demo",
                "address": "Av. Los Incas 1240, Miraflores, Lima",
                "ubigeo": "150122",
            }
        ],
    )


def series_of(kind: str, shop: int, of: str = "") -> str:
    """Series of a kind of document at the first, second … shop: ``B001`` for boletas, ``BC01`` for
    credit notes ``of`` boletas."""
    letter = {"01": "F", "03": "B", "NV": "N"}[of or kind]
    return f"{letter}{NOTES[kind]}{shop:02d}" if kind in NOTES else f"{letter}{shop:03d}"


def save_series(world: World, last_numbers: dict[str, int]) -> None:
    """Write the series of each shop, at the last number it has given."""
    rows = []
    for number, shop in enumerate(world.shops, start=1):
        for kind, of in SERIES:
            series = series_of(kind, number, of)
            rows.append(
                {
                    "company_id": world.issuer_id,
                    "document_type": kind,
                    "series": series,
                    "location_id": shop.id,
                    "current_number": last_numbers.get(series, 0),
                }
            )
    statement = insert(DocumentSequence.__table__).values(rows)
    world.bulk.session.execute(
        statement.on_conflict_do_update(
            index_elements=["company_id", "document_type", "series"],
            set_={"current_number": statement.excluded.current_number},
        )
    )
