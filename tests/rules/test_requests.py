"""Requests that somebody made up: other people's numbers in an address, columns of the database in a form, a cookie from before.

What is not theirs is answered like what is not there, and what no form asks for changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from rules.visits import Visit, Visitors, token_of
from rules.world import World, everything_in, next_day
from sqlalchemy import update
from web.page_reader import Element, Page, values_in

from breachdesk.bootstrap import open_desk
from breachdesk.settings import read_settings
from breachdesk.store import audit_log
from breachdesk.store.people import ACCOUNTS, ROLES
from breachdesk.store.session import Session
from breachdesk.store.tables import METADATA

UNKNOWN, NO_DRAFT = "DD-2026-9999", "00000000-0000-4000-8000-000000000000"
_ONCE = re.compile(r'nonce="[^"]*"|name="csrf_token"[^>]*>|value="[^"]{40,}"')


def said(text: str, *names: str) -> str:
    """A page without what differs each time, and without the names of what was asked for."""
    for name in names:
        text = text.replace(name, "…")
    return _ONCE.sub("", text)


def met(visitors: Visitors, method: str, name: str, path: str) -> tuple[int, str, str]:
    client = visitors.clients[name]
    answer = client.open(path, method=method, data={"csrf_token": token_of(client)} if method == "POST" else None)
    return answer.status_code, answer.location or "", answer.text


@pytest.mark.parametrize("name", ["omar", "stella", "ops", "cara", "rolf"])
def test_a_case_that_is_not_theirs_is_answered_like_one_that_is_not_there(visitors: Visitors, world: World, name: str) -> None:
    theirs = world.references["received"]

    # The operator breaks the glass of any case, and knows of each that it is there.
    keys = [key for method in ("GET", "POST") for key in visitors.keys(method) if "<reference>" in key]
    for key in [key for key in keys if name != "ops" or "break-glass" not in key]:
        method, path = key.split(" ")[0], visitors.path(key, "received")
        one, other = met(visitors, method, name, path), met(visitors, method, name, path.replace(theirs, UNKNOWN))
        assert one[0] == other[0], key
        assert [said(text, theirs, UNKNOWN) for text in one[1:]] == [said(text, theirs, UNKNOWN) for text in other[1:]], key


def test_a_complaint_that_somebody_else_writes_is_answered_like_one_that_is_not_there(own_world: World, visitors: Visitors) -> None:
    visitors = Visitors(own_world, "rita", "omar", "olive", signed_in=visitors)

    for key in [key for method in ("GET", "POST") for key in visitors.keys(method) if "<uuid:draft>" in key]:
        for name in ("rita", "omar", "olive"):
            method, path = key.split(" ")[0], visitors.path(key, "received")
            one, other = met(visitors, method, name, path), met(visitors, method, name, path.replace(own_world.draft, NO_DRAFT))
            assert one[0] == other[0] == 404, (key, name)
            assert said(one[2], own_world.draft) == said(other[2], NO_DRAFT), (key, name)


@pytest.mark.parametrize(("name", "case"), [
    ("omar", "friend"), ("ruth", "friend"), ("maya", "friend"), ("petra", "panel"), ("sid", "closed")])
def test_an_entry_that_is_not_theirs_is_answered_like_one_that_is_not_there(visitors: Visitors, world: World, name: str, case: str) -> None:
    """Not every entry of a case is for everybody in it: its number says neither that it is there nor what it is."""
    path = f"/cases/{world.references[case]}/done/"
    _, _, nothing = met(visitors, "GET", name, f"{path}999")
    with world.desk.database.read() as session:
        [entries] = [last for _, reference, last, _ in audit_log.chain_heads(session) if reference == world.references[case]]

    hidden = 0
    for seq in range(1, entries + 1):
        status, _, text = met(visitors, "GET", name, f"{path}{seq}")
        if status == 404:
            hidden += 1
            assert said(text, str(seq)) == said(nothing, "999", str(seq))
        else:
            assert not world.leaks(text, name)
    assert hidden


def test_naming_a_case_that_is_not_theirs_in_a_form_is_answered_like_naming_none(world: World, visitors: Visitors) -> None:
    path = f"/cases/{world.references['received']}/do/link_case"
    client = visitors.clients["olive"]
    version = values_in(Page(client.get(path).text, path).form(path + "/check"))

    texts = [said(client.post(path, data={**version, "other_case": one}).text, one) for one in (world.references["next door"], UNKNOWN)]

    assert texts[0] == texts[1]


# Every column that the desk has, as somebody would add it to a form who had read its tables.
COLUMNS = sorted({column.name for table in METADATA.tables.values() for column in table.columns})
Filled = tuple[str, str, dict[str, list[str]]]
# Made anew each time, so that two desks on which the same was done differ in it.
_BY_CHANCE = {"salt", "hash", "prev_hash", "last_hash", "body", "token_hash", "log_hash"}


def filled(form: Element) -> dict[str, list[str]]:
    """A form as somebody fills it in who answers everything."""
    data = values_in(form)
    for one in form.all("textarea") + [field for field in form.all("input") if field["type"] in ("", "text", "search", "tel")]:
        data[one["name"]] = data.get(one["name"]) if data.get(one["name"], [""]) != [""] else [_typed(one["name"])]  # type: ignore[assignment]
    for one in form.all("input", type="radio") + form.all("input", type="checkbox"):
        data.setdefault(one["name"], [one["value"]])
    for one in form.all("select"):
        options = [option["value"] for option in one.all("option") if option["value"]]
        data[one["name"]] = options[:1]
    return data


def _typed(name: str) -> str:
    return {"day": "2", "month": "3", "year": "2026"}.get(name.rpartition("-")[2], "2" if "number" in name else "What somebody typed")


def forms_on(visits: list[Visit], names: tuple[str, ...]) -> Iterator[Filled]:
    """(who, where it is sent, the answers) for every form that these people are shown; signing out comes last of all, and not here."""
    seen: set[tuple[str, str]] = set()
    for one in visits:
        if one.name not in names or not one.headers["Content-Type"].startswith("text/html") or "<form" not in one.source:
            continue
        for form in Page(one.source, one.asked).one("main").all("form"):
            if form["method"].casefold() == "post" and (one.name, form["action"]) not in seen and "sign-" not in form["action"]:
                seen.add((one.name, form["action"]))
                yield one.name, form["action"], filled(form)


def sent(world: World, visitors: Visitors, forms: list[Filled], more: Mapping[str, str]) -> tuple[list[int], dict[str, list[str]]]:
    """Send all the forms, each with what is MORE; what each was answered, and what stands in the desk then."""
    visitors = Visitors(world, *{name for name, _, _ in forms}, signed_in=visitors)
    tokens = {name: token_of(visitors.clients[name]) for name, _, _ in forms}
    answers = [visitors.clients[name].post(where, data={**{key: value for key, value in more.items() if key not in data}, **data,
                                                        "csrf_token": tokens[name]}).status_code for name, where, data in forms]
    return answers, {table: sorted(map(str, rows)) for table, rows in _plain(world).items()}


def _plain(world: World) -> dict[str, list[list[object]]]:
    found: dict[str, list[list[object]]] = {}
    for table, rows in everything_in(world.desk).items():
        names = [column.name for column in METADATA.tables[table].columns] if table in METADATA.tables else []
        found[table] = [[value for name, value in zip(names, row, strict=False) if name not in _BY_CHANCE and not _drawn(value)]
                        for row in rows]
    return found


def _drawn(value: object) -> bool:
    """A number of a draft, a salt, a digest: drawn by chance, or worked out from what was."""
    return isinstance(value, bytes) or (isinstance(value, str) and bool(re.fullmatch(r"[0-9a-f-]{32,64}|[\w-]{40,}|\$argon2.*", value)))


def test_a_column_of_the_database_that_no_form_asks_for_changes_nothing(
        visits: list[Visit], visitors: Visitors, world: World, tmp_path: Path) -> None:
    people = ("ruth", "omar", "maya", "petra", "sid", "olive", "stan", "ops")
    forms = list(forms_on(visits, people))
    copies = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        for file in (one for one in Path(str(world.desk.data_path)).iterdir() if one.is_file()):
            (folder / file.name).write_bytes(file.read_bytes())
        copies.append(replace(world, desk=open_desk(read_settings({"BREACHDESK_DATA_DIR": str(folder)}), wall=next_day())))

    plain, assigned = sent(copies[0], visitors, forms, {}), sent(copies[1], visitors, forms, dict.fromkeys(COLUMNS, "1"))

    for one in copies:
        one.desk.database.close()
    assert len(forms) > 20
    assert sum(status in (200, 302, 303) for status in plain[0]) > 8, "most of these forms do something"
    assert assigned[0] == plain[0]
    assert {table for table, rows in plain[1].items() if rows != assigned[1][table]} == set()


@pytest.mark.parametrize("end", ["deactivated", "role over"])
def test_whoever_was_signed_in_is_a_stranger_once_the_account_or_the_role_is_gone(own_world: World, visitors: Visitors, end: str) -> None:
    visitors = Visitors(own_world, "olive", "sid", "ops", "ruth", signed_in=visitors)

    def work(session: Session) -> None:
        if end == "deactivated":
            session.execute(update(ACCOUNTS).values(active=False))
        else:
            session.execute(update(ROLES).values(to_on=own_world.desk.now(session).date().replace(day=1)))
    own_world.desk.database.transact(work)

    for name in ("olive", "sid", "ops", "ruth"):
        for key in ("GET /cases", "GET /cases/<reference>", "GET /escalated", "GET /log", "GET /home"):
            visit = visitors.get(key, name, "panel")
            if end == "deactivated":
                assert visit.met == own_world.matrix.answer(key, "nobody", "panel"), visit
            elif name != "ruth":
                assert visit.met != "answered" or not own_world.leaks(visit.text, "fay"), visit
