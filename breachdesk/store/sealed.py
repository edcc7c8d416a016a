"""The log as a whole, as rows: entries that wait for their place, places and tiles, checkpoints, keys, and copies kept elsewhere."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from breachdesk.audit.chain import StoredEntry
from breachdesk.store.audit_log import ENTRIES
from breachdesk.store.columns import as_bytes
from breachdesk.store.prepared import Prepared
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_sealed import (
    CheckpointCopyRow,
    CheckpointReaderRow,
    CheckpointRow,
    LogKeyRow,
    PlaceRow,
    SealingRow,
    TileRow,
)

PLACES, TILES, SEALING, CHECKPOINTS = map(table_of, (PlaceRow, TileRow, SealingRow, CheckpointRow))
KEYS, READERS, COPIES = map(table_of, (LogKeyRow, CheckpointReaderRow, CheckpointCopyRow))
# On PostgreSQL an entry may become visible after others with higher numbers were sealed: so far back it is looked for every minute.
LOOK_BACK = 20_000


_CLAIM = select(SEALING.c.size).where(SEALING.c.id == 1).with_for_update(skip_locked=True)


def claim(session: Session) -> int | None:
    """Become the one who seals until the transaction ends; how many entries have their place. None while another one seals."""
    found = session.value(_CLAIM)
    return None if found is None else int(found)


def placed(session: Session) -> int:
    """How many entries have their place."""
    return int(session.value(select(SEALING.c.size).where(SEALING.c.id == 1)))


def waiting(session: Session, most: int, *, all_of_them: bool = False) -> list[tuple[int, StoredEntry]]:
    """(id, entry) of those without a place, in the order of their ids. ALL_OF_THEM looks back to the beginning, which takes longer."""
    after = -1 if all_of_them else _looked_for_after(session)
    return [(row.id, _stored(row)) for row in session.all(_WAITING, {"after": after, "most": most})]


def _looked_for_after(session: Session) -> int:
    """The id after which an entry without a place is looked for."""
    return int(session.value(_NEWEST_PLACED) or 0) - LOOK_BACK


_NEWEST_PLACED = select(func.max(PLACES.c.entry_id))
_UNPLACED = (ENTRIES.c.id > bindparam("after"), ~exists().where(PLACES.c.entry_id == ENTRIES.c.id))
_COLUMNS = (ENTRIES.c.subject, ENTRIES.c.seq, ENTRIES.c.event, ENTRIES.c.body, ENTRIES.c.prev_hash, ENTRIES.c.hash)
_WAITING = select(*_COLUMNS, ENTRIES.c.id).where(*_UNPLACED).order_by(ENTRIES.c.id).limit(bindparam("most"))
_FIRST_WAITING = select(ENTRIES.c.at).where(*_UNPLACED).order_by(ENTRIES.c.id).limit(1)


def oldest_waiting(session: Session, from_place: int) -> datetime | None:
    """When the first entry was written that has no place below one: that at this place, or else the oldest without a place."""
    there: datetime | None = session.value(select(ENTRIES.c.at).join(PLACES, PLACES.c.entry_id == ENTRIES.c.id)
                                           .where(PLACES.c.place == from_place))
    if there is None:
        there = session.value(_FIRST_WAITING, {"after": _looked_for_after(session)})
    return there


_ADD_PLACES, _SET_SIZE = PLACES.insert(), update(SEALING).values(size=bindparam("how_many"))


def add_places(session: Session, first: int, entry_ids: Sequence[int]) -> None:
    session.execute(_ADD_PLACES, [{"place": first + at, "entry_id": one} for at, one in enumerate(entry_ids)])
    session.execute(_SET_SIZE, {"how_many": first + len(entry_ids)})


_TILE = select(TILES.c.hashes).where(TILES.c.level == bindparam("height"), TILES.c.number == bindparam("which"))


def tile(session: Session, level: int, number: int) -> bytes:
    """The hashes of one tile; none when there is no such tile."""
    found = session.value(_TILE, {"height": level, "which": number})
    return b"" if found is None else as_bytes(found)


def put_tiles(session: Session, tiles: Mapping[tuple[int, int], bytes]) -> None:
    dialect: Any = postgresql if session.is_postgres else sqlite
    put = dialect.insert(TILES)
    rows = [{"level": level, "number": number, "hashes": hashes} for (level, number), hashes in tiles.items()]
    session.execute(put.on_conflict_do_update(index_elements=["level", "number"], set_={"hashes": put.excluded.hashes}), rows)


def tiles_between(session: Session, level: int, first: int, end: int) -> Iterator[tuple[int, bytes]]:
    """(number, hashes) of the tiles of a level from one number to before another, in order."""
    rows = session.streamed(200,
        select(TILES.c.number, TILES.c.hashes).where(TILES.c.level == level, TILES.c.number >= first, TILES.c.number < end)
        .order_by(TILES.c.number))
    for row in rows:
        yield row[0], as_bytes(row[1])


def tiles_above(session: Session) -> Iterator[tuple[int, int, bytes]]:
    """(level, number, hashes) of every tile above the lowest level."""
    for row in session.all(select(TILES.c.level, TILES.c.number, TILES.c.hashes).where(TILES.c.level > 0)):
        yield row[0], row[1], as_bytes(row[2])


def shift_of_places(session: Session, first: int, end: int) -> int | None:
    """What makes an entry's id of its place, where it is the same for all places from one to before another, and all are there."""
    shift = session.value(_SHIFT, {"first": first})
    alike = int(session.value(_SHIFTED, {"first": first, "end": end, "shift": shift}))
    return shift if alike == end - first else None


_SHIFT = select(PLACES.c.entry_id - PLACES.c.place).where(PLACES.c.place == bindparam("first"))
_BETWEEN_PLACES = select(func.count()).where(PLACES.c.place >= bindparam("first"), PLACES.c.place < bindparam("end"))
_SHIFTED = _BETWEEN_PLACES.where(PLACES.c.entry_id == PLACES.c.place + bindparam("shift"))


def places_between(session: Session, first: int, end: int) -> int:
    """How many places there are from one to before another."""
    return int(session.value(_BETWEEN_PLACES, {"first": first, "end": end}))


def sealed_ids(session: Session, first: int, end: int, many: int) -> Iterator[list[int]]:
    """The ids of the entries from one place to before another, in order, so MANY at a time. Places are without a gap: see `counts`."""
    for part in session.parts(_IDS, {"first": first, "end": end}, many):
        yield [row[0] for row in part]


def ids_of_places(session: Session, first: int, end: int) -> tuple[int, int]:
    """The lowest and the highest id of the entries that lie from one place to before another."""
    low, high = session.all(select(func.min(PLACES.c.entry_id), func.max(PLACES.c.entry_id))
                            .where(PLACES.c.place >= first, PLACES.c.place < end))[0]
    return low or 0, high or -1


def missing_place(session: Session, size: int) -> int:
    """The first place below a size that is not there."""
    there = session.connection.execute(select(PLACES.c.place).where(PLACES.c.place < size).order_by(PLACES.c.place)).scalars()
    return next((expected for expected, place in enumerate(there) if place != expected), 0)


def entries_between(session: Session, low: int, high: int, many: int, *, with_ids: bool = False) -> Generator[Sequence[Any]]:
    """The entries whose ids lie from one to another, in order, so MANY at a time: rows as the driver gives them, in the order of the fields
    of `StoredEntry`; behind them the id, if that is asked for."""
    yield from session.parts(_BETWEEN_WITH_IDS if with_ids else _BETWEEN, {"low": low, "high": high}, many)


_LIE = (ENTRIES.c.id >= bindparam("low"), ENTRIES.c.id <= bindparam("high"))
_BETWEEN_WITH_IDS = Prepared(select(*_COLUMNS, ENTRIES.c.id).where(*_LIE).order_by(ENTRIES.c.id))
_BETWEEN = Prepared(select(*_COLUMNS).where(*_LIE).order_by(ENTRIES.c.id))
_IDS = Prepared(select(PLACES.c.entry_id).where(PLACES.c.place >= bindparam("first"), PLACES.c.place < bindparam("end"))
                .order_by(PLACES.c.place))


_COUNTS = select(*(select(func.count()).select_from(table).scalar_subquery() for table in (ENTRIES, PLACES)))


def counts(session: Session) -> tuple[int, int]:
    """How many entries there are, and how many have a place."""
    entries, places = session.first(_COUNTS)
    return entries, places


_PLACE_OF = (select(PLACES.c.place).join(ENTRIES, ENTRIES.c.id == PLACES.c.entry_id)
             .where(ENTRIES.c.subject == bindparam("chain"), ENTRIES.c.seq == bindparam("number")))


def place_of(session: Session, subject: int, seq: int) -> int | None:
    """The place of one entry, if it has one."""
    found = session.value(_PLACE_OF, {"chain": subject, "number": seq})
    return None if found is None else int(found)


def entry_at(session: Session, place: int) -> StoredEntry | None:
    row = session.first(select(*_COLUMNS)
                        .join(PLACES, ENTRIES.c.id == PLACES.c.entry_id).where(PLACES.c.place == place))
    return None if row is None else _stored(row)


def add_checkpoint(session: Session, size: int, note: str, at: datetime) -> None:
    session.execute(CHECKPOINTS.insert(), {"size": size, "note": note, "sealed_at": at})


_LAST_CHECKPOINT = select(CHECKPOINTS).order_by(CHECKPOINTS.c.size.desc()).limit(1)


def last_checkpoint(session: Session) -> Any:
    """(size, note, sealed_at) of the newest checkpoint, or None before the first."""
    return session.first(_LAST_CHECKPOINT)


def checkpoint_from(session: Session, size: int) -> Any:
    """(size, note, sealed_at) of the first checkpoint that has at least so many entries, or None."""
    return session.first(select(CHECKPOINTS).where(CHECKPOINTS.c.size >= size).order_by(CHECKPOINTS.c.size).limit(1))


def checkpoint_notes(session: Session) -> Sequence[str]:
    """Every checkpoint's note, the smallest first."""
    return [row[0] for row in session.all(select(CHECKPOINTS.c.note).order_by(CHECKPOINTS.c.size))]


_KEYS = select(KEYS).order_by(KEYS.c.id.desc())


def keys(session: Session) -> Sequence[Any]:
    """(id, verifier, from_at, until_at) of every key that has signed, the newest first."""
    return session.all(_KEYS)


def add_key(session: Session, verifier: str, at: datetime) -> None:
    """Keep the public half of the key that signs from now on; the one before has had its time."""
    session.execute(update(KEYS).where(KEYS.c.until_at.is_(None)).values(until_at=at))
    session.execute(KEYS.insert().values(verifier=verifier, from_at=at))


def readers(session: Session) -> Sequence[Any]:
    """(id, name, address, sector, added_at) of everybody who is sent checkpoints."""
    return session.all(select(READERS).order_by(READERS.c.id))


def add_reader(session: Session, name: str, address: str, sector: str, at: datetime) -> None:
    session.execute(READERS.insert().values(name=name, address=address, sector=sector, added_at=at))


def remove_reader(session: Session, address: str) -> int:
    return session.execute(READERS.delete().where(READERS.c.address == address)).rowcount


def copies(session: Session) -> Sequence[Any]:
    """(kept_by, size, left_at, tried_at, trouble) of every place outside."""
    return session.all(select(COPIES).order_by(COPIES.c.kept_by))


def note_copy(session: Session, kept_by: str, at: datetime, *, size: int | None = None, trouble: str = "") -> None:
    """Keep that a checkpoint of a size has reached a place outside; or, without a size, what went wrong."""
    dialect: Any = postgresql if session.is_postgres else sqlite
    there: dict[str, Any] = {"tried_at": at, "trouble": trouble[:500] or None}
    if size is not None:
        there |= {"size": size, "left_at": at}
    session.execute(dialect.insert(COPIES).values({"kept_by": kept_by, "size": 0} | there)
                    .on_conflict_do_update(index_elements=["kept_by"], set_=there))


def forget_copy(session: Session, kept_by: str) -> None:
    session.execute(COPIES.delete().where(COPIES.c.kept_by == kept_by))


def _stored(row: Any) -> StoredEntry:
    return StoredEntry(row.subject, row.seq, row.event, as_bytes(row.body), row.prev_hash, row.hash)
