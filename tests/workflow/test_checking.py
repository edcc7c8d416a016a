"""Files with something wrong in them, each with exactly what is said about it: a planted fault for every check."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from breachdesk.errors import BadProcedure
from breachdesk.workflow.loading import load_checked

FOLDER = Path(__file__).parent / "broken"
BROKEN = sorted(path for path in FOLDER.glob("*.yaml") if path.stem != "sound")


@pytest.mark.parametrize("file", BROKEN, ids=lambda path: path.stem)
def test_everything_that_is_wrong_is_said_with_its_place(file: Path) -> None:
    with pytest.raises(BadProcedure) as raised:
        load_checked(file.read_text("utf-8"), file.name, ["direct-contact"])

    said = [f"{fault.line}:{fault.column}: {fault.message}" for fault in raised.value.faults]
    assert said == file.with_suffix(".faults").read_text("utf-8").splitlines()


def test_the_file_that_the_others_were_broken_from_is_sound() -> None:
    load_checked((FOLDER / "sound.yaml").read_text("utf-8"), "sound.yaml", [])


def test_every_broken_file_has_its_faults_beside_it_and_says_first_what_is_wrong() -> None:
    assert len(BROKEN) >= 60
    assert {path.stem for path in FOLDER.glob("*.faults")} == {path.stem for path in BROKEN}
    assert all(path.read_text("utf-8").startswith("# ") for path in BROKEN)


def test_no_two_broken_files_show_the_same() -> None:
    shown = Counter(path.read_text("utf-8").partition("\n")[2] for path in BROKEN)

    assert [text[:80] for text, times in shown.items() if times > 1] == []
