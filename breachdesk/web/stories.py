"""What a procedure does, as stories with their days: for a committee that is to agree on it. Everybody can read them."""

from __future__ import annotations

from flask import Blueprint, render_template

from breachdesk.casework.rehearsals.stories_shown import stories, story_named
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission

pages = Blueprint("stories", __name__)


@pages.get("/procedure/stories")
@needs(Permission.READ_PUBLIC_PAGES)
def all_of_them() -> str:
    return render_template("stories/list.html", stories=stories())


@pages.get("/procedure/stories/<story>")
@needs(Permission.READ_PUBLIC_PAGES)
def one(story: str) -> str:
    return render_template("stories/one.html", story=story_named(story))
