"""How much a request may hold: one megabyte, and for the few views that take a file as much more as a file may be large."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from breachdesk.casework.files import MEGABYTE, Incoming
from breachdesk.gate.current import the_desk

View = TypeVar("View", bound=Callable[..., Any])
LARGEST_REQUEST = MEGABYTE


def takes_a_file(view: View) -> View:
    """Mark a view that a file can be sent to."""
    view.takes_a_file = True  # type: ignore[attr-defined]
    return view


def sent_files(name: str) -> list[Incoming]:
    """The files that were chosen in a field: no more is read of each than may be kept, and one byte that shows that it is more."""
    most = the_desk().files.megabytes * MEGABYTE + 1
    return [Incoming(one.filename, one.stream.read(most)) for one in request.files.getlist(name) if one.filename]


def set_up_uploads(app: Flask) -> None:
    """Say for each request how large it may be, before anything of it is read."""
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_REQUEST, MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST)

    @app.before_request
    def _bound() -> None:
        if getattr(current_app.view_functions.get(str(request.endpoint)), "takes_a_file", False):
            request.max_content_length = LARGEST_REQUEST + the_desk().files.megabytes * MEGABYTE
