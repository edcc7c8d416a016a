"""The story of a case, read from its log: who did what in which role, with the words that the reader may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from breachdesk.audit.chain import read_body
from breachdesk.casework.carrying_out import CORRECTION
from breachdesk.casework.case_views import StepView
from breachdesk.casework.forgetting.letting_go import TOLD, why_gone
from breachdesk.casework.masking import NO_MASK, Mask
from breachdesk.casework.offering import limit_said
from breachdesk.clock import local_day
from breachdesk.store import audit_log, people, reading
from breachdesk.store.audit_log import CHANGES_OF_VERSION, MIGRATED, RECOUNTED
from breachdesk.store.session import Session
from breachdesk.store.visibility import STEERING_GROUP
from breachdesk.timekeeping.said import said_day
from breachdesk.workflow.consequences import each_name
from breachdesk.workflow.definition import Action, Ask, Procedure
from breachdesk.workflow.effects import LINK_KINDS
from breachdesk.workflow.facts import CaseFacts, Party
from breachdesk.workflow.on_behalf import READ_BACK, READ_BACK_ON, READ_BACK_TO, SAID_BY, how_it_came
from breachdesk.workflow.recounting import KEPT
from breachdesk.workflow.wording import fill, say

_CLOCK = "The clock"
# What is said beside the steps has pages of its own.
BESIDE_STEPS = ("room:", "note:", "file:", "interest:", "summary:", "hold:")
# What is noted of a name that was kept back, and of letters; not all of it is for everybody.
ABOUT_PARTIES = {"identity:unmask_asked": "Asked that everybody in the case see the name of {name}",
               "identity:unmasked": "Everybody in the case sees the name of {name} now",
               "identity:unmask_refused": "The name of {name} stays kept back",
               "notice:posted": "Posted a letter to {name}"}
KNOWN_TO_FEW = ("identity:unmask_asked", "identity:unmask_refused", "notice:posted")


Find = Callable[[str], Procedure]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a case: whose words they may read, and which parties in it are theirs."""

    account_id: int
    compartments: tuple[str, ...]
    parties: frozenset[int]
    mask: Mask = NO_MASK

    def may_know_of(self, procedure: Procedure, content: Any) -> bool:
        """What was told to the coordinator alone is known to the coordinator and to those who told it."""
        if content["event"] in KNOWN_TO_FEW:
            return content["facts"]["party"] in self.parties or STEERING_GROUP in self.compartments
        action = procedure.actions.get(content["facts"].get("action", ""))
        if action is None or action.seen_by == "shared" or action.seen_by in self.compartments:
            return True
        return content["actor"] == self.account_id or content["facts"]["party"] in self.parties


def timeline_of(session: Session, find: Find, facts: CaseFacts, case_id: int, reader: Reader,
                words: Mapping[str, str]) -> tuple[StepView, ...]:
    """The entries of a case that the reader may know of, newest first, each in the words of the version that the case was under.

    FIND gives a version by its digest.
    """
    compartments = reader.compartments
    entries: list[tuple[int, str, Any]] = [(seq, event, read_body(body)) for seq, event, body, _ in audit_log.entries_of(session, case_id)]
    entries = [one for one in entries if not one[1].startswith(BESIDE_STEPS)]
    under = {seq: find(digest) for seq, digest in _versions(entries)}
    entries = [(seq, event, content) for seq, event, content in entries if reader.may_know_of(under[seq], content)
               and content["facts"].get("case") not in reader.mask.cases]
    known = {seq for seq, _, _ in entries}
    # A correction is no more open than what it corrects.
    entries = [(seq, event, content) for seq, event, content in entries if known.issuperset(_corrects(content))]
    texts = reader.mask.texts(audit_log.details_of(session, case_id, compartments))
    names = people.names_of(session, sorted(_people_in(under, entries)))
    places = reader.mask.place_names({slug: name for _, slug, name, _ in people.organisations(session)})
    allegations = {row.id: f"{row.code}, {row.name}" for row in reading.allegations_of(session, case_id)}
    tellings = {one.digest: _Telling(one, facts, words, texts, names, places, allegations, reader) for one in under.values()}
    corrected = {wrong: seq for seq, _, content in entries for wrong in _corrects(content)}
    return tuple(replace(tellings[under[seq].digest].step(seq, event, content), corrected_by=corrected.get(seq, 0))
                 for seq, event, content in reversed(entries))


def _corrects(content: Any) -> list[int]:
    """The entry that an entry corrects, if it does."""
    facts = content["facts"]
    return [facts["answers"]["entry"]] if facts.get("action") == CORRECTION else []


def _versions(entries: Iterable[tuple[int, str, Any]]) -> Iterator[tuple[int, str]]:
    """Under which version each entry was written: its number, and the version's digest."""
    digest = ""
    for seq, event, content in entries:
        if event in CHANGES_OF_VERSION:
            digest = content["facts"]["new_procedure" if event == MIGRATED else "old_procedure"]
        elif event == "case:opened":
            digest = content["facts"]["procedure_digest"]
        yield seq, digest


def _people_in(under: Mapping[int, Procedure], entries: Iterable[tuple[int, str, Any]]) -> set[int]:
    """Every account that an entry names: who did it, and whom its answers name."""
    found: set[int] = set()
    for seq, _, content in entries:
        found.add(content["actor"])
        action = under[seq].actions.get(content["facts"].get("action", ""))
        for ask in action.asks if action else ():
            answer = content["facts"]["answers"].get(ask.name) if ask.type in ("person", "people") else None
            found |= set(answer) if isinstance(answer, list) else {answer} if answer else set()
    return found


class _Telling:
    """What it takes to tell the entries of one case; it lives for one call."""

    def __init__(self, procedure: Procedure, facts: CaseFacts, words: Mapping[str, str], texts: Mapping[tuple[int, str], str],
                 names: Mapping[int, str], places: Mapping[str, str], allegations: Mapping[int, str], reader: Reader) -> None:
        self.procedure, self.facts, self.words, self.texts, self.names, self.places = procedure, facts, words, texts, names, places
        self.allegations, self.compartments, self.mask = allegations, reader.compartments, reader.mask

    def _who(self, content: Any) -> str:
        return self.mask.actor_name(content["actor"], content["role"], self.names.get(content["actor"], _CLOCK))

    def step(self, seq: int, event: str, content: Any) -> StepView:
        facts = content["facts"]
        at = datetime.fromisoformat(content["at"])
        each = self.procedure.limits[facts["limit"]].each if event.startswith("limit:") else ""
        party = self.facts.whose(each, facts.get("party", 0))
        words = {**self.words, **({party.side: party.name} if party else {})}
        if event.startswith("limit:"):
            return self._limit(seq, at, event, facts, words, party.name if party else "")
        if event == "access:broken_glass":
            why = (("Why", self.texts[seq, "why"]),) if (seq, "why") in self.texts else ()
            return StepView(seq, at, event, "", "The shared papers were opened in an emergency, for an hour", self._who(content),
                            self.procedure.roles.get(content["role"], f"the {content['role']}"), "", "", why)
        if event == "link:made":
            return StepView(seq, at, event, "", f"{LINK_KINDS[facts['kind']]} {facts['case']}", self._who(content),
                            self.procedure.roles.get(content["role"], content["role"]), "", "", ())
        if event in TOLD:
            return StepView(seq, at, event, "", TOLD[event], self._who(content),
                            self.procedure.roles.get(content["role"], content["role"]), "", "", why_gone(facts))
        if event in CHANGES_OF_VERSION or event == RECOUNTED:
            return self._moved(seq, at, event, content)
        if event in ABOUT_PARTIES:
            return self._about_party(seq, at, event, content, party)
        action = self.procedure.actions[facts["action"]]
        other, kind = facts.get("effects", {}).get("linked") or ("", "")
        parted = event == "case:opened" and kind == "split" and other not in self.mask.cases
        title = f"{LINK_KINDS[kind]} {other}" if parted else say(action.title, words)
        said = list(self._answers(seq, action, facts["answers"], words))
        return StepView(seq, at, event, action.name, title, self._who(content),
                        self.procedure.roles.get(content["role"], content["role"]), party.name if party else "",
                        self.procedure.statuses[facts["to"]].title,
                        (*self._behalf(seq, at, facts), *((label, text) for _, label, text in said)),
                        source=facts["from"] or "", target=facts["to"], answers={name: text for name, _, text in said})

    def _behalf(self, seq: int, at: datetime, facts: Any) -> tuple[tuple[str, str], ...]:
        """How a step that was entered for somebody reached the desk, and what that means for a limit that had run out."""
        answers = facts["answers"]
        told = [("How it reached the desk", how_it_came(answers, local_day(at)))]
        told += [("Who said it", self.texts[seq, SAID_BY])] if (seq, SAID_BY) in self.texts else []
        if answers.get(READ_BACK) == "yes":
            to, on = self.texts.get((seq, READ_BACK_TO), ""), answers.get(READ_BACK_ON)
            words = f"Yes{f', to {to}' if to else ''}{f', on {_long(on)}' if on else ''}"
            told.append(("Read back", words))
        told += [("In time", f"{self._limit_title(one)}: by {_long(one['due_on'])}. It reached the desk in time and counts so; the clock "
                             "had run out before it was entered.") for one in facts["limits"]["ended"] if one.get("ending") == "kept"]
        return tuple((label, words) for label, words in told if words)

    def _about_party(self, seq: int, at: datetime, event: str, content: Any, party: Party | None) -> StepView:
        title = fill(ABOUT_PARTIES[event], {"name": party.name if party else "an organisation"})
        texts = [("Why", self.texts[seq, "reason"])] if (seq, "reason") in self.texts else []
        if posted_on := content["facts"].get("posted_on"):
            texts += [("Posted on", _long(posted_on)), ("About", f"Entry {content['facts']['entry']}")]
        if content["facts"].get("single_officer"):
            texts.append(("Decided by one person alone", "The scheme lets one officer do what otherwise takes two."))
        return StepView(seq, at, event, "", title, self._who(content), self.procedure.roles.get(content["role"], content["role"]), "", "",
                        tuple(texts))

    def _limit(self, seq: int, at: datetime, event: str, facts: Any, words: Mapping[str, str], party: str) -> StepView:
        rule = self.procedure.limits[facts["limit"]]
        what = "Reminder sent" if event == "limit:reminded" else "Time is up"
        nominal = datetime.fromisoformat(facts["nominal_at"])
        late = nominal if local_day(nominal) != local_day(at) else None
        return StepView(seq, at, event, "", f"{what}: {say(rule.title, words)}", _CLOCK, self.procedure.roles["clock"], party, "", (), late,
                        limit=facts["limit"], party=facts["party"], then=facts.get("then", ""))

    def _moved(self, seq: int, at: datetime, event: str, content: Any) -> StepView:
        """The case went to another version, or back, or was counted in another calendar: with the days that changed, and why."""
        facts, version = content["facts"], f"version {self.procedure.version} of “{self.procedure.title}”"
        title = {MIGRATED: f"Moved to {version}", RECOUNTED: "New days, by a changed calendar"}.get(event, f"Moved back to {version}")
        texts = [("Why", self.texts[seq, "reason"])] if (seq, "reason") in self.texts else []
        texts += [(self._limit_title(one), _days(one["old_due"], one["new_due"])) for one in facts.get("rules", ())
                  if one["old_due"] != one["new_due"] and one.get("how") != KEPT]
        status, role = self.procedure.statuses[facts["to"]].title, self.procedure.roles.get(content["role"], content["role"])
        return StepView(seq, at, event, "", title, self._who(content), role, "", status, tuple(texts),
                        source=facts["from"], target=facts["to"])

    def _limit_title(self, one: Mapping[str, Any]) -> str:
        rule = self.procedure.limits.get(one["limit"])
        party = self.facts.whose(rule.each, one["party"]) if rule else None
        title = say(rule.title, self.words) if rule else one["limit"].replace("_", " ").capitalize()
        return f"{title} ({party.name})" if party else title

    def _answers(self, seq: int, action: Action, answers: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
        """(question, label, words) of what was answered in a step."""
        for ask, name, label in (one for asked in action.asks for one in self._asked(asked, words)):
            if (seq, name) in self.texts:
                yield name, label, self.texts[seq, name]
            elif name in answers and ask.type != "confirmation" and ask.seen_by in self.compartments:
                yield name, label, self._plain(ask, answers[name], words)

    def _asked(self, ask: Ask, words: Mapping[str, str]) -> list[tuple[Ask, str, str]]:
        """(question, the name of its answer, label): one, or one for each allegation."""
        label = say(ask.label, words)
        if not ask.for_each:
            return [(ask, ask.name, label)]
        return [(ask, each_name(ask.name, number), f"{label} (commitment {what})") for number, what in self.allegations.items()]

    def _plain(self, ask: Ask, answer: Any, words: Mapping[str, str]) -> str:
        if isinstance(answer, list):
            return ", ".join(self._plain(ask, one, words) for one in answer)
        if ask.type in ("person", "people"):
            return self.names.get(answer, "somebody")
        if ask.type == "date":
            return _long(answer)
        if ask.type in ("organisation", "organisations"):
            return self.places.get(answer, answer)
        if ask.type == "case" and answer in self.mask.cases:
            return "another case"
        if ask.type == "limit":
            name, _, subject = answer.partition("/")
            return limit_said(self.procedure.limits[name], self.facts, int(subject))
        if ask.type == "allegations":
            return f"commitment {self.allegations.get(int(answer), answer)}"
        if ask.type == "party" and (party := self.facts.party(int(answer))):
            return party.name
        return say(ask.choices[answer], words) if answer in ask.choices else str(answer).capitalize()


def _long(day: str) -> str:
    return said_day(date.fromisoformat(day))


def _days(old: str | None, new: str | None) -> str:
    before, after = (_long(day) if day else "" for day in (old, new))
    if after:
        return f"by {after}, instead of {before}" if before else f"by {after}"
    return f"no longer by {before}"


def stage_days(session: Session, case_id: int) -> dict[str, date]:
    """The day on which the case first came to each stage."""
    days: dict[str, date] = {}
    for _, event, body, _ in audit_log.entries_of(session, case_id):
        content: Any = read_body(body)
        if event.startswith("case:"):
            days.setdefault(content["facts"]["stage"], local_day(datetime.fromisoformat(content["at"])))
    return days
