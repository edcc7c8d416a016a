"""What is shipped is what is tested: the wheel, made from the sdist, in an environment of its own, away from the checkout."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from importlib.metadata import Distribution
from importlib.metadata import distribution as installed
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(word) for word in command], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command[0]} failed:\n{done.stdout}{done.stderr}"
    return done.stdout.strip()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made of what the sdist holds, as whoever builds it elsewhere makes it."""
    dist = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "--directory", dist, "--target", "sdist", cwd=CHECKOUT)
    [packed] = dist.glob("*.tar.gz")
    with tarfile.open(packed) as sdist:
        sdist.extractall(dist, filter="data")
    source = dist / packed.name.removesuffix(".tar.gz")
    run(sys.executable, "-m", "hatchling", "build", "--directory", dist, "--target", "wheel", cwd=source)
    [wheel] = dist.glob("*.whl")
    return wheel


@pytest.fixture(scope="module", params=["lent", pytest.param("installed", marks=pytest.mark.soak)])
def away(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """A folder that holds nothing but an environment, and nothing is in that but the wheel and what it asks for: lent by the environment
    of the tests, where it is compiled already, or installed anew."""
    away = tmp_path_factory.mktemp("away")
    run(UV, "venv", "--quiet", "--python", sys.executable, "env", cwd=away)
    what = ["--no-deps", wheel] if request.param == "lent" else ["--constraints", CHECKOUT / "requirements.lock", wheel]
    run(UV, "pip", "install", "--quiet", "--python", "env/bin/python", *what, cwd=away)
    if request.param == "lent":
        [packages] = away.glob("env/lib/*/site-packages")
        [facts] = packages.glob("breachdesk-*.dist-info")
        lend(asked_for(Distribution.at(facts)), packages)
    return away


def asked_for(distribution: Distribution) -> dict[str, Distribution]:
    """What a package declares that it needs, and what that needs in turn, by name, as it is installed here."""
    found: dict[str, Distribution] = {}
    waiting = [(distribution, "")]
    while waiting:
        one, extra = waiting.pop()
        for needed in map(Requirement, one.requires or ()):
            if needed.marker and not needed.marker.evaluate({"extra": extra}):
                continue
            theirs = installed(needed.name)
            assert needed.specifier.contains(theirs.version), f"{one.name} asks for {needed}, and {theirs.version} is installed"
            new = canonicalize_name(needed.name) not in found
            found[canonicalize_name(needed.name)] = theirs
            waiting += [(theirs, more) for more in (*([""] if new else []), *(needed.extras if new else ()))]
    return found


def lend(what: dict[str, Distribution], packages: Path) -> None:
    for one in what.values():
        for place in {file.parts[0] for file in one.files or () if file.parts[0] not in ("..", "__pycache__")}:
            if not (packages / place).exists():
                (packages / place).symlink_to(one.locate_file(place))


def said_by(code: str, away: Path) -> str:
    return run(away / "env/bin/python", "-I", "-c", code, cwd=away)


def test_the_wheel_brings_its_workflows_templates_and_static_files(away: Path) -> None:
    said = said_by("""if True:
        from breachdesk.resources import folder
        for name in ("workflows", "templates", "web/static"):
            for file in sorted(folder(name).rglob("*.*")):
                print(name, file.relative_to(folder(name)).as_posix(), sep="/")
    """, away)

    here = [f"{name}/{file.relative_to(CHECKOUT / place).as_posix()}"
            for name, place in [("workflows", "workflows"), ("templates", "templates"), ("web/static", "breachdesk/web/static")]
            for file in sorted((CHECKOUT / place).rglob("*.*"))]
    assert said.splitlines() == here
    assert "templates/layout.html" in here


def test_the_wheel_uses_its_own_copies_and_not_the_checkout(away: Path) -> None:
    said = said_by("from breachdesk.resources import folder; print(folder('templates'), folder('workflows'))", away)

    assert all(Path(place).is_relative_to(away) for place in said.split())


def test_the_wheel_leaves_out_what_only_the_build_needs(away: Path) -> None:
    said = said_by("from breachdesk.resources import folder; print(*sorted(file.name for file in folder('web').iterdir()))", away)

    assert "frontend" not in said.split()


def test_the_wheel_has_its_command_and_opens_a_page(away: Path) -> None:
    assert "derby-and-derbyshire" in run(away / "env/bin/breachdesk", "compact", "list", cwd=away)

    said = said_by("""if True:
        from breachdesk.app import create_app
        from breachdesk.bootstrap import create_desk
        from breachdesk.settings import read_settings
        settings = read_settings({"BREACHDESK_DATA_DIR": "data"})
        desk = create_desk(settings, practice=True)
        answer = create_app(settings, desk).test_client().get("/")
        print(answer.status_code, "<h1" in answer.text)
    """, away)
    assert said == "200 True"
