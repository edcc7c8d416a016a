"""Whole journeys use what the pages' tests use."""

from __future__ import annotations

from web.conftest import app, reader, shared_apps

__all__ = ["app", "reader", "shared_apps"]
