"""A case that walks through a procedure in memory: it carries out decisions as `casework` does, and holds no rule of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from breachdesk import resources
from breachdesk.errors import Refused
from breachdesk.identity import NOBODY, Actor
from breachdesk.timekeeping.calendars import Calendar
from breachdesk.workflow.consequences import facts_after
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.engine import Decision, decide
from breachdesk.workflow.facts import Allegation, Answers, Candidate, CaseFacts, Party, Running, Taken
from breachdesk.workflow.loading import load_procedure

# The newest version that comes with the product. Those before it are locked, and are as they were when they were the newest.
FILE = max((path.name for path in resources.folder("workflows").glob("procedures/compact-dispute.v*.yaml")),
           key=lambda name: int(name.split(".v")[1].split(".")[0]))
MONDAY = date(2026, 3, 2)
PEOPLE = (("kim", "statutory", ()), ("lee", "voluntary", ()), ("mo", "statutory", ()), ("nat", "voluntary", ()), ("oz", "voluntary", ()),
          ("pat", "voluntary", ()), ("from_a", "voluntary", (11,)), ("from_b", "statutory", (12,)))

FRIEND = {"critical_friend": "kim"}
PANEL = {"members": ("lee", "mo", "nat"), "chair": "mo"}
AGREED = {"complainant_view": "satisfied", "respondent_view": "satisfied", "remedy": "An apology", "remedy_kind": "apology",
          "remedy_owner": "2"}
# How the tests come to each status: from which one, by which steps (action, answers, party). `None` is the clock.
ROAD: dict[str, tuple[str, tuple[tuple[str, Answers, int] | None, ...]]] = {
    "awaiting_information": ("received", (("ask_for_information", {}, 0),)),
    "direct_open": ("received", (("record_direct_contact", {}, 0),)),
    "direct_no_response": ("direct_open", (None,)),
    "awaiting_referral_cf": ("direct_open", (("respond", {}, 2),)),
    "screening": ("awaiting_referral_cf", (("refer_to_critical_friend", {}, 0),)),
    "cf_appointing": ("screening", (("admit", {}, 0),)),
    "cf_open": ("cf_appointing", (("appoint_critical_friend", FRIEND, 0),)),
    "awaiting_referral_panel": ("cf_open", (("end_critical_friend_stage", {}, 0),)),
    "panel_convening": ("awaiting_referral_panel", (("refer_to_panel", {}, 0),)),
    "panel_open": ("panel_convening", (("convene", PANEL, 0), ("open_panel", {}, 0))),
    "panel_draft": ("panel_open", (("send_draft", {}, 0),)),
    "awaiting_party_response": ("panel_draft", (("propose", {}, 0),)),
    "closed": ("awaiting_party_response", (("decline", {}, 2),)),
    "follow_up": ("cf_open", (("record_resolution", AGREED, 0),)),
    "completed": ("follow_up", (("confirm_remedy", {"which": "1"}, 0),)),
    "under_process_review": ("closed", (("ask_for_review", {}, 1),)),
}


@dataclass
class Walk:
    """One case on its way. `today` is moved by hand or by the clock."""

    procedure: Procedure
    facts: CaseFacts
    today: date

    def do(self, action: str, answers: Answers | None = None, subject: int = 0, actor: Actor = NOBODY) -> Decision:
        """Take a step, and remember what follows from it."""
        decision = decide(self.procedure, self.facts, action, answers or {}, subject, self.today, actor)
        self.facts = self._carried_out(decision, actor)
        return decision

    def go_to(self, status: str) -> Walk:
        """Take the road of these tests until the case is there."""
        if self.facts.status != status:
            before, steps = ROAD[status]
            self.go_to(before)
            for step in steps:
                self.do(*step) if step else self.fire_until(status)
        assert self.facts.status == status
        return self

    def refusal(self, action: str, answers: Answers | None = None, subject: int = 0, actor: Actor = NOBODY) -> str:
        """Why the step is refused."""
        with pytest.raises(Refused) as raised:
            decide(self.procedure, self.facts, action, answers or {}, subject, self.today, actor)
        return " ".join(raised.value.reasons)

    def pass_days(self, working_days: int) -> None:
        self.today = self.facts.calendar.shifted(self.today, working_days)

    def due(self, limit: str, subject: int = 0) -> date | None:
        """The day that a running limit is due on; None while it stands still."""
        found = self.facts.limit(limit, subject)
        assert found is not None, f"{limit} does not run"
        return found.due_on

    def days_left(self, limit: str, subject: int = 0) -> int:
        """Working days from today to the due day."""
        due = self.due(limit, subject)
        assert due is not None
        return self.facts.calendar.working_days_through(due) - self.facts.calendar.working_days_through(self.today)

    def limits(self) -> set[str]:
        return {one.limit for one in self.facts.running}

    def fire(self) -> str:
        """Let the limit that ends first run out: the name of what the clock did, "" for nothing."""
        first = min((one for one in self.facts.running if one.due_on), key=lambda one: (str(one.due_on), one.generation))
        assert first.due_on is not None
        self.today = max(self.today, first.due_on + timedelta(days=1))
        self.facts = replace(self.facts, running=tuple(one for one in self.facts.running if one != first))
        for name in self.procedure.limits[first.limit].then:
            try:
                self.do(name, subject=first.subject)
            except Refused:
                continue
            return name
        return ""

    def fire_until(self, *statuses: str) -> list[str]:
        """Nobody but the clock does anything, until the case is in one of the statuses: the clock's actions on the way."""
        did = []
        while self.facts.status not in statuses:
            assert any(one.due_on for one in self.facts.running), f"nothing happens any more in {self.facts.status}"
            did.append(self.fire())
        return [name for name in did if name]

    def _carried_out(self, decision: Decision, actor: Actor) -> CaseFacts:
        facts, clocks = facts_after(self.facts, decision.does), decision.clocks
        ended = {(one.limit, one.subject) for one in clocks.ended}
        over = {(one.limit, one.subject) for one in clocks.ended if one.ending != "replaced"}
        running = [one for one in facts.running if (one.limit, one.subject) not in ended]
        running += [Running(one.limit, one.subject, facts.sequence + 1, one.started_on, one.due_on) for one in clocks.started]
        opened = tuple(replace(one, id=len(facts.pauses) + place) for place, one in enumerate(decision.pauses, 1))
        before = facts.history.get(decision.action.name, Taken(0, 0, 0))
        taken = Taken(before.times + 1, before.moves + decision.moved, actor.account_id)
        return replace(
            facts, status=decision.target, sequence=facts.sequence + 1, running=tuple(running),
            pauses=facts.pauses_after(opened, decision.resumes, self.today),
            parties=tuple(_after_step(party, decision) for party in facts.parties),
            extensions=tuple(one for one in facts.extensions if (one.limit, one.subject) not in over)
            + ((decision.extension,) if decision.extension else ()),
            history={**facts.history, decision.action.name: taken}, reached_panel=facts.reached_panel or decision.stage == "panel",
            outcome=decision.outcome if decision.closed else "" if decision.reopened else facts.outcome)


def _after_step(party: Party, decision: Decision) -> Party:
    before = frozenset() if decision.stage_changed else party.taken
    return replace(party, taken=before | {decision.action.name}) if party.id == decision.subject else replace(party, taken=before)


@pytest.fixture(scope="session")
def procedure_text() -> str:
    return resources.text("workflows", "procedures", FILE)


@pytest.fixture(scope="session")
def procedure(procedure_text: str) -> Procedure:
    return load_procedure(procedure_text, FILE)


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    holidays = {"2026-04-03": "Good Friday", "2026-04-06": "Easter Monday", "2026-05-04": "Early May bank holiday",
                "2026-05-25": "Spring bank holiday", "2026-08-31": "Summer bank holiday", "2026-12-25": "Christmas Day"}
    # Long enough for any road: limits of months may run out one after the other.
    return Calendar("here", "Here", date(2026, 1, 1), date(2075, 12, 31), date(2075, 12, 31),
                    {date.fromisoformat(day): title for day, title in holidays.items()})


@pytest.fixture(scope="session")
def new_case(procedure: Procedure, calendar: Calendar) -> Callable[..., Walk]:
    """A case that has just been lodged: party 1 complains about party 2 (and 3, when there are two)."""
    candidates = {name: Candidate(number, name, f"{name}@example.org", sector, frozenset(places))
                  for number, (name, sector, places) in enumerate(PEOPLE, 1)}

    def begin(respondents: int = 1, complainants: int = 1, tried: bool = False, received: date = MONDAY, today: date | None = None,
              at: str = "received", answers: Answers | None = None) -> Walk:
        parties = [Party(1, 11, "complainant", "A", "voluntary")]
        parties += [Party(2 + more, 12 + more, "respondent", f"B{more}", "statutory") for more in range(respondents)]
        parties += [Party(8 + more, 18 + more, "complainant", f"C{more}", "voluntary") for more in range(complainants - 1)]
        facts = CaseFacts("BD-2026-0001", "", received, 0, tuple(parties), calendar, candidates=candidates, tried_directly=tried,
                          event_on=received, calendars={"foi": calendar}, allegations=tuple(
                              Allegation(10 * party.id + one, party.id, one) for party in parties if party.side == "respondent"
                              for one in (1, 2)))
        walk = Walk(procedure, facts, today or received)
        walk.do("lodge", {"received_on": received, **(answers or {})})
        return walk.go_to(at)

    return begin
