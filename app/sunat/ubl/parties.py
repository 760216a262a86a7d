"""Issuer, customer and signature of a document."""

from __future__ import annotations

from typing import Final

from lxml import etree

from app.sunat.catalogs import IdentityDocument
from app.sunat.documents import Address, Customer, Issuer
from app.sunat.ubl.nodes import put

SIGNATURE_ID: Final = "SignatureQhatu"


def put_signature(parent: etree._Element, issuer: Issuer) -> None:
    """Who signs, with a pointer to the signature in the extension."""
    signature = put(parent, "cac:Signature")
    put(signature, "cbc:ID", issuer.ruc)
    signatory = put(signature, "cac:SignatoryParty")
    put(put(signatory, "cac:PartyIdentification"), "cbc:ID", issuer.ruc)
    put(put(signatory, "cac:PartyName"), "cbc:Name", issuer.name)
    attachment = put(signature, "cac:DigitalSignatureAttachment")
    put(put(attachment, "cac:ExternalReference"), "cbc:URI", f"#{SIGNATURE_ID}")


def put_issuer(parent: etree._Element, issuer: Issuer) -> None:
    """The issuer of an invoice or note (UBL 2.1)."""
    party = put(put(parent, "cac:AccountingSupplierParty"), "cac:Party")
    _put_identification(party, IdentityDocument.RUC, issuer.ruc)
    if issuer.trade_name:
        put(put(party, "cac:PartyName"), "cbc:Name", issuer.trade_name)
    legal = put(party, "cac:PartyLegalEntity")
    put(legal, "cbc:RegistrationName", issuer.name)
    _put_address(legal, issuer.address or Address(), issuer.establishment)


def put_customer(parent: etree._Element, customer: Customer) -> None:
    """The customer of an invoice or note (UBL 2.1)."""
    party = put(put(parent, "cac:AccountingCustomerParty"), "cac:Party")
    _put_identification(party, customer.doc_type, customer.number)
    legal = put(party, "cac:PartyLegalEntity")
    put(legal, "cbc:RegistrationName", customer.name)
    if customer.address:
        _put_address(legal, customer.address)


def put_country_of_use(parent: etree._Element, country: str) -> None:
    """Where an exported service is used."""
    location = put(put(parent, "cac:Delivery"), "cac:DeliveryLocation")
    place = put(put(location, "cac:Address"), "cac:Country")
    put(place, "cbc:IdentificationCode", country)


def put_reporting_issuer(parent: etree._Element, issuer: Issuer) -> None:
    """The issuer of a daily summary or voiding (UBL 2.0)."""
    supplier = put(parent, "cac:AccountingSupplierParty")
    put(supplier, "cbc:CustomerAssignedAccountID", issuer.ruc)
    put(supplier, "cbc:AdditionalAccountID", IdentityDocument.RUC)
    legal = put(put(supplier, "cac:Party"), "cac:PartyLegalEntity")
    put(legal, "cbc:RegistrationName", issuer.name)


def _put_identification(party: etree._Element, doc_type: str, document: str) -> None:
    put(
        put(party, "cac:PartyIdentification"),
        "cbc:ID",
        document,
        schemeID=doc_type,
        schemeName="Documento de Identidad",
        schemeAgencyName="PE:SUNAT",
        schemeURI="urn:pe:gob:sunat:cpe:see:gem:catalogos:catalogo06",
    )


def _put_address(legal: etree._Element, address: Address, establishment: str = "") -> None:
    element = put(legal, "cac:RegistrationAddress")
    for name, text in (
        ("cbc:ID", address.ubigeo),
        ("cbc:AddressTypeCode", establishment),
        ("cbc:CitySubdivisionName", address.urbanization),
        ("cbc:CityName", address.province),
        ("cbc:CountrySubentity", address.department),
        ("cbc:District", address.district),
    ):
        if text:
            put(element, name, text)
    if address.line:
        put(put(element, "cac:AddressLine"), "cbc:Line", address.line)
    if address.line or address.ubigeo:
        put(put(element, "cac:Country"), "cbc:IdentificationCode", address.country)
