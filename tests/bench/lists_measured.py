"""Lists of many cases: a page far down, counts, and what it costs that each reader sees only what is theirs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import prepared_desk
from copying import MANY, copy_first_case, on_the_file
from measuring import Line, by_turns
from sqlalchemy import func, select

from breachdesk.casework.reading import list_cases
from breachdesk.identity import Actor
from breachdesk.store import reading
from breachdesk.store.cases import CASES
from breachdesk.store.visibility import visible_to

VERY_MANY = 100_000
RAW = ("SELECT cases.id, cases.reference, cases.title, cases.status, cases.stage, cases.procedure_digest, cases.scheme_id, "
       "schemes.calendar_id, cases.next_due_on, cases.outcome, cases.received_on, cases.closed_on, cases.reached_panel "
       "FROM cases JOIN schemes ON schemes.id = cases.scheme_id WHERE {seen} AND cases.closed_on IS NULL "
       "ORDER BY coalesce(cases.next_due_on, '9999-12-31'), cases.id LIMIT 26")


def lists(folder: Path) -> list[Line]:
    """The list on Home for a coordinator: its first page and one far down, and the number beside it."""
    prepared_desk.make_desk(folder, "", 1)
    copy_first_case(folder, MANY)
    raw = on_the_file(folder)
    day, case_id = raw.execute("SELECT next_due_on, id FROM cases ORDER BY next_due_on, id LIMIT 1 OFFSET ?", (MANY * 9 // 10,)).fetchone()
    raw.close()
    desk = prepared_desk.opened(folder, "")
    coordinator = prepared_desk.actors(desk)[prepared_desk.COORDINATOR]
    seen, far = visible_to(coordinator), reading.Place(date.fromisoformat(day), case_id)
    exact = select(func.count()).select_from(CASES).where(seen, CASES.c.closed_on.is_(None))
    with desk.database.read() as session:
        first, deep = by_turns(15, lambda: list_cases(session, desk, coordinator, open_only=True),
                               lambda: list_cases(session, desk, coordinator, open_only=True, after=far))
        capped, whole = by_turns(15, lambda: reading.counted(session, seen, open_only=True), lambda: session.value(exact))
    desk.database.close()
    return [Line("list of 25 at 90 % of 10,000 cases", deep * 1000, "ms", f"its first page, {first * 1000:.1f} ms", deep / first,
                 "at most 1.5", deep / first <= 1.5),
            Line("count of 10,000 cases, capped", capped * 1000, "ms", f"exact count, {whole * 1000:.2f} ms", capped / whole,
                 "at most 1", capped <= whole)]


def seeing(folder: Path) -> list[Line]:
    """The list's rows out of 100,000, by SQL on the driver, with and without the condition that says what the reader may see."""
    prepared_desk.make_desk(folder, "", 1)
    copy_first_case(folder, VERY_MANY)
    desk = prepared_desk.opened(folder, "")
    actors = prepared_desk.actors(desk)
    found = [_seeing(folder, who, actors[email]) for who, email in (("a coordinator", prepared_desk.COORDINATOR),
                                                                   ("who complains", prepared_desk.COMPLAINANT))]
    desk.database.close()
    return found


def _seeing(folder: Path, who: str, actor: Actor) -> Line:
    raw = on_the_file(folder)
    condition = visible_to(actor).compile(compile_kwargs={"literal_binds": True})
    own, all_of_them = RAW.format(seen=f"({condition})"), RAW.format(seen="1")
    if raw.execute(own).fetchall() != raw.execute(all_of_them).fetchall():
        raise RuntimeError(f"{who} sees other cases than there are: the two lists cannot be compared")
    seen, unseen = by_turns(15, lambda: raw.execute(own).fetchall(), lambda: raw.execute(all_of_them).fetchall())
    raw.close()
    return Line(f"list out of 100,000 cases for {who}", seen * 1000, "ms", f"the same without visible_to, {unseen * 1000:.1f} ms",
                seen / unseen, "at most 1.3", seen / unseen <= 1.3)
