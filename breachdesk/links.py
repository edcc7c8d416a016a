"""Addresses of pages, for mails and letters, which are written where no request is."""

from __future__ import annotations


def case_link(base_url: str, reference: str) -> str:
    """The page of a case."""
    return f"{base_url.rstrip('/')}/cases/{reference}"


def declare_link(base_url: str, reference: str) -> str:
    """The page on which somebody says whether they have an interest in a case."""
    return f"{case_link(base_url, reference)}/declare"


def checks_of_the_record(base_url: str) -> str:
    """The page where anybody checks a receipt, and finds the key that signs the log."""
    return f"{base_url.rstrip('/')}/record"


def mailed_link(base_url: str, token: str) -> str:
    """The page that a mailed link opens. The host is the desk's own setting, never what a request said."""
    return f"{base_url.rstrip('/')}/link/{token}"


def forgotten_password(base_url: str) -> str:
    """The page where somebody asks for a new password."""
    return f"{base_url.rstrip('/')}/sign-in/password"
