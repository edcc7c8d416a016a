"""The entries of the log → the year's figures: what each measure counts, and the words that say so. Pure.

IDs are those of the statistics specification. What is counted when: receipts by the day of receipt, outcomes and times by the day of
closing, limits by the day on which they were due; the three are never mixed in one measure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from breachdesk.statistics.figures import FEWEST_FOR_A_MEDIAN, Figures, Measure, Part
from breachdesk.statistics.histories import CaseHistory, Closing, LoggedEvent, histories
from breachdesk.statistics.holdings import held_cases
from breachdesk.statistics.measures_held import Words, held_measures
from breachdesk.statistics.years import Year

__all__ = ["Figures", "LoggedEvent", "Measure", "Part", "Words", "figures_for"]

CHANNELS: Mapping[str, str] = {"web": "On this site", "email": "Email", "post": "Letter", "phone": "Telephone",
                               "in_person": "In person", "representative": "Through a representative"}
TARGET_DAYS = 60
FEWEST_FOR_A_P90 = 10
_PROCEDURE_OUTCOMES = frozenset({"resolved_full", "resolved_partial", "not_resolved", "proposal_declined"})
_NOT_ADMITTED = frozenset({"inadmissible", "premature_returned"})
_NEVER_RESOLVED_IN = frozenset({"intake", "ended"})


@dataclass(frozen=True, slots=True)
class _YearsCases:
    """The cases that the log knows, and which of them belong to the year: by receipt, and by closing."""

    year: Year
    cases: tuple[CaseHistory, ...]
    received: tuple[CaseHistory, ...]
    closed: tuple[tuple[CaseHistory, Closing], ...]


def figures_for(events: Iterable[LoggedEvent], year: Year, *, stages: Mapping[str, str], outcomes: Mapping[str, str],
                themes: Mapping[int, str] | None = None, words: Words | None = None, data_as_at: date | None = None) -> Figures:
    """The figures of YEAR from EVENTS, which come in the order of the log.

    STAGES, OUTCOMES and WORDS are the procedure's, name → title; THEMES gives each commitment's theme, and without it F1 is left out.
    Entries after DATA_AS_AT are not read, so an edition can be made again later; without it, the newest entry gives the day.
    """
    read = [entry for entry in events if data_as_at is None or entry.on <= data_as_at]
    among = _among(histories(read), year)
    measures = [*_balance(among), _by_channel(among), *_limits(among), _within_target(among), *_times(among),
                _resolved_at(among, stages), _outcomes(among, outcomes), *_reached(among, stages), _moved_by_clock(among)]
    if themes is not None:
        measures.append(_by_theme(among, themes))
    measures += [_concerns(read, year), _emergencies(read, year)]
    measures += held_measures(held_cases(read), year, words or Words())
    as_at = data_as_at or max((entry.on for entry in read), default=None)
    return Figures(year, as_at, tuple(measures), _balance_fault(among))


def _among(cases: tuple[CaseHistory, ...], year: Year) -> _YearsCases:
    received = tuple(case for case in cases for on in case.received if on in year)
    closed = tuple((case, closing) for case in cases for closing in case.closings if closing.on in year)
    return _YearsCases(year, cases, received, closed)


def _balance(among: _YearsCases) -> tuple[Measure, ...]:
    year = among.year
    return (
        Measure("A1", "Cases open at the start of the year", "cases",
                "Cases received before the first day of the year and not closed by then.",
                sum(case.open_after(year.eve) for case in among.cases)),
        Measure("A2", "Cases received", "cases", "Cases that reached the desk in the year, by the day of receipt, whoever brought them in. "
                "Drafts and concerns without a case do not count.", len(among.received)),
        Measure("A4", "Cases reopened", "cases", "Times in the year that a closed case went on: what was agreed was not carried out, "
                "there was new evidence, or a review asked for it. They are not received again; how they first ended stays in its year.",
                sum(on in year for case in among.cases for on in case.reopened)),
        Measure("A5", "Cases closed", "cases", "Cases that ended in the year, with whatever outcome. "
                "They need not be those received in the year. A reopened case counts again when it ends again.", len(among.closed)),
        Measure("A6", "Cases open at the end of the year", "cases", "Cases received by the last day of the year and not closed by then; "
                "while the year still runs, by the day of the data.", sum(case.open_after(year.last) for case in among.cases)),
    )


def _balance_fault(among: _YearsCases) -> str:
    """Case by case, because two faults could cancel each other out in the sums."""
    year = among.year
    odd = [case.reference for case in among.cases if
           case.open_after(year.eve) + sum(on in year for on in (*case.received, *case.reopened))
           - sum(closing.on in year for closing in case.closings) != case.open_after(year.last)]
    if not odd:
        return ""
    named = ", ".join(odd[:5]) + (f" and {len(odd) - 5} more" if len(odd) > 5 else "")
    return (f"The figures for {year.label} do not balance: open at the start, plus received and reopened, less closed is not open at the "
            f"end for {named}. Look at the log of each before anything is published.")


def _by_channel(among: _YearsCases) -> Measure:
    counted = Counter(case.channel for case in among.received)
    return Measure("A3", "Cases received, by channel", "cases", "Cases received in the year, by the way in which they reached the desk.",
                   len(among.received), parts=_parts(counted, CHANNELS))


def _limits(among: _YearsCases) -> tuple[Measure, ...]:
    return (
        _kept(among, "acknowledge", "C1", "Acknowledgements given in time", "acknowledgements",
              "Of the acknowledgements that were due in the year, those that the coordinator gave within the limit of the procedure."),
        _kept(among, "respond", "C2", "Answers of respondents given in time", "answers",
              "Of the answers that were due in the year, those that the organisation complained about gave within its limit, with the time "
              "that was added to it. Each organisation counts. An answer after the limit counts as late, also when it came later on. "
              "One on paper counts by the day on which it reached the desk, not by the day on which it was entered."),
    )


def _kept(among: _YearsCases, limit: str, measure: str, title: str, unit: str, definition: str) -> Measure:
    due = [end.in_time for case in among.cases for end in case.limit_ends if end.limit == limit and end.due_on in among.year]
    return Measure(measure, title, unit, definition, numerator=sum(due), denominator=len(due))


def _within_target(among: _YearsCases) -> Measure:
    days = [closing.handling_days for _, closing in among.closed if closing.outcome in _PROCEDURE_OUTCOMES]
    return Measure("C7", f"Cases closed within {TARGET_DAYS} working days of handling", "cases",
                   "Of the cases closed in the year that the procedure brought to an end (resolved, partly resolved, not resolved, or a "
                   f"proposal not accepted), those handled in {TARGET_DAYS} working days or fewer. Pauses and the complainant's own time "
                   "to decide are left out.", numerator=sum(one <= TARGET_DAYS for one in days), denominator=len(days))


def _times(among: _YearsCases) -> tuple[Measure, ...]:
    handling = "from receipt to closing, without pauses and without the complainant's own time to decide"
    elapsed = "from receipt to closing, everything included"
    return (*_spread("D1", "Handling time", handling, sorted(closing.handling_days for _, closing in among.closed)),
            *_spread("D2", "Total time", elapsed, sorted(closing.elapsed_days for _, closing in among.closed)))


def _spread(measure: str, name: str, what: str, days: Sequence[int]) -> tuple[Measure, ...]:
    """DAYS are sorted. Five measures, so that each number has one address in a table."""
    n = len(days)

    def one(suffix: str, title: str, how: str, value: float | None, note: str = "") -> Measure:
        return Measure(f"{measure}.{suffix}", f"{name} of cases closed: {title}", "working days",
                       f"Working days {what}. {how}", value, note=note)

    return (
        Measure(f"{measure}.n", f"{name}: number of cases closed", "cases", f"The cases whose working days are counted {what}.", n),
        one("median", "median", "Half of the cases took no longer. Not given for fewer than five cases.",
            _median(days) if n >= FEWEST_FOR_A_MEDIAN else None, _too_few(n, FEWEST_FOR_A_MEDIAN)),
        one("p90", "nine in ten took at most", "The 90th percentile, nearest rank. Not given for fewer than ten cases.",
            days[-(-9 * n // 10) - 1] if n >= FEWEST_FOR_A_P90 else None, _too_few(n, FEWEST_FOR_A_P90)),
        one("min", "shortest", "The case that took least.", days[0] if days else None, _too_few(n, 1)),
        one("max", "longest", "The case that took most.", days[-1] if days else None, _too_few(n, 1)),
    )


def _median(days: Sequence[int]) -> int | float:
    middle = days[(len(days) - 1) // 2] + days[len(days) // 2]
    return middle / 2 if middle % 2 else middle // 2


def _too_few(n: int, needed: int) -> str:
    if n >= needed:
        return ""
    return f"Not given: fewer than {needed} cases were closed." if n else "Not given: no case was closed."


def _resolved_at(among: _YearsCases, stages: Mapping[str, str]) -> Measure:
    counted = Counter(closing.ended_in for _, closing in among.closed if closing.outcome == "resolved_full")
    shown = {stage: title for stage, title in stages.items() if stage not in _NEVER_RESOLVED_IN or counted[stage]}
    return Measure("E1", "Stage at which cases were resolved", "cases",
                   "Cases closed in the year as resolved to both sides' satisfaction, by the stage in which that happened.",
                   counted.total(), parts=_parts(counted, shown))


def _outcomes(among: _YearsCases, outcomes: Mapping[str, str]) -> Measure:
    counted = Counter(closing.outcome for _, closing in among.closed)
    return Measure("E2-E6", "How cases ended", "cases", "Cases closed in the year, by outcome. Each outcome of the procedure is listed, "
                   "also when no case had it.", len(among.closed), parts=_parts(counted, outcomes))


def _reached(among: _YearsCases, stages: Mapping[str, str]) -> tuple[Measure, ...]:
    admitted = [case for case, closing in among.closed if closing.outcome not in _NOT_ADMITTED]
    return tuple(
        Measure(f"E7.{number}", f"Cases that reached stage {number} ({stages[stage]})", "cases",
                "Of the cases closed in the year, without those that were not admissible or were returned as premature, "
                f"those that were ever in stage {number}.",
                numerator=sum(stage in case.stages for case in admitted), denominator=len(admitted))
        for number, stage in ((2, "critical_friend"), (3, "panel")) if stage in stages)


def _moved_by_clock(among: _YearsCases) -> Measure:
    moved = sum(any(on in among.year for on in case.moved_by_clock_on) for case in among.cases)
    return Measure("J1", "Cases in which the clock took a step", "cases", "Cases in which, at least once in the year, a limit ran out "
                   "without anybody acting and the procedure went on by itself. Each case counts once.", moved)


def _concerns(read: Iterable[LoggedEvent], year: Year) -> Measure:
    noted = sum(entry.event == "concern:noted" and entry.on in year for entry in read)
    return Measure("A7", "Concerns noted without a case", "concerns", "Concerns that were noted in the year without a dispute. None of "
                   "them counts as a case.", noted)


def _emergencies(read: Iterable[LoggedEvent], year: Year) -> Measure:
    opened = sum(entry.event == "access:broken_glass" and entry.on in year for entry in read)
    return Measure("J5", "Papers opened in an emergency", "times", "How often in the year somebody who was not part of a case opened its "
                   "shared papers for an hour. Both sides were told each time.", opened)


def _by_theme(among: _YearsCases, themes: Mapping[int, str]) -> Measure:
    counted = Counter(themes.get(commitment, "Theme not known") for case in among.received for commitment in case.commitments)
    return Measure("F1", "Allegations received, by theme", "allegations", "One allegation is one commitment that one organisation is said "
                   "not to have kept, in a case received in the year; by the part of the Compact to which the commitment belongs.",
                   counted.total(), parts=_parts(counted, {theme: theme for theme in themes.values()}))


def _parts(counted: Counter[str], titles: Mapping[str, str]) -> tuple[Part, ...]:
    """Every title with its count, noughts included; what has no title follows under its own name, so that nothing is lost."""
    known = [Part(title, counted[name]) for name, title in titles.items()]
    others = [Part(name.replace("_", " ") or "Not recorded", count) for name, count in sorted(counted.items()) if name not in titles]
    return (*known, *others)
