"""Writes the record of processing in docs/privacy.md anew, from the registry of personal fields.

    .venv/bin/python tests/rules/privacy_told.py
"""

from __future__ import annotations

from pathlib import Path

from breachdesk.casework.forgetting.personal_fields import as_table

DOCUMENT = Path(__file__).parents[2] / "docs" / "privacy.md"
BEGIN, END = "<!-- made: record of processing -->", "<!-- end of what was made -->"


def told(text: str) -> str:
    """The document with the table as it is today."""
    before, _, rest = text.partition(BEGIN)
    return "\n".join([before + BEGIN, *as_table(), END]) + rest.partition(END)[2]


if __name__ == "__main__":
    DOCUMENT.write_text(told(DOCUMENT.read_text("utf-8")), "utf-8")
