"""Commands as somebody types them, on a practice desk that is made once and copied for every test."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from breachdesk.casework.log.log_keys import FILE
from breachdesk.cli.commands import breachdesk

Run = Callable[..., Result]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "desk"


@pytest.fixture
def run(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("case", "list")`: what the command said and how it ended. EXPECT is the exit code that it must have."""
    monkeypatch.setenv("BREACHDESK_DATA_DIR", str(data_dir))

    def run(*words: object, expect: int = 0, typed: str | None = None) -> Result:
        result = CliRunner().invoke(breachdesk, [str(word) for word in words], input=typed)
        assert result.exit_code == expect, f"{words} ended with {result.exit_code}, not {expect}:\n{result.output}"
        assert "Traceback" not in result.output
        return result

    return run


@pytest.fixture(scope="session")
def practice_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("practice")
    made = CliRunner().invoke(breachdesk, ["desk", "create", "--practice", "--start", "2026-03-02"],
                              env={"BREACHDESK_DATA_DIR": str(folder)})
    assert made.exit_code == 0, made.output
    return folder / "breachdesk.db"


@pytest.fixture
def practice(run: Run, data_dir: Path, practice_file: Path) -> Run:
    """The same, on a practice desk whose time began on Monday 2 March 2026 at nine."""
    data_dir.mkdir()
    for file in (practice_file, practice_file.with_name(FILE)):
        shutil.copy(file, data_dir)
    return run


@pytest.fixture
def written(tmp_path: Path) -> Callable[[object], Path]:
    """A file with these answers (or this very text)."""
    def write(content: object, name: str = "answers.json") -> Path:
        file = tmp_path / name
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return file
    return write


@pytest.fixture
def lodged(practice: Run, written: Callable[[object], Path]) -> str:
    """The reference of a case that was lodged with the example."""
    file = written(practice("case", "lodge", "--example").stdout, "lodged.json")
    return str(json.loads(practice("case", "lodge", "--as", "ruth@riverside.example", "--file", file, "--json").stdout)["reference"])
