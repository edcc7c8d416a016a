"""Single parts of the desk: the command's start, lists of many cases, a decision alone, reading the procedure."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import prepared_desk
from copying import MANY, copy_first_case
from measuring import Line, by_turns

from breachdesk import resources
from breachdesk.casework.procedures.moving_cases import look_ahead, own_schemes
from breachdesk.casework.procedures.procedure_files import letters
from breachdesk.store.cases import read_case
from breachdesk.workflow.engine import decide
from breachdesk.workflow.loading import load_procedure
from breachdesk.workflow.model_checks import check_model
from breachdesk.workflow.move_plans import read_plan


def help_of_the_command() -> list[Line]:
    """The whole process, from the shell's point of view."""
    command = [str(Path(sys.executable).with_name("breachdesk")), "--help"]
    ours, python = by_turns(11, lambda: _run(command), lambda: _run([sys.executable, "-c", "pass"]))
    return [Line("breachdesk --help", ours * 1000, "ms", f"python -c pass, {python * 1000:.0f} ms", ours / python, "under 150 ms",
                 ours < 0.150)]


def deciding(folder: Path) -> list[Line]:
    """`decide` alone, on a case just received; what it costs to read the procedure's file, and to check all that can become of a case."""
    text = resources.text("workflows", "procedures", "compact-dispute.v1.yaml")
    loading = _median(5, lambda: load_procedure(text, "compact-dispute.v1.yaml"))
    procedure = load_procedure(text, "compact-dispute.v1.yaml")
    checking = _median(3, lambda: check_model(procedure, letters()))
    prepared_desk.make_desk(folder, "", 1)
    desk = prepared_desk.opened(folder, "")
    with desk.database.read() as session:
        case = read_case(session, reference=prepared_desk.reference(1))
        if case is None:
            raise LookupError("the desk that was just made has no case")
        facts = desk.facts(session, case)
    desk.database.close()
    today = prepared_desk.NOW.date()
    asked = {"acknowledge": {"understanding": "As you say."},
             "record_direct_contact": {"person": "The officer", "contacted_on": today, "how": "email"}}

    def thousand() -> None:
        for _ in range(500):
            for action, answers in asked.items():
                decide(procedure, facts, action, answers, 0, today)

    rate = 1000 / _median(9, thousand)
    return [Line("decide, alone", rate, "/s", "", None, "at least 20,000", rate >= 20_000),
            Line("reading the procedure's file", loading * 1000, "ms", "", None, "under 200 ms", loading < 0.2),
            Line("checking it with every pause and conflict", checking * 1000, "ms", "", None, "under 2,000 ms", checking < 2)]


def moving(folder: Path) -> list[Line]:
    """A plan that moves 10,000 open cases to another version, only looked at."""
    text = resources.text("workflows", "procedures", "compact-dispute.v1.yaml")
    versions = {"compact-dispute.v1": load_procedure(text, "v1.yaml"),
                "compact-dispute.v2": load_procedure(text.replace('version: "1"', 'version: "2"', 1), "v2.yaml")}
    running = [rule.name for rule in versions["compact-dispute.v1"].limits.values() if not rule.only_shown]
    kept = "".join(f"  {limit}: keep the date\n" for limit in running)
    plan = read_plan(f"from: compact-dispute.v1\nto: compact-dispute.v2\nreason: Measured.\nlimits:\n{kept}", "plan.yaml", versions.get)
    prepared_desk.make_desk(folder, "", 1)
    copy_first_case(folder, MANY)
    desk = prepared_desk.opened(folder, "")
    with desk.database.read() as session:
        mine = own_schemes(session, None)
    begin = perf_counter()
    count = sum(not planned.refused for planned in look_ahead(desk, plan, mine))
    seconds = perf_counter() - begin
    desk.database.close()
    return [Line(f"looking ahead at a move of {count:,} cases", seconds, "s", "", None, "10,000 under 10 s", count > MANY and seconds < 10)]


def _run(command: list[str]) -> None:
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)


def _median(times: int, one: Callable[[], object]) -> float:
    return by_turns(times, one, lambda: None)[0]
