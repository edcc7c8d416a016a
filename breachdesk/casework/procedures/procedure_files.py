"""Procedure files on their way into a desk: read, and checked as a whole, since what comes in stays.

One that is stored already is read by `casework.desk`, which does not check it again.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from breachdesk.errors import BadProcedure
from breachdesk.resources import folder
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.loading import load_checked
from breachdesk.workflow.model_checks import Checked


def sound_procedure(text: str, file: str) -> tuple[Procedure, Checked]:
    """The procedure in the file and what the checks of it found out. Raises BadProcedure with every fault: no case must get stuck in it."""
    try:
        return _checked(text)
    except BadProcedure as wrong:
        raise BadProcedure(replace(fault, file=file) for fault in wrong.faults) from None


@lru_cache(maxsize=8)
def _checked(text: str) -> tuple[Procedure, Checked]:
    """The same for a text, whatever its file is called: a check takes a second."""
    return load_checked(text, "", letters())


def letters() -> tuple[str, ...]:
    """The names of the letters that an action can offer to start from."""
    return tuple(sorted(path.stem for path in (folder("templates") / "letters").glob("*.txt")))
