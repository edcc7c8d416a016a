"""Addresses to go on to: only ever ours, whatever a link, a form or a browser says."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request


def ours(address: str) -> str:
    """An address of ours to go on to, or nothing: never another site's."""
    parts = urlsplit(address.replace("\\", "/")) if address.isprintable() else None
    good = parts and address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return address if good else ""


def page_behind_the_form() -> str:
    """The page of ours on which the form stood that was just sent, as the browser says; or nothing."""
    try:
        said = urlsplit(request.referrer or "")
    except ValueError:
        return ""
    if said.netloc != request.host:
        return ""
    return ours(f"{said.path}?{said.query}" if said.query else said.path)
