"""Browser files under addresses that change with their content, so that browsers keep them forever.

``/static/app/<fingerprint>/…`` are our own (``app/static``), ``/static/vendor/<fingerprint>/…`` a
short list of files of the npm packages. One fingerprint covers a whole set: style sheets and
modules may name their neighbours by relative address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    request,
    send_file,
    url_for,
)
from flask.globals import request_ctx
from flask_babel import get_locale

FOREVER: Final = 365 * 24 * 3600
STATIC: Final = Path(__file__).parent / "static"

# What pages may ask for, by our name, and where the package keeps it. The names keep the relative
# address that the icon style sheet has for its font.
VENDOR: Final[Mapping[str, str]] = {
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.js": "@tabler/core/dist/js/tabler.min.js",
    "icons.css": "@tabler/icons-webfont/dist/tabler-icons.min.css",
    "fonts/tabler-icons.woff2": "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "tom-select.css": "tom-select/dist/css/tom-select.bootstrap5.min.css",
    "tom-select.js": "tom-select/dist/js/tom-select.complete.min.js",
    "echarts.js": "echarts/dist/echarts.min.js",
    "sortable.js": "sortablejs/Sortable.min.js",
    "signature-pad.js": "signature_pad/dist/signature_pad.umd.min.js",
}

# Not left to the machine's mime table: a wrong type on a module keeps the page from working.
TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}


class MissingAssetsError(RuntimeError):
    """The npm packages are not installed; the message says what to do."""


class Shelf:
    """A set of files and the fingerprint of all their contents."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.files = files
        digest = hashlib.sha256()
        for name, path in sorted(files.items()):
            digest.update(name.encode() + b"\0")
            digest.update(path.read_bytes())
        self.fingerprint = digest.hexdigest()[:16]


blueprint = Blueprint("assets", __name__, url_prefix="/static")


def init_app(app: Flask) -> None:
    """Serve the files and give templates ``vendor_url``, ``asset_url`` and ``get_locale``.

    Pages drawn outside FAB's views also get ``appbuilder``, which the layout needs.
    """
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(vendor_url=vendor_url, asset_url=asset_url, get_locale=get_locale)
    app.context_processor(_appbuilder)


def _appbuilder() -> dict[str, Any]:
    return {"appbuilder": current_app.extensions["appbuilder"]}


def vendor_url(name: str) -> str:
    """Address of a file of ``VENDOR``; raises :class:`MissingAssetsError` where npm hasn't run."""
    return _url("assets.vendor", _vendor_shelf(), name)


def asset_url(name: str) -> str:
    """Address of a file of ``app/static``, such as ``css/qhatu.css``."""
    return _url("assets.own", _own_shelf(), name)


def _url(endpoint: str, shelf: Shelf, name: str) -> str:
    if name not in shelf.files:
        raise LookupError(f"There is no browser file {name!r}.")
    return url_for(endpoint, fingerprint=shelf.fingerprint, name=name)


@blueprint.get("/vendor/<fingerprint>/<path:name>")
def vendor(fingerprint: str, name: str) -> Response:
    return _send(_vendor_shelf(), fingerprint, name)


@blueprint.get("/app/<fingerprint>/<path:name>")
def own(fingerprint: str, name: str) -> Response:
    return _send(_own_shelf(), fingerprint, name)


def _send(shelf: Shelf, fingerprint: str, name: str) -> Response:
    """The file; kept forever only under its right address, so that a page of another version, as
    there is during an update over several machines, can't plant a wrong file in a cache."""
    path = shelf.files.get(name)
    if path is None:
        abort(404)
    # The same for everybody: no session, so neither "Vary: Cookie" nor a cookie in shared caches.
    nobody = current_app.session_interface.make_null_session(current_app)
    request_ctx._session = nobody  # noqa: SLF001 - Flask has no public way to leave it out
    fresh = fingerprint == shelf.fingerprint
    response = send_file(path, mimetype=TYPES.get(path.suffix), max_age=FOREVER if fresh else 0)
    response.cache_control.public = fresh
    response.cache_control.immutable = fresh
    response.make_conditional(request)
    return response


def _vendor_shelf() -> Shelf:
    return _read_vendor(Path(current_app.config["NODE_MODULES"]))


def _own_shelf() -> Shelf:
    # While developing, a saved file must show at the next page.
    return _read_own.__wrapped__(STATIC) if current_app.debug else _read_own(STATIC)


@lru_cache
def _read_vendor(node_modules: Path) -> Shelf:
    files = {name: node_modules / path for name, path in VENDOR.items()}
    missing = [str(path) for path in files.values() if not path.is_file()]
    if missing:
        raise MissingAssetsError(
            f"The browser packages are not installed ({missing[0]} is missing): "
            "run `python run.py assets`."
        )
    return Shelf(files)


@lru_cache
def _read_own(root: Path) -> Shelf:
    return Shelf(
        {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    )
