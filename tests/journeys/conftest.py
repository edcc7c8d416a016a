"""Whole journeys use what the pages' tests use."""

from __future__ import annotations

from web.conftest import app, reader

__all__ = ["app", "reader"]
