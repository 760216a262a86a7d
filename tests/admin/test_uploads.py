"""Files in forms: what is taken, who may read it, and when it goes."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import time

import pytest
import sqlalchemy as sa
from PIL import Image

from app.admin.describe import describe
from app.db import session
from app.domain.file_types import type_of
from app.services.documents.keep_upload import clean_name, small_key
from app.services.documents.purge_uploads import purge_uploads
from app.storage import FileMissingError, storage
from models.catalog import Brand, Product, ProductImage
from models.documents import Document
from tests.rows import a_file, filled_form, make_row
from tests.security.scoped_rows import add_people

HTML = b"<html><script>alert(1)</script></html>"


def picture(kind: str = "PNG", size: tuple[int, int] = (600, 400), **options) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "#206bc4").save(made, kind, **options)
    return made.getvalue()


def upload(content: bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def stored() -> set[str]:
    return {one.key for one in storage().stored("uploads")}


def message(page: str, field: str) -> str:
    found = re.search(rf'(?s)id="{field}-error"[^>]*>(.*?)</div>', page)
    return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""


@pytest.fixture
def document(sign_in) -> Document:
    """A document of the manager, uploaded by form."""
    sent = filled_form(describe(Document)) | {
        "name": "Contract",
        "file_path": upload(b"%PDF-1.7 contract", "Contrato Nº 5.pdf"),
    }
    answer = sign_in("manager").post("/documents/documents/add", data=sent)
    assert answer.status_code == 302, answer.text
    return session().scalar(sa.select(Document).where(Document.name == "Contract"))


def test_a_document_is_added_by_hand_with_what_its_file_tells(document):
    assert document.original_filename == "Contrato Nº 5.pdf"
    assert (document.file_size, document.mime_type) == (17, "application/pdf")
    assert len(document.file_hash) == 64
    assert storage().get(document.file_path) == b"%PDF-1.7 contract"


def test_the_file_is_given_with_its_name_and_type_to_readers_only(sign_in, document):
    url = f"/documents/documents/file/file_path/{document.id}"
    answer = sign_in("manager").get(url)
    assert answer.data == b"%PDF-1.7 contract"
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "filename*=UTF-8''Contrato%20N%C2%BA%205.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    saved = sign_in("manager").get(f"{url}?save=1")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert url in sign_in("manager").get(f"/documents/documents/show/{document.id}").text


def test_the_file_stays_within_the_row_scope_and_the_field_rights(sign_in, document):
    people = add_people({"scope": {"*": "own"}})
    mine = make_row(Document, uploaded_by=people["ana"], file_path=document.file_path)
    session().commit()
    client = sign_in("ana")
    assert client.get(f"/documents/documents/file/file_path/{mine.id}").status_code == 200
    assert client.get(f"/documents/documents/file/file_path/{document.id}").status_code == 404


def test_a_hidden_file_is_given_to_nobody(sign_in, document):
    add_people({"hidden_fields": {"documents.documents": ["file_path"]}})
    client = sign_in("ana")
    assert client.get(f"/documents/documents/file/file_path/{document.id}").status_code == 404


def test_only_columns_with_files_have_any(sign_in, document):
    client = sign_in("admin")
    for name in ("name", "file_hash", "nothing"):
        assert client.get(f"/documents/documents/file/{name}/{document.id}").status_code == 404
    assert client.get("/crm/companies/file/name/1").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "wanted"),
    [
        (HTML, "page.pdf", "text/plain"),
        (b"MZ\x90\x00\x03", "invoice.pdf", None),
        (b"", "empty.pdf", None),
        (b"a,b\n1,2\n", "table.csv", "text/csv"),
        (b"%PDF-1.4", "no-name", "application/pdf"),
        (b"PK\x03\x04 broken", "sheet.xlsx", None),
    ],
)
def test_the_content_says_what_a_file_is(content, name, wanted):
    found = type_of(content, name)
    assert (found.media_type if found else None) == wanted


def test_a_web_page_is_never_shown_as_one(sign_in, db_session):
    sent = filled_form(describe(Document)) | {"file_path": upload(HTML, "x.html")}
    client = sign_in("admin")
    assert client.post("/documents/documents/add", data=sent).status_code == 302
    row = session().scalar(sa.select(Document))
    assert row.original_filename == "x.html.txt"
    answer = client.get(f"/documents/documents/file/file_path/{row.id}")
    assert answer.content_type == "text/plain; charset=utf-8"


def test_what_is_no_accepted_file_is_told_beside_the_field(sign_in, db_session):
    client = sign_in("admin")
    for content, name, said in (
        (b"MZ\x90\x00\x03", "invoice.pdf", "Files of this kind are not accepted here."),
        (b"", "empty.pdf", "The file is empty."),
        (b"%PDF" + b"x" * (26 * 1024 * 1024), "big.pdf", "The file is larger than 25 MB."),
    ):
        sent = filled_form(describe(Document)) | {"file_path": upload(content, name)}
        answer = client.post("/documents/documents/add", data=sent)
        assert answer.status_code == 422, name
        assert message(answer.text, "file_path") == said
    sent = {"name": "Brand", "logo_url": upload(b"%PDF-1.7", "logo.png")}
    answer = client.post("/catalog/brands/add", data=sent)
    assert message(answer.text, "logo_url").startswith("This is not a picture")


def test_pictures_are_written_anew_small_copies_beside_them(sign_in, db_session):
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    content = picture("JPEG", (3000, 1000), exif=exif) + b"<?php evil"
    sent = {"name": "Costeño", "logo_url": upload(content, "../../logo.php.jpg")}
    client = sign_in("admin")
    assert client.post("/catalog/brands/add", data=sent).status_code == 302
    brand = session().scalar(sa.select(Brand))
    kept = storage().get(brand.logo_url)
    assert b"secret" not in kept
    assert b"php" not in kept
    assert Image.open(io.BytesIO(kept)).size == (2400, 800)
    assert Image.open(io.BytesIO(storage().get(small_key(brand.logo_url)))).width == 320
    small = client.get(f"/catalog/brands/file/logo_url/{brand.id}?small=1")
    assert small.content_type == "image/webp"


def test_a_form_with_a_mistake_elsewhere_keeps_the_file(sign_in, db_session):
    client = sign_in("admin")
    sent = {"name": "", "logo_url": upload(picture(), "logo.png")}
    answer = client.post("/catalog/brands/add", data=sent)
    assert answer.status_code == 422
    token = re.search(r'name="logo_url.kept" value="([^"]+)"', answer.text)[1]
    assert (
        client.post(
            "/catalog/brands/add", data={"name": "Kept", "logo_url.kept": token}
        ).status_code
        == 302
    )
    brand = session().scalar(sa.select(Brand))
    assert brand.logo_url in stored()
    stolen = sign_in("manager").post(
        "/catalog/brands/add", data={"name": "Stolen", "logo_url.kept": token}
    )
    assert stolen.status_code == 302
    assert session().scalar(sa.select(Brand.logo_url).where(Brand.name == "Stolen")) is None


def test_no_key_is_taken_from_the_form_or_the_api(client, token, sign_in, document):
    browser = sign_in("admin")
    browser.post("/catalog/brands/add", data={"name": "Forged", "logo_url": document.file_path})
    row = session().scalar(sa.select(Brand).where(Brand.name == "Forged"))
    assert row is None or row.logo_url is None
    answer = client.post(
        "/api/v1/catalog/brands/",
        json={"name": "By API", "logo_url": document.file_path},
        headers=token("admin"),
    )
    assert answer.status_code in (400, 422)


def test_a_file_is_replaced_removed_and_left_alone(sign_in, db_session):
    client = sign_in("admin")
    client.post("/catalog/brands/add", data={"name": "B", "logo_url": upload(picture(), "a.png")})
    brand = session().scalar(sa.select(Brand))
    first = brand.logo_url

    def save(**values) -> str | None:
        page = client.get(f"/catalog/brands/edit/{brand.id}").text
        stamp = re.search(r'name="record_stamp"[^>]*value="([^"]*)"', page)[1]
        sent = {"name": "B", "record_stamp": stamp, **values}
        assert client.post(f"/catalog/brands/edit/{brand.id}", data=sent).status_code == 302
        session().expire_all()
        return session().get(Brand, brand.id).logo_url

    assert save() == first
    second = save(logo_url=upload(picture(), "b.png"))
    assert second not in (None, first)
    assert first in stored(), "kept for a while, for bringing back an earlier version"
    assert save(**{"logo_url.remove": "y"}) is None


def test_a_picture_is_a_row_of_its_products_form(sign_in, db_session):
    sent = filled_form(describe(Product)) | {"product_images-sent": "1"}
    for index, mark in (("a", "y"), ("b", "")):
        start = f"product_images-{index}-"
        sent |= {f"{start}pk": "", f"{start}url": upload(picture(), f"{index}.png")}
        if mark:
            sent[f"{start}is_primary"] = mark
    assert sign_in("admin").post("/catalog/products/add", data=sent).status_code == 302
    rows = session().scalars(sa.select(ProductImage).order_by(ProductImage.display_order)).all()
    assert [row.is_primary for row in rows] == [True, False]
    assert {row.url for row in rows} <= stored()


def test_files_that_nothing_refers_to_go_after_a_while(sign_in, db_session, document):
    sent = {"name": "", "logo_url": upload(picture(), "left.png")}
    before = stored()
    sign_in("admin").post("/catalog/brands/add", data=sent)
    left = stored() - before
    assert len(left) == 2, "the picture and its small copy"
    document.deleted_at = dt.datetime.now(dt.UTC)
    session().commit()
    now = dt.datetime.now(dt.UTC)
    purge_uploads(now=now + dt.timedelta(days=29))
    assert left <= stored()
    purge_uploads(now=now + dt.timedelta(days=31))
    assert not left & stored()
    assert document.file_path in stored(), "records in the trash keep theirs"


def test_a_renewed_file_is_young_again(tmp_path):
    from app.storage.local import LocalStorage

    place = LocalStorage(tmp_path)
    place.put("uploads/a/b.txt", b"x")
    old = time.time() - 90 * 24 * 3600
    os.utime(tmp_path / "uploads/a/b.txt", (old, old))
    place.renew("uploads/a/b.txt")
    (found,) = place.stored("uploads")
    assert found.key == "uploads/a/b.txt"
    assert found.changed_at > dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    place.renew("uploads/none.txt")
    with pytest.raises(FileMissingError):
        place.get("uploads/none.txt")


@pytest.mark.parametrize(
    ("name", "extension", "wanted"),
    [
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("C:\\temp\\Año 1.PDF", "pdf", "Año 1.PDF"),
        ("a\x00\r\nb<>.png", "png", "ab_.png"),
        ("", "pdf", "file.pdf"),
        ("photo.jpeg", "jpg", "photo.jpeg"),
        ("x" * 400 + ".pdf", "pdf", "x" * 150 + ".pdf"),
    ],
)
def test_file_names_are_made_harmless(name, extension, wanted):
    assert clean_name(name, extension) == wanted


def test_the_sample_files_of_tests_are_accepted():
    field = describe(Document).fields["file_path"]
    content, name = a_file(field)
    assert type_of(content.getvalue(), name).media_type == "application/pdf"
