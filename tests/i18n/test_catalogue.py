"""The Spanish catalogue is complete, keeps the placeholders, and is what the pages use."""

from __future__ import annotations

import os

import pytest
from babel.messages.catalog import Catalog
from babel.support import Translations
from flask_babel import gettext, ngettext

from app import i18n
from app.cli.i18n import HEADER, catalogue_path, disagreeing, read_catalogue, untranslated

WORDS = {
    "Name": "Nombre",
    "Search": "Buscar",
    "Save": "Guardar",
    "Add": "Agregar",
    "Edit": "Editar",
    "Delete": "Eliminar",
    "Show": "Ver",
    "Actions": "Acciones",
    "Back": "Volver",
    "Record Count": "Cantidad de registros",
    "Access is Denied": "Acceso denegado",
}


def test_every_text_has_a_spanish_translation():
    lacking = untranslated("es")
    assert not lacking, "flask i18n update, then translate:\n" + "\n".join(lacking)


def test_translations_fill_in_the_same_values():
    differing = disagreeing("es")
    assert not differing, "other placeholders than the English text:\n" + "\n".join(differing)


@pytest.mark.parametrize(
    ("english", "spanish", "agrees"),
    [
        ("%(shown)s of %(count)s", "%(shown)s de %(count)s", True),
        ("%(shown)s of %(count)s", "%(shown)s de %(total)s", False),
        ("Hello, %(name)s", "Hola", False),
        ("Only {count} available", "Solo hay {cuenta}", False),
        (("1 sale", "%(num)s sales"), ("1 venta", "%(num)s ventas"), True),
        (("%(num)s sale", "%(num)s sales"), ("una venta", "%(num)s ventas"), True),
        (("%(num)s sale", "%(num)s sales"), ("%(num)s venta", "ventas"), False),
    ],
)
def test_a_lost_or_misspelt_placeholder_is_found(monkeypatch, english, spanish, agrees):
    catalogue = Catalog(locale="es")
    catalogue.add(english, spanish)
    monkeypatch.setattr("app.cli.i18n.read_catalogue", lambda _language: catalogue)
    assert (disagreeing("es") == []) is agrees


def test_no_translation_begins_or_ends_with_other_space_than_its_text():
    for message in read_catalogue("es"):
        if isinstance(message.id, str) and message.id:
            assert _edges(message.id) == _edges(message.string), message.id


def _edges(text: str) -> tuple[bool, bool]:
    return text != text.lstrip(), text != text.rstrip()


def test_the_file_has_no_dates_and_no_doubtful_translation():
    text = catalogue_path("es").read_text()
    assert text.startswith(HEADER.format(language="es", plurals="nplurals=2; plural=(n != 1);"))
    assert not [message.id for message in read_catalogue("es") if message.fuzzy]


def test_the_compiled_catalogue_gives_the_translations():
    i18n.compile_catalogues()
    compiled = Translations.load(i18n.TRANSLATIONS, ["es"])
    assert {word: compiled.ugettext(word) for word in WORDS} == WORDS
    assert compiled.ungettext("%(num)s sale", "%(num)s sales", 2) == "%(num)s ventas"


def test_the_catalogue_is_compiled_again_when_its_source_is_newer(monkeypatch, tmp_path):
    monkeypatch.setattr(i18n, "TRANSLATIONS", tmp_path)
    source = tmp_path / "es" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    header = HEADER.format(language="es", plurals="nplurals=2; plural=(n != 1);")

    def write(translation: str, seconds: int) -> None:
        source.write_text(f'{header}msgid "Save"\nmsgstr "{translation}"\n')
        os.utime(source, (seconds, seconds))

    def compiled() -> str:
        i18n.compile_catalogues()
        return Translations.load(tmp_path, ["es"]).ugettext("Save")

    write("Guardar", 1_000)
    assert compiled() == "Guardar"
    os.utime(source.with_suffix(".mo"), (2_000, 2_000))
    write("Grabar", 3_000)
    assert compiled() == "Grabar"
    assert not list(source.parent.glob("*.tmp"))


def test_our_words_win_over_the_frameworks_in_spanish(app):
    with app.test_request_context("/?_l_=es"):
        assert {word: gettext(word) for word in WORDS} == WORDS
        assert ngettext("%(num)s sale", "%(num)s sales", 3) == "3 ventas"


def test_english_needs_no_catalogue_and_borrows_no_spanish(app):
    with app.test_request_context("/?_l_=en"):
        assert [gettext(word) for word in WORDS] == list(WORDS)
        assert ngettext("%(num)s sale", "%(num)s sales", 1) == "1 sale"
