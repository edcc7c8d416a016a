"""Pages for people. Each module holds the pages of one feature; `forms` and `display` serve them all."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

from breachdesk.web.display import set_up_display
from breachdesk.web.navigation import set_up_navigation
from breachdesk.web.pages_setup import set_up_templates

# A page is added by adding its module here.
PAGES = (
    "front",
    "sign_in",
    "confirming",
    "mailed_links",
    "account",
    "second_step",
    "passkeys",
    "provider",
    "home",
    "lodge",
    "case",
    "rooms",
    "action",
    "identity",
    "letters",
    "commitments",
    "compacts",
    "procedures",
    "versions",
    "steering",
    "summary",
    "concerns",
    "organisations",
    "people",
    "terms",
    "figures",
    "log",
    "deadline",
    "record",
    "calendars",
    "operator",
    "metrics",
    "practice",
    "stories",
    "setting_up",
    "erasures",
    "retention",
)

# Interests in a case: who must stay out of it, and who can sit on a panel.
ABOUT_INTERESTS = ("passing_on", "panel", "declare", "breaking_glass")


def set_up_pages(app: Flask) -> None:
    """Give the application its templates and every page."""
    set_up_templates(app)
    set_up_display(app)
    set_up_navigation(app)
    for name in (*PAGES, *ABOUT_INTERESTS):
        app.register_blueprint(import_module(f"breachdesk.web.{name}").pages)
