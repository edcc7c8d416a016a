"""Lists of many cases: a page far down, counts, and what it costs that each reader sees only what is theirs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from sqlite3 import Connection
from unittest.mock import patch

import prepared_desk
from copying import MANY, copy_first_case, on_the_file
from measuring import Line, by_turns
from sqlalchemy import func, select, true

from breachdesk.casework.case_lists import list_cases
from breachdesk.casework.desk import Desk
from breachdesk.identity import Actor
from breachdesk.store import reading
from breachdesk.store.cases import CASES
from breachdesk.store.visibility import visible_to

VERY_MANY = 100_000
LISTED = ("SELECT cases.id, cases.reference, cases.title, cases.status, cases.stage, cases.procedure_digest, cases.scheme_id, "
          "schemes.calendar_id, cases.next_due_on, cases.outcome, cases.received_on, cases.closed_on, cases.reached_panel "
          "FROM cases JOIN schemes ON schemes.id = cases.scheme_id WHERE ({seen}) AND cases.closed_on IS NULL "
          "ORDER BY coalesce(cases.next_due_on, '9999-12-31'), cases.id LIMIT 26")
# What each of two readers may see, as one would write it by hand for that very reader. The plus sign keeps SQLite from the scheme's index.
OWN = ("cases.id IN (SELECT one.id FROM parties JOIN cases AS one ON one.id = case_id "
       "WHERE organisation_id = {place} AND (side = 'complainant' OR one.respondents_told) "
       "UNION SELECT one.id FROM representations AS acting JOIN parties ON parties.id = acting.party_id "
       "JOIN cases AS one ON one.id = acting.case_id "
       "WHERE acting.organisation_id = {place} AND ended_at IS NULL AND left_on IS NULL AND (side = 'complainant' OR one.respondents_told) "
       "UNION SELECT case_id FROM appointments WHERE account_id = {account} AND ended_at IS NULL)")
OF_THE_SCHEME = ("+cases.scheme_id = 1 AND NOT EXISTS (SELECT 1 FROM parties WHERE case_id = cases.id AND organisation_id = {place}) "
                 "AND NOT EXISTS (SELECT 1 FROM representations WHERE case_id = cases.id AND organisation_id = {place}) "
                 "AND NOT EXISTS (SELECT 1 FROM interests WHERE case_id = cases.id AND account_id = {account}) OR " + OWN)
# Each organisation is a side in a hundred cases.
SIDES = ("WITH RECURSIVE n(i) AS (SELECT 6 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO organisations "
         "(id, slug, name, sector, kind, area) SELECT i, 'copy-' || i, 'Copy ' || i, 'voluntary', '', '' FROM n",
         "UPDATE parties SET organisation_id = 1001 + case_id % 1000 WHERE side = 'respondent'",
         "UPDATE parties SET organisation_id = 1 + case_id % 1000 WHERE side = 'complainant'")


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
    """A list's first page out of 100,000 cases: its rows against SQL by hand for that reader, the page with and without `visible_to`."""
    prepared_desk.make_desk(folder, "", 1)
    copy_first_case(folder, VERY_MANY)
    raw = on_the_file(folder)
    for statement in ("BEGIN", *SIDES, "COMMIT", "ANALYZE"):
        raw.execute(statement)
    desk = prepared_desk.opened(folder, "")
    actors = prepared_desk.actors(desk)
    found = []
    for who, email, by_hand in (("the coordinator", prepared_desk.COORDINATOR, OF_THE_SCHEME),
                                ("a side in 100", prepared_desk.COMPLAINANT, OWN)):
        found += [_rows(raw, who, actors[email], by_hand), _page(desk, who, actors[email])]
    desk.database.close()
    raw.close()
    return found


def _rows(raw: Connection, who: str, actor: Actor, by_hand: str) -> Line:
    [place] = actor.organisations
    ours = str(select(CASES.c.id).where(visible_to(actor)).compile(compile_kwargs={"literal_binds": True})).partition("WHERE")[2]
    own, hand = (LISTED.format(seen=seen) for seen in (ours, by_hand.format(place=place, account=actor.account_id)))
    if raw.execute(own).fetchall() != raw.execute(hand).fetchall():
        raise RuntimeError(f"for {who} the SQL by hand finds other cases: the two lists cannot be compared")
    seen, written = by_turns(101, lambda: raw.execute(own).fetchall(), lambda: raw.execute(hand).fetchall())
    return Line(f"rows out of 100,000 for {who}", seen * 1000, "ms", f"SQL by hand, {written * 1000:.2f} ms", seen / written,
                "at most 1.3", seen / written <= 1.3)


def _page(desk: Desk, who: str, actor: Actor) -> Line:
    def unseen() -> object:
        with patch("breachdesk.casework.case_lists.visible_to", lambda _: true()):
            return list_cases(session, desk, actor, open_only=True)

    with desk.database.read() as session:
        seen, free = by_turns(31, lambda: list_cases(session, desk, actor, open_only=True), unseen)
    return Line(f"page out of 100,000 for {who}", seen * 1000, "ms", f"without visible_to, {free * 1000:.1f} ms", seen / free,
                "at most 1.3", seen / free <= 1.3)
