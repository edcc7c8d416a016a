"""A complaint without a name, through its whole life: whoever is not told who complains reads the name nowhere.

The stories that come with the product are played with the name kept back, and afterwards everything that each person could open or was
sent is searched for it. `make test` plays some of them, `make soak` all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
from casework.test_masking import TYPED, UNNAMED
from conftest import Cast, StoppedClock, lodge, tell
from flask import Flask
from rules.visits import token_of
from web.page_reader import PageReader

from breachdesk.bootstrap import create_desk
from breachdesk.casework.act import Step, act
from breachdesk.casework.case_lists import list_cases
from breachdesk.casework.case_page import case_page
from breachdesk.casework.declaring import NONE, declare
from breachdesk.casework.desk import Desk
from breachdesk.casework.escalated import escalated_cases, review_of
from breachdesk.casework.messages import messages_of
from breachdesk.casework.procedures.setting_up import shipped_procedures, shipped_rehearsals
from breachdesk.casework.rehearsals.rehearsal_desks import Desks
from breachdesk.casework.rehearsals.rehearsing import rehearse
from breachdesk.casework.steps_told import confirmation
from breachdesk.cli.case_told import page_data, page_lines
from breachdesk.errors import BreachdeskError
from breachdesk.identity import THE_OPERATOR, Actor
from breachdesk.settings import Settings
from breachdesk.store import audit_log, notices, people
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.session import Session
from breachdesk.workflow.rehearsing import Rehearsal, load_rehearsal

# The whole road, with everybody on it; and one that leaves it early, because one side is no more, without friend, panel or review.
IN_SHORT = ("all-the-way-to-the-panel", "the-playgroup-is-no-more")
# Whoever is in the case; to others it is a case that is not there.
IN_THE_CASE = ("omar", "piers", "petra", "sid")
STEPS = ("withdraw", "respond", "comment", "send_draft", "object_to_panel", "leave_panel", "name_representative", "record_review")
# By whole words: a form's token may hold any four letters.
NAMED = re.compile(r"\b(?:riverside|ruth|960200)\b")
FILES = {file.stem: file for file in shipped_rehearsals()}


class Watched(Desks):
    """Desks that are searched before they are gone; what was found is kept."""

    found: list[str]
    looked: int

    @contextmanager
    def one_for(self, rehearsal: Rehearsal) -> Iterator[Desk]:
        self.found, self.looked = [], 0
        with super().one_for(rehearsal) as desk:
            yield desk
            _open_papers(desk)
            with desk.database.read() as session:
                self._search(session, desk)

    def _search(self, session: Session, desk: Desk) -> None:
        for _, reference, *_ in audit_log.chain_heads(session)[1:]:
            read = read_case(session, reference=reference, to_change=False)
            hidden = [one for one in read.parties if one.identity == "shielded"] if read else []
            if read and hidden:
                names = _names(session, read)
                for actor in _strangers(session, read):
                    self._note(reference, actor, names, list(_everything(session, desk, actor, reference)))
                self._note_mails(session, desk, read, names)

    def _note(self, reference: str, actor: Actor, names: list[str], texts: list[str]) -> None:
        self.looked += len(texts)
        self.found += [f"{actor.name} in {reference} reads {name}" for text in texts for name in names if name in text.casefold()]

    def _note_mails(self, session: Session, desk: Desk, read: CaseRead, names: list[str]) -> None:
        strangers = {actor.account_id: actor for actor in _strangers(session, read)}
        for row in notices.queued_after(session, 0):
            for account_id, mail in messages_of(session, desk, row) if row.case_id == read.head.id else ():
                if account_id in strangers:
                    self._note(read.head.reference, strangers[account_id], names, [f"{mail.subject} {mail.text}"])


def _open_papers(desk: Desk) -> None:
    """Let everybody say that they have no interest, so that they read all that they may read."""
    with desk.database.read() as session:
        found = [(reference, actor) for _, reference, *_ in audit_log.chain_heads(session)[1:]
                 if (read := read_case(session, reference=reference, to_change=False)) for actor in _strangers(session, read)]
    for reference, actor in found:
        with suppress(BreachdeskError):
            declare(desk, actor, reference, NONE)


def _names(session: Session, read: CaseRead) -> list[str]:
    """The names, short names and addresses of those who complain, in small letters; of their people only those without an office."""
    places = [place for one in read.parties if one.side == "complainant" for place in (one.organisation_id, one.represented_by) if place]
    known = [(slug, name) for number, slug, name, _ in people.organisations(session) if number in places]
    busy = {one.account_id for one in read.appointments}
    members = people.recipients(session, read.head.scheme_id, read.head.received_on, organisation_ids=places)
    own = [word for pair in known for word in pair] + [word for number, *words in members if number not in busy for word in words]
    return [word.casefold() for word in own]


def _strangers(session: Session, read: CaseRead) -> list[Actor]:
    """Everybody on the desk who is in the case without being told who complains, and the operator."""
    day, found = read.head.received_on, [THE_OPERATOR]
    side = {place for one in read.parties if one.side == "complainant" for place in (one.organisation_id, one.represented_by)}
    for account_id, *_ in people.recipients(session, read.head.scheme_id, day, roles=["steering_group", "panel_member"],
                                            organisation_ids=[one.organisation_id for one in read.parties if one.side == "respondent"]):
        actor = people.actor_by_id(session, account_id, day)
        knows = any(one.account_id == account_id and one.role in ("critical_friend", "stand_in") for one in read.appointments)
        if actor and not knows and side.isdisjoint(actor.organisations):
            found.append(actor)
    return found


def _everything(session: Session, desk: Desk, actor: Actor, reference: str) -> Iterator[str]:
    """All that somebody can open of a case; nothing, when it does not exist for them."""
    lines, _ = list_cases(session, desk, actor)
    yield repr([line for line in lines if line.reference == reference])
    try:
        page = case_page(session, desk, actor, reference)
    except BreachdeskError:
        return
    yield from (repr(page), "\n".join(page_lines(page)))
    yield json.dumps(page_data(page), default=str)
    for step in page.timeline:
        if step.event.startswith("case:"):
            yield repr(confirmation(session, desk, actor, reference, step.seq))
    if "steering_group" in page.roles:
        yield repr(review_of(session, desk, actor, reference)) + repr(escalated_cases(session, desk, actor)[0])


@pytest.fixture(scope="module")
def watched() -> Iterator[Watched]:
    def make(place, start):  # type: ignore[no-untyped-def]
        return create_desk(Settings(data_dir=str(place)), practice=True, start=start, wall=lambda: start)

    with Watched(make) as desks:
        yield desks


def unnamed(rehearsal: Rehearsal) -> Rehearsal:
    """The same story with the name kept back by whoever complains first."""
    return replace(rehearsal, story=tuple(
        replace(scene, answers={**scene.answers, "identity": "shielded"}) if scene.does == "lodge" and scene.who != "respondent" else scene
        for scene in rehearsal.story))


def searched(watched: Watched, name: str) -> list[str]:
    rehearse(watched, unnamed(load_rehearsal(FILES[name].read_text("utf-8"), name, shipped_procedures())))
    assert watched.looked > 0, "nothing was looked at"
    return sorted(set(watched.found))


@pytest.mark.parametrize("name", IN_SHORT)
def test_nobody_reads_who_complains_in_a_story(watched: Watched, name: str) -> None:
    assert searched(watched, name) == []


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(set(FILES) - set(IN_SHORT)))
def test_nobody_reads_who_complains_in_any_story(watched: Watched, name: str) -> None:
    assert searched(watched, name) == []


def test_no_page_of_a_case_and_no_refusal_names_who_complains(
        app: Flask, desk: Desk, cast: Cast, clock: StoppedClock) -> None:
    reference = tell(desk, cast.olive, lodge(desk, cast.ruth, **{**TYPED, "identity": "shielded"}))
    act(desk, cast.omar, reference, Step("respond", {"answer": "Riverside Carers knew. So did Ruth.", "position": "partly"}))
    act(desk, cast.ruth, reference, Step("refer_to_critical_friend", {"remaining": "All of it."}))
    act(desk, cast.olive, reference, Step("admit", {"reasons": "Riverside Carers names a commitment."}))
    act(desk, cast.ruth, reference, Step("decline_critical_friend", {"reason": "We want the panel."}))
    act(desk, cast.olive, reference, Step("convene", {
        "members": ["piers@desk.example", "petra@desk.example", "pia@desk.example"], "chair": "piers@desk.example", "declared": True}))
    act(desk, cast.olive, reference, Step("open_panel", {}))
    for actor in (cast.piers, cast.petra, cast.sid):
        declare(desk, actor, reference, NONE)
    readers = {name: PageReader(app) for name in (*IN_THE_CASE, "hana", "ops", "")}
    found, statuses = list[str](), set[int]()
    for name, reader in readers.items():
        if name:
            reader.sign_in(f"{name}@desk.example", "practice-desk-2026")
        token = token_of(reader.client)
        for rule in app.url_map.iter_rules():
            for method in ({"GET", "POST"} & set(rule.methods or ())) if "<reference>" in rule.rule else ():
                for step in STEPS if "<name>" in rule.rule else ("",):
                    path = rule.rule.replace("<reference>", reference).replace("<name>", step).replace("<int:seq>", "1").replace(
                        "<room>", "shared")
                    if "<" not in path:
                        answer = reader.client.open(path, method=method, data={"csrf_token": token} if method == "POST" else None)
                        statuses.add(answer.status_code)
                        found += [f"{name}: {method} {path}: {word}" for word in NAMED.findall(answer.text.casefold())]
        for path in ("/home", "/cases", "/escalated", "/figures", "/figures.csv", "/figures.json"):
            found += [f"{name}: {path}: {word}" for word in NAMED.findall(reader.client.get(path).text.casefold())]

    assert found == []
    assert statuses >= {200, 404, 422}
    for name in IN_THE_CASE:
        assert UNNAMED in readers[name].client.get(f"/cases/{reference}").text, name
