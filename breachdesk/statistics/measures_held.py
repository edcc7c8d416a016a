"""What became of allegations and remedies, how satisfied both sides were, and who stood back: the year's measures B1, E, F, G, H, I."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from breachdesk.statistics.figures import FEWEST_FOR_A_MEDIAN, Measure, Part
from breachdesk.statistics.holdings import SIDES, HeldCase, RemedyTold
from breachdesk.statistics.years import Year
from breachdesk.timekeeping.amounts import weeks_short

DECISIONS = {"admissible": "Accepted", "part": "Accepted in part", "inadmissible": "Not accepted", "premature": "Returned as premature"}
_NOT_TRIED = frozenset({"inadmissible", "premature_returned", "merged", "transferred"})
_RESOLVED = frozenset({"resolved_full", "resolved_partial"})
_KEPT_NOT = frozenset({"accepted", "acknowledged"})
_NO_POSITION = frozenset({"", "not_stated"})
_GAVE_NO_VIEW = frozenset({"", "not_stated"})


@dataclass(frozen=True, slots=True)
class Words:
    """What the procedure calls its choices, and the Compact its commitments."""

    positions: Mapping[str, str] = field(default_factory=dict)
    remedies: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[int, str] = field(default_factory=dict)


def held_measures(cases: Sequence[HeldCase], year: Year, words: Words) -> list[Measure]:
    """The measures of YEAR that are about what cases hold. Outcomes count by the day of closing, decisions and remedies by their own."""
    closed = [(case, outcome) for case in cases for on, outcome in case.closed if on in year]
    return [_decisions(cases, year), *_resolved(closed), _by_commitment(cases, year, words), *_positions(closed, words),
            _shortfall(cases, year), *_remedies(cases, closed, year, words), *_satisfied(closed), *_people(cases, year)]


def _decisions(cases: Sequence[HeldCase], year: Year) -> Measure:
    counted = Counter(kind for case in cases for on, kind in case.decisions if on in year)
    return Measure("B1", "Decisions whether a complaint falls under the Compact", "decisions",
                   "Decisions taken in the year, by what was decided; a complaint that was sent back to be raised directly "
                   "first counts too.",
                   counted.total(), parts=tuple(Part(title, counted[name]) for name, title in DECISIONS.items()))


def _resolved(closed: Sequence[tuple[HeldCase, str]]) -> tuple[Measure, ...]:
    tried = [outcome for _, outcome in closed if outcome not in _NOT_TRIED]
    among = ("Of the cases closed in the year, without those that were not admissible, returned as premature, merged or transferred, ")
    return tuple(Measure(name, f"Cases resolved {how}", "cases", f"{among}those resolved {how}.",
                         numerator=tried.count(outcome), denominator=len(tried))
                 for name, outcome, how in (("E2", "resolved_full", "to both sides' satisfaction"), ("E3", "resolved_partial", "in part")))


def _by_commitment(cases: Sequence[HeldCase], year: Year, words: Words) -> Measure:
    counted = Counter(words.codes.get(one, "Not known") for case in cases if case.received_on and case.received_on in year
                      for one in case.commitments)
    return Measure("F1.commitment", "Allegations received, by commitment", "allegations", "The same allegations as by theme, by the number "
                   "of the commitment; those that nobody named are left out.", counted.total(),
                   parts=tuple(Part(code, count) for code, count in sorted(counted.items(), key=lambda one: _as_printed(one[0]))))


def _as_printed(code: str) -> tuple[tuple[int, str], ...]:
    """A key that sorts 9.2 before 13.2."""
    return tuple((int(piece), "") if piece.isdecimal() else (0, piece) for piece in code.split("."))


def _positions(closed: Sequence[tuple[HeldCase, str]], words: Words) -> tuple[Measure, ...]:
    taken = [position for case, _ in closed for position in case.positions.values()]
    counted, stated = Counter(taken), [one for one in taken if one not in _NO_POSITION]
    return (
        Measure("F2", "Where the organisations complained about stood", "allegations",
                "Allegations in cases closed in the year on which the organisation complained about took a position, by that position. "
                "Nobody has found or decided it.", counted.total(), parts=_parts(counted, words.positions)),
        Measure("F3", "Allegations that were acknowledged", "allegations", "Of the allegations in cases closed in the year on "
                "which a position "
                "was taken, those of which the organisation complained about said that the commitment was not kept. This is not an "
                "ombudsman's “upheld rate” and must not be compared with one.",
                numerator=sum(one in _KEPT_NOT for one in stated), denominator=len(stated)))


def _shortfall(cases: Sequence[HeldCase], year: Year) -> Measure:
    weeks = [weeks_short(*case.measured) for case in cases if case.measured and case.received_on and case.received_on in year]
    few = f"Not given: fewer than {FEWEST_FOR_A_MEDIAN} complaints named both." if len(weeks) < FEWEST_FOR_A_MEDIAN else ""
    return Measure("F7", "Weeks missing where a commitment has a number in it: median", "weeks",
                   "Of the complaints received in the year about a commitment with a number in it (like three months' notice), how many "
                   "weeks less there were than it requires: half of them missed no more.",
                   None if few else round(median(weeks), 1), note=few)


def _remedies(cases: Sequence[HeldCase], closed: Sequence[tuple[HeldCase, str]], year: Year, words: Words) -> tuple[Measure, ...]:
    agreed = [remedy for case in cases for remedy in case.remedies.values() if remedy.agreed_on in year]
    due = [remedy for case in cases for remedy in case.remedies.values() if remedy.due_on and remedy.due_on in year]
    resolved = [case for case, outcome in closed if outcome in _RESOLVED]
    counted = Counter(remedy.kind for remedy in agreed)
    became = Counter(_became(remedy) for remedy in due)
    return (
        Measure("G1", "What was agreed, by kind", "remedies", "Things that the parties agreed on in the year to put matters "
                "right, by kind.",
                len(agreed), parts=_parts(counted, words.remedies)),
        Measure("G2", "Resolved cases in which something was to be done", "cases", "Of the cases closed in the year as "
                "resolved, wholly or in "
                "part, those with at least one remedy.",
                numerator=sum(bool(case.remedies) for case in resolved), denominator=len(resolved)),
        Measure("G3", "Remedies done in time", "remedies", "Of the remedies due in the year, those confirmed as done by the day agreed.",
                numerator=became["on_time"], denominator=len(due)),
        Measure("G4", "What became of remedies due in the year", "remedies", "Remedies that were due in the year, by what became of them.",
                len(due), parts=tuple(Part(title, became[name]) for name, title in _BECAME.items())))


_BECAME = {"on_time": "Done in time", "late": "Done late", "waived": "No longer asked for", "not_done": "Not done",
           "waiting": "Not confirmed yet"}


def _became(remedy: RemedyTold) -> str:
    if remedy.state in ("waived", "not_done"):
        return remedy.state
    if remedy.state != "done" or remedy.settled_on is None or remedy.due_on is None:
        return "waiting"
    return "on_time" if remedy.settled_on <= remedy.due_on else "late"


def _satisfied(closed: Sequence[tuple[HeldCase, str]]) -> tuple[Measure, ...]:
    both = [case for case, _ in closed if all(case.outcome_views.get(side, "") not in _GAVE_NO_VIEW for side in SIDES)]
    found = []
    for name, what, views in (("H1", "the outcome", [case.outcome_views for case, _ in closed]),
                              ("H2", "the way it was handled", [case.process_views for case, _ in closed])):
        for side, who in (("complainant", "complaining organisations"), ("respondent", "organisations complained about")):
            said = [one[side] for one in views if one.get(side, "") not in _GAVE_NO_VIEW]
            found.append(Measure(f"{name}.{side}", f"Satisfied with {what}: {who}", "cases", f"Of the cases closed in the year "
                    f"in which the "
                                 f"{who} said how satisfied they were with {what}, those in which they were satisfied.",
                                 numerator=said.count("satisfied"), denominator=len(said)))
    return (*found, Measure("H3", "Both sides satisfied with the outcome", "cases", "Of the cases closed in the year in which "
            "both sides said "
                            "how satisfied they were, those in which both were.",
                            numerator=sum(all(case.outcome_views[side] == "satisfied" for side in SIDES) for case in both),
                            denominator=len(both)))


def _people(cases: Sequence[HeldCase], year: Year) -> tuple[Measure, ...]:
    def happened(days: str) -> int:
        return sum(on in year for case in cases for on in getattr(case, days))
    return (
        Measure("I1.declared", "Interests declared", "declarations", "Times that somebody who helps with cases declared in the "
                "year that they "
                "had an interest in one.", happened("interests")),
        Measure("I1.recused", "People who stood back", "people", "People who gave up their part in a case in the year because "
                "of an interest.",
                happened("recusals")),
        Measure("I1.replaced", "People who took somebody's place", "people", "People who were named in the year in the place of "
                "one who stood "
                "back.", happened("replacements")))


def _parts(counted: Counter[str], titles: Mapping[str, str]) -> tuple[Part, ...]:
    known = [Part(title, counted[name]) for name, title in titles.items()]
    others = (Part(name.replace("_", " ") or "Not recorded", count) for name, count in sorted(counted.items()) if name not in titles)
    return (*known, *others)
