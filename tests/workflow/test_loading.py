"""A procedure file is read whole, or every fault in it is named with its place."""

from __future__ import annotations

from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breachdesk.errors import BadProcedure
from breachdesk.timekeeping.limits import Weeks, WorkingDays
from breachdesk.workflow.definition import Ask, Extendable, Extends, LimitRule, Procedure, Rung
from breachdesk.workflow.loading import load_procedure

SMALL = """\
procedure: small
version: "1"
title: Small
source: These tests
stages: {open: Open, ended: Ended}
roles: {complainant: one, respondent: other, coordinator: desk, clock: clock}
seen as: {open: Open, ended: Ended}
outcomes: {settled: Settled, lapsed: Lapsed}
statuses:
  asked:
    title: Asked
    stage: open
    seen as: open
    waits for: [respondent]
    says: "{respondent} answers by {answer}."
  held:
    title: Held
    stage: open
    seen as: open
    says: Waiting.
    stops: {limits: [answer], because: waiting}
  over:
    title: Over
    stage: ended
    seen as: ended
    says: Over.
actions:
  lodge:
    title: Complain
    opens: asked
    by: [complainant]
    counts from: came_on
    asks:
      came_on: {label: When, type: date, not after: today}
      tried: {label: Tried?, type: yes or no}
      tried_on: {label: Which day, type: date, when: {tried: "yes"}}
    tells: [told]
  settle:
    title: Settle with {respondent}
    from: [asked, held]
    to: over
    outcome: settled
    each: respondent
    moves when: every-party-accepts
    by: [respondent]
    asks:
      how: {label: How, type: choice, of: {paid: Paid, said: Said sorry}}
  hold:
    title: Hold
    from: asked
    to: held
    by: [coordinator]
  longer:
    title: Longer
    from: asked
    by: [coordinator]
    extends: {limit: answer, by: days}
    only if: [answer-is-awaited]
    asks:
      days: {label: Days, type: number, least: 1, most: 5}
      helper: {label: Who, type: person, holding: coordinator, optional: true}
    appoints: {role: coordinator, from: [helper]}
  lapse:
    title: Lapse
    from: [asked, held]
    to: over
    outcome: lapsed
    by: [clock]
limits:
  answer:
    title: "{respondent} answers"
    while: [asked, held]
    lasts: 10 working days
    source: These tests
    remind: [{when: 2 working days before, tells: [told]}]
    met by: [settle]
    then: [lapse]
    may be extended: {at most: 5 working days}
  stop:
    title: The end
    while: [held]
    lasts: 3 weeks
    source: These tests
    then: [lapse]
notices:
  told:
    to: [respondent]
    subject: A complaint ({reference})
    says: Please answer by {answer}.
"""


def faults_of(text: str) -> list[str]:
    with pytest.raises(BadProcedure) as raised:
        load_procedure(text, "p.yaml")
    assert all(fault.file == "p.yaml" for fault in raised.value.faults)
    return [f"{fault.line}:{fault.column}: {fault.message}" for fault in raised.value.faults]


def broken(old: str, new: str) -> str:
    assert SMALL.count(old) == 1, f"“{old}” must stand once"
    return SMALL.replace(old, new)


def test_a_sound_file_becomes_a_procedure() -> None:
    procedure = load_procedure(SMALL, "p.yaml")

    assert procedure.opening.name == "lodge"
    assert [action.name for action in procedure.actions_from("held")] == ["settle", "lapse"]
    assert procedure.limits["answer"].lasts == WorkingDays(10)
    assert [rung.offset for rung in procedure.limits["answer"].rungs] == [-2]
    assert procedure.actions["longer"].extends == Extends("answer", "days")
    assert procedure.limits["answer"].extendable == Extendable(WorkingDays(5))
    assert procedure.actions["lodge"].asks[2].when == ("tried", "yes")
    assert procedure.statuses["over"].final


@pytest.mark.parametrize(("old", "new", "faults"), [
    # Names: missing, unknown, twice, not text.
    ("title: Small\n", "", ["1:1: “title” is missing"]),
    ("source: These tests\nstages", "sauce: These tests\nstages", [
        "1:1: “source” is missing",
        "4:1: “sauce” is not known here; did you mean “source”?"]),
    ("  asked:\n    title: Asked\n", "  asked:\n    title: Asked\n    title: Again\n", [
        "12:5: “title” stands here twice; it is first on line 11"]),
    ("    says: Over.\n", "", ["23:5: “says” is missing"]),
    ('version: "1"', "version: 1", ["2:10: YAML takes 1 for a number: put it in quotes"]),
    ("    title: Held\n", "    title: no\n", ["17:12: YAML takes no for yes or no: put it in quotes"]),
    ("stages: {open: Open, ended: Ended}", "stages: [open, ended]", [
        "5:9: names with values are expected here (name: value)",
        "12:12: asked: there is no stage “open”",
        "18:12: held: there is no stage “open”",
        "24:12: over: there is no stage “ended”"]),
    ("label: Days", "lable: Days", ["60:13: “label” is missing", "60:14: “lable” is not known here; did you mean “label”?"]),
    ("      days: {", "      Days: {", [
        "57:34: longer: there is no question “days”; did you mean “Days”?",
        "60:13: “Days” must be written in small letters and _"]),
    # Where a case can be, and how it gets there and away.
    ("    stage: ended\n", "    stage: end\n", [
        "24:12: over: there is no stage “end”; did you mean “ended”?"]),
    ("    seen as: ended\n", "    seen as: done\n", ["25:14: over: there is no entry in “seen as” “done”; known are: ended, open"]),
    ("waits for: [respondent]", "waits for: [respondents]", ["14:17: asked: there is no role “respondents”; did you mean “respondent”?"]),
    ("limits: [answer], because", "limits: [answers], because", ["21:22: held: there is no limit “answers”; did you mean “answer”?"]),
    (", because: waiting", "", ["21:12: “because” is missing"]),
    ("    opens: asked\n", "    opens: ask\n", [
        "30:12: lodge: there is no status “ask”; did you mean “asked”?"]),
    ("    opens: asked\n", "", [
        "28:3: lodge: exactly one action opens a case; here 0 do",
        "29:5: “lodge” needs either “from” (where it can be taken) or “opens” (the status in which a case begins)"]),
    ("    opens: asked\n", "    opens: asked\n    from: asked\n", [
        "29:5: “lodge” needs either “from” (where it can be taken) or “opens” (the status in which a case begins)"]),
    ("    title: Hold\n    from: asked\n    to: held\n", "    title: Hold\n    opens: held\n", [
        "28:3: lodge: exactly one action opens a case; here 2 do"]),
    ("    from: asked\n    to: held\n", "    from: []\n    to: held\n", [
        "50:11: “hold” can be taken nowhere: name at least one status"]),
    ("    to: held\n", "    to: hold\n", [
        "51:9: hold: there is no status “hold”; did you mean “held”?"]),
    ("    from: [asked, held]\n    to: over\n    outcome: settled\n", "    from: [asked, asked]\n    to: over\n    outcome: settled\n", [
        "40:19: “asked” stands here twice"]),
    ("    outcome: lapsed\n", "", ["63:3: lapse: it ends the case and must say with which outcome"]),
    ("    outcome: settled\n", "    outcome: setled\n", ["42:14: settle: there is no outcome “setled”; did you mean “settled”?"]),
    # Who, and which rules.
    ("    by: [complainant]\n", "    by: [complaint]\n", ["31:10: lodge: there is no role “complaint”; did you mean “complainant”?"]),
    ("    each: respondent\n    moves", "    each: respondents\n    moves", [
        "38:3: settle: “moves when” counts who has taken the step, so it needs “each”",
        "43:11: “respondents” is not known here; did you mean “respondent”?"]),
    ("    each: respondent\n    moves", "    moves", ["38:3: settle: “moves when” counts who has taken the step, so it needs “each”"]),
    ("every-party-accepts", "everybody-accepts", ["44:17: “everybody-accepts” is not known here; did you mean “every-party-accepts”?"]),
    ("[answer-is-awaited]", "[answer-awaited]", ["58:15: “answer-awaited” is not known here; did you mean “answer-is-awaited”?"]),
    # A limit has nobody's answers before it.
    ("    title: The end\n", "    title: The end\n    only if: [event-came-before-now]\n", [
        "81:15: “event-came-before-now” is not known here"]),
    ("role: coordinator, from", "role: coordinator, of", [
        "62:15: “from” is missing",
        "62:35: “of” is not known here; known are: chair, from, role"]),
    ("from: [helper]", "from: [days]", ["53:3: longer: “appoints” needs a question of the type person or people; “days” is a number"]),
    # Questions.
    ("type: number", "type: numbers", ["60:33: “numbers” is not known here; did you mean “number”?"]),
    ("counts from: came_on", "counts from: cameon", ["32:18: lodge: there is no question “cameon”; did you mean “came_on”?"]),
    ("counts from: came_on", "counts from: tried", [
        "28:3: lodge: “counts from” needs a question of the type date; “tried” is a yes or no"]),
    ("not after: today", "not after: tomorrow", ["34:53: “tomorrow” is not known here; known are: today"]),
    ('when: {tried: "yes"}', "when: {tried: yes}", ["36:62: YAML takes yes for yes or no: put it in quotes"]),
    ('when: {tried: "yes"}', 'when: {tryed: "yes"}', ["36:55: lodge: there is no question “tryed”; did you mean “tried”?"]),
    ('when: {tried: "yes"}', 'when: {tried: "maybe"}', [
        "28:3: lodge: “tried_on” depends on the answer “maybe”, which “tried” does not have"]),
    ('when: {tried: "yes"}', 'when: {tried_on: "yes"}', ["28:3: lodge: “tried_on” depends on “tried_on”, which must stand before it"]),
    ('when: {tried: "yes"}', "when: {}", ['36:54: “when” names one question and its answer, like {tried: "yes"}']),
    ("type: choice, of: {paid: Paid, said: Said sorry}", "type: choice", [
        "47:12: “how”: a choice, and only a choice, says what there is to choose (of: …)"]),
    ("label: When, type: date", "label: When, of: {a: A}, type: date", [
        "34:16: “came_on”: a choice, and only a choice, says what there is to choose (of: …)"]),
    ("holding: coordinator", "holding: coordinators", ["61:51: longer: there is no role “coordinators”; did you mean “coordinator”?"]),
    ("optional: true", "optional: maybe", ["61:74: true or false is expected here"]),
    ("least: 1", "least: one", ["60:48: a whole number of at least 0 is expected here"]),
    # More time.
    ("limit: answer, by: days", "limit: answers, by: days", [
        "57:22: longer: there is no limit or question “answers”; did you mean “answer”?"]),
    ("limit: answer, by: days", "limit: answer, by: helper", [
        "53:3: longer: “extends” needs a question of the type number; “helper” is a person"]),
    ("at most: 5 working days", "at most: 5 weeks", ["78:32: more time is given in working days, like “10 working days”"]),
    ("at most: 5 working days", "at most: five", [
        "78:32: “five” is not a limit; write 5 working days, 3 days, 12 weeks or 3 months, in digits and at least 1."]),
    # Limits, and what the clock does.
    ("lasts: 10 working days", "lasts: 10 workdays", [
        "73:12: “10 workdays” is not a limit; write 5 working days, 3 days, 12 weeks or 3 months, in digits and at least 1."]),
    ("    while: [held]\n", "    while: [hold]\n", [
        "81:13: stop: there is no status “hold”; did you mean “held”?"]),
    ("    while: [held]\n", "    while: []\n", [
        "81:12: “stop” runs nowhere: name at least one status"]),
    ("2 working days before", "2 days before", [
        "75:21: “2 days before” is not a reminder: write “5 working days before” or “1 working day after”"]),
    ("when: 2 working days before, ", "", ["75:14: “when” is missing"]),
    ("2 working days before", "before", ["75:21: “before” is not a reminder: write “5 working days before” or “1 working day after”"]),
    ("tells: [told]}]", "tells: [tolled]}]", ["75:52: answer: there is no notice “tolled”; did you mean “told”?"]),
    ("met by: [settle]", "met by: [setle]", ["76:14: answer: there is no action “setle”; did you mean “settle”?"]),
    ("    met by: [settle]\n    then: [lapse]\n", "    met by: [settle]\n    then: [lapsed]\n", [
        "77:12: answer: there is no action “lapsed”; did you mean “lapse”?"]),
    ("    met by: [settle]\n    then: [lapse]\n", "    met by: [settle]\n    then: [hold]\n", [
        "70:3: answer: “hold” is not an action of the clock (by: [clock])"]),
    ("    title: Lapse\n    from: [asked, held]\n", "    title: Lapse\n    each: respondent\n    from: [asked, held]\n", [
        "71:3: answer: “lapse” is taken for each respondent, so this limit needs “each: respondent” too",
        "80:3: stop: “lapse” is taken for each respondent, so this limit needs “each: respondent” too"]),
    ("    title: The end\n", "    title: The end\n    each: everybody\n", [
        "81:11: stop: there is no side “everybody”; known are: complainant, party, remedy, respondent"]),
    ("    title: The end\n", "    title: The end\n    after: start\n", [
        "81:12: stop: there is no limit “start”; known are: answer, stop"]),
    ("    title: The end\n", "    title: The end\n    each: respondent\n    after: answer\n", [
        "79:3: stop: it begins after “answer”, which must stand before it and be for the same side (each)"]),
    ("    while: [asked, held]\n", "    while: [asked, held]\n    after: stop\n", [
        "70:3: answer: it begins after “stop”, which must stand before it and be for the same side (each)"]),
    # Words to fill in, and messages.
    ('by {answer}."', 'by {anwser}."', ["15:11: asked: there is no word to fill in “anwser”; did you mean “answer”?"]),
    ("Please answer by {answer}.", "Please answer by {Answer}.", [
        "89:11: told: there is no word to fill in “Answer”; did you mean “answer”?"]),
    ("Settle with {respondent}", "Settle with {responder}", [
        "39:12: settle: there is no word to fill in “responder”; did you mean “respondent”?"]),
    ('"{respondent} answers"\n', '"{responding} answers"\n', [
        "71:12: answer: there is no word to fill in “responding”; did you mean “respondent”?"]),
    ("label: How,", 'label: "How, {friend}?",', [
        "47:20: settle: there is no word to fill in “friend”; known are: answer, complainant, reference, respondent, stop"]),
    ("    to: [respondent]\n", "    to: [respondents]\n", [
        "87:10: told: there is no recipient “respondents”; did you mean “respondent”?"]),
    ("    tells: [told]\n", "    tells: [tld]\n", ["37:13: lodge: there is no notice “tld”; did you mean “told”?"]),
])
def test_each_fault_is_named_with_its_place(old: str, new: str, faults: list[str]) -> None:
    assert faults_of(broken(old, new)) == faults


def test_each_word_about_a_question_or_a_limit_is_read() -> None:
    asks = """\
      days: {label: Days, type: number}
      helper: {label: Who, type: person, serving: coordinator, hint: Ask first., optional: true, by: coordinator, page: People,
               seen by: coordinator}
      since: {label: Since when, type: date, not before: until, not after: today}
      until: {label: Until when, type: date, for each: allegation}
"""
    lasts = """\
    each: respondent
    only if: [a-remedy-is-open]
    started by: [hold]
    due on: since
    window: true
    calendar: foi
"""
    text = SMALL[:SMALL.index("      days: {")] + asks + SMALL[SMALL.index("    appoints:"):].replace(
        "    title: The end\n", f"    title: The end\n{lasts}").replace("    then: [lapse]\nnotices", "notices")
    procedure = load_procedure(text, "p.yaml")

    assert procedure.actions["longer"].asks == (
        Ask("days", "Days", "number"),
        Ask("helper", "Who", "person", hint="Ask first.", required=False, serving="coordinator", by=("coordinator",), page="People",
            seen_by="coordinator"),
        Ask("since", "Since when", "date", not_before="until", not_after="today"),
        Ask("until", "Until when", "date", for_each="allegation"))
    assert procedure.limits["stop"] == LimitRule(
        "stop", "The end", frozenset({"held"}), Weeks(3), "These tests", each="respondent", guards=("a-remedy-is-open",),
        started_by=("hold",), due_on="since", calendar="foi", window=True)
    assert procedure.limits["answer"] == LimitRule(
        "answer", "{respondent} answers", frozenset({"asked", "held"}), WorkingDays(10), "These tests", rungs=(Rung(-2, ("told",)),),
        met_by=("settle",), then=("lapse",), extendable=Extendable(WorkingDays(5)))


def test_without_any_action_no_case_can_begin() -> None:
    actions, limits = SMALL.index("actions:"), SMALL.index("\nlimits:")
    nothing = f"{SMALL[:actions]}actions: {{}}{SMALL[limits:]}"

    assert faults_of(nothing)[0] == "27:10: actions: exactly one action opens a case; here 0 do"


def test_the_clock_takes_a_step_whose_questions_it_need_not_answer() -> None:
    asks = """\
    by: [clock, coordinator]
    asks:
      noted: {label: Noted?, type: yes or no, optional: true}
      what: {label: What?, type: line, when: {noted: "yes"}}
      why: {label: Why?, type: line, by: [coordinator]}
"""
    procedure = load_procedure(broken("    by: [clock]\n", asks), "p.yaml")

    assert [ask.name for ask in procedure.actions["lapse"].asks] == ["noted", "what", "why"]
    assert faults_of(broken("    by: [clock]\n", asks.replace(", by: [coordinator]", ""))) == [
        "63:3: lapse: the clock cannot answer “why”: make it optional, or ask it of people (by: …)"]


@pytest.mark.parametrize(("words", "named"), [
    ("", "“then”"), ("    remind: [{when: 1 working day before, tells: [told]}]\n", "“remind”, “then”"),
    ("    met by: [settle]\n", "“met by”, “then”"), ("    started by: [hold]\n", "“then”, “started by”"),
    ("    after: answer\n", "“then”, “after”"), ("    may be extended: {at most: 5 working days}\n", "“then”, “may be extended”")])
def test_what_is_only_shown_has_no_timer_and_each_word_that_needs_one_is_named(words: str, named: str) -> None:
    shown = broken("    title: The end\n", f"    title: The end\n    only shown: true\n    counts from: came_on\n{words}")

    assert [fault.partition(": stop: ")[2] for fault in faults_of(shown)] == [
        f"“only shown” has no timer, so {named} would do nothing: leave out one or the other",
        "“only shown” needs a “counts from”: event_on or received_on"]


def test_more_time_can_be_given_so_often_and_with_so_much_consent_as_the_file_says() -> None:
    procedure = load_procedure(broken("{at most: 5 working days}", "{at most: 5 working days, times: 2, consent: true}"), "p.yaml")

    assert procedure.limits["answer"].extendable == Extendable(WorkingDays(5), 2, True)


def test_all_that_is_wrong_is_said_in_one_run() -> None:
    text = (SMALL.replace('version: "1"', "version: 1").replace("stage: ended", "stage: end").replace("lasts: 3 weeks", "lasts: soon")
            .replace("to: held", "to: heaven").replace("tells: [told]}]", "tells: [old]}]").replace("type: number", "type: digits"))

    assert [int(fault.split(":")[0]) for fault in faults_of(text)] == [2, 24, 51, 60, 75, 82]


@pytest.mark.parametrize(("text", "first"), [
    ("", "1:1: the file is empty"),
    ("- a", "1:1: names with values are expected here (name: value)"),
    ("procedure: [", "2:1: this is not YAML: did not find expected node content"),
    ("procedure: x", "1:1: “actions” is missing"),
    ("a: &x 1\nb: *x", "2:4: aliases (*) are not used here: write the value out"),
])
def test_what_is_no_procedure_at_all_is_said_too(text: str, first: str) -> None:
    assert faults_of(text)[0] == first


def test_the_procedure_that_the_desk_brings_along_is_sound_and_quick_to_read(procedure_text: str) -> None:
    began = process_time()
    procedure = load_procedure(procedure_text, "compact-dispute.v1.yaml")
    took = process_time() - began

    assert isinstance(procedure, Procedure)
    assert took < 2, "0.04 s when measured; ten times that and more means that something is read again and again"


def test_the_digest_is_that_of_the_text_so_that_a_changed_file_is_another_procedure() -> None:
    one, same, other = (load_procedure(text, "p.yaml") for text in (SMALL, SMALL, SMALL + "# A remark.\n"))

    assert one.digest == same.digest != other.digest
    assert hash(one) == hash(same)


@settings(deadline=None)
@given(st.data())
def test_a_file_with_a_piece_torn_out_is_read_or_faulted_and_never_breaks_the_reader(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(SMALL)))
    end = data.draw(st.integers(start, min(start + 200, len(SMALL))))

    with suppress(BadProcedure):
        load_procedure(SMALL[:start] + SMALL[end:], "p.yaml")


@settings(deadline=None)
@given(st.data())
def test_a_line_in_another_place_is_read_or_faulted_and_never_breaks_the_reader(data: st.DataObject) -> None:
    lines = SMALL.splitlines(keepends=True)
    moved = lines.pop(data.draw(st.integers(0, len(lines) - 1)))
    lines.insert(data.draw(st.integers(0, len(lines))), moved)

    with suppress(BadProcedure):
        load_procedure("".join(lines), "p.yaml")
