"""The house as a list and as a picture: docs/modules.md from the docstrings, and docs/map.svg from the imports.

`.venv/bin/python tests/rules/mapped.py` renews the list, which a test holds against the code; `make map` draws the picture as well, whose
sizes and counts are those of the day on which it was made. Floors are the layers that import-linter holds, from pyproject.toml.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path

import grimp

from breachdesk.workflow.drawing.lettering import width_of

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "breachdesk"
PICTURE, LIST = ROOT / "docs" / "map.svg", ROOT / "docs" / "modules.md"
_DOCSTRING = re.compile(r'"""(.*?)"""', re.DOTALL)
_BEGINNING = """# Every module, and its place in the way of data

Made from the first sentence of each module's docstring by `make map`; floor by floor, as on [the map](map.svg).
"""
# Widths and heights in the picture. Bricks are modules; the arrows on the right lead from floor to floor.
_ROOM, _ARROWS, _EDGE, _BRICK, _LETTER = 1120, 190, 14, 22, 11
# Up to so many lines → a brick's colour; what is longer is printed bold as well.
BOLD = ' font-weight="700"'
_COLOURS = {100: "#f3f2f1", 200: "#cfe0f0", 300: "#8fb9dd"}


def floors() -> list[list[str]]:
    """The layers from the top down, each with its parts; what is still to come is left out."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    return [[part.strip() for part in layer.split("|") if not part.strip().startswith("(")] for layer in layers]


@cache
def modules() -> dict[str, tuple[str, int]]:
    """Each module, as `casework.act`, with its place in the way of data and its lines. Migrations are a record, and no modules."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text("utf-8")
        if text.strip() and not {"versions", "node_modules"} & set(path.parts):
            name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
            beginning = _DOCSTRING.match(text)
            found[name] = (" ".join(beginning[1].split()) if beginning else "", len(text.splitlines()))
    return found


def listed() -> str:
    """docs/modules.md."""
    lines, known = [_BEGINNING], modules()
    for part in (part for floor in floors() for part in floor):
        rows = [f"| `{name}` | {_sentence(says)} |" for name, (says, _) in known.items() if name.split(".")[0] == part]
        lines += [f"## {part.strip('_')}", "", "| module | its place |", "|---|---|", *rows, ""]
    return "\n".join(lines)


def _sentence(text: str) -> str:
    end = next((at for at in range(len(text)) if text[at] in ".?" and text[at + 1:at + 3].strip()[:1].isupper()), len(text))
    return text[:end + 1].replace("|", "\\|")


def _imports() -> Counter[tuple[str, str]]:
    """How many imports lead from one part to another."""
    graph = grimp.build_graph("breachdesk", exclude_type_checking_imports=True, cache_dir=None)
    pairs = ((one.split(".")[1], other.split(".")[1]) for one in graph.modules if "." in one
             for other in graph.find_modules_directly_imported_by(one) if "." in other)
    return Counter((one, other) for one, other in pairs if one != other)


def drawn() -> str:
    """docs/map.svg."""
    known, imports = modules(), _imports()
    shapes: list[str] = []
    y, middle = 84.0, {}
    for floor in floors():
        inside, end = _floor(floor, known, imports, y)
        shapes += [f'<rect x="{_EDGE - 6}" y="{y:.0f}" width="{_ROOM}" height="{end - y:.0f}" fill="#fff" stroke="#505a5f"/>', *inside]
        middle.update(dict.fromkeys(floor, (y + end) / 2))
        y = end + 12
    shapes += _arrows(imports, middle)
    width, lines = _EDGE + _ROOM + _ARROWS, sum(size for _, size in known.values())
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y:.0f}" width="{width}" height="{y:.0f}" role="img" '
        'font-family="system-ui, sans-serif">', "<title>Breachdesk by floors</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        _text(_EDGE, 28, "Breachdesk by floors: each imports only what stands below it", 20, bold=True),
        _text(_EDGE, 50, f"{len(known)} modules, {lines:,} lines. A brick is a module with its lines; an arrow is as broad as its imports "
              "are many.", 13),
        *_row(_EDGE, 58, [("up to 100 lines", 100), ("up to 200", 200), ("up to 300", 300)])[0], *shapes, "</svg>"]) + "\n"


def _floor(floor: list[str], known: dict[str, tuple[str, int]], imports: Counter[tuple[str, str]], y: float) -> tuple[list[str], float]:
    """A floor's packages, each with its modules as bricks, and in one row the modules that stand there by themselves; where it ends."""
    shapes, x, alone = [], float(_EDGE), [part for part in floor if (PACKAGE / f"{part}.py").is_file()]
    for part in (one for one in floor if one not in alone):
        inside = [(name.removeprefix(f"{part}."), size) for name, (_, size) in known.items() if name.split(".")[0] == part]
        title = f"{part}: {len(inside)} modules, {sum(size for _, size in inside):,} lines"
        shapes += [_text(_EDGE, y + 18, title, 13, bold=True), _below(part, imports, _EDGE + width_of(title, 13, bold=True) + 12, y + 18)]
        bricks, y = _row(_EDGE, y + 25, [(f"{name} {size}", size) for name, size in inside])
        shapes += bricks
    for part in alone:
        said, size = f"{part} {known[part][1]}", known[part][1]
        shapes += [*_brick(x, y + 8, said, size), _below(part, imports, x + _wide(said, size) + 6, y + 21.5)]
        x += _wide(said, size) + (380 if len(alone) > 1 else 0)
    return shapes, y + (_BRICK + 11 if alone else 7)


def _below(part: str, imports: Counter[tuple[str, str]], x: float, y: float) -> str:
    """What a part imports, the most first."""
    found = [f"{other} {count}" for (one, other), count in sorted(imports.items(), key=lambda one: (-one[1], one[0])) if one == part]
    return _text(x, y, ("imports " if found else "") + ", ".join([*found[:8], *(["…"] if found[8:] else [])]), _LETTER)


def _row(x: float, y: float, bricks: list[tuple[str, int]]) -> tuple[list[str], float]:
    """Bricks one after the other, in as many rows as they need; and where the last row ends."""
    shapes, left = [], x
    for said, size in bricks:
        if x + _wide(said, size) > _ROOM:
            x, y = left, y + _BRICK
        shapes += _brick(x, y, said, size)
        x += _wide(said, size) + 3
    return shapes, y + _BRICK


def _wide(said: str, size: int) -> float:
    return width_of(said, _LETTER, bold=size > 200) + 10


def _brick(x: float, y: float, said: str, size: int) -> list[str]:
    colour = next((colour for most, colour in _COLOURS.items() if size <= most), "#fff")
    return [f'<rect x="{x:.0f}" y="{y:.0f}" width="{_wide(said, size):.0f}" height="{_BRICK - 3}" fill="{colour}" stroke="#b1b4b6"/>',
            _text(x + 5, y + 13.5, said, _LETTER, bold=size > 200)]


def _arrows(imports: Counter[tuple[str, str]], middle: dict[str, float]) -> Iterator[str]:
    """From floor to floor, on the right: the further, the wider the bow."""
    between: Counter[tuple[float, float]] = Counter()
    for (one, other), count in imports.items():
        between[middle[one], middle[other]] += count
    most, right, lowest = max(between.values()), _EDGE - 6 + _ROOM, max(middle.values())
    for (start, end), count in sorted(between.items(), key=lambda found: (found[1], found[0])):
        bow = right + 30 + (end - start) / lowest * (_ARROWS - 30) * 1.25
        yield (f'<path d="M{right} {start:.0f} C{bow:.0f} {start:.0f} {bow:.0f} {end:.0f} {right + 9} {end:.0f}" fill="none" '
               f'stroke="#1d70b8" stroke-opacity="0.55" stroke-width="{0.8 + 7 * count / most:.1f}"><title>{count} imports</title></path>')
    for end in sorted({end for _, end in between}):
        yield f'<path d="M{right} {end:.0f} l10 -5 v10 z" fill="#1d70b8"/>'


def _text(x: float, y: float, said: str, size: int, *, bold: bool = False) -> str:
    return f'<text x="{x:.0f}" y="{y:.1f}" font-size="{size}"{BOLD if bold else ""}>{escape(said)}</text>'


if __name__ == "__main__":
    LIST.write_text(listed(), "utf-8")
    if "--drawn" in sys.argv:
        PICTURE.write_text(drawn(), "utf-8")
