"""Pages for people. Each module holds the pages of one feature; `forms` and `display` serve them all."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def set_up_pages(app: Flask) -> None:
    """Give the application its templates and every page: whatever a module here has under `pages`."""
    # Imported here: the process that draws charts begins with a module of this package, and needs none of these.
    from flask import Blueprint

    from breachdesk.web.display import set_up_display
    from breachdesk.web.navigation import set_up_navigation
    from breachdesk.web.pages_setup import set_up_templates

    set_up_templates(app)
    set_up_display(app)
    set_up_navigation(app)
    for found in iter_modules(__path__, f"{__name__}."):
        pages = getattr(import_module(found.name), "pages", None)
        if isinstance(pages, Blueprint):
            app.register_blueprint(pages)
