"""The figures as they stood, kept once a month, each time bound by an entry of the desk's own log: whoever changes a kept figure beside
the log is found out by `replaying`, and the figure is named."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from breachdesk.audit.chain import Doer, read_body
from breachdesk.casework.desk import Desk
from breachdesk.casework.figures import year_figures
from breachdesk.casework.log.replay_compared import Difference
from breachdesk.errors import NotFound
from breachdesk.identity import THE_CLOCK
from breachdesk.statistics.tables import as_json
from breachdesk.store import audit_log, running, schemes
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session
from breachdesk.workflow.definition import CLOCK

JOB = "figures"
_KEPT = "figures:kept"
_BY_CLOCK = Doer(THE_CLOCK.account_id, CLOCK)
_NUMBERS = ("value", "numerator", "denominator")


def keep_figures(desk: Desk) -> Mapping[str, object]:
    """Each scheme's figures of the year that runs: what was known on that day, whatever is added later. The log binds them."""
    # Counted outside the transaction that writes: on a large desk it takes a while.
    with desk.database.read() as session:
        now, month = desk.now(session), running.latest(session, JOB).period
        found = _remade(session, desk, {scheme.slug: "" for scheme in schemes.all_schemes(session)}, now)
    facts = {"month": month, "digest": _digest(as_kept(found))}
    desk.database.transact(lambda session: record_for_desk(session, _KEPT, now, _BY_CLOCK, facts))
    return found


def as_kept(found: Mapping[str, object]) -> str:
    """What a job has found, as its row has it."""
    return json.dumps(dict(found), ensure_ascii=False)


def kept_figures(session: Session, scheme: str, month: str) -> object:
    """A scheme's figures as they stood when they were kept in a month (“2026-10”). Raises NotFound when none were."""
    row = running.of_period(session, JOB, month)
    found = json.loads(row.result).get(scheme) if row else None
    if found is None:
        raise NotFound(f"No figures of {scheme} were kept in {month[:20]}. They are kept once a month while the desk runs; say a month "
                       "like 2026-10.")
    return found


def kept_otherwise(session: Session, desk: Desk) -> Iterator[Difference]:
    """Every kept figure that is not what the log bound when it was kept. What was kept before there were such entries is passed over."""
    bound = {content["facts"]["month"]: content for content in map(_said, audit_log.desk_entries_called(session, _KEPT))}
    rows = {row.period: row for row in running.of_job(session, JOB)}
    for month, content in bound.items():
        about, row = _about(month), rows.get(month)
        if row is None:
            yield Difference(about, "jobs_done", "", "this row", "not there")
        elif row.done_at is not None and _digest(row.result) != content["facts"]["digest"]:
            yield from _named(session, desk, about, row.result, content)
    for month in sorted(month for month in rows.keys() - bound.keys() if rows[month].done_at and month > min(bound, default=month)):
        yield Difference(_about(month), "jobs_done", "", "no such row", "there")


def _said(body: bytes) -> Any:
    return read_body(body)


def _about(month: str) -> str:
    return f"The figures kept in {month}"


def _digest(kept: str) -> str:
    return sha256(kept.encode()).hexdigest()


def _remade(session: Session, desk: Desk, years: Mapping[str, str], until: datetime) -> dict[str, Any]:
    """The figures of each scheme for a year (by default the one that ran), of what the log said at a moment."""
    return {slug: as_json(year_figures(session, desk, slug, year, until=until)) for slug, year in years.items()}


def _named(session: Session, desk: Desk, about: str, kept: str, content: Any) -> Iterator[Difference]:
    """Each figure that is another than the log gives for that moment; where none is, something else in the row was changed."""
    different: list[Difference] = []
    try:
        found = json.loads(kept)
        anew = _remade(session, desk, {slug: one["year"] for slug, one in found.items()}, datetime.fromisoformat(content["at"]))
        for slug, figures in anew.items():
            said, other = _numbers(figures), _numbers(found[slug])
            different += [Difference(about, f"{slug}.{name}", part, said.get((name, part)), other.get((name, part)))
                          for name, part in {**said, **other} if (said.get((name, part)) or 0) != (other.get((name, part)) or 0)]
    except Exception as error:
        different = [Difference(about, "jobs_done.result", "", "figures that can be read", f"{type(error).__name__}: {error}")]
    yield from different or [Difference(about, "jobs_done.result", "its digest", content["facts"]["digest"], _digest(kept))]


def _numbers(figures: Any) -> dict[tuple[str, str], Any]:
    """Each number of some figures, by its measure and part. A part that is not there is nought: versions add titles."""
    found = {(f"{one['id']} {name}", ""): one[name] for one in figures["measures"] for name in _NUMBERS}
    return found | {(f"{one['id']} count", part["label"]): part["count"] for one in figures["measures"] for part in one["parts"]}
