"""Where labels stand on their paper; millimetres from the upper left corner."""

from __future__ import annotations

from dataclasses import dataclass

A4 = (210.0, 297.0)


@dataclass(frozen=True, slots=True)
class Grid:
    """Labels in columns and rows on A4; the first ``skip`` of the first page are used already."""

    columns: int
    rows: int
    margin: float
    gap: float
    skip: int = 0

    @property
    def page(self) -> tuple[float, float]:
        return A4

    @property
    def per_page(self) -> int:
        return self.columns * self.rows

    @property
    def label_width(self) -> float:
        return (A4[0] - 2 * self.margin - (self.columns - 1) * self.gap) / self.columns

    @property
    def label_height(self) -> float:
        return (A4[1] - 2 * self.margin - (self.rows - 1) * self.gap) / self.rows

    def place(self, number: int) -> tuple[float, float]:
        """Left and upper edge of a page's label, counted from 0 by rows."""
        row, column = divmod(number, self.columns)
        return (
            self.margin + column * (self.label_width + self.gap),
            self.margin + row * (self.label_height + self.gap),
        )


@dataclass(frozen=True, slots=True)
class Roll:
    """One label a page."""

    width: float
    height: float
    skip: int = 0
    per_page: int = 1

    @property
    def page(self) -> tuple[float, float]:
        return (self.width, self.height)

    @property
    def label_width(self) -> float:
        return self.width

    @property
    def label_height(self) -> float:
        return self.height

    def place(self, number: int) -> tuple[float, float]:
        del number
        return (0.0, 0.0)
