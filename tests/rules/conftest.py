"""The desk of tests/authz.yaml and everybody's walk through it, made once: tests that change something work on a copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import StoppedClock
from rules.matrix import matrix
from rules.visits import Visit, Visitors, Walked, walk
from rules.world import World, build, everything_in, next_day

from breachdesk.bootstrap import open_desk
from breachdesk.settings import read_settings


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, filled_file: Path) -> Iterator[World]:
    folder, clock = tmp_path_factory.mktemp("world"), StoppedClock()
    (folder / "breachdesk.db").write_bytes(filled_file.read_bytes())
    desk = open_desk(read_settings({"BREACHDESK_DATA_DIR": str(folder)}), wall=clock)
    yield build(desk, matrix(), clock)
    desk.database.close()


@pytest.fixture(scope="session")
def visitors(world: World) -> Visitors:
    return Visitors(world)


@pytest.fixture(scope="session")
def walked(world: World, visitors: Visitors) -> Walked:
    before = everything_in(world.desk)
    return Walked(list(walk(visitors)), before, everything_in(world.desk))


@pytest.fixture(scope="session")
def visits(walked: Walked) -> list[Visit]:
    return walked.visits


@pytest.fixture
def own_world(world: World, visitors: Visitors, tmp_path: Path) -> Iterator[World]:
    """The same desk for one test alone, on which everybody is signed in who is on that one: VISITORS sign in before it is copied."""
    shutil.copytree(world.desk.data_path, tmp_path, dirs_exist_ok=True)
    desk = open_desk(read_settings({"BREACHDESK_DATA_DIR": str(tmp_path)}), wall=next_day())
    yield replace(world, desk=desk)
    desk.database.close()
