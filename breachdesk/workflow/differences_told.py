"""What differs between two versions of a procedure, in words that a committee can vote on. From `differences`; pure.

Part by part, as people read a procedure; of one thing first who may do what, where and for how long, then the texts. What stayed the same
is silent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from itertools import groupby

from breachdesk.timekeeping.limits import CalendarDays, Months, Weeks, WorkingDays
from breachdesk.workflow.definition import Extendable, Notice, Procedure, Rung
from breachdesk.workflow.differences import WHOLE, Difference, differences
from breachdesk.workflow.wording import listed

PARTS: Mapping[str, str] = {
    WHOLE: "The procedure", "stages": "Stages", "statuses": "Where a case can be", "actions": "What can be done",
    "limits": "What must happen in time", "notices": "Messages", "outcomes": "How a case can end", "roles": "Who is who",
    "seen_as": "What people see"}


@dataclass(frozen=True, slots=True)
class Told:
    """What differs about one thing: its title, and a sentence for each difference."""

    part: str
    name: str
    title: str
    says: tuple[str, ...]


def told(old: Procedure, new: Procedure) -> tuple[Told, ...]:
    """Everything that differs, in words, thing by thing and part by part; empty when the two say the same."""
    return _Telling(old, new).all(differences(old, new))


@dataclass(frozen=True, slots=True)
class _List:
    """A field that lists things: how to say that one came to it or went from it, and what it is."""

    gained: str
    lost: str
    word: str
    of: str = ""


_TEXTS = {"title": "the title", "label": "the words", "help": "the explanation", "button": "the button", "letter": "the letter", "source":
          "the source", "says": "the text", "subject": "the subject line", "hint": "the hint", "page": "the page it begins"}
_LISTS = {
    "by": _List("{} may now do this", "{} may no longer do this", "who may do this", "roles"),
    "sources": _List("it can now be done at “{}”", "it can no longer be done at “{}”", "where it can be done", "statuses"),
    "target_if": _List("it now leads to {}", "it no longer leads to {}", "where it leads, by what holds"),
    "guards": _List("new condition: {}", "no longer a condition: {}", "the conditions", "guards"),
    "waits_for": _List("it now waits for {}", "it no longer waits for {}", "whom it waits for", "roles"),
    "statuses": _List("it now runs at “{}”", "it no longer runs at “{}”", "where it runs", "statuses"),
    "rungs": _List("new reminder {}", "no reminder any more {}", "the reminders"),
    "met_by": _List("it is now met by “{}”", "it is no longer met by “{}”", "what meets it", "actions"),
    "then": _List("when the time is up, the clock now does this: {}", "when the time is up, the clock no longer does this: {}",
                  "what the clock does, in this order", "actions"),
    "started_by": _List("“{}” now starts it", "“{}” no longer starts it", "what starts it", "actions"),
    "tells": _List("it now sends “{}”", "it no longer sends “{}”", "what it sends", "notices"),
    "resumes": _List("it now ends the pause {}", "it no longer ends the pause {}", "the pauses it ends"),
    "to": _List("it now goes to {}", "it no longer goes to {}", "whom it goes to", "roles"),
    "choices": _List("new answer: {}", "no longer an answer: {}", "the answers"),
}
_NAMED = {"stage": ("it belongs to", "stages"), "seen_as": ("people see it as", "seen_as"), "target": ("it leads to", "statuses"),
          "opens": ("a case begins at", "statuses"), "outcome": ("the case ends as", "outcomes"), "after": ("it begins after", "limits"),
          "holding": ("only those who hold the role of", "roles"), "serving": ("only those serving as", "roles"),
          "moves_when": ("the case moves when", "guards")}
_SAID = {"lasts": "", "days_off": "whose days off count",
         "each": "it is done or runs separately for each", "stops": "what stands still", "extends": "more time that it gives",
         "extendable": "more time", "counts_from": "the day that it counts from", "due_on": "its day is the answer to",
         "calendar": "its calendar", "only_shown": "it is shown only, and the clock does nothing",
         "window": "nobody is late when it is over", "required": "an answer is required",
         "type": "what kind of answer", "seen_by": "who sees the answer", "when": "asked only if", "least": "at least", "most": "at most",
         "not_before": "not before", "not_after": "not after", "for_each": "asked for each"}
# The order in which the differences of one thing are told; a field that is not named here comes last.
_READ = ("by", "sources", "target", "target_if", "guards", "lasts", "extendable", "rungs", "then", "met_by", "statuses")


_DAY = re.compile(r"\{[^{}]+\}")


class _Telling:
    """Two versions, and how each names its things; it lives for one call."""

    def __init__(self, old: Procedure, new: Procedure) -> None:
        self.old, self.new = old, new

    def all(self, found: tuple[Difference, ...]) -> tuple[Told, ...]:
        places = list(PARTS)
        ordered = sorted(found, key=lambda one: places.index(one.part) if one.part in places else len(places))
        # What was added to a part stands behind what changed in it, what was removed behind both: names keep the order of the file.
        by_thing: dict[tuple[str, str], list[Difference]] = {}
        for one in ordered:
            by_thing.setdefault((one.part, one.name), []).append(one)
        return tuple(Told(part, name, self._title(part, name), self._of_thing(part, name, several))
                     for (part, name), several in by_thing.items())

    def _of_thing(self, part: str, name: str, found: list[Difference]) -> tuple[str, ...]:
        for one in found:
            if one.kind in ("added", "removed") and not one.question:
                return (self._added(part, name) if one.kind == "added" else "left out",)
        rank = {field: place for place, field in enumerate(_READ)}
        ordered = sorted(found, key=lambda one: (bool(one.question), rank.get(one.field, len(rank)) if not one.question else 0))
        says: list[str] = []
        for question, several in groupby(ordered, key=lambda one: one.question):
            said = [sentence for one in several for sentence in self._difference(one)]
            says += [f"the question “{self._question(name, question)}”: {one}" for one in said] if question else said
        return tuple(says)

    def _added(self, part: str, name: str) -> str:
        if part == "actions":
            action = self.new.actions[name]
            where = listed([f"“{self._name('statuses', one)}”" for one in action.sources])
            leads = " and leads to " + " or ".join(f"“{self._name('statuses', one)}”" for one in action.targets) if action.targets else ""
            return f"new: {listed([self._name('roles', one) for one in action.by])} may do this{f' at {where}' if where else ''}{leads}"
        if part == "limits":
            rule = self.new.limits[name]
            then = f"; then the clock does this: {' or '.join(self._name('actions', one) for one in rule.then)}" if rule.then else ""
            return f"new: {rule.lasts}{then}"
        if part == "notices":
            notice = self.new.notices[name]
            return f"new, to {listed([self._name('roles', one) for one in notice.to])}: “{_filled(notice.says)}”"
        return f"new: “{_filled(self.new.statuses[name].says)}”" if part == "statuses" else "new"

    def _difference(self, one: Difference) -> list[str]:
        if one.kind == "added":
            return ["new"]
        if one.kind == "removed":
            return ["no longer asked"]
        if one.kind == "moved":
            names = [self._question(one.name, each) if one.name else self._title(one.part, each) for each in _names(one.new)]
            return [f"in another order: {', '.join(names)}"]
        if one.field in _LISTS:
            return self._list(_LISTS[one.field], _items(one.old), _items(one.new))
        return [self._field(one.field, one.old, one.new)]

    def _list(self, how: _List, old: tuple[object, ...], new: tuple[object, ...]) -> list[str]:
        says = [how.gained.format(self._said(one, how.of)) for one in new if one not in old]
        says += [how.lost.format(self._said(one, how.of)) for one in old if one not in new]
        return says or [f"{how.word}: {', '.join(self._said(one, how.of) for one in new)}"]

    def _field(self, field: str, old: object, new: object) -> str:
        if field in _TEXTS:
            return _text(_TEXTS[field], old, new)
        word, of = _NAMED[field] if field in _NAMED else (_SAID.get(field, field.replace("_", " ")), "")
        was, now = self._said(old, of), self._said(new, of)
        if isinstance(old, WorkingDays | CalendarDays | Weeks | Months) and type(old) is type(new):
            was = str(old.n)
        return f"{word}: {was} → {now}" if word else f"{was} → {now}"

    def _said(self, value: object, of: str = "") -> str:
        """A value as people read it: things by their titles, the rest in plain words."""
        if value is None or value == "" or value == ():
            return "nothing"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, Rung):
            sent = [self._name("notices", one) for one in value.tells]
            return f"{_rung_day(value)}: {listed([f'“{one}”' for one in sent])}"
        if isinstance(value, Extendable):
            return f"at most {value.at_most}, {'once' if value.times == 1 else f'{value.times} times'}" + (
                ", if both sides agree" if value.consent else "")
        if isinstance(value, WorkingDays | CalendarDays | Weeks | Months):
            return str(value)
        if is_dataclass(value):
            said = [(one.name, getattr(value, one.name)) for one in fields(value)]
            return ", ".join(f"{name.replace('_', ' ')} {self._said(inner)}" for name, inner in said if inner not in ("", (), None, False))
        if isinstance(value, tuple):
            return ", ".join(self._said(one) for one in value)
        return self._name(of, str(value)) if of else f"“{value}”" if isinstance(value, str) else str(value)

    def _title(self, part: str, name: str) -> str:
        return _capital(self._name(part, name)) if name else PARTS.get(part, part)

    def _name(self, part: str, name: str) -> str:
        """What the new version calls a thing, or the old one, when it is no longer there."""
        if part == "guards":
            return name.replace("-", " ")
        for procedure in (self.new, self.old):
            things: Mapping[str, object] = getattr(procedure, part, {})
            if name in things:
                thing = things[name]
                if isinstance(thing, Notice):
                    return _filled(thing.subject)
                return _filled(thing if isinstance(thing, str) else str(getattr(thing, "title", name)))
        return name.replace("_", " ")

    def _question(self, action: str, question: str) -> str:
        asks = (ask for procedure in (self.new, self.old) if action in procedure.actions for ask in procedure.actions[action].asks)
        return next((_filled(ask.label) for ask in asks if ask.name == question), question)


def _text(word: str, old: object, new: object) -> str:
    if not old:
        return f"{word}, new: “{new}”"
    return f"{word}: “{old}” → “{new}”" if new else f"{word} is left out: “{old}”"


def _rung_day(rung: Rung) -> str:
    days = WorkingDays(abs(rung.offset))
    return f"{days} {'before' if rung.offset < 0 else 'after'} the day"


def _items(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _names(value: object) -> Iterable[str]:
    return [str(one) for one in _items(value)]


def _filled(text: str) -> str:
    """A title about any case at all: no reference, nobody's name, no day."""
    said = text.replace(" ({reference})", "").replace("{complainant}", "the complainant").replace("{respondent}", "the respondent")
    return _DAY.sub("(day)", said)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
