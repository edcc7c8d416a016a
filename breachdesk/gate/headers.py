"""What every answer says to the browser: run nothing but our own files, frame us nowhere, keep nothing personal."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

from breachdesk.gate.current import the_actor
from breachdesk.identity import NOBODY

_POLICY = ("default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
           "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'")


def csp_nonce() -> str:
    """A number used once, for the few scripts that stand in a page."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def set_up_headers(app: Flask, *, secure: bool) -> None:
    app.jinja_env.globals["csp_nonce"] = csp_nonce

    @app.after_request
    def _say(answer: Response) -> Response:
        # A file that is handed out has a policy of its own, which allows it nothing at all.
        answer.headers.setdefault("Content-Security-Policy", _POLICY.format(nonce=csp_nonce()))
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        answer.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        if secure:
            answer.headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint != "static":
            answer.vary.add("Cookie")
            if the_actor() != NOBODY:
                answer.headers["Cache-Control"] = "no-store"
        return answer
