"""tests/authz.yaml as a page for people: `.venv/bin/python tests/rules/who_may_told.py` writes docs/who-may.md.

A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "who-may.md"
_BEGINNING = """# Who may see and do what

Made from `tests/authz.yaml` by `.venv/bin/python tests/rules/who_may_told.py`; the tests hold the desk against that file, cell by
cell. Whoever meets a case in no role is told that it does not exist, in lists, counts, figures, files and mails as on its page. An
interest beats every grant: it takes all roles away but that of one's own side.
"""


def page(told: Any) -> str:
    """The page, from the file as it was read."""
    return "\n".join([_BEGINNING, *_people(told), *_words(told), *_may(told), *_addresses(told), *_commands(told)]) + "\n"


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    heads = list(headings)
    return ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads), *("| " + " | ".join(row) + " |" for row in rows), ""]


def _said(name: str) -> str:
    return name.replace("_", " ")


def _people(told: Any) -> list[str]:
    cases = [f"- **{case}**: {' '.join(says.split())}" for case, says in told["cases"].items()]
    rows = [(one["is"][0].upper() + one["is"][1:], "; ".join(f"as {_said(role)}: {_when(told, when)}"
             for role, when in told["meets"].get(name, {}).items()) or "nowhere") for name, one in told["people"].items()]
    return ["## In which role people meet a case", "", "Held against these cases:", "", *cases, "", *table(("who", "meets it"), rows)]


def _when(told: Any, when: Any) -> str:
    return ", ".join(when) if isinstance(when, list) else f"{when} ({', '.join(told['when'][when])})"


def _words(told: Any) -> list[str]:
    rows = [(_said(role), ", ".join(map(_said, compartments))) for role, compartments in told["reads"].items()]
    return ["## Whose words they read", "", *table(("role in the case", "compartments"), rows),
            f"Who complains unnamed is known to: {', '.join(map(_said, told['knows who complains']))}. To nobody else.", ""]


def _may(told: Any) -> list[str]:
    rows = [(_said(name).lower(), _said(who)) for name, who in told["may"].items()]
    return ["## What is permitted beside the steps of a procedure", "", *table(("what", "who"), rows)]


def _addresses(told: Any) -> list[str]:
    rows = [(f"`{key}`", _said(rule if isinstance(rule, str) else "; ".join(rule))) for key, rule in told["addresses"].items()]
    return ["## Who is answered at each address", "", "`GET` opens a page, `POST` sends a form. Each condition is asked in its turn.", "",
            *table(("address", "who"), rows)]


def _commands(told: Any) -> list[str]:
    rows = [(f"`breachdesk {key}`", _said(rule if isinstance(rule, str) else "; ".join(rule))) for key, rule in told["commands"].items()]
    return ["## As whom each command reads and acts", "", "Whoever reaches the desk's machine can give every command. `--as EMAIL`: it "
            "then tells and does what that person may. *The operator*: it changes what an operator looks after, and prints nobody's words. "
            "*No desk*: it reads files alone.", "", *table(("command", "as whom"), rows)]


def read() -> Any:
    return yaml.safe_load((TESTS / "authz.yaml").read_text("utf-8"))


if __name__ == "__main__":
    PAGE.write_text(page(read()), "utf-8")
