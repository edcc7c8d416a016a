"""What the log costs: an entry in a transition, sealing, checking a million entries, and proving one of them."""

from __future__ import annotations

import hashlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from time import perf_counter

import prepared_desk
from acting import by_the_desk, without_the_log
from auditchain.backends.sqlite import SqliteBackend
from auditchain.sync import SyncAuditLog
from copying import EACH, with_entries
from measuring import Line, Side, apart, interleaved, ratio

from breachdesk.casework.log.auditing import verify
from breachdesk.casework.log.receipts import receipt_of
from breachdesk.casework.log.sealing import seal

MILLION = 1_000_000
ROUNDS = 3
PEERS = 50_000


def in_a_transition(folder: Path) -> list[Line]:
    """The same steps with their entries and without, on desks that are alike."""
    rounds, batch = 7, prepared_desk.BATCH
    cases = batch * (rounds + 1)
    for name in ("with", "without"):
        prepared_desk.make_desk(folder / name, "", cases)
    sides = {"with": [Side(by_the_desk, folder / "with", "", 1, cases)],
             "without": [Side(without_the_log, folder / "without", "", 1, cases)]}
    rates = interleaved(sides, batch * len(prepared_desk.ROAD), rounds)
    for together in sides.values():
        for side in together:
            side.end()
    found = ratio(rates["without"], rates["with"])
    return [Line("act with its entry", median(rates["with"]), "/s", f"without, {median(rates['without']):,.0f} /s", found, "at most 1.15",
                 found <= 1.15)]


def the_log(folder: Path, size: int = MILLION) -> list[Line]:
    """Seal so many entries, check them, and prove one; beside reading and hashing them bare, and beside auditchain."""
    with_entries(folder, size)
    begin = perf_counter()
    desk = prepared_desk.opened(folder, "")
    sealed = seal(desk)
    sealing = (sealed.entries if sealed else 0) / (perf_counter() - begin)
    begin, took = perf_counter(), []
    with desk.database.read() as session:
        for subject in range(2, size // EACH, max(1, size // EACH // 200)):
            begin = perf_counter()
            receipt_of(session, subject, 5)
            took.append(perf_counter() - begin)
    desk.database.close()
    apart(_bare, folder, 0, size)     # The file is in memory from then on, for everybody alike.
    one, two, bare, bare_in_two, peer = ([] for _ in range(5))
    for _ in range(ROUNDS):
        bare.append(apart(_bare, folder, 0, size)[0])
        one.append(apart(_verified, folder, 1))
        two.append(apart(_verified, folder, 2)[0])
        bare_in_two.append(_in_two(folder, size))
        peer.append(apart(_beside, folder)[0])
    rates = [rate for rate, _ in one]
    memory = max(found for _, found in one)
    alone, against = ratio(rates, bare), ratio(rates, peer)
    # What two processors do more of the plainest work is what can be had.
    both, had = ratio(two, rates), ratio(bare_in_two, bare)
    return [Line("sealing", sealing, "/s", "", None, "at least 20,000", sealing >= 20_000),
            Line(f"checking {size:,} entries", median(rates), "/s", f"reading and hashing bare, {median(bare):,.0f} /s", alone,
                 "at least 0.5", alone >= 0.5),
            Line("checking in two processes", median(two), "/s", f"in one; bare gains {had:.2f}", both, "at least 1.8", both >= 1.8),
            Line("memory while checking", memory, "MB", "", None, "under 150 MB", memory < 150),
            Line("checking, beside auditchain", median(rates), "/s", f"auditchain, {median(peer):,.0f} /s", against, "at least 6",
                 against >= 6),
            Line(f"a receipt among {size:,}", median(took) * 1000, "ms", "", None, "under 5 ms", median(took) < 0.005)]


def _in_two(folder: Path, size: int) -> float:
    """The same in two processes at once, half of the entries each."""
    parts = [(0, size // 2), (size // 2, size)]
    with ThreadPoolExecutor() as both:
        return sum(rate for rate, _ in both.map(lambda part: apart(_bare, folder, *part), parts))


def _bare(folder: Path, after: int, last: int) -> float:
    """Read the stored bodies in order, from one id to another, and hash them: what no check can do without."""
    raw = sqlite3.connect(folder / "breachdesk.db")
    begin, count, sha = perf_counter(), 0, hashlib.sha256
    for _, body in raw.execute("SELECT id, body FROM entries WHERE id > ? AND id <= ? ORDER BY id", (after, last)):
        sha(body).digest()
        count += 1
    return count / (perf_counter() - begin)


def _verified(folder: Path, processes: int) -> float:
    desk = prepared_desk.opened(folder, "")
    begin = perf_counter()
    found = verify(desk, processes=processes)
    rate = found.entries / (perf_counter() - begin)
    desk.database.close()
    return rate


def _beside(folder: Path) -> float:
    """What one would use instead: as many events as it takes to measure, in a log of its own."""
    path = folder / "auditchain.db"
    new = not path.exists()
    log = SyncAuditLog(SqliteBackend(str(path)))
    if new:
        log.append_many([("account:7", "acknowledge", f"case:{number // EACH}", {"from": "received", "to": "direct_open", "n": number})
                         for number in range(PEERS)])
    begin = perf_counter()
    log.verify()
    return PEERS / (perf_counter() - begin)
