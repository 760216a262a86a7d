"""create_app(): the only place where the parts meet."""

from __future__ import annotations

import datetime as dt
import gc
import os
import secrets
from typing import Any

from flask import Flask, abort, g, jsonify, request
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix

import app.security.fab_models  # noqa: F401 - FAB must find our identity tables
from app import doorbell, encryption, mail, shell, site, storage
from app.admin.boards.switch import ways_to_look
from app.admin.navigation import navigation
from app.assets import init_app as register_assets
from app.audit.who import tell_database
from app.compression import register_compression
from app.db import session
from app.extensions import csrf, db
from app.headers import register_headers
from app.hosts import register_hosts
from app.http_errors import register_error_handlers
from app.i18n import LANGUAGES, TRANSLATIONS, compile_catalogues
from app.limits import register_limits
from app.local.instance import Instance
from app.locale import switch_language, user_language, user_locale
from app.logs import configure_logging
from app.rate_limits import register_rate_limits
from app.security.new_password_first import require_new_password
from app.security.session_interface import SessionsOnTheServer
from app.services.sunat import gateway
from config import ROOT, Settings, load_settings

# psycopg prepares what it sends often; a plan that fits any text to search for doesn't use the
# trigram indexes, so each is planned for its own values.
PER_CONNECTION = "-c timezone=UTC -c plan_cache_mode=force_custom_plan"


def create_app(settings: Settings | None = None) -> Flask:
    """A ready application; touches neither the database nor Redis.

    Raises ConfigError when the environment can't be used.
    """
    settings = settings or load_settings()
    configure_logging(settings)
    compile_catalogues()
    app = Flask("app", root_path=str(ROOT / "app"), instance_path=str(ROOT / "instance"))
    app.config.update(_flask_config(settings))
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    doorbell.configure(settings.redis_url)
    storage.configure(settings.storage_dir)
    encryption.configure(settings.encryption_keys)
    site.configure(settings.base_url)
    gateway.configure(settings.sunat_simulator_url)
    mail.configure(mail.SmtpMailer(settings.smtp_url), settings.mail_from)
    register_compression(app)
    app.before_request(_begin_request)
    register_hosts(app, settings)
    register_limits(app)
    register_headers(app, settings)
    register_error_handlers(app)
    db.init_app(app)
    register_rate_limits(app)
    csrf.init_app(app)
    app.session_interface = SessionsOnTheServer()
    register_assets(app)
    shell.init_app(app)
    app.add_url_rule("/healthz", view_func=_health)
    app.before_request(require_new_password)
    with app.app_context():
        for engine in db.engines.values():
            tell_database(engine)
        _add_appbuilder(app)
    _add_commands(app)
    app.jinja_env.globals.update(
        navigation=navigation, user_language=user_language, ways_to_look=ways_to_look
    )
    gc.freeze()
    return app


def _add_appbuilder(app: Flask) -> None:
    from flask_appbuilder import AppBuilder

    from app.admin.menu import LinearMenu
    from app.admin.rest.openapi import ApiReferenceView, OpenApi
    from app.admin.rest.problem_pages import ProblemsView
    from app.security.manager import SecurityManager
    from views import register_views
    from views.home import HomeView

    builder = AppBuilder(
        menu=LinearMenu(), security_manager_class=SecurityManager, indexview=HomeView
    )
    builder.init_app(app, db.session)
    app.view_functions["LocaleView.index"] = switch_language
    # FAB's own browser files are old packages that no page of ours uses.
    app.view_functions["appbuilder.static"] = lambda filename: abort(404)  # noqa: ARG005 - the route's
    builder.bm.babel.init_app(app, locale_selector=user_locale)
    builder.add_api(OpenApi)
    builder.add_view_no_menu(ApiReferenceView)
    builder.add_view_no_menu(ProblemsView)
    register_views(builder)


def _add_commands(app: Flask) -> None:
    from app.cli import register_commands

    register_commands(app)


def _flask_config(settings: Settings) -> dict[str, Any]:
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "OWNER_DATABASE_URI": settings.database_owner_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_pre_ping": True,
            "pool_use_lifo": True,  # the warm connection first: it knows the catalog
            "pool_size": 8,
            "max_overflow": 8,
            "connect_args": {"options": _per_connection(settings), "connect_timeout": 5},
            # Errors are logged: the values of a statement may be anybody's data.
            "hide_parameters": True,
        },
        "APP_NAME": "Qhatu",
        "TIMEZONE": settings.timezone,
        "LANGUAGES": LANGUAGES,
        "BABEL_DEFAULT_LOCALE": "en",
        "BABEL_TRANSLATION_DIRECTORIES": str(TRANSLATIONS),
        "NODE_MODULES": os.environ.get("QHATU_NODE_MODULES", str(ROOT / "node_modules")),
        "STORAGE_DIR": settings.storage_dir,
        "MAIL_FOLDER": str(Instance.default().mail),
        "FAB_CREATE_DB": False,
        "FAB_UPDATE_PERMS": False,
        "FAB_API_SWAGGER_UI": False,
        "FAB_API_MAX_PAGE_SIZE": 200,
        "FAB_API_KEY_ENABLED": True,
        "JWT_ACCESS_TOKEN_EXPIRES": dt.timedelta(minutes=30),
        "RATELIMIT_ENABLED": True,
        "RATELIMIT_STORAGE_URI": settings.redis_url.replace("unix://", "redis+unix://", 1),
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_HEADERS_ENABLED": True,
        # Browsers take a __Host- cookie from this very host only, never from a neighbour.
        "SESSION_COOKIE_NAME": "__Host-qhatu" if settings.secure_cookies else "qhatu",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_PROTECTION": None,  # Flask-Login's, for sessions that are in the cookie
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session
    }


def _per_connection(settings: Settings) -> str:
    return f"{PER_CONNECTION} -c statement_timeout={settings.statement_seconds}s"


def _begin_request() -> None:
    """Every request has an id for logs and audit (a proxy's own is kept) and, for the pages of
    refusals too, somebody who asks."""
    g.user = current_user
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if given.isalnum() and len(given) <= 64 else secrets.token_hex(16)  # noqa: PLR2004 - a bound


def _health() -> Any:
    """200 when the database and Redis answer; the web process is ready."""
    from sqlalchemy import text

    session().execute(text("SELECT 1"))
    doorbell.connection().ping()
    return jsonify(status="ok")
