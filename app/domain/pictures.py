"""Pictures that people upload, written anew: upright, of a sensible size, without hidden data.

What a camera or a program puts beside the picture (place, owner, another file) doesn't survive it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

LONGEST_SIDE = 2400
SMALL_SIDE = 320
MOST_PIXELS = 60_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


class NotAPictureError(ValueError):
    """The content is no picture of a kind that browsers show, or it is damaged or vast."""


@dataclass(frozen=True, slots=True)
class Picture:
    """``small`` is a WebP copy for lists, 320 pixels at most."""

    content: bytes
    media_type: str
    extension: str
    small: bytes


def read_picture(content: bytes) -> Picture:
    """The picture written anew, as JPEG where it was one, else as PNG or WebP.

    Raises :class:`NotAPictureError`.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NotAPictureError("too many pixels")
            kind = opened.format or "PNG"
            picture = ImageOps.exif_transpose(opened)
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPictureError(str(error)) from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    small = picture.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    kind = {"GIF": "PNG"}.get(kind, kind)
    return Picture(
        content=_written(picture, kind),
        media_type=f"image/{kind.lower()}",
        extension={"JPEG": "jpg"}.get(kind, kind.lower()),
        small=_written(small, "WEBP"),
    )


def _written(picture: Image.Image, kind: str) -> bytes:
    if kind == "JPEG":
        picture = picture.convert("RGB")
    elif picture.mode not in ("RGB", "RGBA"):
        picture = picture.convert("RGBA")
    made = io.BytesIO()
    plain = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    plain.save(made, kind, **({"quality": 85} if kind != "PNG" else {"optimize": True}))
    return made.getvalue()
