"""What is written on the pages of a PDF of ours."""

from __future__ import annotations

import base64
import re
import zlib


def texts(made: bytes) -> list[str]:
    """What is written on the pages, piece by piece."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", made, re.DOTALL):
        drawn = zlib.decompress(base64.a85decode(stream.strip().removesuffix(b"~>")))
        found += [one.decode("latin-1") for one in re.findall(rb"\((.*?)\) Tj", drawn)]
    return [re.sub(r"\\(\d{3})", _letter, one) for one in found]


def _letter(octal: re.Match[str]) -> str:
    return bytes([int(octal[1], 8)]).decode("cp1252")
