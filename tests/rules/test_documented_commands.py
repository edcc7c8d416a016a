"""README, CONTRIBUTING and docs: every command in them is there as it is written, and those that change nothing do what they say."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from breachdesk.cli.commands import COMMANDS, breachdesk
from breachdesk.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
PAPERS = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
          for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))}
BLOCK = re.compile(r"^    ((?:breachdesk|make) .+)$", re.MULTILINE)
SPAN = re.compile(r"`([^`]+)`")
EITHER = re.compile(r"[\w-]+(?:\\\|[\w-]+)+")
# What stands for a word of the reader's own.
OWN = re.compile(r"…|\b[A-Z]+\b")
SLUG = "derby-and-derbyshire"
OURS = {"SLUG": SLUG, "SCHEME": SLUG, "NAME": "compact-dispute.v1", "OLD": "compact-dispute.v1", "NEW": "compact-dispute.v1"}
# They change nothing, so they are tried on the desk that README's own commands make.
HARMLESS = ("account list", "audit conformance", "audit replay", "audit verify", "calendar show", "case list", "check", "compact list",
            "compact show", "deadline", "messages held", "retention holds", "retention preview", "scheme list", "statistics", "timers due",
            "timers parked", "workflow diff", "workflow list", "workflow moves", "workflow schema", "workflow show")


def in_the_table(text: str) -> Iterator[str]:
    """The commands of the table in docs/operations.md, which leaves `breachdesk` out, and after the first the group too."""
    for row in text.partition("\n## Commands\n")[2].partition("\n## ")[0].splitlines():
        group = ""
        for span in SPAN.findall(row.rpartition(" | ")[2]) if row.startswith("| ") else ():
            first = span.split()[0]
            if first[0] in "-/":
                continue
            group = first if first in COMMANDS else group
            yield span if first in COMMANDS else f"{group} {span}"


def commands(name: str, kind: str) -> Iterator[str]:
    """What follows `breachdesk` or `make` in one of the papers, without what a shell does around it."""
    text = PAPERS[name]
    for one in [*BLOCK.findall(text), *SPAN.findall(re.sub(r"\s*\n\s*", " ", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))]:
        if one.startswith(f"{kind} "):
            plain = re.split(r" +[#>|] ", one.removeprefix(f"{kind} "))[0].strip()
            # `account password\|sessions` in a table stands for one command after the other.
            yield from (EITHER.sub(word, plain, count=1) for word in (EITHER.search(plain) or [""])[0].split("\\|"))
    if kind == "breachdesk" and name == "docs/operations.md":
        yield from in_the_table(text)


WRITTEN = sorted({one for name in PAPERS for one in commands(name, "breachdesk")})


def words_of(written: str) -> list[str]:
    return shlex.split(re.sub(r"\$\([^)]*\)", "today", re.sub(r"[][…]", " ", written.replace('"…"', "WORDS").replace(" …", " WORDS"))))


def found(written: str) -> tuple[click.Command, list[str]]:
    """The command that is meant, and the words behind its name."""
    command: click.Command = breachdesk
    words = words_of(written)
    while isinstance(command, click.Group) and words and not words[0].startswith("-") and not OWN.match(words[0]):
        below = command.get_command(click.Context(command), words[0])
        if below is None:
            raise click.UsageError(f"there is no command {words[0]}")
        command, words = below, words[1:]
    return command, [word for word in words if not isinstance(command, click.Group) or word.startswith("-")]


def faults(written: str, *, whole: bool = False) -> str:
    """What the command line would say against the words as such, "" when it takes them; if WHOLE, also when one is missing."""
    try:
        command, words = found(written)
        context = click.Context(command, help_option_names=["-h", "--help"])
        given, _, _ = command.make_parser(context).parse_args(words)
        for one in command.params:
            value = given.get(one.name or "")
            if isinstance(one.type, click.Choice) and isinstance(value, str) and not OWN.match(value):
                one.type.convert(value, one, context)
            if whole and one.required and not isinstance(value, str):
                raise click.MissingParameter(param=one, ctx=context)
    except click.UsageError as wrong:
        return wrong.format_message()
    return ""


def test_every_command_in_the_papers_is_there_with_its_options() -> None:
    assert {written: fault for written in WRITTEN if (fault := faults(written))} == {}


def test_the_commands_are_found_and_a_wrong_one_would_be() -> None:
    assert len(WRITTEN) > 120
    assert "no command" in faults("workflow chek FILE")
    assert "No such option" in faults("workflow check FILE --jsn")
    assert "is not one of" in faults("workflow show NAME --format jpeg")


def test_every_target_of_make_in_the_papers_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    written = {target for name in PAPERS for one in commands(name, "make") for target in one.split()}

    assert {"demo", "setup", "test"} <= written
    assert written - targets == set()


def test_every_variable_in_the_papers_is_read_somewhere() -> None:
    read = {f"{PREFIX}{name.upper()}" for name in Settings.__dataclass_fields__}
    read |= {name for path in (ROOT / "tests").rglob("*.py") for name in re.findall(rf"\"({PREFIX}[A-Z_]+)\"", path.read_text("utf-8"))}

    assert {name for text in PAPERS.values() for name in re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", text)} - read == set()


def harmless() -> list[str]:
    """What the papers say that changes nothing and can be done as it stands, with this desk's names for the reader's own words."""
    said = {OWN.sub(lambda own: OURS.get(own[0], own[0]), one.partition(" [")[0]) for one in WRITTEN if one.startswith(HARMLESS)}
    # Without its options the one asks for them; the other is for a month in which the desk ran.
    return sorted(one for one in said - {"deadline", "statistics --kept 2026-10"} if not OWN.search(one) and not faults(one, whole=True))


def test_the_commands_of_the_readme_make_a_desk_and_those_that_change_nothing_work_on_it(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BREACHDESK_DATA_DIR", str(tmp_path / "desk"))
    fill = {"--name": "Olive Marsh", "--email": "olive@desk.example", "--scheme": SLUG}
    block = [line for line in BLOCK.findall(PAPERS["README.md"]) if line.startswith("breachdesk ") and "serve" not in line]

    assert len(block) == 6
    for line in block:
        said, _, file = line.removeprefix("breachdesk ").partition(" > ")
        words = shlex.split(said)
        words = [fill[before] if "…" in word else word for before, word in zip(["", *words], words, strict=False)]
        done = CliRunner().invoke(breachdesk, words, input="a-long-pass-phrase\na-long-pass-phrase\n")
        assert done.exit_code == 0 or words == ["check"], f"{line}: {done.output}"
        if file:
            (tmp_path / file.split()[0]).write_text(done.stdout, "utf-8")
    assert len(harmless()) > 15
    for said in harmless():
        done = CliRunner().invoke(breachdesk, shlex.split(said))
        # Nothing serves this desk and nobody has backed it up, which `check` finds.
        assert done.exit_code == 0 or said == "check", f"{said}: {done.output}"
