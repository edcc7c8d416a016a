"""Every command as it is tried for tests/authz.yaml: in this process, on the one desk that is open, and which errors say what."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
from click.testing import CliRunner
from conftest import COMPLAINT, SCHEME
from rules.matrix import DONE, FORBIDDEN, NOT_THERE
from rules.world import World
from two_versions import FIRST

from breachdesk.cli.commands import breachdesk
from breachdesk.errors import BreachdeskError, NotFound, NotPermitted
from breachdesk.resources import folder, text
from breachdesk.store import procedures
from breachdesk.workflow.loading import load_procedure
from breachdesk.workflow.move_plans import example_plan

AS_THEMSELVES, OR_THE_OPERATOR, OPERATOR, NO_DESK = "as EMAIL", "as EMAIL, or the operator", "the operator", "no desk"
V1 = "compact-dispute.v1"
# Each command and what stands behind it, once or several times. {made} is a folder with small files. What signs, and what it signs for
# whom, changes the desk's keys: those are only asked what they do.
_TRIED = """\
desk create:
desk clock: --forward 1d
scheme create: --file {workflows}/schemes/derby-and-derbyshire.yaml
scheme list: --json
scheme operate: {scheme} V0.4 --from 2026-04-01
scheme show: {scheme} --json
scheme single-officer: {scheme} --on
compact import: {workflows}/compacts/derby-and-derbyshire.yaml
compact list: --json
compact show: {scheme} --json
workflow add: {made}/short.yaml
workflow check: {made}/short.yaml
workflow diff: compact-dispute.v1 compact-dispute.v1
workflow list: --json
workflow lock: {made}/short.yaml
workflow migrate: {made}/plan.yaml --run
workflow moves: --json
workflow publish: compact-dispute 2
workflow revert: 1
workflow schema:
workflow show: {workflows}/procedures/compact-dispute.v1.yaml --format mermaid
workflow test: --example
workflow use: compact-dispute 1 --scheme {scheme}
case lodge: --scheme {scheme} --file {made}/answers.json ; --scheme {scheme} --file {made}/complaint.json
case act: {case} withdraw --file {made}/answers.json ; {case} withdraw --example
case erase: {case} --ground asked
person erase: {maya} --ground asked
case list: --json ; --closed
case show: {case} --json ; {case}
deadline: --from 2026-03-02 --working-days 5
calendar add-day: {scheme} 2026-06-01 Fair
calendar import: {scheme} {made}/answers.json
calendar newer: {scheme}
calendar remove-day: {scheme} 2026-05-04
calendar show: {scheme}
concern add: --what Something --scheme {scheme}
concern led: 1 {case}
concern list: --json ;
timers due: --until 2027-01-01 ; --until 2027-01-01 --json
timers fire: --json ;
timers parked: --json
timers release:
audit verify:
retention preview: ; --json
retention run: --json
retention holds: --json
retention repeat: {made}/answers.json
audit key: --json
audit postgres-role: desk
audit prove: {case} 1 --json
audit reader add: --help
audit reader list: --json
audit reader remove: --help
audit rotate-key: --help
audit seal: --help
audit replay: ; --json
audit reads: {case}
person bundle: {maya} {made}/bundle.zip
audit conformance: ; --json
audit export: - ; --format xes - ; --format ocel --scheme {scheme} - ; --case {case} -
statistics: --scheme {scheme} ; --scheme {scheme} --format csv ; --scheme {scheme} --public
account add: --email new@desk.example --name New
account away: {maya} --role critical_friend --cover cara@desk.example --to 2026-09-01
account back: {maya}
account deactivate: {maya}
account end-role: {maya} --role critical_friend
account invite: new@desk.example --name New --organisation riverside-carers
account invite-again: {maya}
account join: {maya} --organisation {greenway}
account leave: stella@desk.example --organisation {greenway}
account list: --json ;
account password: {maya} ; {maya} --show-link
account reactivate: dora@desk.example
account reset-second-factor: {maya}
account role: {maya} --role panel_member --sector statutory
account roster: --json
account sessions: {maya} --end
account show: {maya} --json ; ruth@desk.example
organisation add: --name New --sector voluntary
organisation change: {greenway} --area Dale
organisation funding-ended: {greenway} 1 --on 2026-05-01
organisation funds: {greenway} --to riverside-carers --from 2026-01-01
organisation list: --json
organisation rename: {greenway} --name Greenest --from 2026-03-03
organisation show: {greenway} --json ; riverside-carers
organisation succeeded: {greenway} --by riverside-carers --from 2026-03-03
backup: {made}/desk.backup --json
restore: {made}/desk.backup --check
messages held: --json ;
messages release:
check:  ; --json
"""
TRIED: Mapping[str, list[str]] = {key: [words.strip() for words in rest.split(";")]
                                  for key, _, rest in (line.partition(":") for line in _TRIED.splitlines())}
# These go on until they are stopped: what they serve is tried as addresses.
SERVES = "serves"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command told somebody. `key` is the line of the matrix."""

    key: str
    name: str
    case: str
    words: str
    text: str
    fault: BaseException | None

    @property
    def met(self) -> str:
        """The answer in the matrix's words: what cannot be done now was for them to try."""
        if isinstance(self.fault, NotFound):
            return NOT_THERE
        if isinstance(self.fault, NotPermitted):
            return FORBIDDEN
        in_words = isinstance(self.fault, BreachdeskError) or (isinstance(self.fault, SystemExit) and self.fault.code in (0, 1))
        return DONE if self.fault is None or in_words else f"{self.fault!r} {self.text}"

    def __str__(self) -> str:
        return f"{self.key}: {self.name or 'the operator'}, {self.words}"


def every_command() -> set[str]:
    """The commands as they are typed, of every group."""
    return {" ".join(words) for words in _below(breachdesk, ())}


def _below(command: click.Command | None, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        yield words
        return
    for name in command.list_commands(click.Context(command)):
        yield from _below(command.get_command(click.Context(command), name), (*words, name))


def takes_as(key: str) -> bool:
    """Whether a command asks as whom it is given."""
    command: click.Command | None = breachdesk
    for word in key.split():
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), word)
    return any("--as" in one.opts for one in command.params) if command else False


def hand_over_files(world: World, made: Path) -> None:
    """Write the small files that some commands are given; a plan for a move, to a draft of a second version that the desk gets too."""
    (made / "short.yaml").write_text(FIRST)
    (made / "answers.json").write_text("{}")
    (made / "complaint.json").write_text(json.dumps(COMPLAINT))
    first = text("workflows", "procedures", "compact-dispute.v1.yaml")
    second = first.replace('version: "1"', 'version: "2"')
    old, new = (load_procedure(one, "file.yaml") for one in (first, second))
    world.desk.database.transact(lambda session: procedures.add_procedure(session, new, second, world.desk.now(session), procedures.DRAFT))
    (made / "plan.yaml").write_text(example_plan(old, new, V1, "compact-dispute.v2"))


def ask(world: World, key: str, name: str, case: str, words: str, made: Path) -> Said:
    """Give a command as somebody, or without a name as the operator."""
    filled = words.format(case=world.references[case], workflows=folder("workflows"), made=made, scheme=SCHEME,
                          maya="maya@desk.example", greenway="greenway-youth-trust")
    behind = [*filled.split(), *(["--as", f"{name}@desk.example"] if name else [])]
    done = CliRunner().invoke(breachdesk, ["--trace", *key.split(), *behind], env={"BREACHDESK_DATA_DIR": str(world.desk.data_path)})
    told = f"{done.output}\n{done.exception}"
    return Said(key, name, case if "{case}" in words else "", " ".join(behind), told, done.exception)
