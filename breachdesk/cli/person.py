"""`breachdesk person erase` and `breachdesk case erase`: what the pages under “Erasures” do, by the same two people. `person bundle`:
everything that is held on somebody, for the data controller.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.desk import Desk
from breachdesk.casework.forgetting.erasing import Waiting, ask_for_case, ask_for_person, decide, one_waiting, waiting_about
from breachdesk.casework.forgetting.letting_go import GROUNDS
from breachdesk.casework.forgetting.subject_access import PAGE, write_whole
from breachdesk.cli.output import json_option, show, the_actor, the_desk
from breachdesk.errors import NotFound
from breachdesk.identity import Actor
from breachdesk.store.roles import account_row
from breachdesk.store.session import Session

_AS = click.option("--as", "email", required=True, metavar="EMAIL", help="Who does it: the address of a coordinator or operator.")
_GROUND = click.option("--ground", type=click.Choice(sorted(GROUNDS)), help="On what ground; said by whoever asks.")
_REFUSE = click.option("--refuse", is_flag=True, help="Decide that nothing goes.")


@click.group()
def command() -> None:
    """What the desk holds about one person."""


@command.command("erase")
@click.argument("address", metavar="ADDRESS")
@_AS
@_GROUND
@click.option("--also", default="", metavar="WORDS", help="Under which other words they might be found, with commas between.")
@click.option("--tick", "ticked", multiple=True, metavar="KEY", help="A text that goes, too, by its key; or all.")
@_REFUSE
@json_option
def erase_person(address: str, email: str, ground: str | None, also: str, ticked: tuple[str, ...], refuse: bool, as_json: bool) -> None:
    """Ask for a person to be erased (with --ground), or decide what somebody else has asked for (without).

    Before it is decided, the texts in which they are named are listed with their keys: decide once without --tick, or with those that go.
    """
    with the_desk() as desk:
        with desk.database.read() as session:
            row = account_row(session, email=address)
            if row is None:
                raise NotFound(f"There is no account for {address[:80]}. See who there is: breachdesk account list")
            actor = the_actor(session, desk, email)
        raw = {"ground": ground or "", **({"also": also} if also else {})}
        _go_on(desk, actor, as_json, ground, refuse, ticked, lambda session: waiting_about(session, account_id=row.id),
               lambda session: ask_for_person(session, desk, actor, row.id, raw))


@click.command("erase")
@click.argument("reference", metavar="REF")
@_AS
@_GROUND
@_REFUSE
@json_option
def erase_case(reference: str, email: str, ground: str | None, refuse: bool, as_json: bool) -> None:
    """Ask for all words and files of a closed case to be erased (with --ground), or decide what somebody else has asked for (without)."""
    with the_desk() as desk:
        with desk.database.read() as session:
            actor = the_actor(session, desk, email)
        _go_on(desk, actor, as_json, ground, refuse, (), lambda session: waiting_about(session, reference=reference),
               lambda session: ask_for_case(session, desk, actor, reference, {"ground": ground or ""}))


@command.command()
@click.argument("address", metavar="ADDRESS")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.zip")
@json_option
def bundle(address: str, file: Path, as_json: bool) -> None:
    """Put everything that is held on a person into one zip, for the data controller to look through and hand out.

    It holds words that you read nowhere else on this desk. Names of other people are marked in it. It is noted in the log.
    """
    if file.exists():
        raise click.UsageError(f"{file} is there already. Choose another name, or remove it.")
    with the_desk() as desk, _only_for_its_owner(file) as place:
        write_whole(desk, BY_OPERATOR, address, place)
    show(as_json, {"file": str(file)}, [f"Everything held on {address} is in {file}. Begin with {PAGE} in it.",
                                        "Look through it before it is handed out, and delete the file afterwards."])


@contextmanager
def _only_for_its_owner(file: Path) -> Iterator[IO[bytes]]:
    """A new file that nobody else on the machine reads; none, when it could not be filled."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as place:
            yield place
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def _go_on(desk: Desk, actor: Actor, as_json: bool, ground: str | None, refuse: bool, ticked: tuple[str, ...],
           find: Callable[[Session], int], ask: Callable[[Session], int]) -> None:
    """Ask when a ground was said; otherwise decide, once somebody has asked."""
    if ground:
        number = desk.database.transact(ask)
        with desk.database.read() as session:
            one = one_waiting(session, desk, actor, number)
        show(as_json, _data(one), [f"Asked for, as number {number}. Another coordinator or operator decides it with the same command, "
                                   "without --ground.", *_texts(one)])
        return
    with desk.database.read() as session:
        one = one_waiting(session, desk, actor, find(session))
    keys = [text.key for text in one.goes.listed] if one.goes and "all" in ticked else ticked
    decide(desk, actor, one.number, agree=not refuse, ticked=keys)
    show(as_json, {**_data(one), "erased": not refuse}, ["Nothing was erased, and the log says so." if refuse else "It is erased."])


def _texts(one: Waiting) -> list[str]:
    if one.goes is None:
        return []
    return [f"{'goes' if text.must else text.key}  {text.where}{f': {text.says}' if text.says else ''}"
            for text in one.goes.listed]


def _data(one: Waiting) -> dict[str, object]:
    texts = one.goes.listed if one.goes else ()
    return {"number": one.number, "about": one.about, "ground": one.ground,
            "texts": [{"key": text.key, "where": text.where, "says": text.says, "must": text.must} for text in texts]}
