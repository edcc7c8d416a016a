"""The texts of mails, from templates/mail: plain text, with what they say filled in."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, StrictUndefined, Template

from breachdesk.resources import text


def rendered(file: str, /, **words: object) -> str:
    """A mail's text. Raises UndefinedError when a word is missing: nothing half-filled is sent."""
    return _template(file).render(**words)


@lru_cache(maxsize=16)
def _template(name: str) -> Template:
    # These are plain text mails: escaping would put &#39; into people's names.
    environment = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)  # noqa: S701
    return environment.from_string(text("templates", "mail", name))
