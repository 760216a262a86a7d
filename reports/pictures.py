"""Pictures on paper: logos."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError
from reportlab.lib.utils import ImageReader

MOST_PIXELS = 16_000_000


def read_picture(content: bytes) -> tuple[Any, float] | None:
    """The picture and its width for a height of 1; None for what is no picture, or a huge one."""
    if not content:
        return None
    try:
        with Image.open(BytesIO(content)) as picture:
            width, height = picture.size
            if not width or not height or width * height > MOST_PIXELS:
                return None
            picture.load()
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    return ImageReader(BytesIO(content)), width / height
