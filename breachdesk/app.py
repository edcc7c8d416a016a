"""The web application: composes gate and web, and nothing else."""

from __future__ import annotations

from importlib.util import find_spec

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from breachdesk.bootstrap import open_desk, secret_key
from breachdesk.casework.desk import Desk
from breachdesk.errors import BadSettings
from breachdesk.gate.answers import set_up_answers
from breachdesk.gate.headers import file_headers, set_up_headers
from breachdesk.gate.needs import guard
from breachdesk.gate.reads_noted import set_up_reads
from breachdesk.gate.refusals import set_up_refusals
from breachdesk.gate.sessions import set_up_sessions
from breachdesk.gate.uploads import set_up_uploads
from breachdesk.settings import Settings, read_settings
from breachdesk.web import set_up_pages
from breachdesk.web.pages_setup import Templates


def create_app(settings: Settings | None = None, desk: Desk | None = None) -> Flask:
    """The application for a desk. Raises BadSettings or NotFound when there is nothing to serve."""
    settings = settings or read_settings()
    secure = settings.base_url.startswith("https://")
    app = Flask("breachdesk.web")
    app.jinja_environment = Templates
    app.config.update(
        SECRET_KEY=secret_key(settings),
        SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_NAME="__Host-desk" if secure else "desk", WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=secure,
        METRICS_TOKEN=_metrics_token(settings))
    app.extensions["breachdesk"] = desk or open_desk(settings)
    set_up_uploads(app)
    CSRFProtect(app)
    set_up_headers(app, secure=secure)
    set_up_refusals(app)
    set_up_answers(app)
    set_up_sessions(app)
    guard(app)
    set_up_reads(app)
    set_up_pages(app)
    _serve_static(app, secure=secure)
    if settings.proxies:
        # Only what so many proxies of our own have added is believed; anybody can send the header itself.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    return app


def _metrics_token(settings: Settings) -> str:
    if settings.metrics_token and find_spec("prometheus_client") is None:
        raise BadSettings("BREACHDESK_METRICS_TOKEN is set, and figures need a package that is not installed: breachdesk[metrics].")
    return settings.metrics_token


def _serve_static(app: Flask, *, secure: bool) -> None:
    """What browsers load is served from memory's index, with long-lived caching, before any view is asked."""
    static = app.static_folder or ""
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=static, prefix="static/", allow_all_origins=False, max_age=3600,  # type: ignore[method-assign]
                              add_headers_function=file_headers(secure=secure))
