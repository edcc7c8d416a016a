"""Where the files are that the program brings along: what areas agree on, what people see, what browsers load.

In a checkout `workflows/` and `templates/` stand beside the package; a wheel carries them inside it.
"""

from __future__ import annotations

from pathlib import Path

from breachdesk.errors import BreachdeskError

_PACKAGE = Path(__file__).parent


class MissingFile(BreachdeskError):
    """A file that belongs to Breachdesk is missing. Install it again."""

    code = "missing-file"


def folder(name: str) -> Path:
    """The folder of that name: inside the package if it is there, else beside it. Raises MissingFile."""
    for place in (_PACKAGE / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise MissingFile(f"The folder {name} is missing from this installation of Breachdesk. Install it again.")


def text(name: str, *parts: str) -> str:
    """What a file in that folder says: `text("workflows", "procedures", "compact-dispute.v1.yaml")`. Raises MissingFile."""
    file = folder(name).joinpath(*parts)
    if not file.is_file():
        raise MissingFile(f"The file {name}/{'/'.join(parts)} is missing from this installation of Breachdesk. Install it again.")
    return file.read_text(encoding="utf-8")
