"""What an action does beside moving the case is read word for word."""

from __future__ import annotations

import pytest

from breachdesk.errors import BadFile
from breachdesk.strict_yaml import Reading
from breachdesk.workflow.effects import (
    NOTHING,
    AddsRemedy,
    Appoints,
    Decides,
    Effects,
    Links,
    Releases,
    Represents,
    SettlesRemedy,
)
from breachdesk.workflow.language import EFFECTS
from breachdesk.workflow.reading_effects import read_effects


def read(text: str) -> Effects:
    reading = Reading("p.yaml")
    root = reading.root(text)
    assert root is not None
    found = read_effects(reading, reading.entries(root, optional=EFFECTS))
    if reading.faults:
        raise BadFile(reading.faults)
    return found


@pytest.mark.parametrize(("text", "effects"), [
    ("appoints: {role: panel_member, from: [one, two], chair: one}", Effects(appoints=Appoints("panel_member", ("one", "two"), "one"))),
    ("appoints: {role: stand_in, from: who}", Effects(appoints=Appoints("stand_in", ("who",)))),
    ("releases: {role: panel_member, who: who}", Effects(releases=Releases("panel_member", "who"))),
    ("releases: {role: panel_member}", Effects(releases=Releases("panel_member"))),
    ("declares interest: true", Effects(declares_interest=True)),
    ("decides: {as: admissible, but: others}", Effects(decides=Decides(True, "others"))),
    ("decides: {as: inadmissible}", Effects(decides=Decides(False))),
    ("position: stand", Effects(position="stand")),
    ("adds remedy: {due on: d, owner: c, kind: b, what: a}", Effects(adds_remedy=AddsRemedy("a", "b", "c", "d"))),
    ("settles remedy: {which: one, as: waived}", Effects(settles_remedy=SettlesRemedy("one", "waived"))),
    ("links: {to: other, as: joint}", Effects(links=Links("other", "joint"))),
    ("splits: which", Effects(splits="which")),
    ("represented by: {organisation: by, since: day}", Effects(represents=Represents("by", "day"))),
    ("succeeded by: by", Effects(succeeded_by="by")),
    ("leaves: true", Effects(leaves=True)),
    ("leaves: true\nposition: stand", Effects(leaves=True, position="stand"))])
def test_each_effect_is_read(text: str, effects: Effects) -> None:
    assert read(text) == effects


def test_an_action_without_effects_has_those_of_nothing() -> None:
    assert read("leaves: false") is NOTHING


@pytest.mark.parametrize(("text", "fault"), [
    ("decides: {as: perhaps}", "“perhaps” is not known here; known are: admissible, inadmissible"),
    ("settles remedy: {which: one, as: forgotten}", "“forgotten” is not known here"), ("links: {to: a, as: b}", "“b” is not known here"),
    ("adds remedy: {what: a}", "“due on” is missing"), ("leaves: perhaps", "true or false is expected here"),
    ("declares interest: 7", "true or false is expected here")])
def test_what_is_no_effect_is_said(text: str, fault: str) -> None:
    with pytest.raises(BadFile) as raised:
        read(text)

    assert fault in str(raised.value)
