"""Which language a page has: switched in the session, kept with the user, or the browser's."""

from __future__ import annotations

from functools import cache

import pytest
import sqlalchemy as sa
from flask_babel import refresh
from lxml import html

from app.cli.i18n import read_catalogue
from app.db import session
from app.i18n import LANGUAGES
from models.identity import User

SHOWN = ("placeholder", "title", "aria-label", "alt")


@pytest.fixture
def page(client):
    """Text of a page. The requests of a test share one application context, which remembers the
    language of the first; a browser's don't."""

    def get(url: str, accept: str = "") -> str:
        refresh()
        response = client.get(url, headers={"Accept-Language": accept}, follow_redirects=True)
        return response.get_data(as_text=True)

    return get


@pytest.fixture
def user_with(sign_in, client):
    """Sign in somebody whose setting is ``language``, without a switch in the session."""

    def signed_in(language: str) -> None:
        user = session().scalar(sa.select(User).where(User.username == "cashier"))
        user.language = language
        session().flush()  # the request reads it
        sign_in("cashier")
        with client.session_transaction() as cookie:
            del cookie["locale"]

    return signed_in


@pytest.mark.parametrize(
    ("accept", "language", "button"),
    [
        ("es-PE,es;q=0.9,en;q=0.8", "es", "Iniciar sesión"),
        ("en-GB,en;q=0.9,es;q=0.8", "en", "Sign in"),
        ("de,en;q=0.5", "en", "Sign in"),
        ("de", "es", "Iniciar sesión"),
        ("", "es", "Iniciar sesión"),
    ],
)
def test_the_log_in_page_speaks_the_browsers_language(page, accept, language, button):
    body = page("/login/", accept)
    assert f'<html lang="{language}"' in body
    assert button in body


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_users_setting_beats_the_browser(page, user_with, language):
    user_with(language)
    assert f'<html lang="{language}"' in page("/", accept={"es": "en", "en": "es"}[language])


def test_a_switch_in_the_session_beats_the_users_setting(page, user_with):
    user_with("en")
    assert '<html lang="es"' in page("/lang/es")
    assert '<html lang="es"' in page("/", accept="en")
    assert '<html lang="en"' in page("/lang/en")


def test_somebody_who_is_not_signed_in_can_switch_too(page):
    page("/lang/es", accept="en")
    assert "Iniciar sesión" in page("/login/", accept="en")


def test_there_is_no_third_language(client):
    assert client.get("/lang/fr").status_code == 404
    with client.session_transaction() as cookie:
        assert "locale" not in cookie


def test_a_switch_to_an_unknown_language_in_the_address_changes_nothing(page):
    assert '<html lang="en"' in page("/login/?_l_=fr", accept="en")


PAGES = ("/", "/login/", "/profile/", "/nowhere", "/sales/orders/list/", "/catalog/products/add")


@pytest.mark.parametrize("url", PAGES)
def test_a_spanish_page_has_no_english_word(page, sign_in, url):
    sign_in("admin")
    page("/lang/es")
    assert texts(page(url)) & english_only() == set()


@pytest.mark.parametrize("url", PAGES)
def test_an_english_page_has_no_spanish_word(page, sign_in, url):
    sign_in("admin")
    page("/lang/en")
    assert texts(page(url)) & spanish_only() == set()


def texts(body: str) -> set[str]:
    """What people read on a page, without the names of languages, which are in their own."""
    tree = html.fromstring(body)
    for element in tree.xpath("//script | //style"):
        element.drop_tree()
    found = {" ".join(text.split()) for text in tree.itertext()}
    found |= {element.get(name) for element in tree.iter() for name in SHOWN if element.get(name)}
    return found - {"", *(language["name"] for language in LANGUAGES.values())}


@cache
def translations() -> dict[str, str]:
    """Spanish by English text, without plurals."""
    return {m.id: m.string for m in read_catalogue("es") if m.id and isinstance(m.id, str)}


def english_only() -> set[str]:
    return translations().keys() - set(translations().values())


def spanish_only() -> set[str]:
    return set(translations().values()) - translations().keys()
