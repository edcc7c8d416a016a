"""Addresses of pages, for mails and letters, which are written where no request is."""

from __future__ import annotations


def case_link(base_url: str, reference: str) -> str:
    """The page of a case."""
    return f"{base_url.rstrip('/')}/cases/{reference}"
