"""``flask i18n``: collect every text that people read, and say which lack a translation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po
from flask import Flask
from flask.cli import AppGroup

from app.i18n import TRANSLATIONS, compile_catalogues
from config import ROOT

i18n = AppGroup("i18n", help="Translations.")

FOLDERS = ("app", "views", "jobs", "reports")
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {"**.html": {"silent": "false", "trimmed": "true"}}
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None}
# Texts of Flask-AppBuilder that our pages still show; its own Spanish says some of them otherwise.
FRAMEWORK = ("Access is Denied", "Password", "Show", "User Name")
PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*[\d.]*[a-z]|\{\w+\}")
LINE = 100
HEADER = """\
msgid ""
msgstr ""
"Project-Id-Version: Qhatu\\n"
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


@i18n.command("update")
def update() -> None:
    """Bring app/translations/es in line with the texts in code, templates and models."""
    found = collect()
    catalogue = read_catalogue("es")
    catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    write_catalogue("es", catalogue)
    compile_catalogues()
    lacking = untranslated("es")
    click.echo(f"{len(found)} texts, {len(lacking)} without a Spanish translation")


@i18n.command("check")
def check() -> None:
    """List the texts that lack a Spanish translation or lose a placeholder in it; then fail."""
    lacking, differing = untranslated("es"), disagreeing("es")
    for text in lacking:
        click.echo(f"no translation: {text}")
    for text in differing:
        click.echo(f"other placeholders: {text}")
    if lacking or differing:
        raise SystemExit(1)


def catalogue_path(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def read_catalogue(language: str) -> Catalog:
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, project="Qhatu", fuzzy=False)
    with path.open("rb") as handle:
        return read_po(handle, locale=language)


def write_catalogue(language: str, catalogue: Catalog) -> None:
    """Sorted by text, without line numbers and dates, so that only what changed differs."""
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as handle:
        handle.write(HEADER.format(language=language, plurals=catalogue.plural_forms).encode())
        write_po(
            handle, catalogue, width=LINE, omit_header=True, sort_output=True, no_location=True
        )


def untranslated(language: str) -> list[str]:
    """Every collected English text that the catalogue doesn't translate (or marks fuzzy)."""
    catalogue = read_catalogue(language)
    lacking = []
    for message in collect():
        known = catalogue.get(message.id, message.context) if message.id else None
        if message.id and (known is None or known.fuzzy or not all(_forms(known.string))):
            lacking.append(_forms(message.id)[0])
    return lacking


def disagreeing(language: str) -> list[str]:
    """Every English text whose translation fills in other values (``%(name)s``, ``{name}``)."""
    return [
        _forms(message.id)[0]
        for message in read_catalogue(language)
        if message.id and message.string and not _same_placeholders(message)
    ]


def _same_placeholders(message: Message) -> bool:
    """The last form has all the values; the singular may leave out its "1"."""
    given, translated = _forms(message.id), _forms(message.string)
    known = set().union(*map(_placeholders, given))
    return _placeholders(given[-1]) == _placeholders(translated[-1]) and all(
        _placeholders(form) <= known for form in translated
    )


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _forms(text: str | Sequence[str]) -> Sequence[str]:
    """Singular and plural; a text without plural is the only one."""
    return (text,) if isinstance(text, str) else text


def collect() -> Catalog:
    """Every text of code, templates and models as an English catalogue."""
    catalogue = Catalog(project="Qhatu", charset="utf-8")
    for folder in FOLDERS:
        for _file, _line, text, comments, context in extract_from_dir(
            ROOT / folder,
            method_map=METHODS,
            options_map=OPTIONS,
            keywords=KEYWORDS,
            directory_filter=lambda path: "node_modules" not in str(path),
        ):
            catalogue.add(text, auto_comments=comments, context=context)
    for text in (*FRAMEWORK, *model_texts()):
        catalogue.add(text)
    return catalogue


def model_texts() -> Iterator[str]:
    """Names of tables and columns, help texts, choices, domains and filters of lists."""
    from app.admin.describe import describe
    from models import all_models
    from views.domains import DOMAINS

    for domain in DOMAINS:
        yield domain.label
        yield from (shortcut.label for table in domain.tables for shortcut in table.shortcuts)
    for model in all_models():
        description = describe(model)
        yield description.label
        yield description.plural
        for field in description.visible:
            yield field.label
            if field.help:
                yield field.help
            yield from field.choices.values()
            yield from field.usual.values()


def register(app: Flask) -> None:
    app.cli.add_command(i18n)
