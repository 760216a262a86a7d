"""Pictures of some products: drawn here, a label in the colours of its category."""

from __future__ import annotations

import colorsys
import io
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from PIL import Image, ImageDraw, ImageFont

from app.demo.world import World
from app.domain.pictures import read_picture
from app.services.documents.keep_upload import small_key
from app.storage import storage
from models.catalog import ProductImage

PICTURED = 36
SIDE = 480
FOLDER = "uploads/catalog/product_images/demo"


def add_pictures(world: World, products: Sequence[Mapping[str, Any]]) -> None:
    """Add a picture to some products and a second one to every third of them.

    Their files are overwritten by a second load.
    """
    dice = world.dice("pictures")
    active = [product for product in products if product["status"] == "active"]
    rows = []
    for number, product in enumerate(dice.sample(active, min(PICTURED, len(active)))):
        for order in range(2 if number % 3 == 0 else 1):
            key = f"{FOLDER}/{product['slug']}-{order + 1}.jpg"
            _keep(key, product["name"], product["category_id"] * 47 + order * 20)
            rows.append(
                {
                    "product_id": product["id"],
                    "url": key,
                    "display_order": order,
                    "is_primary": order == 0,
                }
            )
    world.bulk.add(ProductImage, rows)
    # Now, for the load alters the table before it ends.
    world.bulk.session.execute(sa.text("SET CONSTRAINTS catalog.require_primary IMMEDIATE"))


def _keep(key: str, name: str, hue: int) -> None:
    made = io.BytesIO()
    _draw(name, hue % 360 / 360).save(made, "JPEG", quality=85)
    picture = read_picture(made.getvalue())
    storage().put(key, picture.content)
    storage().put(small_key(key), picture.small)


def _draw(name: str, hue: float) -> Image.Image:
    """A packet with the name on it."""
    light, strong, dark = (_rgb(hue, *shade) for shade in ((0.93, 0.5), (0.55, 0.5), (0.25, 0.45)))
    image = Image.new("RGB", (SIDE, SIDE), light)
    draw = ImageDraw.Draw(image)
    draw.ellipse((90, 405, 390, 435), fill=_rgb(hue, 0.85, 0.3))
    draw.rounded_rectangle((120, 70, 360, 420), 22, fill=strong)
    draw.rounded_rectangle((120, 70, 360, 120), 22, fill=dark)
    draw.rounded_rectangle((140, 170, 340, 350), 12, fill="white")
    font = ImageFont.load_default(30)
    lines = name.split()[:5]
    top = 260 - len(lines) * 17
    for line in lines:
        draw.text((SIDE / 2, top), line, fill=dark, font=font, anchor="mt")
        top += 34
    return image


def _rgb(hue: float, lightness: float, saturation: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
    return round(red * 255), round(green * 255), round(blue * 255)
