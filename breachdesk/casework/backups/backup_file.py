"""The file of a backup: a tar file whose first member says what it is and whose last lists every other with its digest; enciphered or not.

Tables are in it as lines of JSON, in pieces of a size that memory holds. Everything streams: it is never whole in memory.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, cast

from breachdesk.casework.backups.enciphering import MAGIC, Deciphering
from breachdesk.errors import BadBackup
from breachdesk.store.copying import Shape

FORMAT = "breachdesk-backup/1"
ABOUT, LIST, TABLES = "about.json", "list.json", "tables"
_BLOCK = 1024 * 1024
_LINE = json.JSONEncoder(separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself first: when it was made, by which program, the newest migration of its tables, and their shapes."""

    made_at: str
    program: str
    revision: str
    practice: bool
    shapes: tuple[Shape, ...]


class Writing:
    """A backup in the making. `close` writes the list, without which it is not whole."""

    def __init__(self, out: Any, about: About) -> None:
        self._tar = tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115  It outlives this call.
        self._members: dict[str, list[object]] = {}
        says = {"format": FORMAT, "made_at": about.made_at, "program": about.program, "revision": about.revision,
                "practice": about.practice, "tables": about.shapes}
        self.add(ABOUT, json.dumps(says, indent=1).encode())

    def add(self, name: str, content: bytes) -> None:
        """Add a small member that is in memory."""
        self._add(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, path: Path) -> int:
        """Add a file; its size."""
        with path.open("rb") as file:
            size = path.stat().st_size
            self._add(name, file, size)
        return size

    def add_rows(self, name: str, rows: Iterator[list[Any]]) -> Iterator[int]:
        """Add a table, a piece at a time; how many rows each piece had."""
        lines, length, number = list[bytes](), 0, 0
        for row in rows:
            lines.append(_LINE.encode(row).encode() + b"\n")
            length += len(lines[-1])
            if length >= _BLOCK:
                self.add(f"{TABLES}/{name}/{number:06}", b"".join(lines))
                yield len(lines)
                lines, length, number = [], 0, number + 1
        if lines:
            self.add(f"{TABLES}/{name}/{number:06}", b"".join(lines))
            yield len(lines)

    def close(self, says: Mapping[str, object]) -> None:
        """Write the list: every member with its size and digest, and what else is to be said of the whole."""
        self.add(LIST, json.dumps({**says, "members": self._members}).encode())
        self._tar.close()

    def _add(self, name: str, content: BinaryIO, size: int) -> None:
        member, hashed = tarfile.TarInfo(name), _Hashed(content)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, cast(Any, hashed))
        self._members[name] = [size, hashed.digest.hexdigest()]


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.digest = sha256()

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._file.read(size)
        self.digest.update(data)
        return data


@dataclass(frozen=True, slots=True)
class Listed:
    """A backup that was read through and is whole: what it says of itself first and last, and the members that were asked for."""

    about: About
    says: Mapping[str, Any]
    kept: Mapping[str, bytes]


@contextmanager
def _opened(path: Path, key: str) -> Iterator[Any]:
    with path.open("rb") as file:
        enciphered = file.read(len(MAGIC)) == MAGIC
        file.seek(0)
        if enciphered and not key:
            raise BadBackup("The backup is enciphered. Give its key: BREACHDESK_BACKUP_KEY, or --key-file FILE.")
        yield Deciphering(file, key) if enciphered else file


def members(path: Path, key: str) -> Iterator[tuple[str, Any]]:
    """Each member in order: its name, and a file to read it from before the next is asked for. Raises BadBackup."""
    begun = False
    with _opened(path, key) as source:
        try:
            with tarfile.open(fileobj=source, mode="r|") as tar:
                for one in tar:
                    begun = True
                    if not one.isreg():
                        raise BadBackup(f"“{one.name[:80]}” in the backup is no file: it was put there by somebody else.")
                    yield one.name, _Member(tar.extractfile(one))
            while source.read(_BLOCK):
                pass
        except (tarfile.TarError, EOFError) as error:
            raise BadBackup(_BROKEN if begun else _NONE) from error


class _Member:
    """What is read of one member. Raises BadBackup where the file ends too early."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        try:
            return bytes(self._file.read(size))
        except (tarfile.TarError, EOFError) as error:
            raise BadBackup(_BROKEN) from error


_BROKEN = "The backup was cut off, or damaged so that the rest of it cannot be found."
_NONE = "This is no backup of Breachdesk: it does not begin like one."


def read_through(path: Path, key: str, keep: tuple[str, ...] = ()) -> Listed:
    """Read all of a backup and hold every member against the list at its end. Raises BadBackup, naming what is not whole.

    KEEP: how the names of those begin whose content is wanted.
    """
    found, kept = dict[str, list[object]](), dict[str, bytes]()
    about, listed = None, None
    for name, content in members(path, key):
        if about is None:
            raw = content.read(_BLOCK) if name == ABOUT else b""
            about = _about(raw)
            found[name] = [len(raw), sha256(raw).hexdigest()]
        elif name == LIST:
            listed = _object(content.read())
        elif name.startswith(keep):
            raw = kept[name] = content.read()
            found[name] = [len(raw), sha256(raw).hexdigest()]
        else:
            found[name] = _measured(content)
    if about is None:
        raise BadBackup(_NONE)
    if listed is None:
        raise BadBackup("The backup was cut off: the list at its end is missing.")
    wanted = listed.get("members")
    wrong = sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name)) if isinstance(wanted, dict) else [LIST]
    if wrong:
        raise BadBackup(f"“{wrong[0]}” in the backup is not what was put into it: the file was damaged, or somebody changed it.")
    return Listed(about, listed, kept)


def _measured(content: Any) -> list[object]:
    size, digest = 0, sha256()
    while block := content.read(_BLOCK):
        size += len(block)
        digest.update(block)
    return [size, digest.hexdigest()]


def _about(raw: bytes) -> About:
    says = _object(raw) if raw else {}
    if not str(says.get("format", "")).startswith(FORMAT.partition("/")[0]):
        raise BadBackup(_NONE)
    if says["format"] != FORMAT:
        raise BadBackup(f"The backup is of the kind “{str(says['format'])[:40]}”, and this program reads “{FORMAT}”. Use the version that "
                        "made it, or a newer one.")
    tables = tuple((name, tuple((column, kind) for column, kind in columns)) for name, columns in says["tables"])
    return About(says["made_at"], says["program"], says["revision"], says["practice"], tables)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}
