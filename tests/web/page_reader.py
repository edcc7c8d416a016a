"""The strict page reader: opens pages as a careful person would, and complains about every page it is shown."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from urllib.parse import urlsplit

from flask import Flask
from second_steps import code_now, made_ready_for_codes
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

_VOID = {"input", "br", "hr", "img", "link", "meta", "path", "rect"}
_INLINE = {"a", "strong", "span", "em", "b", "i"}
_SCRIPTS = {"script", "style"}
_FIELDS = ("input", "select", "textarea")


@dataclass
class Element:
    """An element of a page, with what stands in it."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def raw_text(self) -> str:
        return "".join(child if isinstance(child, str) else child.raw_text for child in self.children)

    @property
    def text(self) -> str:
        """The words as they are read: blanks and line breaks count as one blank, and what stands in another block stands apart."""
        return " ".join(self._spaced().split())

    def _spaced(self) -> str:
        inner = "".join(child if isinstance(child, str) else child._spaced() for child in self.children)
        return inner if self.tag in _INLINE else f" {inner} "

    @cached_property
    def within(self) -> list[Element]:
        """All the elements within, as they stand on the page."""
        return [one for child in self.children if isinstance(child, Element) for one in (child, *child.within)]

    @cached_property
    def by_tag(self) -> dict[str, list[Element]]:
        found: dict[str, list[Element]] = {}
        for one in self.within:
            found.setdefault(one.tag, []).append(one)
        return found

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """The elements within, of a tag and with certain attributes (`class_` is one of the classes)."""
        found = self.by_tag.get(tag, []) if tag else self.within
        return [one for one in found if one._has(attributes)] if attributes else list(found)

    def one(self, tag: str = "", **attributes: str) -> Element:
        [found] = self.all(tag, **attributes)
        return found

    def inside(self, tag: str) -> bool:
        return self.parent is not None and (self.parent.tag == tag or self.parent.inside(tag))

    def _has(self, attributes: dict[str, str]) -> bool:
        return all(value in self["class"].split() if name == "class_" else self[name.rstrip("_").replace("_", "-")] == value
                   for name, value in attributes.items())


# A comment or the doctype; or a tag: whether it closes, its name, its attributes, whether it closes itself.
_TAG = re.compile(r"""<(?:!--.*?--|![^>]*|(/?)([a-z][\w:-]*)((?:\s+[^\s"'>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*(/?))>""",
                  re.DOTALL | re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


def _built(source: str) -> Element:
    """The page's elements. Every tag is closed in its turn, and a sign that would begin one is written as &lt;."""
    root = here = Element("document", {})
    read = 0
    for found in _TAG.finditer(source):
        begins, ends = found.span()
        if begins < read:
            continue        # In a script, which ends only at its own end.
        if begins > read:
            _write(here, source[read:begins])
        closes, name, attributes, alone = found.groups()
        tag, read = (name or "").lower(), ends
        if closes and tag not in _VOID:
            assert here.tag == tag, f"</{tag}> closes <{here.tag}>"
            assert here.parent is not None
            here = here.parent
        elif tag and not closes:
            told = {one.lower(): _unescaped(double or single or bare)
                    for one, double, single, bare in _ATTRIBUTE.findall(attributes)} if attributes else {}
            element = Element(tag, told, here)
            here.children.append(element)
            here = here if alone or tag in _VOID else element
            if tag in _SCRIPTS and not alone:
                read = source.index(f"</{tag}", read)
                element.children += filter(None, [source[found.end():read]])
    _write(here, source[read:])
    return root


def _write(element: Element, words: str) -> None:
    assert "<" not in words, f"a sign that begins no tag: {words[words.index('<'):][:40]}"
    if words:
        element.children.append(_unescaped(words))


def _unescaped(words: str) -> str:
    return unescape(words) if "&" in words else words


class Page(Element):
    """A page as it was answered."""

    def __init__(self, text: str, path: str) -> None:
        super().__init__("document", {}, None, _built(text).children)
        self.path = path

    @property
    def title(self) -> str:
        return self.one("head").one("title").text

    @property
    def heading(self) -> str:
        return self.one("h1").text

    @property
    def main(self) -> str:
        return self.one("main").text

    def form(self, action: str = "") -> Element:
        """The page's only form, or the one that is sent to an address."""
        found = [form for form in self.one("main").all("form") if not action or form["action"] == action]
        assert len(found) == 1, f"{self.path}: {len(found)} forms {action}"
        return found[0]

    def errors(self) -> list[str]:
        return [item.text for summary in self.all(class_="govuk-error-summary") for item in summary.all("li")]


def values_in(form: Element) -> dict[str, list[str]]:
    """What a browser would send of a form that nobody touched, without its buttons."""
    found: dict[str, list[str]] = {}
    for one in (element for tag in _FIELDS for element in form.all(tag)):
        if one["type"] in ("checkbox", "radio") and "checked" not in one.attributes:
            continue
        if one.tag == "select":
            value = next((option["value"] for option in one.all("option") if "selected" in option.attributes), "")
        else:
            value = one.raw_text.removeprefix("\n") if one.tag == "textarea" else one["value"]
        found.setdefault(one["name"], []).append(value)
    return found


class PageReader:
    """A person with a browser that runs no scripts."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def open(self, path: str, expect: int = 200) -> Page:
        """Open a page. What it answers must be EXPECT, and no page may be badly made."""
        return self.read(self.client.get(path), path, expect)

    def follow(self, path: str) -> Page:
        """Open a page, and go where it sends us."""
        answer = self.client.get(path, follow_redirects=True)
        return self.read(answer, answer.request.full_path.rstrip("?"), 200)

    def sign_in(self, email: str, password: str) -> Page:
        """Sign in, with a code where one is asked for. On a real desk whoever needs the second step has set it up before."""
        desk = self.app.extensions["breachdesk"]
        made_ready_for_codes(desk, email)
        page = self.open("/sign-in")
        page = self.send(page.form("/sign-in"), {"email": email, "password": password})
        return self.send(page.form(), {"code": code_now(desk)}) if page.heading == "Give your code" else page

    def send(self, form: Element, answers: dict[str, str | list[str]] | None = None, expect: int = 200, button: str = "") -> Page:
        """Fill a form in and send it, by its own button or by another (NAME of the button), and go where it leads."""
        answer = self.post(form, answers, button)
        return self.read(answer, answer.request.full_path.rstrip("?"), expect)

    def post(self, form: Element, answers: dict[str, str | list[str]] | None = None, button: str = "") -> TestResponse:
        data: dict[str, str | list[str]] = {**values_in(form), **(answers or {})}
        known = {one["name"] for tag in _FIELDS for one in form.all(tag)}
        assert not set(answers or {}) - known, f"the form has no field {set(answers or {}) - known}; it has {sorted(known)}"
        address = form["action"]
        if button:
            pressed = form.one("button", name=button)
            data[button] = pressed["value"]
            address = pressed["formaction"] or address
        return self.client.post(address, data=data, follow_redirects=True)

    def read(self, answer: TestResponse, path: str, expect: int) -> Page:
        assert answer.status_code == expect, f"{path}: {answer.status_code} instead of {expect}, go to {answer.location}\n{_gist(answer)}"
        assert answer.mimetype == "text/html", f"{path}: {answer.mimetype}"
        page = Page(answer.text, path)
        self.inspect(page, path)
        return page

    def inspect(self, page: Page, path: str) -> None:
        """Complain about everything that is badly made on a page."""
        assert page.one("html")["lang"] == "en", f"{path}: say the page's language in <html lang>"
        assert len(page.all("h1")) == 1, f"{path}: a page has one h1, not {len(page.all('h1'))}"
        assert page.heading, f"{path}: the h1 is empty"
        assert page.title.startswith(page.heading), f"{path}: the title “{page.title}” begins with the heading “{page.heading}”"
        ids = Counter(one["id"] for one in page.within if one["id"])
        twice = [name for name, times in ids.items() if times > 1]
        assert not twice, f"{path}: ids used twice: {twice}"
        labels = Counter(label["for"] for label in page.all("label") if label.text)
        for one in (one for tag in _FIELDS for one in page.all(tag)):
            self._inspect_field(one, labels, path)
        for one in (one for one in page.within if one.attributes):
            if named := one["aria-describedby"]:
                missing = [name for name in named.split() if name not in ids]
                assert not missing, f"{path}: described by {missing}, which is not on the page"
            assert not one["style"], f"{path}: an inline style does nothing under our policy: {one['style']}"
        acts = {name for one in page.within for name in one.attributes if name.startswith("on")}
        assert not acts, f"{path}: an inline script does nothing under our policy: {acts}"
        for link in page.all("a"):
            if link["href"].startswith("#") and len(link["href"]) > 1:
                assert link["href"][1:] in ids, f"{path}: the link {link['href']} leads nowhere"
        for form in page.all("form"):
            self._inspect_form(form, path)

    def _inspect_field(self, one: Element, labels: Counter[str], path: str) -> None:
        if one["type"] == "hidden":
            return
        found = labels[one["id"]] if one["id"] else 0
        assert found == 1, f"{path}: the field “{one['name']}” has {found} labels; give it one"
        if one["type"] == "radio":
            assert one.inside("fieldset"), f"{path}: the choice “{one['name']}” stands in a fieldset with a legend"

    def _inspect_form(self, form: Element, path: str) -> None:
        buttons = form.all("button")
        assert buttons, f"{path}: the form to {form['action']} has a button"
        for address in [form["action"], *(button["formaction"] for button in buttons if button["formaction"])]:
            method = form["method"].upper() or "GET"
            assert address, f"{path}: a form says where it is sent"
            try:
                self.app.url_map.bind("localhost").match(urlsplit(address).path, method=method)
            except HTTPException as wrong:
                raise AssertionError(f"{path}: nothing takes {method} {address} ({wrong.code})") from wrong
        if form["method"].casefold() == "post":
            assert form.all("input", name="csrf_token"), f"{path}: the form to {form['action']} carries no token"


def _gist(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))[-1500:]
