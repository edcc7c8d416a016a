"""What stands on every page: the menu for this person, the practice banner, the scheme's name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for

from breachdesk.clock import local_day
from breachdesk.gate.current import reading, the_actor, the_desk, the_presence
from breachdesk.identity import NOBODY
from breachdesk.permissions import Permission, may
from breachdesk.store.schemes import all_schemes
from breachdesk.timekeeping.said import said_day

# (words, endpoint, the permission without which it is not shown, only for people who have signed in)
_MENU = (
    ("What is waiting for me", "home.page", Permission.USE_HOME, True),
    ("Cases", "case.listed", Permission.READ_CASES, True),
    ("Make a complaint", "lodge.start", Permission.LODGE, False),
    ("Commitments", "commitments.browse", Permission.READ_PUBLIC_PAGES, False),
    ("Who can help", "front.help_people", Permission.READ_PUBLIC_PAGES, False),
    ("Concerns", "concerns.page", Permission.NOTE_CONCERNS, True),
    ("Escalated disputes", "steering.queue", Permission.READ_ESCALATED, True),
    ("People", "people.listed", Permission.SEE_PEOPLE, True),
    ("Organisations", "organisations.listed", Permission.SEE_ORGANISATIONS, True),
    ("Figures", "figures.page", Permission.READ_FIGURES, False),
    ("Health", "operator.page", Permission.READ_HEALTH, True),
    ("Log", "log.page", Permission.READ_LOG, True),
)


@dataclass(frozen=True, slots=True)
class Practice:
    """What the banner of a practice desk says."""

    today: str
    url: str


def set_up_navigation(app: Flask) -> None:
    @app.context_processor
    def _context() -> dict[str, Any]:
        desk, actor = the_desk(), the_actor()
        with reading() as session:
            schemes = all_schemes(session)
            day = local_day(desk.now(session))
        practice = Practice(said_day(day), url_for("practice.clock")) if desk.practice else None
        return {"navigation": _menu(), "practice": practice, "scheme_title": schemes[0].title if len(schemes) == 1 else "",
                "actor": actor, "today": day}


def _menu() -> list[tuple[str, str, bool]]:
    actor = the_actor()
    items = [(words, url_for(endpoint), request.endpoint == endpoint) for words, endpoint, permission, signed_in in _MENU
             if (may(actor, permission) if actor != NOBODY else not signed_in)]
    if actor == NOBODY:
        return [*items, ("Sign in", url_for("sign_in.form"), request.endpoint == "sign_in.form")]
    present = the_presence()
    own = [("My account", url_for("account.page"), request.blueprint in ("account", "second_step", "passkeys")),
           ("Sign out", url_for("sign_in.leaving"), request.endpoint == "sign_in.leaving")]
    return own if present and present.must_set_up else [*items, *own]
