"""Electronic boletas, facturas and credit notes of the last two months, accepted by SUNAT."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.demo.places import series_of
from app.demo.rows import Buffer, line, soles
from app.demo.world import World
from models.sunat import DocumentSequence, ElectronicDocument

SINCE_DAYS = 60
NAMES = {"01": "Factura", "03": "Boleta", "07": "Nota de Credito"}
ANONYMOUS = ("0", "-", "CLIENTES VARIOS")
Buyer = tuple[str, str, str]  # document type, number, name


@dataclass(frozen=True, slots=True)
class Issued:
    """What a credit note must know of the document it corrects."""

    id: int
    kind: str
    buyer: Buyer


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to issue; amounts in céntimos, ``base`` is the taxed amount without IGV."""

    kind: str
    order_id: int
    buyer: Buyer
    total: int
    tax: int
    base: int
    corrects: Issued | None = None


@dataclass
class Fiscal:
    """Issues documents; ``last_numbers`` are the last ones given by series."""

    world: World
    out: Buffer
    last_numbers: dict[str, int]

    @classmethod
    def read(cls, world: World, out: Buffer) -> Fiscal:
        """Go on where the series are; nobody else gives numbers meanwhile."""
        world.bulk.ids(DocumentSequence)
        row = DocumentSequence
        found = world.bulk.session.execute(
            sa.select(row.series, row.current_number).where(row.company_id == world.issuer_id)
        )
        return cls(world, out, dict(found.all()))

    def covers(self, day: dt.date) -> bool:
        """The business has issued electronically for two months."""
        return day >= self.world.today - dt.timedelta(days=SINCE_DAYS)

    def issue(self, shop: int, paper: Paper, day: dt.date, when: str) -> Issued:
        """Give the document the next number of the shop's series."""
        series = series_of(paper.kind, shop + 1, paper.corrects.kind if paper.corrects else "")
        number = self.last_numbers.get(series, 0) + 1
        self.last_numbers[series] = number
        key = next(self.world.bulk.ids(ElectronicDocument))
        self.out.lines[ElectronicDocument].append(
            line(
                key,
                paper.order_id,
                paper.corrects.id if paper.corrects else None,
                self.world.issuer_id,
                paper.kind,
                series,
                number,
                day,
                *paper.buyer,
                soles(paper.total),
                soles(paper.tax),
                soles(paper.base),
                "ACCEPTED",
                "0",
                f"La {NAMES[paper.kind]} numero {series}-{number}, ha sido aceptada",
                1,
                when,
            )
        )
        return Issued(key, paper.kind, paper.buyer)
