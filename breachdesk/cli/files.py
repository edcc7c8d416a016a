"""Files that commands are given: text, and JSON read strictly. Whatever is wrong is said with file, line and column."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from breachdesk.errors import BadFile, Fault

LARGEST = 1_000_000
LONGEST_NUMBER = 50
F = TypeVar("F", bound=Callable[..., Any])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Twice(ValueError):
    """A name that stands twice in one object."""


def example_option(example: Callable[[], str]) -> Callable[[F], F]:
    """--example, which prints what EXAMPLE gives and does nothing else."""
    def print_it(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
        if wanted:
            click.echo(example().rstrip("\n"))
            ctx.exit()
    return click.option("--example", is_flag=True, is_eager=True, expose_value=False, callback=print_it,
                        help="Print a filled-in file to start from, and do nothing else.")


def read_text(file: Path) -> str:
    """What a file says. Raises BadFile when it is too large or not UTF-8."""
    with file.open("rb") as opened:
        found = opened.read(LARGEST + 1)
    if len(found) > LARGEST:
        _fault(file, 1, 1, f"the file is larger than {LARGEST:,} bytes")
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = found[:error.start]
        column = len(before[before.rfind(b"\n") + 1:].decode("utf-8")) + 1
        _fault(file, before.count(b"\n") + 1, column, "this is not text in UTF-8: save the file in that encoding")


def read_answers_file(file: Path) -> dict[str, object]:
    """The answers in a JSON file: one object. Raises BadFile."""
    text = read_text(file)
    try:
        answers = json.loads(text, object_pairs_hook=_object, parse_constant=_no_number, parse_int=_whole)
    except json.JSONDecodeError as error:
        _fault(file, error.lineno, error.colno, f"this is not JSON: {error.msg}")
    except _Twice as error:
        line, column = _second_place(text, str(error))
        _fault(file, line, column, f"“{error}” stands here twice")
    except ValueError as error:
        _fault(file, 1, 1, f"this cannot be read: {error}")
    except RecursionError:
        _fault(file, 1, 1, "this cannot be read: it is nested too deep")
    if not isinstance(answers, dict):
        _fault(file, 1, 1, 'names with answers are expected here ({"name": "answer"})')
    return answers


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise _Twice(name)
        found[name] = value
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that JSON knows")


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError("a number in it has too many digits")
    return int(digits)


def _second_place(text: str, name: str) -> tuple[int, int]:
    """Where the name stands for the second time, as far as the text shows it; the beginning otherwise."""
    places = [found.start() for found in re.finditer(re.escape(json.dumps(name, ensure_ascii=False)) + r"\s*:", text)]
    at = places[1] if len(places) > 1 else 0
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _fault(file: Path, line: int, column: int, message: str) -> NoReturn:
    raise BadFile([Fault(str(file), line, column, message)])
