"""The daily check of many cases, and the memory it takes."""

from __future__ import annotations

from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import perf_counter

import prepared_desk
from copying import MANY, copies, on_the_file
from measuring import Line

from breachdesk.casework.integrity import check_every_case


def daily_check(folder: Path) -> list[Line]:
    """The daily check of 10,000 open cases, and what it adds to the memory of the process."""
    prepared_desk.make_desk(folder, "", 1)
    raw = on_the_file(folder)
    for statement in copies(MANY):
        raw.execute(statement)
    raw.execute("INSERT INTO entries (subject, seq, event, at, body, prev_hash, hash) "
                "SELECT cases.id, seq, event, at, body, prev_hash, hash FROM entries, cases WHERE subject = 1 AND cases.id > 1")
    raw.execute("UPDATE cases SET last_seq = 0, last_hash = ''")
    raw.close()
    desk = prepared_desk.opened(folder, "")
    before, begin = getrusage(RUSAGE_SELF).ru_maxrss, perf_counter()
    found = check_every_case(desk)
    seconds, more = perf_counter() - begin, (getrusage(RUSAGE_SELF).ru_maxrss - before) / 1024
    desk.database.close()
    sound = found["faulty"] == 0
    return [Line(f"the daily check of {found['cases']:,} cases", seconds, "s", f"{more:.0f} MB more memory", None, "under 60 s, 30 MB",
                 sound and seconds < 60 and more < 30)]
