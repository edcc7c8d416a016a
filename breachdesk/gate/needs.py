"""Every view says who may use it. One that does not say so answers nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from breachdesk.errors import NotPermitted, SignInNeeded
from breachdesk.gate.current import the_actor
from breachdesk.identity import NOBODY
from breachdesk.permissions import Permission, may, require

View = TypeVar("View", bound=Callable[..., Any])


def needs(permission: Permission) -> Callable[[View], View]:
    """Mark a view with the permission that it needs."""
    def mark(view: View) -> View:
        view.needs = permission  # type: ignore[attr-defined]
        return view
    return mark


def guard(app: Flask) -> None:
    """Ask for the permission before every view."""
    @app.before_request
    def _require() -> None:
        if request.endpoint in (None, "static"):
            return
        permission = getattr(current_app.view_functions[str(request.endpoint)], "needs", None)
        if permission is None:
            raise NotPermitted(f"The page {request.endpoint} does not say who may use it, so nobody may.")
        if the_actor() == NOBODY and not may(NOBODY, permission):
            raise SignInNeeded
        require(the_actor(), permission)
