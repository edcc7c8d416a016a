"""Errors → answers: which status, and a page that says what happened and what to do. A test holds every error against this table."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from breachdesk import errors
from breachdesk.resources import MissingFile
from breachdesk.timekeeping.calendars import CalendarEnds

log = structlog.get_logger()
Answer = tuple[str, int] | Any

STATUS: Mapping[type[errors.BreachdeskError], tuple[int, str]] = {
    errors.NotFound: (404, "Page not found"),
    errors.NotPermitted: (403, "This is not yours to do"),
    errors.DeclarationNeeded: (403, "Say first whether you have an interest"),
    errors.SignInNeeded: (401, "Sign in"),
    errors.Refused: (409, "This cannot be done now"),
    errors.StaleCase: (409, "Somebody else was first"),
    errors.TooManyTries: (429, "Too many tries"),
    errors.Busy: (503, "The desk is busy"),
    errors.Invalid: (422, "Some answers cannot be right"),
    errors.BadFile: (422, "The file cannot be used"),
    errors.BadProcedure: (422, "The procedure file cannot be used"),
    errors.BadCompact: (422, "The Compact file cannot be used"),
    errors.BadScheme: (422, "The scheme file cannot be used"),
    errors.BadRehearsal: (422, "The rehearsal cannot be played"),
    errors.LogBroken: (500, "The record was altered"),
    errors.BadCheckpoint: (422, "This checkpoint cannot be relied on"),
    errors.BadExport: (422, "This is no whole export of a log"),
    CalendarEnds: (409, "The calendar ends too early"),
}
# Raised before anything is served, or caught where they happen.
NEVER_ANSWERED = {errors.BadBackup, errors.BadSettings, errors.DeliveryFailed, MissingFile}
_PLAIN = {404: ("Page not found", "There is nothing at this address that you can see. Check it, or go to the start page."),
          405: ("This cannot be done here", "The page was asked in a way that it does not know. Go back and use its buttons."),
          413: ("That is too much at once", "What was sent is larger than the desk takes here. Shorten it, or choose a smaller file."),
          400: ("This could not be read", "What was sent could not be read. Go back, and try again.")}


def set_up_answers(app: Flask) -> None:
    app.register_error_handler(errors.BreachdeskError, _known)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _plain)
    app.register_error_handler(Exception, _unknown)


def _page(status: int, heading: str, *paragraphs: str) -> Answer:
    return render_template("error.html", heading=heading, paragraphs=[one for one in paragraphs if one]), status


def _known(error: errors.BreachdeskError) -> Answer:
    if isinstance(error, errors.SignInNeeded) and request.method in ("GET", "HEAD"):
        return redirect(url_for("sign_in.form", next=request.full_path.rstrip("?")))
    if isinstance(error, errors.DeclarationNeeded):
        return redirect(url_for("declare.form", reference=error.reference), code=303)
    found = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), None)
    if found is None:
        return _unknown(error)
    status, heading = found
    if status >= 500:
        log.error("answered", code=error.code, error=str(error))
    paragraphs = error.reasons if isinstance(error, errors.Refused) else (str(error),)
    return _page(status, heading, *paragraphs)


def _stale_form(error: CSRFError) -> Answer:
    return _page(400, "Please send that again", "This page was open for a long time, or in another window, so we could not be sure that it "
                 "was you who sent it. Nothing was changed. Go back, reload the page, and send it again.")


def _plain(error: HTTPException) -> Answer:
    if error.response is not None or (error.code or 500) < 400:
        return error
    heading, text = _PLAIN.get(error.code or 500, ("This did not work", "Go back, and try again."))
    return _page(error.code or 500, heading, text)


def _unknown(error: Exception) -> Answer:
    """Our own fault: the person gets a number, the operator the whole story under it."""
    number = secrets.token_hex(4).upper()
    log.exception("unexpected_error", number=number, path=request.path, error_type=type(error).__name__)
    return _page(500, "Something went wrong on our side", "Nothing was changed. Please try again in a moment.",
                 f"If it happens again, tell the coordinator this number: {number}.")
