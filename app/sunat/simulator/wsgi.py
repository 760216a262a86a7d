"""The simulator as a WSGI application that speaks SUNAT's SOAP."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from typing import Any, Final

from lxml import etree

from app.sunat.simulator.server import RefusedError, SilentError, Simulator

SERVICE: Final = "http://service.sunat.gob.pe"
ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"
PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
LARGEST: Final = 60_000_000
Start = Callable[[str, list[tuple[str, str]]], object]


class SoapApplication:
    """Answers POST with one of the four operations in it; anything else is a fault."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        try:
            body = self._answer(_read(environ))
            status = "200 OK"
        except RefusedError as refusal:
            body, status = _fault(refusal), "500 Internal Server Error"
        except SilentError:
            start_response("502 Bad Gateway", [("Content-Length", "0")])
            return [b""]
        xml = etree.tostring(body, xml_declaration=True, encoding="UTF-8")
        headers = [("Content-Type", "text/xml; charset=utf-8"), ("Content-Length", str(len(xml)))]
        start_response(status, headers)
        return [xml]

    def _answer(self, envelope: etree._Element) -> etree._Element:
        user = _text(envelope, "Username")
        self.simulator.check_user(user, _text(envelope, "Password"))
        (call,) = envelope.findall(f"{{{ENVELOPE}}}Body/*") or [None]
        operation = etree.QName(call).localname if call is not None else ""
        handler = {
            "sendBill": self._send_bill,
            "sendSummary": self._send_summary,
            "getStatus": self._get_status,
            "getStatusCdr": self._get_status_cdr,
        }.get(operation)
        if handler is None:
            raise RefusedError("0100", "El servicio no tiene esa operación")
        return _envelope(f"{operation}Response", handler(user, call))

    def _send_bill(self, user: str, call: etree._Element) -> dict[str, Any]:
        answer = self.simulator.send_bill(user, _text(call, "fileName"), _content(call))
        return {"applicationResponse": answer}

    def _send_summary(self, user: str, call: etree._Element) -> dict[str, Any]:
        return {
            "ticket": self.simulator.send_summary(user, _text(call, "fileName"), _content(call))
        }

    def _get_status(self, _user: str, call: etree._Element) -> dict[str, Any]:
        code, content = self.simulator.status_of_ticket(_text(call, "ticket"))
        return {"status": {"content": content, "statusCode": code}}

    def _get_status_cdr(self, _user: str, call: etree._Element) -> dict[str, Any]:
        parts = ("rucComprobante", "tipoComprobante", "serieComprobante", "numeroComprobante")
        name = "-".join(_text(call, part) for part in parts)
        code, message, content = self.simulator.status_of_document(name)
        status = {"content": content, "statusCode": code, "statusMessage": message}
        return {"statusCdr": status}


def _read(environ: dict[str, Any]) -> etree._Element:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if environ["REQUEST_METHOD"] != "POST" or not 0 < length < LARGEST:
        raise RefusedError("0100", "Se espera un mensaje SOAP")
    try:
        return etree.fromstring(environ["wsgi.input"].read(length), PARSER)
    except etree.XMLSyntaxError:
        raise RefusedError("0100", "El mensaje SOAP no se puede leer") from None


def _text(element: etree._Element, name: str) -> str:
    return str(element.xpath("string(.//*[local-name() = $name])", name=name)).strip()


def _content(call: etree._Element) -> bytes:
    try:
        return b64decode(_text(call, "contentFile"), validate=False)
    except ValueError:
        raise RefusedError("0156", "El archivo ZIP está dañado") from None


def _envelope(name: str, answer: dict[str, Any]) -> etree._Element:
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soap": ENVELOPE, "ser": SERVICE})
    body = etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")
    _fill(etree.SubElement(body, f"{{{SERVICE}}}{name}"), answer)
    return envelope


def _fill(element: etree._Element, answer: dict[str, Any]) -> None:
    """Children without a namespace, as SUNAT's are; what is empty is left out."""
    for name, value in answer.items():
        if isinstance(value, dict):
            _fill(etree.SubElement(element, name), value)
        elif value:
            child = etree.SubElement(element, name)
            child.text = b64encode(value).decode() if isinstance(value, bytes) else value


def _fault(refusal: RefusedError) -> etree._Element:
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soap": ENVELOPE})
    body = etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")
    fault = etree.SubElement(body, f"{{{ENVELOPE}}}Fault")
    etree.SubElement(fault, "faultcode").text = f"soap:Client.{refusal.code}"
    etree.SubElement(fault, "faultstring").text = str(refusal)
    return envelope
