"""Errors in words, for standard error."""

from __future__ import annotations

from breachdesk.errors import BadFile, BreachdeskError, Invalid


def said(error: Exception) -> list[str]:
    """The lines that tell somebody at the command line what went wrong: each field, each fault with its place."""
    if isinstance(error, Invalid):
        return [f"{field}: {sentence}" for field, sentence in error.fields.items()] or [str(error)]
    if isinstance(error, BadFile):
        return [str(fault) for fault in error.faults] or [str(error)]
    if isinstance(error, BreachdeskError):
        return str(error).splitlines()
    if isinstance(error, OSError) and error.filename:
        return [f"{error.filename}: {error.strerror}"]
    first = (str(error).splitlines() or [""])[0]
    return [f"Something went wrong that Breachdesk has no words for: {type(error).__name__}: {first}",
            "To see where it came from: breachdesk --trace, and then the same command."]
