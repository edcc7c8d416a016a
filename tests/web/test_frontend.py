"""What browsers load, and the frame that every page stands in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, flash, render_template_string
from jinja2 import UndefinedError

from breachdesk.resources import folder, text
from breachdesk.web.pages_setup import set_up_templates

COMPONENTS = Path(__file__).parents[2] / "breachdesk/web/frontend/node_modules/govuk-frontend/dist/govuk/components"
STATIC = sorted(path for path in folder("web/static").iterdir() if path.name != "licences.txt")


@dataclass(frozen=True)
class PracticeDay:
    today: str = "Monday 2 March 2026"
    url: str = "/practice"


class Pieces(HTMLParser):
    """HTML as a browser takes it: tags, attributes and words, whatever the blanks between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[object] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, sorted(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.found.extend(data.split())


@pytest.fixture
def app() -> Flask:
    app = Flask("breachdesk.web")
    app.secret_key = "only for flashes in this test"
    set_up_templates(app)
    app.context_processor(lambda: {"csp_nonce": lambda: "n0nce", "navigation": [], "practice": None})
    return app


def page(app: Flask, body: str, **context: object) -> str:
    with app.test_request_context("/"):
        return render_template_string('{% extends "layout.html" %}{% set heading = "Your cases" %}' + body, **context)


def test_the_static_files_are_there() -> None:
    names = [path.name for path in STATIC]

    assert names == ["breachdesk.css", "breachdesk.js", "favicon.svg", "govuk-frontend.min.css", "govuk-frontend.min.js", "passkeys.js"]


@pytest.mark.parametrize("path", STATIC, ids=lambda path: path.name)
def test_nothing_that_only_gov_uk_may_use_is_shipped(path: Path) -> None:
    found = re.findall(r"@font-face|GDS Transport|crown|crest|\burl\(", path.read_text(encoding="utf-8"), re.IGNORECASE)

    assert found == []


def test_the_only_fonts_that_are_named_are_those_of_the_system() -> None:
    css = text("web/static", "govuk-frontend.min.css")

    assert set(re.findall(r"font-family:([^;}]*)", css)) == {"inherit", "sans-serif"}


def fixtures() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(COMPONENTS.glob("*/fixtures.json")):
        described = json.loads(file.read_text(encoding="utf-8"))
        yield from ((described["component"], fixture) for fixture in described["fixtures"])


def test_every_component_renders_as_gov_uk_frontend_says_it_must(app: Flask) -> None:
    assert COMPONENTS.is_dir(), "node_modules is missing: run `npm ci` in breachdesk/web/frontend."
    count, different = 0, []

    for component, fixture in fixtures():
        macros = app.jinja_env.get_template(f"govuk_frontend_jinja/components/{component}/macro.html").module
        rendered = getattr(macros, "govuk" + component.title().replace("-", ""))(fixture["options"])
        count += 1
        if Pieces(rendered).found != Pieces(fixture["html"]).found:
            different.append(f"{component}: {fixture['name']}")

    assert different == []
    assert count == 657


def test_the_title_begins_with_the_heading(app: Flask) -> None:
    html = page(app, "")

    assert "<title>Your cases – Breachdesk</title>" in html
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", html) == ["Your cases"]


def test_the_frame_shows_nobody_elses_emblem(app: Flask) -> None:
    html = page(app, "")

    assert "<svg" not in html
    assert not re.search(r"gov\.uk|crown|crest|favicon\.ico", html, re.IGNORECASE)


def test_the_frame_has_no_script_without_a_nonce_or_address_and_no_inline_style(app: Flask) -> None:
    html = page(app, "")

    scripts = re.findall(r"<script([^>]*)>", html)
    assert len(scripts) == 2
    assert all('nonce="n0nce"' in script or 'src="/static/' in script for script in scripts)
    assert not re.search(r"<style|\sstyle=", html)


def test_the_menu_says_which_page_one_is_on(app: Flask) -> None:
    html = page(app, "", navigation=[("Home", "/", False), ("Cases", "/cases", True)])

    assert re.findall(r'href="([^"]*)" aria-current="true"', html) == ["/cases"]


def test_a_practice_desk_says_so_on_every_page_and_a_real_one_does_not(app: Flask) -> None:
    assert "Today is Monday 2 March 2026 here" in page(app, "", practice=PracticeDay())
    assert "Practice desk" not in page(app, "")


def test_a_message_is_shown_once_and_escaped(app: Flask) -> None:
    with app.test_request_context("/"):
        flash("Sent to <b>Amberdale Council</b>", "done")
        html = render_template_string('{% extends "layout.html" %}{% set heading = "Your cases" %}')

    assert html.count("Sent to &lt;b&gt;Amberdale Council&lt;/b&gt;") == 1


def test_every_state_of_the_stage_track_is_said_in_words(app: Flask) -> None:
    stages = [{"title": "Direct resolution", "state": "done", "when": "3 to 24 November 2026"},
              {"title": "Critical friend", "state": "now"}, {"title": "Panel", "state": "to come"}]
    track = '{% from "components/stage_track.html" import stage_track %}{% block page %}{{ stage_track(stages) }}{% endblock %}'

    html = page(app, track, stages=stages)

    assert re.findall(r'class="desk-track__state">([^<]*)<', html) == ["Done", "Now", "To come"]
    assert html.count('aria-current="step"') == 1


@pytest.mark.parametrize("body", ["{{ misspelled }}", "{{ practice.misspelled }}", "{% for case in misspelled %}{% endfor %}"])
def test_a_name_that_nobody_gave_a_value_is_an_error_where_it_would_be_shown(app: Flask, body: str) -> None:
    with pytest.raises(UndefinedError, match="misspelled"):
        page(app, f"{{% block page %}}{body}{{% endblock %}}", practice=PracticeDay())
