"""docs/security.md and docs/who-may.md say what is so: each named test is there, each requirement has its line, nothing lags behind."""

from __future__ import annotations

import re
from pathlib import Path

from rules.who_may_told import PAGE, page, read

ROOT = Path(__file__).parents[2]
SECURITY = (ROOT / "docs" / "security.md").read_text("utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in SECURITY.splitlines() if line.startswith("| V")]


def every_test() -> set[str]:
    return {name for path in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text("utf-8"))}


def test_every_test_that_the_page_on_security_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", SECURITY))

    assert len(named) > 60
    assert named - every_test() == set()


def test_every_requirement_of_levels_1_and_2_has_one_line_with_its_evidence() -> None:
    assert len(ROWS) == len({row[0] for row in ROWS}) == 133
    assert [sum(row[1] == level for row in ROWS) for level in ("1", "2")] == [51, 82]
    for number, _, state, words, evidence in ROWS:
        assert state in ("met", "partly", "not met", "operator", "none"), number
        assert words or evidence, f"{number}: say what shows it"


def test_the_page_about_who_may_is_made_from_the_table() -> None:
    assert PAGE.read_text("utf-8") == page(read()), "renew it: .venv/bin/python tests/rules/who_may_told.py"


def test_every_setting_is_explained() -> None:
    settings = (ROOT / "breachdesk" / "settings.py").read_text("utf-8")
    names = re.findall(r"^    (\w+): (?:str|int)", settings, re.MULTILINE)
    explained = (ROOT / "docs" / "operations.md").read_text("utf-8")

    assert names
    assert [name for name in names if f"{name.upper()}`" not in explained] == []


def test_no_version_with_a_known_hole_is_allowed() -> None:
    """The lower bounds and the locked versions keep out what is known (Flask, Jinja2), and take the newest of what is most exposed."""
    needed = {"flask": (3, 1, 3), "jinja2": (3, 1, 6), "werkzeug": (3, 1, 9), "gunicorn": (27,), "pyyaml": (6, 0, 2)}
    bounds = dict(re.findall(r'"([\w-]+)>=([\d.]+)', (ROOT / "pyproject.toml").read_text("utf-8")))
    locked = dict(re.findall(r"^([\w-]+)==([\d.]+)", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE))

    for name, least in needed.items():
        for said in (bounds[name], locked[name]):
            assert tuple(map(int, said.split("."))) >= least, f"{name} {said}"
