"""`breachdesk workflow migrate|moves|revert`: open cases moved to another version by a plan, looked at first. Part of the group `workflow`.

One line for each case as it is looked at, so that ten thousand cases take no more memory than ten; how far it is stands on standard error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from breachdesk.casework.desk import Desk
from breachdesk.casework.procedures.moving_back import TakenBack, revert_move
from breachdesk.casework.procedures.moving_cases import (
    Planned,
    finder,
    how_many,
    look_ahead,
    move_cases,
    move_numbered,
    own_schemes,
    plan_of,
)
from breachdesk.cli.files import FILE, read_text
from breachdesk.cli.output import json_option, show, table, the_actor, the_desk
from breachdesk.errors import NotFound
from breachdesk.store import moves
from breachdesk.timekeeping.said import said_moment
from breachdesk.workflow.move_plans import MovePlan, example_plan

T = TypeVar("T")
WIDTH, EVERY = 30, 50


@click.command()
@click.argument("file", type=FILE, required=False, metavar="[PLAN]")
@click.option("--run", is_flag=True, help="Move the cases. Without it, nothing is changed.")
@click.option("--as", "email", metavar="EMAIL", help="Who moves them: the address of a coordinator or operator. Needed with --run.")
@click.option("--example", nargs=2, metavar="OLD NEW", help="Print a plan to start from, and do nothing else.")
@json_option
@click.pass_context
def migrate(ctx: click.Context, file: Path | None, run: bool, email: str | None, example: tuple[str, str] | None, as_json: bool) -> None:
    """Move open cases to another version by a PLAN, or see what that would do: each case, its status and its next deadline.

    A run can be stopped (Ctrl-C) and gone on with: the same command again. `breachdesk workflow revert` takes it back.
    """
    if example:
        click.echo(_example(*example).rstrip("\n"))
        return
    if file is None or (run and not email):
        raise click.UsageError("Say by which plan (see --example) and, with --run, who moves the cases: --as EMAIL.")
    with the_desk() as desk:
        plan = plan_of(desk, read_text(file), str(file))
        with desk.database.read() as session:
            actor = the_actor(session, desk, email) if email else None
            scheme_ids = own_schemes(session, actor)
        total = how_many(desk, plan, scheme_ids)
        found = move_cases(desk, actor, plan) if run and actor else look_ahead(desk, plan, scheme_ids)
        done, refused = _print_each(found, total, as_json, _Said(plan))
    if not as_json:
        click.echo(_summary(plan, run, done, refused))
    if refused:
        ctx.exit(1)


def _example(old: str, new: str) -> str:
    with the_desk() as desk, desk.database.read() as session:
        before, after = (_version(desk, session, name) for name in (old, new))
        return example_plan(before, after, old, new)


def _version(desk: Desk, session: Any, name: str) -> Any:
    if found := finder(desk, session)(name):
        return found
    raise NotFound(f"This desk holds no “{name}”. A version is named like compact-dispute.v1; see breachdesk workflow list.")


class _Said:
    """One case of a move, for people and for programs."""

    def __init__(self, plan: MovePlan) -> None:
        self.plan = plan

    def line(self, one: Planned) -> str:
        if one.move is None:
            return f"{one.reference}  cannot be moved: {one.refused}"
        before, after = self.plan.old.statuses[one.move.source].title, self.plan.new.statuses[one.move.target].title
        kept = sum(bool(limit.why) for limit in one.move.limits)
        more = f"  ({kept} kept: {next(limit.why for limit in one.move.limits if limit.why)})" if kept else ""
        return f"{one.reference}  {before} → {after}  next deadline {_day(one.next_before)} → {_day(one.next_after)}{more}"

    def data(self, one: Planned) -> dict[str, Any]:
        move = one.move
        return {"reference": one.reference, "refused": one.refused or None, "from": move.source if move else None,
                "to": move.target if move else None, "next_before": _iso(one.next_before), "next_after": _iso(one.next_after),
                "limits": [{"limit": limit.limit, "subject": limit.subject, "rule": limit.rule, "old_due": _iso(limit.old_due),
                            "new_due": _iso(limit.new_due), "why": limit.why or None} for limit in (move.limits if move else ())]}

    def refused(self, one: Planned) -> bool:
        return bool(one.refused)


def _day(day: date | None) -> str:
    return day.strftime("%-d %b %Y") if day else "none"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _summary(plan: MovePlan, run: bool, done: int, refused: int) -> str:
    said = f"{_cases(done)} {'went' if run else 'would go'} from version {plan.old.version} to version {plan.new.version}."
    return f"{said} {_cases(refused)} cannot." if refused else said if run else f"{said} Nothing has been changed."


def _cases(count: int) -> str:
    return f"{count:,} case{'' if count == 1 else 's'}"


def _print_each(found: Iterable[Any], total: int, as_json: bool, said: Any) -> tuple[int, int]:
    """Print each one as it comes (as JSON: one list); how many went, and how many did not."""
    done, refused = 0, 0
    for place, one in enumerate(_shown_on_the_way(found, total), 1):
        done, refused = done + (not said.refused(one)), refused + said.refused(one)
        if as_json:
            click.echo(("[" if place == 1 else ",") + json.dumps(said.data(one), ensure_ascii=False))
        else:
            click.echo(said.line(one))
    if as_json:
        click.echo("]" if done + refused else "[]")
    return done, refused


def _shown_on_the_way(found: Iterable[T], total: int) -> Iterator[T]:
    """The same, with a bar on standard error, where somebody looks at it. It is wiped away before a line is printed beside it."""
    looked_at, beside = sys.stderr.isatty(), sys.stdout.isatty()
    for place, one in enumerate(found, 1):
        if looked_at and beside:
            click.echo("\r\x1b[K", nl=False, err=True)
        yield one
        if looked_at and (beside or place % EVERY == 0 or place == total):
            full = WIDTH * min(place, total) // max(total, 1)
            bar = f"[{'#' * full}{'-' * (WIDTH - full)}] {place:,} of {total:,}" if total else _cases(place)
            click.echo(f"\r{bar}", nl=False, err=True)
    if looked_at:
        click.echo("\r\x1b[K", nl=False, err=True)


@click.command("moves")
@json_option
def list_moves(as_json: bool) -> None:
    """Every move of open cases from one version to another: when, and whether it was finished or taken back."""
    with the_desk() as desk, desk.database.read() as session:
        rows = [(one, desk.procedure(session, one.from_digest), desk.procedure(session, one.to_digest)) for one in moves.all_moves(session)]
    data = [{"move": one.id, "plan_digest": one.plan_digest, "from": {"procedure": old.name, "version": old.version},
             "to": {"procedure": new.name, "version": new.version}, "begun_at": one.begun_at.isoformat(), "state": _state(one)}
            for one, old, new in rows]
    lines = table(("Move", "From", "To", "Begun", "State"), [
        (one.id, f"{old.name} {old.version}", f"{new.name} {new.version}", said_moment(one.begun_at), _state(one))
        for one, old, new in rows])
    show(as_json, data, lines if rows else ["No case of this desk has been moved yet."])


def _state(one: moves.Move) -> str:
    return "taken back" if one.reverted_at else "finished" if one.finished_at else "stopped on the way"


class _SaidBack:
    """One case of a move that is taken back."""

    def __init__(self, title: Callable[[str], str]) -> None:
        self.title = title

    def line(self, one: TakenBack) -> str:
        if one.left:
            return f"{one.reference}  left as it is: {one.left}"
        kept = "".join(f"; {limit} stays due on {_day(day)}, as people were told" for limit, day in one.kept)
        return f"{one.reference}  back at “{self.title(one.status)}”{kept}"

    def data(self, one: TakenBack) -> dict[str, Any]:
        return {"reference": one.reference, "status": one.status, "left": one.left or None,
                "kept": [{"limit": limit, "due_on": _iso(day)} for limit, day in one.kept]}

    def refused(self, one: TakenBack) -> bool:
        return bool(one.left)


@click.command()
@click.argument("move", type=int, metavar="MOVE")
@click.option("--as", "email", required=True, metavar="EMAIL", help="Who takes it back: the address of a coordinator or operator.")
@json_option
@click.pass_context
def revert(ctx: click.Context, move: int, email: str, as_json: bool) -> None:
    """Take a move back: procedure, status and due days as they were, for every case that nobody has touched since."""
    with the_desk() as desk:
        with desk.database.read() as session:
            actor, known = the_actor(session, desk, email), move_numbered(session, move)
            old = desk.procedure(session, known.from_digest)
        said = _SaidBack(lambda status: old.statuses[status].title)
        done, left = _print_each(revert_move(desk, actor, move), 0, as_json, said)
    if not as_json:
        stayed = f" {_cases(left)} had been touched since and stayed." if left else ""
        click.echo(f"{_cases(done)} went back to version {old.version}.{stayed}")
    if left:
        ctx.exit(1)


COMMANDS = (migrate, list_moves, revert)
