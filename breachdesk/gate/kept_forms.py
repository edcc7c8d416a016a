"""What somebody typed before they had to confirm who they are, so that the page behind the form shows it filled in."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from breachdesk.casework.signing_in.kept_forms import keep_form, kept_form
from breachdesk.gate.addresses import page_behind_the_form
from breachdesk.gate.current import the_actor, the_desk

KEPT = "kept"
_OUR_OWN = ("csrf_token", KEPT)


def page_to_come_back_to(*, keeping: bool) -> str:
    """The page on which the form stood that was just sent, KEEPING what was typed into it; or nothing, when nobody knows which."""
    page = page_behind_the_form() or _page_of_the_form()
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in _OUR_OWN]
    if not page or not typed or not keeping:
        return page
    bare, _, asked = page.partition("?")
    others = "".join(f"&{one}" for one in asked.split("&") if one and not one.startswith(f"{KEPT}="))
    key = keep_form(the_desk(), the_actor().account_id, request.path, typed)
    return f"{bare}?{KEPT}={key}{others}" if key else page


def _page_of_the_form() -> str:
    """The address that the form was sent to, when it is also a page."""
    try:
        current_app.url_map.bind(request.host).match(request.path, method="GET")
    except HTTPException:
        return ""
    return request.path


def typed_before(action: str) -> MultiDict[str, str]:
    """What this person sent to an address of ours before they had to confirm who they are; empty when there was nothing."""
    key = request.args.get(KEPT, "") if request.method == "GET" else ""
    return MultiDict(kept_form(the_desk(), the_actor().account_id, key, action) if key else ())
