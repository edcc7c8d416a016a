"""How pages find their templates: ours first, then the GOV.UK components as Jinja macros.

Below it stands `templates/layout.html`, which every page extends.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, KeysView, MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader, Undefined

from breachdesk.resources import folder

SERVICE_NAME = "Breachdesk"


class Unknown(Undefined):
    """A name or attribute that nobody gave a value: it may be asked about; showing it or walking through it is an error.

    Jinja's StrictUndefined also refuses the question, which the GOV.UK macros ask in every line. Their options are dicts,
    in which a missing key means "not wanted".
    """

    def __str__(self) -> str:
        return "" if isinstance(self._undefined_obj, dict) else self._fail_with_undefined_error()

    def __iter__(self) -> Iterator[Any]:
        return iter(()) if isinstance(self._undefined_obj, dict) else self._fail_with_undefined_error()


class _Globals(ChainMap[str, Any]):
    """The names that a template knows without being told, which are those of all of them.

    Jinja compares their keys for each macro that a page imports, and it imports dozens: through Python's own chain, that takes longer than
    most macros.
    """

    def keys(self) -> KeysView[str]:
        own, common = self.maps
        return super().keys() if own else common.keys()


class Templates(Environment):
    """Flask's environment, whose templates share their global names."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return _Globals({} if d is None else d, self.globals)


def set_up_templates(app: Flask) -> None:
    """Let APP find our templates and the GOV.UK components.

    Everything is escaped but plain text (`.txt`, for mail). A name without a value is an error where it would be shown.
    """
    app.jinja_loader = ChoiceLoader([
        FileSystemLoader(folder("templates")),
        PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
    ])
    app.jinja_env.autoescape = _is_escaped
    app.jinja_env.undefined = Unknown
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["service_name"] = SERVICE_NAME


def _is_escaped(template: str | None) -> bool:
    return template is None or not template.endswith(".txt")
