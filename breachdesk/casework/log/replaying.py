"""Do the tables say what the log says? Each case is folded from its entries alone, and every row that differs is named.

`audit verify` finds entries that were changed; this finds a case's row, party, limit, remedy … that was changed beside the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from breachdesk.audit.chain import read_body
from breachdesk.casework.carrying_out import WHOLE
from breachdesk.casework.desk import Desk
from breachdesk.casework.forgetting.letting_go import TITLE_GONE
from breachdesk.casework.log.figures_kept import kept_otherwise
from breachdesk.casework.log.replay_compared import CalendarsChanged, Difference, differences
from breachdesk.errors import NotFound
from breachdesk.store import audit_log, replayed
from breachdesk.store.replayed import FoundEntry
from breachdesk.store.session import Session
from breachdesk.timekeeping.elapsed import handling_days, working_days_between
from breachdesk.workflow.replaying import CaseReplay, Ending, Said

AT_A_TIME = 50
KEPT = 200
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay found. `told_less`: cases that began before the log said all that their rows are made of."""

    cases: int
    entries: int
    told_less: int
    seconds: float
    differences: tuple[Difference, ...]


def replay(desk: Desk, reference: str = "", seen: Callable[[int], object] = lambda cases: None) -> Replayed:
    """Fold each case, or the one of that REFERENCE, and compare. Nothing is changed. SEEN is told how many cases are done.

    Raises NotFound for a reference that no case has.
    """
    began = desk.wall()
    looked = [one for batch in _batches(desk, reference, seen) for one in batch]
    apart = [] if reference else list(_beside_cases(desk))
    return Replayed(len(looked), sum(one.entries for one in looked), sum(one.told_less for one in looked),
                    (desk.wall() - began).total_seconds(), (*apart, *(each for one in looked for each in one.differences)))


def how_many(desk: Desk) -> int:
    """How many cases a replay of all of them looks at."""
    with desk.database.read() as session:
        return replayed.how_many_cases(session)


def replay_every_case(desk: Desk) -> Mapping[str, object]:
    """The nightly job: what was found, as it is kept."""
    found = replay(desk)
    return {"cases": found.cases, "faulty": len({one.reference for one in found.differences}), "seconds": round(found.seconds, 1),
            "faults": [[one.reference, one.says] for one in found.differences[:KEPT]]}


@dataclass(frozen=True, slots=True)
class _Looked:
    """One case that was folded."""

    reference: str
    entries: int
    told_less: bool
    differences: tuple[Difference, ...]


def _batches(desk: Desk, reference: str, seen: Callable[[int], object]) -> Iterator[list[_Looked]]:
    done = 0
    for session, found in cases_at_a_time(desk, reference):
        looked = _looked_at(session, desk, found)
        # One that somebody changed while it was being read is looked at again before it is called wrong.
        again = [key for key, one in zip(found, looked, strict=True) if one.differences]
        sure = {key: _surely(desk, key) for key in again}
        yield [sure.get(key, one) for key, one in zip(found, looked, strict=True)]
        done += len(found)
        seen(done)


def cases_at_a_time(desk: Desk, reference: str = "") -> Iterator[tuple[Session, list[tuple[int, str]]]]:
    """(id, reference) of every case, or of one, a few at a time, with a session to read them in: neither memory nor a reader's lock
    grows with the desk. Raises NotFound for a reference that no case has."""
    after = 0
    while True:
        with desk.database.read() as session:
            found = _next(session, reference, after)
            yield session, found
        if reference or len(found) < AT_A_TIME:
            return
        after = found[-1][0]


def said_in(entry: FoundEntry) -> Said:
    """An entry as it is folded."""
    content: Any = read_body(entry.body)
    return Said(entry.seq, content["event"], datetime.fromisoformat(content["at"]), content["actor"], content["facts"], entry.hash,
                content["role"], content.get("procedure", ""))


def _next(session: Session, reference: str, after: int) -> list[tuple[int, str]]:
    if not reference:
        return replayed.cases_after(session, after, AT_A_TIME)
    if (found := replayed.case_named(session, reference)) is None:
        raise NotFound(f"There is no case {reference[:40]}.")
    return [found]


def _surely(desk: Desk, key: tuple[int, str]) -> _Looked:
    for _ in range(_TRIES):
        with desk.database.read() as session:
            [one] = _looked_at(session, desk, [key])
        if not one.differences:
            break
    return one


def _looked_at(session: Session, desk: Desk, found: Sequence[tuple[int, str]]) -> list[_Looked]:
    numbers = [number for number, _ in found]
    entries, rows = replayed.entries_of_cases(session, numbers), replayed.rows_of_cases(session, numbers)
    titles = replayed.first_words(session, numbers, "title")
    changed = _calendars_changed(session)
    return [_looked(session, desk, (number, reference), entries[number], rows[number], titles.get(number), changed)
            for number, reference in found]


def _looked(session: Session, desk: Desk, key: tuple[int, str], entries: Sequence[FoundEntry], rows: Mapping[str, list[dict[str, Any]]],
            title: str | None, changed: CalendarsChanged | None) -> _Looked:
    if not entries:
        return _Looked(key[1], 0, False, (Difference(key[1], "entries", "", "a case that was opened", "no entry at all"),))
    case = CaseReplay(key[0], partial(desk.procedure, session), WHOLE)
    try:
        apart: list[Difference] = []
        for one in entries:
            case.take(said := said_in(one))
            apart += _columns(key[1], one, said)
        apart += differences(case, rows, changed)
        apart += _title(key[1], rows, title)
        apart += [each for ending in case.endings for each in _recounted(session, desk, key[1], ending)]
    except Exception as error:
        apart = [Difference(key[1], "entries", "", "a case that can be folded from them", f"{type(error).__name__}: {error}")]
    return _Looked(key[1], len(entries), case.told_less, tuple(apart))


def _columns(reference: str, entry: FoundEntry, said: Said) -> Iterator[Difference]:
    """The columns that repeat what an entry's body says."""
    if entry.event != said.event:
        yield Difference(reference, "entries.event", f"entry {entry.seq}", said.event, entry.event)
    if entry.at != said.at:
        yield Difference(reference, "entries.at", f"entry {entry.seq}", said.at, entry.at)


def _beside_cases(desk: Desk) -> Iterator[Difference]:
    with desk.database.read() as session:
        for one in replayed.desk_entries(session):
            yield from _columns("The desk's own log", one, said_in(one))
        yield from kept_otherwise(session, desk)


def _title(reference: str, rows: Mapping[str, list[dict[str, Any]]], title: str | None) -> Iterator[Difference]:
    """The title is words, bound by the first entry, and gone with them when they were erased. They are not repeated here."""
    bound = TITLE_GONE if title is None else title
    if rows["cases"] and rows["cases"][0]["title"] != bound:
        said = "words that were erased" if title is None else "the words that entry 1 binds"
        yield Difference(reference, "cases.title", "", said, "other words")


def _calendars_changed(session: Session) -> CalendarsChanged | None:
    """A limit that has the same day in a changed calendar is counted in that from then on, and no entry of its case says so."""
    moments: list[Any] = [read_body(body)["at"] for body in audit_log.desk_entries_called(session, "calendar:changed")]
    return CalendarsChanged(datetime.fromisoformat(moments[-1]), replayed.calendar_digests(session)) if moments else None


def _recounted(session: Session, desk: Desk, reference: str, ending: Ending) -> Iterator[Difference]:
    """What the year's figures have of how a case ended: in which stage, and the days it took, counted anew from its days and pauses."""
    calendar = desk.snapshot(session, ending.calendar)
    anew: dict[str, object] = {
        "ended_in": ending.stage, "handling_days": handling_days(ending.begun, ending.closed, calendar, list(ending.held)),
        "elapsed_days": working_days_between(ending.begun, ending.closed, calendar)}
    for name, value in anew.items():
        if ending.said[name] != value:
            yield Difference(reference, f"figures.{name}", f"entry {ending.seq}", value, ending.said[name])
