"""Break the pure packages in small ways, one at a time, and say which breaks no test notices.

`mutmut` makes the breaks: beside a function stand twins of it, each broken in one place. Here some of all that there could be are drawn
and tried. The tests are collected and run once, noting which of them reach which function; then each twin is put to those tests in a
process of its own, the quickest first, until one fails. `mutmut run` would begin pytest anew for each twin, and let the slow ones go first.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import sys
import traceback
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from math import sqrt
from pathlib import Path
from time import process_time
from types import CodeType, ModuleType
from typing import Any

import hypothesis
import pytest
from libcst import FunctionDef
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.configuration import config
from mutmut.mutation.file_mutation import Mutation, combine_mutations_to_source, create_mutations
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import get_mutant_name, mangled_name_from_mutant_name

ENOUGH = 0.85
# Seconds of the processor for one test after which it is not asked: what only a law finds in the long run is not what guards a line.
LONG = 3.0
_NOTICED, _UNSEEN, _ASTRAY = 1, 0, 3
# Decorators that only enter a rule in a table. mutmut leaves alone what is decorated: these are taken off before it looks, and put back.
_MARKS = re.compile(r"(?:^@(?:about_the_case|about_the_answers|looks_back)\n)+(?=def (\w+)\()", re.M)


@dataclass(frozen=True, slots=True)
class Twin:
    """A function that is broken in one place."""

    name: str
    part: str
    says: str

    @property
    def function(self) -> str:
        return mangled_name_from_mutant_name(self.name)


class Twins(MetaPathFinder):
    """Some of all the twins there could be, and the modules that hold them: these are loaded in place of those on the disk."""

    def __init__(self, number: int, seed: int, among: str) -> None:
        self.all: dict[str, int] = defaultdict(int)
        self.drawn: list[Twin] = []
        self._sources: dict[str, str] = {}
        self._made: dict[Path, tuple[Any, ...]] = {}
        within: dict[Path, list[Mutation]] = {}
        for path in sorted(one for one in walk_mutatable_files() if among in str(one)):
            plain = _MARKS.sub(lambda found: "\n" * found[0].count("\n"), path.read_text("utf-8"))
            self._made[path] = made = create_mutations(str(path), plain)
            within[path] = [one for one in made[1] if isinstance(one.contained_by_top_level_function, FunctionDef)]
            self.all[part_of(path)] += len(within[path])
        for path, places in self._draw(within, number, random.Random(seed)).items():
            self._take(path, [within[path][place] for place in sorted(places)])

    def _draw(self, within: dict[Path, list[Mutation]], number: int, chance: random.Random) -> dict[Path, list[int]]:
        """Which of each file's: more of a large package than of a small one, though not in proportion."""
        drawn: dict[Path, list[int]] = defaultdict(list)
        whole = sum(map(sqrt, self.all.values()))
        for part, count in self.all.items():
            every = [(path, place) for path, found in within.items() if part_of(path) == part for place in range(len(found))]
            for path, place in chance.sample(every, min(count, round(number * sqrt(count) / whole))):
                drawn[path].append(place)
        return drawn

    def _take(self, path: Path, chosen: list[Mutation]) -> None:
        module, _, *ignored = self._made[path]
        file = combine_mutations_to_source(module, chosen, *ignored)
        where = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
        for name, one in zip(file.mutant_names, chosen, strict=True):
            before, after = (" ".join(module.code_for_node(node).split())[:110] for node in (one.original_node, one.mutated_node))
            self.drawn.append(Twin(get_mutant_name(path, name), part_of(path),
                                   f"{path}:{where[one.original_node].start.line}: “{before}” became “{after}”"))
        code = file.code
        for marks in _MARKS.finditer(path.read_text("utf-8")):
            code = re.sub(rf"^(?=(?:@_mutmut_mutated\(.*\)\n)?def {marks[1]}\()", marks[0], code, flags=re.M)
        self._sources[get_mutant_name(path, "")[:-1]] = code

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in self._sources or not (spec := PathFinder.find_spec(name, path)) or not spec.origin:
            return None
        spec.loader = _Loader(name, spec.origin, self._sources[name])
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, self.path, "exec", dont_inherit=True)


class Trial:
    """As a plugin of pytest: runs the tests once, then those that reach a twin with the twin in place of its function."""

    def __init__(self, twins: Sequence[Twin]) -> None:
        self.unseen: list[Twin] = []
        self._twins = twins
        self._failed = False
        self._took: dict[str, float] = {}
        self._reached: dict[str, list[pytest.Item]] = defaultdict(list)

    def pytest_collection(self) -> None:
        # The same examples each time, and none made smaller: that one fails is all there is to know.
        seeking = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile("trial", derandomize=True, database=None, phases=seeking, deadline=None)
        hypothesis.settings.load_profile("trial")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed |= report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        set_mutant_under_test("stats")
        self._run(session.items, self._note)
        if self._failed:
            raise session.Failed("the tests must pass before anything is broken")
        for twin in self._twins:
            tests = sorted(self._reached[twin.function], key=lambda one: self._took[one.nodeid])
            asked = [one for one in tests if self._took[one.nodeid] < LONG]
            if not asked or not self._is_noticed(twin, asked):
                self.unseen.append(twin)
                print(f"{twin.says}: no test noticed", flush=True)
        return True

    def _note(self, item: pytest.Item) -> None:
        for function in state()._stats:
            self._reached[function].append(item)
        state()._stats.clear()

    def _is_noticed(self, twin: Twin, tests: list[pytest.Item]) -> bool:
        if not (child := os.fork()):
            self._try(twin, tests)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if ended == _ASTRAY:
            raise RuntimeError(f"{twin.says}: the trial itself went wrong, as told above")
        return ended != _UNSEEN

    def _try(self, twin: Twin, tests: list[pytest.Item]) -> None:
        """In a process of its own: it ends with what was found."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        # A twin that goes round for ever is noticed too: the system ends it.
        used = int(resource.getrusage(resource.RUSAGE_SELF).ru_utime)
        limit = used + 20 + int(5 * sum(self._took[one.nodeid] for one in tests))
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        found = _ASTRAY
        try:
            forget()
            set_mutant_under_test(twin.name)
            self._run(tests, lambda _: os._exit(_NOTICED) if self._failed else None)
            found = _UNSEEN
        except Exception:
            traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(found)

    def _run(self, items: Sequence[pytest.Item], after: Callable[[pytest.Item], None]) -> None:
        for item, following in zip(items, [*items[1:], None], strict=True):
            begun = process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            self._took[item.nodeid] = process_time() - begun
            after(item)


def forget() -> None:
    """Forget what was kept of earlier answers."""
    kept = [one for name, module in sys.modules.items() if name.startswith("breachdesk") for one in vars(module).values()]
    for one in kept:
        if type(one).__name__ == "_lru_cache_wrapper":
            one.cache_clear()


def part_of(path: Path) -> str:
    """The package, or module, that a file belongs to."""
    return ".".join(path.with_suffix("").parts[1:-1]) or path.stem


def told(twins: Twins, unseen: Sequence[Twin]) -> bool:
    """Print how much was noticed of each package; whether that is enough."""
    enough = True
    for part, count in twins.all.items():
        drawn = sum(one.part == part for one in twins.drawn)
        noticed = drawn - sum(one.part == part for one in unseen)
        enough &= noticed >= ENOUGH * drawn
        print(f"{part}: {noticed} of {drawn} breaks noticed, {noticed / max(1, drawn):.0%}, of {count:,} there could be")
    return enough


def main() -> int:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--breaks", type=int, default=200, help="how many are tried (200)")
    asked.add_argument("--seed", type=int, default=1, help="another number draws others (1)")
    asked.add_argument("--among", default="", help="only in files whose path has this in it")
    asked.add_argument("tests", nargs="*", help="the tests that should notice; else those that pyproject.toml names")
    given = asked.parse_args()
    twins = Twins(given.breaks, given.seed, given.among)
    sys.meta_path.insert(0, twins)
    trial = Trial(twins.drawn)
    tests = given.tests or config().pytest_add_cli_args_test_selection
    if failed := pytest.main(["-q", "-s", "--disable-warnings", "-p", "no:cacheprovider", *tests], [trial]):
        return int(failed)
    return 0 if told(twins, trial.unseen) else 1


if __name__ == "__main__":
    sys.exit(main())
