"""Signing in through one's own organisation (OpenID Connect): there, and back."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from breachdesk.casework.signing_in import oidc
from breachdesk.gate import sessions
from breachdesk.gate.addresses import ours
from breachdesk.gate.current import the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission

pages = Blueprint("provider", __name__)


@pages.get("/sign-in/provider")
@needs(Permission.SIGN_IN)
def there() -> Response:
    """Send the browser to the provider; what it has to bring back stands in its signed cookie."""
    errand = oidc.begin(the_desk())
    sessions.keep_errand(errand, ours(request.args.get("next", "")))
    return redirect(errand.url)


@pages.get("/sign-in/provider/back")
@needs(Permission.SIGN_IN)
def back() -> Response | tuple[str, int]:
    provider = oidc.the_provider(the_desk())
    errand, after = sessions.take_errand()
    token = oidc.sign_in(the_desk(), errand, request.args, sessions.place()) if errand else None
    entered: Response | None = sessions.enter(token, ours(after)) if token else None
    return entered or (render_template("sign_in/provider_failed.html", provider=provider.name), 422)
