"""Every view says who may use it. One that does not say so answers nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.people.terms import must_accept
from breachdesk.errors import NotPermitted, SignInNeeded
from breachdesk.gate.current import the_actor, the_desk, the_presence
from breachdesk.gate.kept_forms import KEPT, page_to_come_back_to
from breachdesk.identity import NOBODY
from breachdesk.permissions import Permission, may, require

# What somebody may do who needs a second step of signing in and has not set it up yet: that, and sign out.
_BEFORE_SET_UP = {Permission.OWN_ACCOUNT, Permission.SIGN_IN}
View = TypeVar("View", bound=Callable[..., Any])
# What a view answers: a page, a way to go on to, or a page with the status that says what was wrong.
Answer = str | Response | tuple[str, int]
# What somebody can do who has not accepted the terms of use: read what is open to everybody, look after the account, sign out.
_BEFORE_THE_TERMS = (Permission.READ_PUBLIC_PAGES, Permission.READ_TERMS, Permission.SIGN_IN, Permission.OWN_ACCOUNT)


def needs(permission: Permission, *, fresh: bool = False) -> Callable[[View], View]:
    """Mark a view with the permission that it needs. FRESH: and with having proved in the last ten minutes who one is.

    Whoever has not is led to the page “Confirm that it is you”, and back. Mark the page with the form as well as what the form is sent
    to; whoever takes long over it finds it filled in again, when the page asks `typed_before`.
    """
    def mark(view: View) -> View:
        view.needs = permission  # type: ignore[attr-defined]
        view.fresh = fresh  # type: ignore[attr-defined]
        return view
    return mark


def guard(app: Flask) -> None:
    """Ask for the permission before every view."""
    @app.before_request
    def _require() -> Any:
        if request.endpoint in (None, "static"):
            return None
        view = current_app.view_functions[str(request.endpoint)]
        permission = getattr(view, "needs", None)
        if permission is None:
            raise NotPermitted(f"The page {request.endpoint} does not say who may use it, so nobody may.")
        if the_actor() == NOBODY and not may(NOBODY, permission):
            raise SignInNeeded
        present = the_presence()
        if present and present.must_set_up and permission not in _BEFORE_SET_UP:
            return redirect(url_for("second_step.page"), code=303)
        require(the_actor(), permission)
        if permission not in _BEFORE_THE_TERMS and must_accept(the_desk(), the_actor()):
            return redirect(url_for("terms.page"), code=303)
        # What is typed on “My account” is passwords and codes, which are not kept.
        return _confirmation(keeping=permission is not Permission.OWN_ACCOUNT) if getattr(view, "fresh", False) else None


def _confirmation(*, keeping: bool) -> Any:
    """The way to the page “Confirm that it is you”, KEEPING what was typed; or nothing when that was done just now."""
    present = the_presence()
    if present is None or present.is_fresh(the_desk().wall()):
        return None
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("confirming.form", next=request.full_path.rstrip("?")))
    page = page_to_come_back_to(keeping=keeping)
    kept = " What you typed is kept for a quarter of an hour." if f"{KEPT}=" in page else ""
    flash(f"Nothing was changed yet. Confirm that it is you, then send the form again.{kept}", "news")
    return redirect(url_for("confirming.form", next=page), code=303)
