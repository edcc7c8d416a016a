"""What can go wrong, in the words of the person it happens to.

An error's docstring is what a person reads unless the error was given better words; `code` is what a program reads.
Core and casework raise; `gate.answers` and `cli` turn errors into pages, JSON and exit codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta


class BreachdeskError(Exception):
    """Something went wrong on our side. Nothing was changed."""

    code = "error"

    def __str__(self) -> str:
        return super().__str__() or (self.__doc__ or "").strip()


class NotFound(BreachdeskError):
    """There is nothing here that you can see. Check the reference, or sign in."""

    code = "not-found"


class NotPermitted(BreachdeskError):
    """You are signed in, but this is not yours to do."""

    code = "not-permitted"


class DeclarationNeeded(NotPermitted):
    """Before you read the papers of a case, say whether you have an interest in it."""

    code = "declaration-needed"

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__(f"Before you read the papers of {reference}, say whether you have an interest in it.")


class SignInNeeded(BreachdeskError):
    """Sign in first; then you come back to this page."""

    code = "sign-in-needed"


class Refused(BreachdeskError):
    """The procedure does not allow this now."""

    code = "refused"

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class StaleCase(BreachdeskError):
    """Someone else changed this case while you were looking at it. Read what is new, then decide again."""

    code = "stale-case"


class TooManyTries(BreachdeskError):
    """That was tried too often."""

    code = "too-many-tries"

    def __init__(self, wait: timedelta) -> None:
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        super().__init__(f"That was tried too often. Wait {minutes} minute{'s' if minutes > 1 else ''}, then try again.")
        self.wait = wait


class Busy(BreachdeskError):
    """The desk is busy: somebody else is writing. Nothing was changed; try again in a moment."""

    code = "busy"


class Invalid(BreachdeskError):
    """Some answers are missing or cannot be right."""

    code = "invalid"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


@dataclass(frozen=True, order=True, slots=True)
class Fault:
    """One thing that is wrong with a file, and where: line and column count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class BadFile(BreachdeskError):
    """The file cannot be used as it is."""

    code = "bad-file"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class BadProcedure(BadFile):
    """The procedure file cannot be used as it is."""

    code = "bad-procedure"


class BadCompact(BadFile):
    """The Compact file cannot be used as it is."""

    code = "bad-compact"


class BadScheme(BadFile):
    """The scheme file cannot be used as it is."""

    code = "bad-scheme"


class BadRehearsal(BadFile):
    """The rehearsal cannot be played as it is written."""

    code = "bad-rehearsal"


class BadSettings(BreachdeskError):
    """The settings cannot be used as they are."""

    code = "bad-settings"


class LogBroken(BreachdeskError):
    """The record was altered after it was written."""

    code = "log-broken"


class BadCheckpoint(BreachdeskError):
    """This is no checkpoint of the log that can be relied on."""

    code = "bad-checkpoint"


class BadExport(BreachdeskError):
    """This file is no whole export of a log."""

    code = "bad-export"


class BadBackup(BreachdeskError):
    """This file is no whole backup of a desk."""

    code = "bad-backup"


class DeliveryFailed(BreachdeskError):
    """A message could not be delivered."""

    code = "delivery-failed"

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent
