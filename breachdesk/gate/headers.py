"""What every answer says to the browser: run nothing but our own files, frame us nowhere, keep nothing personal."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from wsgiref.headers import Headers

from flask import Flask, Response, g, request

from breachdesk.gate.current import the_actor
from breachdesk.identity import NOBODY

_POLICY = ("default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
           "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; object-src 'none'")


def csp_nonce() -> str:
    """A number used once, for the few scripts that stand in a page."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def always(*, secure: bool) -> dict[str, str]:
    """What every answer says, a page's and a file's alike. SECURE: the desk is served over HTTPS, and nothing beside it."""
    over_https = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if secure else {}
    return {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=(), microphone=(), geolocation=()", **over_https}


def file_headers(*, secure: bool) -> Callable[[Headers, str, str], None]:
    """What the server of our own files says with each: they hold no page, so nothing at all is run or loaded by one that is opened."""
    def say(headers: Headers, path: str, url: str) -> None:
        headers["Content-Security-Policy"] = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        for name, value in always(secure=secure).items():
            headers[name] = value
    return say


def set_up_headers(app: Flask, *, secure: bool) -> None:
    app.jinja_env.globals["csp_nonce"] = csp_nonce

    @app.after_request
    def _say(answer: Response) -> Response:
        # A file that is handed out has a policy of its own, which allows it nothing at all.
        answer.headers.setdefault("Content-Security-Policy", _POLICY.format(nonce=csp_nonce()))
        answer.headers.update(always(secure=secure))
        if request.endpoint != "static":
            answer.vary.add("Cookie")
            if the_actor() != NOBODY:
                answer.headers["Cache-Control"] = "no-store"
        return answer
