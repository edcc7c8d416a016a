"""Procedure files that come with the product and are published: a list of their digests beside them, so that none is edited afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from breachdesk.casework.procedures.procedure_files import sound_procedure
from breachdesk.errors import Fault, Refused
from breachdesk.workflow.definition import Procedure

LOCK = "published.lock"
_REMEDY = "undo that, and write what is new into a file of its own with the next version"


@dataclass(frozen=True, slots=True)
class Locked:
    """One line of the list: a file's name, the version it holds, and the SHA-256 of its bytes."""

    file: str
    version: str
    digest: str


def read_lock(folder: Path) -> tuple[Locked, ...]:
    """The published files of a folder; none when there is no list."""
    path = folder / LOCK
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return tuple(Locked(*line.split()) for line in lines if line.strip() and not line.startswith("#"))


def lock_faults(folder: Path) -> list[Fault]:
    """Every published file that is gone, or is not as it was when it was published."""
    found = []
    for one in read_lock(folder):
        path = folder / one.file
        if not path.is_file():
            found.append(Fault(str(path), 1, 1, f"version {one.version} is published and its file is gone: put it back"))
        elif sha256(path.read_bytes()).hexdigest() != one.digest:
            found.append(Fault(str(path), 1, 1, f"version {one.version} is published and was edited since: {_REMEDY}"))
    return found


def require_as_published(folder: Path, name: str) -> None:
    """Raise Refused when a file of the folder (its name without ending) was edited after it was published."""
    if faults := [fault for fault in lock_faults(folder) if Path(fault.file).stem == name]:
        raise Refused(str(faults[0]))


def lock_file(path: Path) -> Procedure:
    """Put a file on the list of published ones beside it. Raises BadProcedure, or Refused when that version is on it."""
    content = path.read_bytes()
    procedure, _ = sound_procedure(content.decode("utf-8"), str(path))
    if known := next((one for one in read_lock(path.parent) if one.file == path.name), None):
        same = known.digest == sha256(content).hexdigest()
        raise Refused(f"{path.name} is locked already." if same else f"{path.name} is locked as version {known.version}: {_REMEDY}.")
    with (path.parent / LOCK).open("a", encoding="utf-8") as lock:
        lock.write(f"{path.name} {procedure.version} {sha256(content).hexdigest()}\n")
    return procedure
